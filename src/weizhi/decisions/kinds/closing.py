"""What every kind with a ballot box shares: it closes at its instant, counts, and says what came out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.decisions.actions.call_off import call_off
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.actions.count import count
from weizhi.decisions.actions.hand_in import LATE, MARKED, REPLACES
from weizhi.decisions.actions.open_box import TURNED, UNLOCKED
from weizhi.decisions.actions.remind import REMINDED
from weizhi.decisions.counters import AWAITED, counters_of, is_shut
from weizhi.decisions.models import Vote
from weizhi.decisions.urns import READ_WITHIN, TAKEN_BACK, URN, waits_to_be_read
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Scene
from weizhi.matters.sending import asked_names
from weizhi.matters.sentences import Saying

CLOSE = "close"
COUNTED, UNOPENED = "counted", "box-unopened"
GIVEN_UP, COME_WITHIN = "given-up", timedelta(days=7)
NO_QUORUM, FAILED = "no-quorum", "failed"
SAYS = {
    "counted": Saying(_("投票结束，结果是：{outcome}")),
    "lapse": Saying(_("投票结束，结果是：{outcome}")),
    URN: Saying(_("投票截止，打开票箱，{papers} 张纸票两个人各读一遍，读完计票")),
    AWAITED: Saying(_("投票截止了，等{tell}一起来开票箱")),
    UNLOCKED: Saying(_("{who}开了票箱的一半")),
    UNOPENED: Saying(_("七天里两位开票人没有到齐，票箱没有打开，票都作废了：{outcome}")),
    MARKED: Saying(_("{who}在名册上记了一张纸票；不是您家交的，请马上找居委会和监督的人")),
    REPLACES: Saying(_("{who}在名册上记了一张纸票，代替这一位先前投的；不是本人交的，请马上找居委会和监督的人")),
    LATE: Saying(_("{who}截止以后照签名册补记了一张纸票，两个人核对过；不是您家交的，请马上找居委会和监督的人")),
    TAKEN_BACK: Saying(_("{who}收回了名册上记错的一笔纸票，两个人核对过；先前用手机投过的，那一票恢复有效")),
    REMINDED: Saying(_("{who}提醒了还没投票的人，到时间就不能投了"), desk=_("{who}提醒了还没投票的 {people} 位")),
}


class Box(StepKind):
    """A step at which a box stands open. Nobody moves it by hand: its time closes it, or that all have spoken."""

    says = SAYS
    # 民法典 278 and 组织法 ask for days that are announced; the instant is sealed with the question.
    keeps_its_day = "正在投票，截止时间公告以后不能改，所以不能暂停。请等投票结束再暂停；要作废，请撤回这件事。"

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        instants = [row.memory[name] for name in (URN, EARLY, TURNED) if row.memory.get(name)]
        yield from (Wake(datetime.fromisoformat(instant), CLOSE) for instant in instants)
        if not instants and row.due is not None:
            yield Wake(row.due, CLOSE)
        if until := row.memory.get(AWAITED):
            yield Wake(datetime.fromisoformat(until), GIVEN_UP)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung == GIVEN_UP:
            return self._unopened(scene, row)
        if wake.rung != CLOSE:
            return None
        shut = Vote.objects.defer("private_key", "result").get(step=row)
        unread = URN not in row.memory and EARLY not in row.memory  # two may say that it is empty before the timer
        if unread and (opened := self._opens_urn(scene, row, shut)) is not None:
            return opened
        if self._is_being_read(scene, row):  # a counter came before the last paper was read
            return None
        if counters_of(shut) and is_shut(shut):
            if AWAITED in row.memory:
                return None
            return self._awaits(scene, row, shut)
        vote = count(shut.pk, scene.now)
        return Effect(self.outcome_of(vote), {"verb": COUNTED, **said_of(vote), **self.counted(scene, row, vote)})

    def counted(self, scene: Scene, row: StepRow, vote: Vote) -> dict[str, Any]:
        """What the result moves beside the step, and what the entry says of it."""
        return {}

    def _opens_urn(self, scene: Scene, row: StepRow, vote: Vote) -> Effect | None:
        """Its time is over, and papers lie in the urn: they are read first, and the count waits for them so long."""
        papers = waits_to_be_read(vote)
        if not papers:
            return None
        row.due = scene.now + READ_WITHIN
        row.memory[URN] = row.due.isoformat()
        row.save(update_fields=["due", "memory"])
        step = scene.procedure.steps[row.key]
        return Effect(None, {"verb": URN, "papers": papers, "tell": list(asked_names(step, row.brief))})

    def _is_being_read(self, scene: Scene, row: StepRow) -> bool:
        """Whether the urn is open, nobody has said that it is empty, and there is time."""
        until = row.memory.get(URN)
        return bool(until) and EARLY not in row.memory and scene.now < datetime.fromisoformat(until)

    def _awaits(self, scene: Scene, row: StepRow, vote: Vote) -> Effect:
        """The days in which the counters may come begin when they are told: a server that stood still takes none."""
        row.memory[AWAITED] = (scene.now + COME_WITHIN).isoformat()
        row.save(update_fields=["memory"])
        return Effect(public={"verb": AWAITED, "tell": counters_of(vote)})

    def _unopened(self, scene: Scene, row: StepRow) -> Effect:
        """A box whose counters do not come is emptied unopened: nothing lies still, and nobody else may open it."""
        call_off(Vote.objects.only("pk").get(step=row).pk, scene.now)
        outcomes = self.spec.outcomes or frozenset()
        return Effect(NO_QUORUM if NO_QUORUM in outcomes else FAILED, {"verb": UNOPENED})

    def called_off(self, scene: Scene, row: StepRow) -> None:
        """A box that nobody needs any more is emptied unopened."""
        call_off(Vote.objects.only("pk").get(step=row).pk, scene.now)

    def outcome_of(self, vote: Vote) -> str:
        """The step's outcome for a counted vote."""
        return vote.outcome


def said_of(vote: Vote) -> dict[str, Any]:
    """What the record keeps of a count: numbers and roots, no name."""
    return {
        "vote": str(vote.pk), "root": vote.root, "roll": vote.roll.root, "size": vote.roll.size,
        "receipts": vote.result.get("receipts", 0), "page": vote.result.get("page", ""),
    }  # fmt: skip
