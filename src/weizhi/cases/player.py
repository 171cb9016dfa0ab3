"""Play a case: every act through the matter's own door, every timer through `run_due`, never a row written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from weizhi.cases import expecting, telling
from weizhi.cases.language import Act, Advance
from weizhi.cases.pictures import photo
from weizhi.cases.reading import Reading
from weizhi.cases.stage import Stage, build
from weizhi.cases.telling import Heard
from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.models import Entry

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PERSON_MARK, PLACE_MARK = "@", "#"  # "@lin" in data is 林姨, "#3-2" the stairwell


@dataclass(frozen=True)
class Failure:
    """What the case says, and what was found instead."""

    line: int
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"第 {self.line} 行,{self.what}:应当是 {self.expected},实际是 {self.found}"


@dataclass
class Played:
    """What happened, and whether everything held that the case says."""

    name: str
    title: str
    charter: str
    proves: tuple[str, ...]
    heard: list[Heard] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    matters: int = 0
    entries: int = 0
    refused: int = 0
    checked: int = 0

    @property
    def ok(self) -> bool:
        return not self.failures


class Stopped(Exception):
    """What came after would tell nothing: something that the case needs did not happen."""


def play(reading: Reading) -> Played:
    """Play a case in an empty database."""
    head = reading.case.case
    player = Player(reading, build(reading), Played(head.name, head.title, head.charter, head.proves))
    player.run()
    return player.played


class Player:
    def __init__(self, reading: Reading, stage: Stage, played: Played) -> None:
        self.reading, self.stage, self.played = reading, stage, played
        self.now = reading.case.case.begins
        self.matters: dict[str, UUID] = {}
        self.told: set[UUID] = set()

    def run(self) -> None:
        try:
            for told in self.reading.order:
                if isinstance(told.scene, Act):
                    self._act(told.scene, told.line)
                elif isinstance(told.scene, Advance):
                    self._advance(self.reading.case.case.instant(told.scene.to))
                else:
                    self._expect(told.scene, told.line)
        except Stopped:
            pass
        self.played.matters = Matter.objects.count()
        self.played.entries = Entry.objects.filter(stream__kind="matter").count()

    def _advance(self, to: datetime) -> None:
        """Time passes as on a server that never stops: what is due until then fires at its own instant."""
        while self.now < to:
            self.now = min(to, self.now + DAY)
            run_due(self.now)
            tell(self.now)
        self._tell()

    def _tell(self) -> None:
        self.played.heard += telling.news(self.told)

    def _act(self, scene: Act, line: int) -> None:
        at = self.reading.case.case.instant(scene.at) if scene.at is not None else self.now + MINUTE
        if at > self.now:
            self._advance(at)
        try:
            self._do(scene)
        except Refused as refused:
            self._refused(scene, line, refused)
            return
        tell(self.now)
        self._tell()
        if scene.refused is not None:
            self._fail(line, telling.tried(scene, self.stage), f"被拒绝({scene.refused})", "办成了")

    def _refused(self, scene: Act, line: int, refused: Refused) -> None:
        self.played.refused += 1
        self.played.heard.append(telling.refusal(scene, self.stage, self.now, refused))
        if scene.refused == refused.code:
            return
        expected = f"被拒绝({scene.refused})" if scene.refused else "办成"
        self._fail(line, telling.tried(scene, self.stage), expected, f"被拒绝({refused.code}):{refused.message}")
        if scene.refused is None:
            raise Stopped

    def _fail(self, line: int, what: str, expected: str, found: str) -> None:
        self.played.failures.append(Failure(line, what, expected, found))

    def _do(self, scene: Act) -> None:
        by = self.stage.people[scene.by]
        common: dict[str, Any] = {
            "by": by,
            "data": self._data(scene),
            "evidence": [photo(name) for name in scene.photo],
            "at": self.now,
            "as_post": self._post(by, scene.as_post) if scene.as_post else None,
            "on_behalf_of": self.stage.people[scene.for_] if scene.for_ else None,
        }
        if scene.raise_:
            place = self.stage.places[scene.place or self._home(scene)]
            follows = self.matters[scene.follows] if scene.follows else None
            done = raise_matter(place.community, scene.raise_, place=place.pk, follows=follows, **common)
            self.matters[scene.as_ or ""] = done.matter_id
        else:
            matter = self._matter(scene.matter or "")
            done = act(matter, scene.do or "", step=scene.step, outcome=scene.outcome, **common)
        if scene.opens:
            self.matters[scene.opens] = self._opened(done.matter_id)

    def _home(self, scene: Act) -> str:
        """A resident reports at home; anybody else about the whole community."""
        member = self.reading.case.cast[scene.for_ or scene.by]
        if member.community == "another":
            return self.stage.other.slug
        return member.home or self.stage.community.slug

    def _matter(self, alias: str) -> UUID:
        if alias not in self.matters:
            raise Stopped  # it was never raised; the failure before says why
        return self.matters[alias]

    def _opened(self, parent: UUID) -> UUID:
        newest = Matter.objects.filter(opened_by__matter=parent).order_by("-number").first()
        if newest is None:
            raise Stopped
        return newest.pk

    def _post(self, person: Person, post: str) -> UUID | None:
        held = standing(person, self.now).posts
        return next((found.holding_id for found in held if found.post == post), None)

    def _data(self, scene: Act) -> dict[str, Any]:
        words = {"words": scene.words} if scene.words else {}
        return {key: self._value(value) for key, value in (scene.data | words).items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, Mapping):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, str) and value[:1] == PERSON_MARK and value[1:] in self.stage.people:
            return self.stage.people[value[1:]].pk
        if isinstance(value, str) and value[:1] == PLACE_MARK and value[1:] in self.stage.places:
            return self.stage.places[value[1:]].pk
        return value

    def _expect(self, scene: expecting.Expect, line: int) -> None:
        matter = Matter.objects.preloaded().get(pk=self._matter(scene.matter)) if scene.matter else None
        for what, expected, found in expecting.unmet(scene, matter, self.stage, self.now):
            self._fail(line, what, expected, found)
        self.played.checked += len(scene.model_fields_set - {"matter"})
