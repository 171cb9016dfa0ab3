"""Rules that can pass, electorates that fit them, stepped tables and ladders that climb."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from ..findings import Path
from ..nominating import BY_ELECTORS, way_of
from ..periods import due
from ..rulebook import Electorate, Rule
from ..steps import Escalation, Procedure, Step
from ..words import parse_delay, parse_number
from ..workdays import state_calendar
from .names import can_hold
from .scene import Scene

# Step kinds that ask an electorate. The rooms that own them come later; that nobody would be asked is a fault today.
ASK_AN_ELECTORATE = ("roll", "vote", "elect", "consent", "support", "budget")
# Step kinds that pay out of a fund, each under its own word in `pays`.
PAY_FROM_A_FUND = ("build", "pay")
AREA_OF = ("owners",)
UNFILLED = "unfilled:"
MODES = {"electors": None, "households": "households", "deputies": "deputies"}


def check_deciding(scene: Scene) -> None:
    """Check rules, electorates, funds, schedules and every ladder."""
    charter = scene.charter
    for rule in charter.rules.values():
        _can_pass(scene, rule)
    for electorate in charter.electorates.values():
        path: Path = ("electorates", electorate.key)
        if electorate.within not in charter.levels.known:
            known = charter.levels.known
            scene.faults.add(
                (*path, "within"), f"没有“{electorate.within}”这一级。", expected=known, near=electorate.within
            )
        if electorate.secret and electorate.measure == "area":
            _secret_by_area(scene, (*path, "secret"))
        _counters(scene, electorate, path)
    for procedure, step, path in scene.steps():
        _asks(scene, step, path)
        _pays(scene, step, path)
        _appoints(scene, procedure, step, path)
        _elects(scene, procedure, step, path)
        _within(scene, procedure, step, path)
        _on_the_board(scene, step, path)
    for kind in charter.kinds.values():
        for n, post in enumerate(kind.about_posts):
            if post not in charter.posts:
                where: Path = ("kinds", kind.key, "about_posts", n)
                scene.faults.add(where, f"没有叫“{post}”的职务。", expected=charter.posts, near=post)
    _ladders(scene)


def _can_pass(scene: Scene, rule: Rule) -> None:
    counted: dict[str, int] = {}
    for name, threshold in rule.thresholds():
        n = counted[name] = counted.get(name, -1) + 1
        at: Path = ("rules", rule.key, name) + ((n,) if name in ("participation", "approval") else ())
        upper, lower = threshold.share
        if upper > lower or (threshold.more_than and upper == lower):
            word = "以上" if threshold.at_least else "超过"
            scene.faults.add(
                (*at, "at_least" if threshold.at_least else "more_than"),
                f"“{word} {upper}/{lower}”永远达不到，没有一项能通过。请写 1/1 或更小的比例。",
            )


def _counters(scene: Scene, electorate: Electorate, path: Path) -> None:
    """Two posts that two people can hold: otherwise the vote could not open on its day."""
    for n, post in enumerate(electorate.counters):
        at: Path = (*path, "counters", n)
        if post not in scene.charter.posts:
            scene.faults.add(at, f"没有叫“{post}”的职务，没有人能开票。", expected=scene.charter.posts, near=post)
        elif not can_hold(scene, post):
            scene.faults.add(
                at, f"职务“{post}”没有席位，谁也不能担任，到时候没有人能开票。请在某个组织的 seats 里设席。"
            )
        elif post in electorate.counters[:n]:
            scene.faults.add(at, f"“{post}”写了两遍。开票要两个不同的职务，各管一半。")


def _within(scene: Scene, procedure: Procedure, step: Step, path: Path) -> None:
    """A matter that is raised wider than its electorate lives may find nobody to ask on the day."""
    electorate = scene.charter.electorates.get(str(step.params.get("electorate")))
    order = scene.charter.levels.order
    if electorate is None or electorate.within not in order:
        return
    for kind in scene.kinds_of(procedure.key):
        raised_in = kind.raised_in
        if raised_in in order and order.index(raised_in) < order.index(electorate.within):
            level, here = (scene.charter.levels.titles.get(one, one) for one in (electorate.within, raised_in))
            scene.faults.add(
                (*path, "electorate"),
                f"“{kind.title}”在“{here}”里提出，可能不在哪个“{level}”里，到时候定不了名册。"
                f'请给 [kinds.{kind.key}] 写 raised_in = "{electorate.within}"。',
            )


def _on_the_board(scene: Scene, step: Step, path: Path) -> None:
    """A roll stands as long as its electorate asks, and the last objection can be answered meanwhile (组织法 17)."""
    electorate = scene.charter.electorates.get(str(step.params.get("electorate")))
    if step.kind != "roll" or step.for_days is None or electorate is None:
        return
    if electorate.roll_days and step.for_days < electorate.roll_days:
        scene.faults.add(
            (*path, "for_days"), f"名册要公示 {electorate.roll_days} 天（roll_days），这里只有 {step.for_days} 天。"
        )
    heard, answered = electorate.objections_days, electorate.answers_days
    if heard and answered and heard + answered > step.for_days:
        scene.faults.add(
            (*path, "for_days"),
            f"提异议 {heard} 天，答复 {answered} 天，加起来比公示的 {step.for_days} 天还长，最后提的来不及答复。",
        )


def _asks(scene: Scene, step: Step, path: Path) -> None:
    if step.kind not in ASK_AN_ELECTORATE or (step.kind == "support" and "rule" not in step.params):
        return
    charter = scene.charter
    name, rule_name = step.params.get("electorate"), step.params.get("rule")
    if name is None:
        scene.faults.add(
            path, "要大家表决，却没有写问谁。请写 electorate。", expected=charter.electorates or ["electorate"]
        )
    elif str(name) not in charter.electorates:
        known = charter.electorates
        scene.faults.add((*path, "electorate"), f"没有叫“{name}”的选民名单。", expected=known, near=str(name))
    if rule_name is not None and str(rule_name) not in charter.rules:
        scene.faults.add(
            (*path, "rule"), f"没有叫“{rule_name}”的表决规则。", expected=charter.rules, near=str(rule_name)
        )
    electorate, rule = charter.electorates.get(str(name)), charter.rules.get(str(rule_name))
    if electorate is None or rule is None:
        return
    if step.kind == "support" and rule.asked is None:
        scene.faults.add((*path, "rule"), f"规则“{rule.key}”没有写 asked（要多少人提出才算）。")
    by_area = any(threshold.measure == "area" for _, threshold in rule.thresholds())
    if by_area and electorate.secret:
        _secret_by_area(scene, (*path, "rule"))
    if by_area and electorate.of not in AREA_OF:
        scene.faults.add(
            (*path, "rule"), f"规则“{rule.key}”按面积算，可是“{electorate.key}”不是业主，没有面积，永远通过不了。"
        )


def _appoints(scene: Scene, procedure: Procedure, step: Step, path: Path) -> None:
    if step.kind != "appoint":
        return
    posts, post = scene.charter.posts, str(step.params.get("post", ""))
    if post != "subject" and post not in posts:
        scene.faults.add((*path, "post"), f"没有叫“{post}”的职务。", expected=[*posts, "subject"], near=post)
    if post == "subject" and any(kind.about != "post-holder" for kind in scene.kinds_of(procedure.key)):
        scene.faults.add((*path, "post"), '“subject”要和事项的 about = "post-holder" 一起用，才知道是谁的职务。')
    sources = step.params.get("from")
    for n, name in enumerate(sources if isinstance(sources, list) else []):
        if name not in procedure.steps:
            steps = procedure.steps
            scene.faults.add((*path, "from", n), f"这个流程没有“{name}”这一步。", expected=steps, near=str(name))
    if step.outcomes and set(step.outcomes) != {"done", "short"}:
        words = "任免只有两种结果：done（都就任了）和 short（有人没能就任）。两个都写，或者只写 then。"
        scene.faults.add((*path, "outcomes"), words, expected=["done", "short"])
    if not sources and post != "subject" and not step.by:
        scene.faults.add(path, "没有写 from（前面哪一步选出的人），也没有写 by（由谁来定），不知道任免谁。")


def _elects(scene: Scene, procedure: Procedure, step: Step, path: Path) -> None:
    """Seats that exist, an electorate that fits the way of electing (组织法 14), ways of nomination that are some."""
    if step.kind not in ("nominate", "elect"):
        return
    charter, seats = scene.charter, step.params.get("seats")
    left = str(seats or "").removeprefix(UNFILLED)
    if str(seats or "").startswith(UNFILLED):
        known: Iterable[str] = [key for key, other in procedure.steps.items() if other.kind == "elect"]
    else:
        known = charter.posts
    if seats is not None and left not in known:
        scene.faults.add((*path, "seats"), f"没有“{left}”，不知道选什么。", expected=known, near=left)
    electorate = charter.electorates.get(str(step.params.get("electorate")))
    mode = str(step.params.get("mode", "electors"))
    if step.kind == "elect" and electorate and MODES.get(mode) not in (None, electorate.of):
        scene.faults.add(
            (*path, "mode"), f"“{mode}”这种选举方式和“{electorate.key}”对不上，它是“{electorate.of}”的名册。"
        )
    rule = charter.rules.get(str(step.params.get("rule")))
    if step.kind == "nominate" and rule is None:
        scene.faults.add((*path, "rule"), "没有这个规则，不知道怎样提名。", expected=charter.rules)
    for n, kind in enumerate(rule.nominations.kinds if rule and rule.nominations else ()):
        way = way_of(kind)
        if way is None or not (way.who in ("oneself", BY_ELECTORS) or way.who in {*charter.posts, *charter.bodies}):
            where: Path = ("rules", rule.key, "nominations", "kinds", n) if rule else path
            words = f"看不懂提名方式“{kind}”。请写 by-oneself、by-ten-electors，或 by- 加上组织或职务的名字。"
            scene.faults.add(where, words)


def _secret_by_area(scene: Scene, path: Path) -> None:
    scene.faults.add(
        path, "按面积计票不能无记名：面积（例如 89.37 平方米）会认出是哪一家。请改为 secret = false 或按人数。"
    )


def _pays(scene: Scene, step: Step, path: Path) -> None:
    name = step.params.get("fund")
    if not isinstance(name, str):
        return
    fund = scene.charter.funds.get(name)
    if fund is None:
        scene.faults.add((*path, "fund"), f"没有叫“{name}”的资金。", expected=scene.charter.funds, near=name)
    elif step.kind in PAY_FROM_A_FUND and step.kind not in fund.pays:
        may = "、".join(fund.pays) or "无"
        scene.faults.add(
            (*path, "fund"),
            f"资金“{name}”不付“{step.kind}”这种步骤（它只付：{may}）。请改 [funds.{name}] 的 pays，或换一笔资金。",
            expected=fund.pays,
        )


def _ladders(scene: Scene) -> None:
    for _, step, path in scene.steps():
        _climbs(scene, step.escalate, (*path, "escalate"))
        duties = step.parsed(scene.specs["keep"]).duties if _readable_keep(scene, step, path) else ()
        for n, duty in enumerate(duties):
            _climbs(scene, duty.missed, (*path, "duties", n, "missed"))
    for schedule in scene.charter.schedules.values():
        path = ("schedules", schedule.key, "tiers")
        tiers = schedule.tiers
        _ordered(scene, [tier.up_to for tier in tiers], (*path,), "up_to", rising=True)
        _ordered(scene, [tier.at_least for tier in tiers], (*path,), "at_least", rising=False)
        bounded = [tier.up_to is not None or tier.at_least is not None or tier.grade is not None for tier in tiers]
        if not all(bounded[:-1]):
            scene.faults.add((*path, bounded.index(False)), "只有最后一档可以没有界限，它后面的档永远用不到。")
        elif bounded[-1]:
            scene.faults.add((*path, len(tiers) - 1), "最后一档要没有界限，不然有的情况哪一档都不算。")
    for table in scene.charter.assess.values():
        _ordered(scene, [g.at_least for g in table.grades], ("assess", table.key, "grades"), "at_least", rising=False)


def _readable_keep(scene: Scene, step: Step, path: Path) -> bool:
    return step.kind == "keep" and "keep" in scene.specs and str(path[1]) not in scene.broken


def _climbs(scene: Scene, rungs: Sequence[Escalation], path: Path) -> None:
    """Each rung comes later than the one before; compared from one Monday, since working days have no length."""
    monday = datetime(2024, 3, 4, 1, tzinfo=UTC)
    instants = [_instant(monday, rung.after) for rung in rungs]
    for n in range(1, len(instants)):
        if instants[n] <= instants[n - 1]:
            scene.faults.add(
                (*path, n, "after"),
                f"“{rungs[n].after}”不晚于前一级的“{rungs[n - 1].after}”。请从早到晚一级一级写。",
            )


def _instant(start: datetime, after: str) -> datetime:
    delay = parse_delay(after)
    if delay is None:
        return start
    if delay.unit == "field":
        return start + timedelta(days=36500)  # a date somebody chose; it can only stand last
    return due(start, delay, calendar=state_calendar()).at


def _ordered(scene: Scene, values: Iterable[int | str | None], path: Path, key: str, *, rising: bool) -> None:
    before: int | None = None
    for n, value in enumerate(values):
        if value is None:
            continue
        number = parse_number(value)
        if before is not None and (number <= before if rising else number >= before):
            word = "从小到大" if rising else "从大到小"
            scene.faults.add((*path, n, key), f"“{value}”的次序不对。请{word}一档一档写。")
        before = number
