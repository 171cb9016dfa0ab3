"""trial: something is tried for a time, with a measure from the start. Ends early by its stop rule, else at its day."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.periods import ZONE, due, parse_period
from weizhi.charters.steps import Step
from weizhi.charters.trying import CANCEL, TRYING, TrialParams
from weizhi.charters.workdays import state_calendar
from weizhi.matters.fields import ActData
from weizhi.matters.measuring import FIGURES, FROZEN, LESS, Measured, measured
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

LOOKED_AT = time(9)  # the stop rule is looked at every morning
OVER, LOOK, ASK = "over", "look", "ask"
STOPPED, JUDGED, FULL = "stopped", "judged", "full"
MOST_TURNS = 400  # a figure asked daily for a year


class TrialData(ActData):
    figure: int | None = Field(default=None, ge=0, le=1_000_000)


class Trial(StepKind):
    spec = TRYING["trial"]
    Data = TrialData
    says = {
        "trial": Saying(_("{who}看了试行的情况：{outcome}{detail}")),
        STOPPED: Saying(_("试行提前结束：{outcome}{detail}")),
        JUDGED: Saying(_("试行期满，按章程：{outcome}{detail}")),
        FULL: Saying(_("试行期满{detail}")),
        ASK: Saying(_("到了记数的日子，还没有记。已经提醒{tell}。")),
        "overdue": Saying(_("试行期满，等{tell}来定。")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        """The measure decides, unless the charter gives it to people."""
        return tuple(step.outcomes) if self._of(step).decides == "people" else ()

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Fix what is taken off a figure: the number that was written down before the trial."""
        measure = self._params(scene, row).measure
        if measure.figure and measure.less:
            row.memory[LESS] = scene.world.value(measure.less) or 0
            row.save(update_fields=["memory"])

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, TrialData)
        params = self._params(scene, act.row)
        if act.outcome:
            return self._decide(scene, act, params)
        if not params.measure.figure:
            raise Refused("not-yet", "报了多少件由系统自己数，不用人记。")
        return self._write_down(scene, act, params)

    def _write_down(self, scene: Scene, act: Act, params: TrialParams) -> Effect:
        """One figure a turn; written again within it, it was a slip of the pen, and the record keeps both."""
        assert act.row is not None and isinstance(act.data, TrialData)
        if act.data.figure is None:
            raise Refused("bad-data", f"请写这一次的数：{params.measure.figure}。", field="figure")
        turn = sum(at <= act.at for at in turns(params, act.row))
        act.row.memory[FIGURES] = {**act.row.memory.get(FIGURES, {}), str(turn): act.data.figure}
        public = {"figure": act.data.figure, "what": params.measure.figure}
        less = act.row.memory.get(LESS) or 0
        if params.stops(act.data.figure - less):
            assert params.stop is not None
            return Effect(params.stop.outcome, public | {"because": [params.stop.because]})
        return Effect(public=public)

    def _decide(self, scene: Scene, act: Act, params: TrialParams) -> Effect:
        assert act.row is not None
        if params.decides != "people":
            raise Refused(
                "not-yours",
                "这次试行按章程由数字来定，到期自己有结果。",
                line=scene.line(scene.step_of(act), "decides"),
            )
        outcome = chosen(scene, act)
        over = act.row.due is not None and act.row.due <= scene.now
        if not over and outcome != CANCEL:
            raise Refused("not-yet", "试行还没有到期。现在只能提前取消，要写为什么。")
        found = self._frozen(scene, act.row, params)
        advised = params.verdict(found.number)
        if not act.data.words and (not over or advised not in (None, outcome)):
            raise Refused("bad-data", "和试行前说好的不一样，请写一句为什么。", field="words")
        return Effect(outcome, said(params, found, act.row, scene.now))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        params = self._params(scene, row)
        if row.due is None:
            return
        yield Wake(row.due, OVER)
        if params.measure.kinds and params.stop is not None:
            yield from (Wake(at, LOOK) for at in mornings(row.woken_at or row.opened_at, row.due))
        if params.measure.figure:
            yield from (Wake(at, f"{ASK}.{n}") for n, at in enumerate(turns(params, row)))

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        params = self._params(scene, row)
        rung, _dot, turn = wake.rung.partition(".")
        if rung == ASK:
            missing = turn not in row.memory.get(FIGURES, {})
            tell = list(scene.procedure.steps[row.key].by)
            return Effect(public={"verb": ASK, "tell": tell}) if missing and not late else None
        found = measured(params, scene.charter, row, min(wake.at, scene.now))
        if rung == LOOK:
            return self._stopped(params, found, row, scene.now)
        if rung == OVER and FROZEN not in row.memory:
            return self._over(params, found, row)
        return None

    def _stopped(self, params: TrialParams, found: Measured, row: StepRow, now: datetime) -> Effect | None:
        if not params.stops(found.number):
            return None
        assert params.stop is not None
        public = said(params, found, row, now) | {"verb": STOPPED, "because": [params.stop.because]}
        return Effect(params.stop.outcome, public)

    def _over(self, params: TrialParams, found: Measured, row: StepRow) -> Effect:
        assert row.due is not None
        public = said(params, found, row, row.due)
        if params.decides == "people":
            row.memory[FROZEN] = [_text(found.since), found.before, found.turns]
            return Effect(public=public | {"verb": FULL})
        return Effect(params.verdict(found.number), public | {"verb": JUDGED})

    def _frozen(self, scene: Scene, row: StepRow, params: TrialParams) -> Measured:
        return frozen(row) or measured(params, scene.charter, row, scene.now)

    def detail(self, public: Mapping[str, Any]) -> str:
        """What the record's sentence adds: a figure as it was written down, or how the trial stood."""
        because = "".join(gettext("（%(why)s）") % {"why": why} for why in public.get("because", ()))
        if "figure" in public:
            noted = gettext("“%(what)s”记下 %(figure)s") % public
            return (f"，{noted}" if public.get("outcome") else noted) + because
        return "".join(f"，{part}" for part in in_words(public)) + because

    def _params(self, scene: Scene, row: StepRow) -> TrialParams:
        return self._of(scene.procedure.steps[row.key])

    def _of(self, step: Step) -> TrialParams:
        found: TrialParams = step.parsed(self.spec)
        return found


