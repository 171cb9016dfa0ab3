"""The minutes of a meeting, read from what happened: no second copy of a seat, a hand or an outcome is kept.

The words are those written down when a matter was decided, or their newest correction. Both are parts of entries in
the record: who erases a part there has erased it here (ADR 11).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Step
from weizhi.matters.rules import EVERYBODY
from weizhi.people.models import Person
from weizhi.record.actions.append import COMMUNITY, HOUSEHOLD
from weizhi.record.canonical import canonical
from weizhi.record.models import Entry, Payload

SIGN, CORRECT, MEET = "minutes", "correct", "meet"
SITTING, VERSION, SIGNATURES, DIGEST = "sitting", "version", "signatures", "digest"
TEXTS, CLOSED_TEXTS = "texts", "texts:parties"
OPENING, MORE = "opening", "more"  # what else was said: before the first matter, after the last


def section_of(n: int) -> str:
    """The section of the n-th matter on the agenda."""
    return f"item-{n}"


@dataclass(frozen=True)
class Correction:
    """A version after the first: who wrote which sections anew, and why."""

    version: int
    at: datetime
    who: Person | None
    changed: tuple[str, ...]
    why: str
    texts: Mapping[str, str | None]  # None: erased from the record since


@dataclass(frozen=True)
class Signed:
    """A signature under a version, with what it stands under."""

    who: Person | None
    post: str
    at: datetime
    version: int
    digest: str


@dataclass(frozen=True)
class Written:
    """The words of all versions and the signatures. `step` is None where the charter asks for no minutes."""

    step: Step | None
    first: Mapping[str, str]
    corrections: tuple[Correction, ...]
    signatures: tuple[Signed, ...]

    @property
    def version(self) -> int:
        return 1 + len(self.corrections)

    @property
    def signed(self) -> bool:
        return self.step is not None and self.step.closed_at is not None and self.step.outcome == "signed"

    @property
    def standing(self) -> tuple[Signed, ...]:
        """The signatures under the newest version."""
        return tuple(one for one in self.signatures if one.version == self.version)

    def words(self, version: int | None = None) -> dict[str, str | None]:
        """Section by section, as a version has them; None where they were erased."""
        found: dict[str, str | None] = dict(self.first)
        for one in self.corrections:
            if version is None or one.version <= version:
                found |= one.texts
        return found


def written(sitting: Sitting, items: Sequence[Item]) -> Written:
    """Two queries: the step, and the entries with their words. The items come with their step's matter."""
    step = Step.objects.filter(matter=sitting.matter_id, brief__sitting=str(sitting.pk), kind=SIGN).first()
    streams = {item.step.matter.stream_id: item for item in items if item.outcome}
    wanted = Q(stream=sitting.matter.stream_id, verb__in=(SIGN, CORRECT))
    if streams:
        wanted |= Q(stream__in=list(streams), verb=MEET, public__sitting=sitting.matter.number)
    entries = Entry.objects.filter(wanted).select_related("actor", "holding").order_by("at", "n")
    first: dict[str, str] = {}
    corrections, signatures = [], []
    for entry in entries.annotate(said=_body(WORDS), open=_body(TEXTS), closed=_body(CLOSED_TEXTS, HOUSEHOLD)):
        if entry.verb == MEET:
            first[section_of(streams[entry.stream_id].n)] = str(entry.said or "")
        elif step is None or entry.step != step.key:
            continue
        elif entry.verb == CORRECT:
            corrections.append(_correction(entry, {**(entry.open or {}), **(entry.closed or {})}, entry.said or ""))
        else:
            signatures.append(_signed(entry))
    said = {key: words for key, words in first.items() if words}
    return Written(step, said, tuple(corrections), tuple(signatures))


def _body(part: str, grade: int = COMMUNITY) -> Subquery:
    """A part of the entry, as long as it is not erased, up to this class of personal data (those are kept plain)."""
    return Subquery(Payload.objects.filter(entry=OuterRef("pk"), part=part, grade__lte=grade).values("body")[:1])


def _correction(entry: Entry, texts: Mapping[str, str], why: str) -> Correction:
    changed = tuple(str(key) for key in entry.public["changed"])
    return Correction(
        int(entry.public[VERSION]), entry.at, entry.actor, changed, why, {key: texts.get(key) for key in changed}
    )


def _signed(entry: Entry) -> Signed:
    post = entry.holding.title if entry.holding else ""
    return Signed(entry.actor, post, entry.at, int(entry.public[VERSION]), str(entry.public[DIGEST]))


def items_of(sitting: Sitting) -> list[Item]:
    return list(sitting.items.select_related("step__matter__place").order_by("n"))


def words_of(sitting: Sitting) -> dict[str, str | None]:
    """The words as they stand now."""
    return written(sitting, items_of(sitting)).words()


def seen_by_all(sitting: Sitting, item: Item) -> bool:
    """Whether whoever sees the meeting sees this matter too: else its words are for its parties."""
    return item.step.matter.audience in {EVERYBODY, sitting.matter.audience}


def digest_of(sitting: Sitting, came: Iterable[Attendance], items: Iterable[Item], corrections: int) -> str:
    """What a signature stands under: everything that was counted, and how many corrections there were.

    The words are not in it, since they can be erased; the record's own proof holds them, entry by entry.
    """
    facts: dict[str, Any] = {
        "sitting": sitting.pk, "seats": sitting.seats, "quorum": sitting.quorum, "opened": sitting.opened_at,
        "closed": sitting.closed_at, "corrections": corrections,
        "came": [
            [one.pk, one.person_id, one.seat, one.channel, one.came_at, one.left_at]
            for one in sorted(came, key=lambda one: (one.came_at, one.pk))
        ],
        "items": [
            [one.n, one.step_id, one.outcome, one.seated, one.hands, one.doer, one.until, one.at]
            for one in sorted(items, key=lambda one: one.n)
        ],
    }  # fmt: skip
    return sha256(canonical(facts)).hexdigest()
