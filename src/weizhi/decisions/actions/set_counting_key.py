"""Set a counting passphrase: what it makes seals half of the key of every box that opens from now on."""

from datetime import datetime
from typing import Final

from django.db import transaction

from weizhi.decisions.counters import key_seal
from weizhi.decisions.models import CountingKey
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.record.origin import the_clock
from weizhi.secrets.shares import key_of, new_salt

AT_LEAST: Final = 8


def set_counting_key(passphrase: str, *, by: Person, at: datetime | None = None) -> CountingKey:
    """The passphrase itself is kept nowhere, and nobody can tell it again. Raises Refused."""
    if len(passphrase.strip()) < AT_LEAST:
        raise Refused(
            "bad-data", f"开票口令至少要 {AT_LEAST} 个字。写一句别人猜不到、自己忘不了的话。", field="passphrase"
        )
    salt = new_salt()
    _private, public = key_of(passphrase, salt)
    values = {"public": public, "salt": salt, "since": the_clock(at), "seal": key_seal(by.pk, public, salt)}
    with transaction.atomic():
        return CountingKey.objects.update_or_create(person=by, defaults=values)[0]
