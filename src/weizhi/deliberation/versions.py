"""The versions of a text, read from the record: who wrote which, when, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from weizhi.matters.fields import WORDS
from weizhi.matters.reads import told
from weizhi.people.models import Person
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Entry, Payload

TEXT, WHOLE_TEXT = "text", "text:whole"
VERSION: Final = "version"


@dataclass(frozen=True)
class Version:
    """One version, without its text. Read it with `why_and_words`."""

    n: int
    who: Person | None
    post: str
    at: datetime
    entry: Entry


def versions_of(stream: UUID, step: str) -> list[Version]:
    """All versions of the text of a step, the first one first. One query."""
    rows = told().filter(stream=stream, step=step, public__has_key=VERSION).order_by("n")
    return [
        Version(int(row.public[VERSION]), row.actor, row.holding.title if row.holding else "", row.at, row)
        for row in rows
    ]


def why_and_words(
    versions: Sequence[Version], wanted: Collection[int], *, closed: bool = False
) -> tuple[dict[int, str], dict[int, str]]:
    """Why each was written, and the words of the wanted ones; an erased one has none. One query.

    `closed`: the reader may see what is for the parties.
    """
    numbers = {one.entry.pk: one.n for one in versions}
    read = [one.entry.pk for one in versions if one.n in wanted]
    rows = Payload.objects.filter(Q(part=WORDS) | Q(part=TEXT, entry__in=read), entry__in=list(numbers))
    found = list(rows if closed else rows.filter(grade__lt=HOUSEHOLD))
    why = {numbers[part.entry_id]: str(part.read()) for part in found if part.part == WORDS}
    return why, {numbers[part.entry_id]: str(part.read()) for part in found if part.part == TEXT}


def body_of(stream: UUID, step: str, n: int | None, *, closed: bool = True) -> str:
    """The words of one version; "" where there is none, or where it was erased. One query."""
    if not n:
        return ""
    rows = Payload.objects.filter(entry__stream=stream, entry__step=step, part=TEXT, entry__public__version=n)
    part = (rows if closed else rows.filter(grade__lt=HOUSEHOLD)).first()
    return str(part.read()) if part else ""
