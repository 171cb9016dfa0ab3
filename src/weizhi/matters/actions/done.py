"""What an act answers: always the same for the same entry, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weizhi.matters.models import Matter
from weizhi.record.models import Entry


@dataclass(frozen=True)
class Done:
    entry_id: UUID
    matter_id: UUID
    number: int
    verb: str
    n: int
    at: datetime


def done(entry: Entry, matter: Matter | None = None) -> Done:
    """The answer, made of the entry alone. One query where the matter is not at hand."""
    found = matter or Matter.objects.only("number").get(pk=entry.stream_id)
    return Done(entry.id, entry.stream_id, found.number, entry.verb, entry.n, entry.at)
