"""Play a case: every act through the matter's own door, every timer through `run_due`, never a row written here."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from weizhi.cases import expecting, telling
from weizhi.cases.doing import Doing
from weizhi.cases.language import Act, Advance, Expect, dated
from weizhi.cases.reading import Reading, Scene, Told
from weizhi.cases.stage import Stage, build
from weizhi.cases.telling import Heard
from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.record.models import Entry

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Failure:
    """What the case says, and what was found instead."""

    line: int
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"第 {self.line} 行，{self.what}：应当是 {self.expected}，实际是 {self.found}"


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
        self.matters = stage.matters
        homes = {login: member.home for login, member in reading.case.cast.items() if member.home}
        self.doing = Doing(stage.people, stage.places, homes, self.matters)
        self.told: set[UUID] = set()

    def run(self) -> None:
        try:
            for told in self.reading.order:
                self.scene(told)
        except Stopped:
            pass
        self.played.matters = Matter.objects.count()
        self.played.entries = Entry.objects.filter(stream__kind="matter").count()

    def scene(self, told: Told) -> None:
        """The next table of the story."""
        if isinstance(told.scene, Act):
            self._act(told.scene, told.line)
        elif isinstance(told.scene, Advance):
            self._pass(told.scene)
        else:
            self._expect(told.scene, told.line)

    def begins(self, scene: Scene) -> datetime:
        """When it is this scene's turn: expectations at once, an act without a time a minute later."""
        if isinstance(scene, Expect):
            return self.now
        if isinstance(scene, Advance):
            return self.reading.case.case.instant(scene.to)
        return self.reading.case.case.instant(scene.at) if scene.at is not None else self.now + MINUTE

    def _pass(self, scene: Advance) -> None:
        to = self.begins(scene)
        if scene.down:
            self.now = to
            run_due(to, down_until=to)
        self.advance(to)

    def advance(self, to: datetime) -> None:
        """Time passes as on a server that never stops: what is due until then fires at its own instant."""
        while self.now < to:
            self.now = min(to, self.now + DAY)
            run_due(self.now)
            if draw_halls(self.now):  # what a worker draws beside the timers, and the timers then take
                run_due(self.now)
            tell(self.now)
        self._tell()

    def _tell(self) -> None:
        self.played.heard += telling.news(self.told)

    def _act(self, scene: Act, line: int) -> None:
        at = self.begins(scene)
        if at > self.now:
            self.advance(at)
        self.doing.look_up(scene.matter, self.stage.community)
        proposed = scene.confirm is not None and scene.confirm not in self.doing.drafts
        if proposed or {scene.matter, scene.follows} - {None, *self.matters}:
            raise Stopped  # it was never raised; the failure before says why
        try:
            self._do(scene)
        except Refused as refused:
            self._refused(scene, line, refused)
            return
        tell(self.now)
        self._tell()
        if scene.refused is not None:
            self._fail(line, telling.tried(scene, self.stage), f"被拒绝（{scene.refused}）", "办成了")

    def _refused(self, scene: Act, line: int, refused: Refused) -> None:
        self.played.refused += 1
        self.played.heard.append(telling.refusal(scene, self.stage, self.now, refused))
        if scene.refused == refused.code:
            if scene.because and not refused.line.endswith(scene.because):
                self._fail(
                    line, telling.tried(scene, self.stage), f"因为 {scene.because}", f"因为 {refused.line or '—'}"
                )
            return
        expected = f"被拒绝（{scene.refused}）" if scene.refused else "办成"
        self._fail(line, telling.tried(scene, self.stage), expected, f"被拒绝（{refused.code}）：{refused.message}")
        if scene.refused is None:
            raise Stopped

    def _fail(self, line: int, what: str, expected: str, found: str) -> None:
        self.played.failures.append(Failure(line, what, expected, found))

    def _do(self, scene: Act) -> None:
        if scene.propose or scene.confirm:
            self.doing.change_rules(scene, self.now, self.reading.source)
            return
        done = self.doing.do(scene, self.now)
        if done is None:
            return
        if scene.as_:
            self.matters[scene.as_] = done.matter_id
        if scene.opens:
            newest = Matter.objects.filter(opened_by__matter=done.matter_id).order_by("-number").first()
            if newest is None:
                raise Stopped
            self.matters[scene.opens] = newest.pk

    def _expect(self, scene: Expect, line: int) -> None:
        self.doing.look_up(scene.matter, self.stage.community)
        if scene.matter and scene.matter not in self.matters:
            if dated(scene.matter):
                self._fail(line, f"日历开的“{scene.matter}”", "已经开了", "还没有开")
            raise Stopped  # it was never raised; the failure before says why
        matter = Matter.objects.preloaded().get(pk=self.matters[scene.matter]) if scene.matter else None
        for what, expected, found in expecting.unmet(scene, matter, self.stage, self.now):
            self._fail(line, what, expected, found)
        self.played.checked += len(scene.model_fields_set - {"matter"})