def turns(params: TrialParams, row: StepRow) -> list[datetime]:
    """When a figure must have been written down: one period after the other until the trial is over."""
    assert params.measure.every is not None and row.due is not None
    period, at, found = parse_period(params.measure.every), row.opened_at, list[datetime]()
    while len(found) < MOST_TURNS:
        at = due(at, period, calendar=state_calendar()).at
        if at >= row.due:
            break
        found.append(at)
    return found


def mornings(after: datetime, until: datetime) -> Iterator[datetime]:
    """Every morning in between at which the stop rule is looked at."""
    day = after.astimezone(ZONE).date()
    while (at := datetime.combine(day, LOOKED_AT, ZONE)) < until:
        if at > after:
            yield at
        day += timedelta(days=1)


def frozen(row: StepRow) -> Measured | None:
    """The measure as it stood at the trial's day, where people decide on it."""
    if FROZEN not in row.memory:
        return None
    since, before, turns_done = row.memory[FROZEN]
    return Measured(None if since is None else Fraction(since), before, turns_done)


def said(params: TrialParams, found: Measured, row: StepRow, now: datetime) -> dict[str, Any]:
    """What the entry says in public: what was measured, over how many days, and what it came to."""
    days = max((now.astimezone(ZONE).date() - row.opened_at.astimezone(ZONE).date()).days, 1)
    public = {"what": params.measure.title, "days": days, "since": _text(found.since), "before": found.before}
    return public | {"counted": bool(params.measure.kinds), "turns": found.turns}


def _text(number: Fraction | int | None) -> str | None:
    return None if number is None else str(number)


def rounded(text: str | None) -> str:
    """A mean as people read it: one place after the point, and none where it is whole."""
    number = Fraction(text or 0)
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.1f}"


def in_words(public: Mapping[str, Any]) -> Iterator[str]:
    """垃圾的投诉 12 件（试行 9 天）, 试行前同样多天 3 件."""
    if "since" not in public:
        return
    values = {**public, "since": rounded(public["since"])}
    if public["since"] is None:
        yield gettext("“%(what)s”一次也没有记") % values
    elif public["counted"]:
        yield gettext("%(days)s 天里“%(what)s”%(since)s 件") % values
        if public["before"] is not None:
            yield gettext("试行前同样多天 %(before)s 件") % values
    else:
        yield gettext("“%(what)s”记了 %(turns)s 次，平均 %(since)s") % values
        if public["before"] is not None:
            yield gettext("试行前是 %(before)s") % values
