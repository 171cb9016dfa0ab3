"""What a page of one matter reads, prepared: the same few questions at every visit."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet

from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Party, Step
from weizhi.people.access import Standing
from weizhi.places.prepared import Prepared
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Entry, Payload

# Of whoever acted a story needs the name alone; sensitive columns stay in their tables.
SAID: Final = (
    "stream", "n", "verb", "step", "at", "told_at", "public",
    "actor__name", "actor__erased_at", "holding__title", "on_behalf_of__name", "on_behalf_of__erased_at",
)  # fmt: skip
SHOWN: Final = ("entry", "part", "grade", "body", "cipher")

steps: Prepared[Step] = Prepared(lambda matter: Step.objects.filter(matter=matter).order_by("id"), by_key=True)
parties: Prepared[Party] = Prepared(lambda matter: Party.objects.filter(matter=matter).order_by("id"), by_key=True)
entries: Prepared[Entry] = Prepared(lambda stream: told().filter(stream=stream).order_by("n"), by_key=True)
newest: Prepared[Entry] = Prepared(
    lambda streams: told().filter(stream__in=streams, n=F("stream__head")).exclude(verb="note"), by_key=True
)
parts: Prepared[Payload] = Prepared(
    lambda stream: Payload.objects.filter(entry__stream=stream).only(*SHOWN).order_by("part"), by_key=True
)


def told() -> QuerySet[Entry]:
    """Entries with what a sentence says of them."""
    return Entry.objects.select_related("actor", "holding", "on_behalf_of").only(*SAID)


def seen_by(keys: Iterable[str], paths: Iterable[str]) -> Standing:
    """Whoever holds these keys and belongs to these places: all that visibility asks for."""
    return Standing(None, frozenset(keys), frozenset(paths))


def first_words(matters: Iterable[UUID]) -> QuerySet[Payload, tuple[UUID, Any]]:
    """With what words each of these matters was raised, as far as everybody who sees the matter may read them."""
    said = Payload.objects.filter(entry__stream__in=matters, entry__n=1, part=WORDS, grade__lt=HOUSEHOLD)
    return said.values_list("entry__stream", "body")


_one: Prepared[Matter] = Prepared(lambda matter: Matter.objects.preloaded().filter(pk=matter), by_key=True)
_top: Prepared[Matter] = Prepared(
    lambda matter, keys, paths: (
        Matter.objects.visible_to(seen_by(keys, paths)).only("top_id", "community_id").filter(pk=matter)[:1]
    ),
    by_key=True,
)


def one(matter_id: UUID) -> Matter:
    """A matter with what an act needs."""
    return _one(matter_id)[0]


def visible(matter_id: UUID, who: Standing) -> Matter | None:
    """What must be locked for this matter, if `who` may see it."""
    return _top.first(matter_id, who.keys, who.paths)


def rows_of(matter: Matter) -> tuple[list[Step], list[Party]]:
    """Its steps and parties, which know it without asking."""
    found, concerned = steps(matter.pk), parties(matter.pk)
    for step in found:
        step.matter = matter
    for party in concerned:
        party.matter = matter
    return found, concerned


_later: Prepared[Matter] = Prepared(
    lambda before, keys, paths: Matter.objects.visible_to(seen_by(keys, paths)).filter(follows=before)[:5],
    by_key=True,
)


def later(matter_id: UUID, who: Standing) -> list[Matter]:
    """What went on after an ended matter, as far as `who` may see it."""
    return _later(matter_id, who.keys, who.paths)
