"""A lower level's charter may narrow, not contradict, the higher's (SYSTEMS E6): both lines are named."""

from collections.abc import Iterator, Mapping

from ..findings import Origin, Path
from ..models import Charter
from ..periods import Period
from ..rulebook import Rule
from ..steps import Procedure, Step
from ..words import VISIBILITIES
from .scene import Scene

# A period in working days is never shorter than the same number of days; hours and minutes are exact.
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12}

Contradiction = tuple[Path, str]


def check_narrowing(scene: Scene, above: Charter, origins: Mapping[Path, Origin]) -> None:
    """Compare the charter with one of a higher level that it extends."""
    for path, message in _contradictions(scene.charter, above):
        scene.faults.add(path, f"{message}上级“{above.title}”的规定在 {_where(origins, path, above)}。")


def _where(origins: Mapping[Path, Origin], path: Path, above: Charter) -> str:
    """File and line of the higher rule; its key path where only the resolved charter was kept."""
    for end in range(len(path), 0, -1):
        if path[:end] in origins:
            file, line = origins[path[:end]]
            return f"{file}:{line}"
    return f"{above.name}: {'.'.join(map(str, path))}"


def _contradictions(charter: Charter, above: Charter) -> Iterator[Contradiction]:
    for key, kind in above.kinds.items():
        mine = charter.kinds.get(key)
        if mine is None:
            yield ("kinds", key), f"去掉了上级规定的事项“{key}”。请留着它。"
        elif VISIBILITIES.index(mine.visible) > VISIBILITIES.index(kind.visible):
            yield ("kinds", key, "visible"), f"“{mine.visible}”比上级的“{kind.visible}”看得更宽，只能收窄。"
        procedure, own = above.procedures.get(kind.procedure), charter.procedures.get(mine.procedure if mine else "")
        if procedure and own:
            yield from _procedure(own, procedure)
    for key, rule in above.rules.items():
        if (own_rule := charter.rules.get(key)) is None:
            yield ("rules", key), f"去掉了上级规定的表决规则“{key}”。请留着它。"
        else:
            yield from _rule(own_rule, rule)
    for key, fund in above.funds.items():
        own_fund = charter.funds.get(key)
        if own_fund and fund.second_person and not own_fund.second_person:
            yield ("funds", key, "second_person"), "去掉了上级规定的复核人。请留着 second_person。"


def _procedure(mine: Procedure, theirs: Procedure) -> Iterator[Contradiction]:
    for key, step in theirs.steps.items():
        path: Path = ("procedures", mine.key, "steps", key)
        own = mine.steps.get(key)
        if own is None:
            yield path[:2], f"去掉了上级规定的步骤“{key}”。可以加步骤，不能减。"
        else:
            yield from _step(own, step, path)


def _step(mine: Step, theirs: Step, path: Path) -> Iterator[Contradiction]:
    yield from _time(mine, theirs, path)
    yield from _eyes(mine, theirs, path)
    if theirs.visible and mine.visible and VISIBILITIES.index(mine.visible) > VISIBILITIES.index(theirs.visible):
        yield (*path, "visible"), f"“{mine.visible}”比上级的“{theirs.visible}”看得更宽，只能收窄。"
    for outcome, times in theirs.at_most.items():
        if outcome in mine.outcomes and mine.at_most.get(outcome, times + 1) > times:
            yield (*path, "at_most"), f"结果“{outcome}”上级至多 {times} 次，不能放宽。"


def _time(mine: Step, theirs: Step, path: Path) -> Iterator[Contradiction]:
    if theirs.for_days is not None:
        if (mine.for_days or 0) < theirs.for_days:
            yield (*path, "for_days"), f"公示不能短于上级的 {theirs.for_days} 天。"
    elif theirs.period and not (mine.period and _no_longer(mine.period, theirs.period)):
        said = mine.period.words if mine.period else "没有期限"
        yield (
            (*path, "within" if mine.within else "open_for"),
            f"期限“{said}”比上级的“{theirs.period.words}”长，只能缩短（用同一种单位写）。",
        )


def _eyes(mine: Step, theirs: Step, path: Path) -> Iterator[Contradiction]:
    if mine.people < theirs.people:
        yield (*path, "people"), f"上级要 {theirs.people} 人一起办，不能减少。"
    if theirs.second_person and not mine.second_person:
        yield (*path, "second_person"), "去掉了上级规定的复核人。请留着 second_person。"
    for name in theirs.not_by:
        if name not in mine.not_by:
            yield (*path, "not_by"), f"上级规定“{name}”不能办这一步，请留着。"
    for gate in theirs.needs:
        if gate not in mine.needs:
            yield (*path, "needs"), f"去掉了上级规定的条件“{gate.gate}”。请留着它。"


def _no_longer(mine: Period, theirs: Period) -> bool:
    if mine == theirs:
        return True
    for table in (_MINUTES, _MONTHS):
        if mine.unit in table and theirs.unit in table:
            return mine.amount * table[mine.unit] <= theirs.amount * table[theirs.unit]
    if theirs.unit == "working day" and mine.unit in _MINUTES:
        return mine.amount * _MINUTES[mine.unit] <= theirs.amount * _MINUTES["day"]
    return mine.unit == theirs.unit and mine.unit != "field" and mine.amount <= theirs.amount


def _rule(mine: Rule, theirs: Rule) -> Iterator[Contradiction]:
    for name in ("participation", "approval"):
        for n, threshold in enumerate(getattr(theirs, name)):
            own = [t for t in getattr(mine, name) if (t.measure, t.of) == (threshold.measure, threshold.of)]
            if not own:
                yield ("rules", mine.key, name), "去掉了上级规定的一个比例。请留着它。"
                continue
            (a, b), (c, d) = own[0].share, threshold.share
            if a * d < c * b or (a * d == c * b and threshold.more_than and own[0].at_least):
                yield ("rules", mine.key, name, n), f"比例 {a}/{b} 低于上级的 {c}/{d}，只能提高。"
