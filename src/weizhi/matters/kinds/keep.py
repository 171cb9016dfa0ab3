"""keep: a duty that returns inside one matter, such as a daily greeting: no matter for each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC, KeepDuty
from weizhi.charters.periods import due
from weizhi.charters.recurrence import days_of
from weizhi.charters.workdays import state_calendar
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pauses import standing_still
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

ZONE = ZoneInfo("Asia/Shanghai")
DONE = "done"  # memory: occurrence -> the instant it was done
AHEAD = timedelta(days=400)  # a yearly duty is found ahead of time
REMEMBER = timedelta(days=45)


class KeepData(ActData):
    duty: str = ""


@dataclass(frozen=True)
class Occurrence:
    """One time that a duty falls due: from, until, and its name in the record (`greet.2026-11-21`)."""

    duty: KeepDuty
    opens: datetime
    closes: datetime

    @property
    def name(self) -> str:
        return f"{self.duty.key}.{self.opens.date().isoformat()}"


class Keep(StepKind):
    spec = GENERIC["keep"]
    Data = KeepData
    says = {
        "keep": Saying(_("{who}做了：{detail}")),
        "missed": Saying(_("{detail}没有做，已经提醒{tell}。")),
        "unknown": Saying(_("{detail}：那时系统停着，不知道做了没有。")),
    }

    def do(self, scene: Scene, act: Act) -> Effect:
        assert isinstance(act.data, KeepData) and act.row is not None
        if act.outcome:
            return Effect(chosen(scene, act))
        duties = {duty.key: duty for duty in scene.step_of(act).parsed(self.spec).duties}
        if act.data.duty not in duties:
            titles = "、".join(duty.title or duty.key for duty in duties.values())
            raise Refused("bad-data", f"请选做了哪一件：{titles}。", field="duty")
        duty = duties[act.data.duty]
        today = next((o for o in occurrences(duty, act.row.opened_at, act.at) if o.opens <= act.at <= o.closes), None)
        name = today.name if today else f"{duty.key}.{act.at.astimezone(ZONE).date().isoformat()}"
        done: dict[str, str] = act.row.memory.setdefault(DONE, {})
        if name in done:
            raise Refused("too-often", "这一次已经有人做过了。")
        oldest = (act.at - REMEMBER).isoformat()
        act.row.memory[DONE] = {n: when for n, when in done.items() if when > oldest} | {name: act.at.isoformat()}
        return Effect(public={"duty": duty.key, "occurrence": name}, mark=duty.marks or "")

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        after = row.woken_at or row.opened_at
        for duty in scene.procedure.steps[row.key].parsed(self.spec).duties:
            if not duty.missed:
                continue
            # A ladder may still be climbing when the next occurrence is already over.
            for occurrence in occurrences(duty, row.opened_at, after - self._ladder(scene, duty, after)):
                yield from self._rungs(scene, occurrence)
                if occurrence.closes > after:
                    break

    def _ladder(self, scene: Scene, duty: KeepDuty, after: datetime) -> timedelta:
        """How long after its window the last rung comes, at most (a week more for holidays in between)."""
        rungs = self._rungs(scene, Occurrence(duty, after, after))
        return max((wake.at - after for wake in rungs), default=timedelta(0)) + timedelta(days=7)

    def _rungs(self, scene: Scene, occurrence: Occurrence) -> Iterator[Wake]:
        for n, rung in enumerate(occurrence.duty.missed):
            at = occurrence.closes
            if rung.delay is not None:
                at = due(at, rung.delay, calendar=state_calendar(), office_hours=scene.charter.office_hours).at
            yield Wake(at, f"{occurrence.name}.{n}")

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """A window closed. Done: nothing. The server was down then: nobody knows, and nobody is alarmed."""
        key, day, n = wake.rung.rsplit(".", 2)
        name = f"{key}.{day}"
        if name in row.memory.get(DONE, {}):
            return None
        duty = next(duty for duty in scene.procedure.steps[row.key].parsed(self.spec).duties if duty.key == key)
        if standing_still(row.memory, window(duty, date.fromisoformat(day))[1]):
            return None  # suspended then: nobody is away from a door at which nobody lives for a month
        public = {"duty": key, "occurrence": name}
        if late:
            return Effect(public={**public, "verb": "unknown"}) if n == "0" else None
        rung = duty.missed[int(n)]
        to = f">{rung.to}" if rung.to else None
        return Effect(to, public={**public, "verb": "missed", "tell": list(rung.tell)})


def occurrences(duty: KeepDuty, since: datetime, after: datetime) -> Iterator[Occurrence]:
    """The duty's occurrences whose window closes after `after`, in order; none before the step opened."""
    first = min(after, since) if after < since else after
    start = first.astimezone(ZONE).date() - timedelta(days=31)
    for day in _days(duty, start, start + AHEAD):
        occurrence = Occurrence(duty, *window(duty, day))
        if occurrence.closes > after and occurrence.opens >= since:
            yield occurrence


def _days(duty: KeepDuty, start: date, end: date) -> Iterator[date]:
    if duty.on and not duty.on.startswith("birthday:"):
        month, day = (int(part) for part in duty.on.split("-"))
        for year in range(start.year, end.year + 1):
            if not (month == 2 and day == 29) or _leap(year):
                found = date(year, month, day)
                if start <= found <= end:
                    yield found
        return
    yield from days_of(rule=duty.rrule, lunar=duty.lunar, start=start, end=end)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def window(duty: KeepDuty, day: date) -> tuple[datetime, datetime]:
    """From and until on a day: hours, the whole day, the week or the month that begins on it."""
    midnight = datetime.combine(day, time.min, ZONE)
    spans = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
    if duty.window in spans:
        return midnight, midnight + spans[duty.window] - timedelta(microseconds=1)
    opens, closes = duty.window.split("/")
    return midnight + _clock(opens), midnight + _clock(closes)


def _clock(text: str) -> timedelta:
    hour, minute = (int(part) for part in text.split(":"))
    return timedelta(hours=hour, minutes=minute)
