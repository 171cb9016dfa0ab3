"""Note that personal data leave the house as a file: who took how many, by which conditions, and the file's hash.

个人信息保护法 51 asks for measures against leaks, 54 for audits: what nobody wrote down cannot be audited.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.record.actions.append import COMMUNITY, Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

VERB = "hand-out"


@dataclass(frozen=True)
class Taken:
    """A file that leaves: a `table` of a list or a matter on `paper`; how many rows, how many of them personal."""

    form: str
    rows: int
    personal: int
    digest: str
    asked: dict[str, str]  # the conditions, which may hold a name: a part of their own, that can be erased


def hand_out(
    community: Community, taken: Taken, *, by: Person, holding_id: UUID | None = None, at: datetime | None = None
) -> Entry:
    """Append the entry to the register of people, before the first byte is sent."""
    now = the_clock(at)
    public = {"form": taken.form, "rows": taken.rows, "personal": taken.personal, "sha256": taken.digest}
    with transaction.atomic():
        register = lock_register(community, "people")
        deed = Deed(at=now, actor=by, holding_id=holding_id, public=public)
        return append(register, VERB, deed, [Part("asked", taken.asked, COMMUNITY)] if taken.asked else [])
