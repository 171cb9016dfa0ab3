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
from uuid_utils.compat import uuid7

from weizhi.charters.models import Charter
from weizhi.charters.steps import Field, Step
from weizhi.charters.titles import step_title, who_titles
from weizhi.charters.words import STATUSES
from weizhi.matters.actions.act import Refused, act, raise_matter
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.rules import COMMUNITY, level_of, owner_of
from weizhi.matters.scene import outcome_title
from weizhi.matters.story import Reader
from weizhi.people.access import standing
from weizhi.people.models import Body, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol
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
    people: dict[str, Person] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)

    def play(self, source: str, path: Sequence[str]) -> Played:
        Origin.objects.update(made_as=Origin.MadeAs.TEST)
        if not Origin.objects.exists():
            Origin.objects.create(made_as=Origin.MadeAs.TEST, made_at=self.now)
        adopt_charter(self.community, self.charter, source=source, at=self.now)
        self.home = Place.objects.filter(community=self.community, kind="household").order_by("path").first()
        self.root = Place.objects.get(path=self.community.slug)
        start = self.charter.procedure_of(self.kind).start
        raised = raise_matter(
            self.community, self.kind, by=self.person(start.by, start), place=(self.home or self.root).pk,
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
                    matter, step.kind, step=row.pk, by=self.person(names, step, n), outcome=choice or None,
                    data=self.data(step, choice), evidence=self.evidence(step), at=self.tick(),
                )  # fmt: skip
        except Refused as refused:
            played.stopped = refused.message
            return False
        return True

    def wait(self, row: StepRow) -> bool:
        """Let time come to the step until it closes; after its due day nothing more is to be waited for."""
        for _round in range(AT_MOST):
            row = StepRow.objects.select_related("matter").get(pk=row.pk)
            if row.closed_at is not None or row.wakes_at is None:
                break
            self.now = max(self.now + MINUTE, row.wakes_at)
            wake_step(row.pk, row.matter_id, row.matter.top_id, self.now)
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
        raiser = self.people["raiser"]
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
            named = [Choice(outcome, outcome_title(step, outcome)) for outcome in step.outcomes]
            yield_one = [] if named else [Choice("", _("办好这一步"))]
            found = [*named, *yield_one]
        else:
            found = []
        return [*found, Choice(TIME, _("没有人办,日子到了"))]

    def seen(self, matter: Matter) -> list[Seen]:
        """What a neighbour and somebody of another community would see."""
        told = []
        neighbour = Person.objects.create_user(f"try-{uuid7()}", _("邻居"))
        if self.home is not None:
            enrol(self.community, neighbour, self.home, ["resident"], at=self.now)
        stranger = Person.objects.create_user(f"try-{uuid7()}", _("别的社区的人"))
        for person in (self.people["raiser"], neighbour, stranger):
            who = standing(person, self.now)
            if Matter.objects.visible_to(who).filter(pk=matter.pk).exists():
                lines = len(Reader(matter, who).story().lines)
                told.append(Seen(person.name, _("看得到,%(number)s 句") % {"number": lines}))
            else:
                told.append(Seen(person.name, _("看不到这件事")))
        return told

    def person(self, names: Sequence[str], step: Step, which: int = 0) -> Person:
        """Somebody of the cast who is one of these: the raiser, a resident, or a holder of the post."""
        key = next(iter(names), "raiser")
        if key in STATUSES or key in self.relations:
            key = "raiser" if key in STATUSES or key == "raiser" or key not in self.people else key
        key = f"{key}:{which}" if which else key
        if key not in self.people:
            self.people[key] = (
                self.official(names[0], step, which) if names and self.is_official(names[0]) else self.resident(names)
            )
            self.people.setdefault("raiser", self.people[key])
        return self.people[key]

    @property
    def relations(self) -> set[str]:
        kind = self.charter.kinds[self.kind]
        return {"raiser", "subject", "assignee", "supporter", "supervisor", "beneficiary", "expert", *kind.relations}

    def is_official(self, name: str) -> bool:
        return name in self.charter.posts or name in self.charter.bodies

    def resident(self, names: Sequence[str]) -> Person:
        person = Person.objects.create_user(f"try-{uuid7()}", _("林姨(试)"))
        if self.home is not None:
            wanted = [name for name in names if name in STATUSES and name != "anyone-signed-in"]
            enrol(self.community, person, self.home, wanted or ["resident"], at=self.now)
        return person

    def official(self, name: str, step: Step, which: int) -> Person:
        """Somebody in the post or body, at the place of its level; where no such place is, the owner of all acts."""
        level = step.at if step.at and name in self.charter.posts else level_of(self.charter, name)
        if level not in (self.home or self.root).levels:
            name = owner_of(self.charter)
            level = level_of(self.charter, name)
        body = name if name in self.charter.bodies else self.body_of(name)
        post = name if name in self.charter.posts else self.seat_of(name)
        title = self.charter.posts[post].title if post in self.charter.posts else post
        person = Person.objects.create_user(f"try-{uuid7()}", f"{title}{'甲乙丙丁戊'[which % 5]}(试)")
        where = self.place_at(level)
        owner, _made = Body.objects.get_or_create(
            community=self.community, key=body, place=self.place_at(level_of(self.charter, body)),
            defaults={"name": body},
        )  # fmt: skip
        appoint(self.community, person, owner, post, title or post, place=where, at=self.now)
        return person

    def place_at(self, level: str) -> Place:
        """The place of a level that encloses the rehearsal's home."""
        levels = (self.home or self.root).levels
        path = levels.get(level) or levels.get(COMMUNITY) or self.root.path
        return Place.objects.get(path=path)

    def body_of(self, post: str) -> str:
        seated = (key for key, body in self.charter.bodies.items() if any(seat.post == post for seat in body.seats))
        return next(seated, self.charter.levels.owner or next(iter(self.charter.bodies)))

    def seat_of(self, body: str) -> str:
        """A post with a seat in the body, or in a body that sits in it."""
        for seat in self.charter.bodies[body].seats:
            if seat.post:
                return seat.post
            if seat.body and (found := self.seat_of(seat.body)):
                return found
        return "member"

    def data(self, step: Step, outcome: str | None) -> dict[str, Any]:
        """What the cast fills in: the least that the step asks for."""
        given: dict[str, Any] = {"words": _("试一试:楼道灯不亮了")}
        given |= {one.key: self.value(one) for one in step.fields if one.key != "words" and one.required}
        params = step.params
        if step.kind == "check":
            best = next(iter(step.outcomes), None)
            if params.get("criteria") and outcome == best:
                given["met"] = list(params["criteria"])
            if params.get("score"):
                given["score"] = {part["key"]: part["max"] for part in params["score"]}
        elif step.kind == "assign":
            someone = str(self.people["raiser"].pk)
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
            "place": str((self.home or self.root).pk), "places": [str((self.home or self.root).pk)],
            "body": self.charter.levels.owner or "",
        }  # fmt: skip
        if asked.type == "choice":
            return asked.choices[0].key
        if asked.type == "person":
            return str(self.people["raiser"].pk) if "raiser" in self.people else None
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
