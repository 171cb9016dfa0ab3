"""Play a matter through by a charter that nobody has adopted yet: through the real doors, and then taken back.

Everything happens inside one transaction that is rolled back: the draft is adopted, a cast comes on stage, a matter is
raised and moved by the real acts with their permissions, periods and notices; what a resident then sees is read from
it. Nothing of it is ever committed, so inside it the database counts as one for playing and the clock may be set. It
takes some tenths of a second, in which others who write wait on SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.steps import Field, Step
from weizhi.charters.titles import step_title, who_titles
from weizhi.matters import rules
from weizhi.matters.actions.act import Refused, act, raise_matter
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.fields import asked_with
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.put_off import why_put_off
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import load, outcome_title, token_of
from weizhi.matters.story import Reader
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.places.models import Community, Place
from weizhi.portal.charter.cast import Cast
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.models import Origin
from weizhi.record.photos import Photo, take

AT_MOST: Final = 30
TIME: Final = "~time"  # instead of an outcome: nobody acts and the day comes
MINUTE = timedelta(minutes=1)
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Line:
    when: datetime
    text: str
    words: str = ""


@dataclass(frozen=True)
class Waiting:
    """Where the matter stands: the step, whom it waits for, until when."""

    step: str
    who: str
    due: datetime | None


@dataclass(frozen=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True)
class Seen:
    """What a person of the cast gets to see."""

    who: str
    sees: str


@dataclass
class Played:
    """What happened in the rehearsal."""

    story: tuple[Line, ...] = ()
    seen: tuple[Seen, ...] = ()
    waits: tuple[Waiting, ...] = ()
    choices: tuple[Choice, ...] = ()
    by: str = ""
    ended: str = ""
    stopped: str = ""  # why it could not go on
    done: tuple[str, ...] = ()  # the choices that were taken


def rehearse(
    community: Community, charter: Charter, source: str, kind: str, path: Sequence[str], now: datetime
) -> Played:
    """Raise a matter of this kind and take these choices one after another."""
    try:
        with transaction.atomic():
            try:
                return _Stage(community, charter, kind, now).play(source, path[:AT_MOST])
            finally:
                transaction.set_rollback(True)
    except Refused as refused:
        return Played(stopped=refused.message)


@dataclass
class _Stage:
    community: Community
    charter: Charter
    kind: str
    now: datetime
    cast: Cast = field(init=False)

    def play(self, source: str, path: Sequence[str]) -> Played:
        Origin.objects.filter(made_as=Origin.MadeAs.LIVE).update(made_as=Origin.MadeAs.TEST)
        if not Origin.objects.exists():
            Origin.objects.create(made_as=Origin.MadeAs.TEST, made_at=self.now)
        adopt_charter(self.community, self.charter, source=source, at=self.now)
        home = Place.objects.filter(community=self.community, kind="household").order_by("path").first()
        self.where = home or Place.objects.get(path=self.community.slug)
        self.cast = Cast(self.community, self.charter, self.where)
        start = self.charter.procedure_of(self.kind).start
        here = rules.here_at(self.where.levels, self.where.path, self.charter.kinds[self.kind].raised_in)
        keys = rules.keys_for(start.by, charter=self.charter, here=here, relations={})
        raised = raise_matter(
            self.community, self.kind, by=self.cast.one_of(keys, at=self.now), place=self.where.pk,
            data=self.data(start, None), evidence=self.evidence(start), at=self.tick(),
        )  # fmt: skip
        played = Played()
        for choice in path:
            if not self.take(raised.matter_id, choice, played):
                break
            played.done = (*played.done, choice)
        return self.told(raised.matter_id, played)

    def tick(self, span: timedelta = PAUSE) -> datetime:
        self.now += span
        return self.now

    def take(self, matter: UUID, choice: str, played: Played) -> bool:
        """One choice at the first step that is open: a person acts, or time does."""
        row = self.first_open(matter)
        if row is None:
            return False
        step = self.charter.procedure_of(self.kind).steps[row.key]
        try:
            if choice == TIME:
                return self.wait(row)
            for n in range(max(step.people, 2 if step.second_person else 1)):
                names = (step.second_person,) if n and step.second_person else step.by
                act(
                    matter, step.kind, step=row.pk, by=self.actor(row, names, n), outcome=choice or None,
                    data=self.data(step, choice), evidence=self.evidence(step), at=self.tick(),
                )  # fmt: skip
        except Refused as refused:
            played.stopped = refused.message
            return False
        return True

    def actor(self, row: StepRow, names: Sequence[str], which: int) -> Person:
        """Somebody of those whom the step means here and now: the same keys as the door itself asks for."""
        scene = load(Matter.objects.preloaded().get(pk=row.matter_id), self.now)
        return self.cast.one_of(
            scene.keys(tuple(names), scene.procedure.steps[row.key], token_of(row)), which, at=self.now
        )

    def wait(self, row: StepRow) -> bool:
        """Let time come to the step until it closes; after its due day nothing more is to be waited for."""
        for _round in range(AT_MOST):
            row = StepRow.objects.select_related("matter").get(pk=row.pk)
            if row.closed_at is not None or row.wakes_at is None:
                break
            self.now = max(self.now + MINUTE, row.wakes_at)
            wake_step(row.pk, row.matter_id, row.matter.top_id, self.now)
            if why := why_put_off(StepRow.objects.values_list("memory", flat=True).get(pk=row.pk)):
                raise Refused("not-yet", why)
            if row.due is not None and self.now > row.due:
                break
        return True

    def first_open(self, matter: UUID) -> StepRow | None:
        rows = (
            StepRow.objects.open().filter(matter=matter).exclude(kind__in=("fork", "open")).order_by("opened_at", "id")
        )
        return rows.first()

    def told(self, matter: UUID, played: Played) -> Played:
        found = Matter.objects.preloaded().get(pk=matter)
        raiser = self.cast.first
        procedure = self.charter.procedure_of(self.kind)
        played.story = tuple(
            Line(line.at, line.text, line.words) for line in Reader(found, standing(raiser, self.now)).story().lines
        )
        played.seen = tuple(self.seen(found))
        rows = StepRow.objects.open().filter(matter=matter).order_by("opened_at", "id")
        played.waits = tuple(
            Waiting(step_title(procedure.steps[row.key]), self.names(procedure.steps[row.key]), row.due) for row in rows
        )
        if found.ended_as:
            end = procedure.ends.get(found.ended_as)
            played.ended = (end.title if end else "") or found.ended_as
        elif (row := self.first_open(matter)) is not None and not played.stopped:
            step = procedure.steps[row.key]
            played.by = self.names(step)
            played.choices = tuple(self.choices(step))
        return played

    def names(self, step: Step) -> str:
        return who_titles(step.by, self.charter) or _("不用人办")

    def choices(self, step: Step) -> list[Choice]:
        """What may happen at a step: its outcomes, one act without a choice, or the day that comes."""
        if step.by:
            offered = kind_named(step.kind).outcomes_for(step)
            named = [Choice(outcome, outcome_title(step, outcome)) for outcome in offered]
            yield_one = [] if step.outcomes else [Choice("", _("办好这一步"))]
            found = [*named, *yield_one]
        else:
            found = []
        return [*found, Choice(TIME, _("没有人办，日子到了"))]

    def seen(self, matter: Matter) -> list[Seen]:
        """What a neighbour and somebody of another community would see."""
        told = []
        for person in (self.cast.first, self.cast.neighbour(self.now), self.cast.stranger()):
            who = standing(person, self.now)
            if Matter.objects.visible_to(who).filter(pk=matter.pk).exists():
                lines = len(Reader(matter, who).story().lines)
                told.append(Seen(person.name, _("看得到，%(number)s 句") % {"number": lines}))
            else:
                told.append(Seen(person.name, _("看不到这件事")))
        return told

    def data(self, step: Step, outcome: str | None) -> dict[str, Any]:
        """What the cast fills in: the least that the step asks for."""
        given: dict[str, Any] = {"words": _("试一试：楼道灯不亮了")}
        asked = [one for one in step.fields if one.key != "words" and one.required and asked_with(one, outcome)]
        given |= {one.key: self.value(one) for one in asked}
        params = step.params
        if step.kind == "check":
            best = next(iter(step.outcomes), None)
            if params.get("criteria") and outcome == best:
                given["met"] = list(params["criteria"])
            if params.get("score"):
                given["score"] = {part["key"]: part["max"] for part in params["score"]}
        elif step.kind == "assign":
            someone = str(self.cast.first.pk)
            given["people"] = {relation: [someone] * count for relation, count in params["relations"].items()}
            given.pop("words")
        elif step.kind == "rate" and params.get("stars", True):
            given["stars"] = 5 if outcome == "good" else 2
        elif step.kind == "raise" and not any(one.key == "words" for one in step.fields):
            given.pop("words")
        return {key: value for key, value in given.items() if value is not None}

    def value(self, asked: Field) -> Any:
        values: dict[str, Any] = {
            "text": _("试一试"), "count": 1, "fen": 100, "yes-no": "yes",
            "date": date.fromordinal(self.now.toordinal() + 14).isoformat(),
            "place": str(self.where.pk), "places": [str(self.where.pk)],
            "body": self.charter.levels.owner or "",
        }  # fmt: skip
        if asked.type == "choice":
            return asked.choices[0].key
        if asked.type == "person":
            return str(self.cast.first.pk) if self.cast.people else None
        return values.get(asked.type)

    def evidence(self, step: Step) -> list[Photo]:
        wanted = step.params.get("evidence") == "required" or any(
            one.type in ("photo", "file") and one.required for one in step.fields
        )
        return [_paper()] if wanted else []


@lru_cache(maxsize=1)
def _paper() -> Photo:
    """A small grey picture, the same each time: the file store keeps it once under its hash."""
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (64, 48), "#cccccc").save(file, "JPEG")
    return take(file.getvalue())
