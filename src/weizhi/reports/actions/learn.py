"""Learn from what officers decided: every report that a person sorted into a category teaches the suggester."""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from weizhi.matters.fields import WORDS
from weizhi.methods.text.learning import learn
from weizhi.places.models import Community
from weizhi.record.models import Entry, Payload
from weizhi.reports.suggesting import message_of, model_path

SORT = "sort"


@dataclass(frozen=True)
class Learned:
    path: Path
    reports: int
    categories: int


def learn_from(community: Community, *, seed: int = 1) -> Learned:
    """Write the community's model anew from its sorted reports; a correction counts, what it corrected does not.

    The masked words are what is learned: a model holds pairs of characters, and no number may hide among them.
    Raises `methods.text.learning.TooFew`; then the charter's words go on suggesting alone.
    """
    sorted_as = _decided(community)
    said = Payload.objects.filter(entry__stream__in=list(sorted_as), entry__n=1, part=WORDS).order_by("entry__stream")
    words = {part.entry.stream_id: str(part.read()) for part in said.select_related("entry")}
    messages = [message_of(text, str(pk)) for pk, text in words.items()]
    labels = [sorted_as[pk] for pk in words]
    model = learn(messages, labels, seed=seed)
    path = model_path(community.slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(model.to_bytes())
    os.replace(fresh, path)  # a reader meets the old model or the new one
    return Learned(path, model.learned, len(model.keys))


def _decided(community: Community) -> dict[UUID, str]:
    """Each report's category as it was sorted last."""
    found: dict[UUID, str] = {}
    sortings = Entry.objects.filter(community=community, verb=SORT, public__category__isnull=False).order_by("at", "n")
    for stream, public in sortings.values_list("stream", "public"):
        found[stream] = str(public["category"])
    return found
