"""Owners' votes on two bases, area and heads (民法典 278; 最高法区分所有权解释 8, 9).

Areas are integers of 0.01 m². One exclusive unit is one head, but all units of one owner are one, and so are all
that the developer has not sold or not handed over (give them one ``owner``). Parking counts only where the rule says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from weizhi.methods.thresholds import (
    MORE_THAN_HALF,
    THREE_QUARTERS,
    TWO_THIRDS,
    Bound,
    Check,
    Decision,
)

Choice = Literal["yes", "no", "abstain", "follow", "silent"]
Side = Literal["yes", "no", "abstain"]

# why a paper does not count
NOT_ON_ROLL, UNSIGNED, DISAGREED = "不在这次的名册里", "没有签名", "共有人意见不一，又没有书面推选代表"
CHOICES: Mapping[str, str] = {"yes": "同意", "no": "反对", "abstain": "弃权", "follow": "随多数", "silent": "未交回"}


@dataclass(frozen=True)
class Regime:
    """Bounds of one law. ``of_all``: agreement is measured on the whole electorate, else on those who take part."""

    key: str
    title: str
    attend: Bound
    ordinary: Bound
    special: Bound
    special_items: frozenset[int]
    items: int
    of_all: bool = False


CIVIL_CODE = Regime(
    "civil-code",
    "《民法典》第二百七十八条",
    TWO_THIRDS,
    MORE_THAN_HALF,
    THREE_QUARTERS,
    frozenset({6, 7, 8}),
    9,
)
# Older bounds that still stand in the State Council's text; the Civil Code prevails. Only for decisions of that time.
REGULATION_2018 = Regime(
    "regulation-2018",
    "《物业管理条例》（2018）第十二条",
    MORE_THAN_HALF,
    MORE_THAN_HALF,
    TWO_THIRDS,
    frozenset({5, 6}),
    7,
    of_all=True,
)
REGIMES: Mapping[str, Regime] = {one.key: one for one in (CIVIL_CODE, REGULATION_2018)}


@dataclass(frozen=True)
class OwnersRule:
    """item: the number in the article's list. silence: what a delivered ballot that never came back counts as.

    Counting silence (or ``follow``) with the majority is contested: it needs a citation of the local rule.
    """

    item: int
    regime: Regime = CIVIL_CODE
    parking: bool = False
    silence: Literal["absent", "majority"] = "absent"
    follow: bool = False
    citation: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.item <= self.regime.items:
            raise ValueError(f"{self.regime.title}只有第 1 到第 {self.regime.items} 项，没有第 {self.item} 项。")
        if (self.silence == "majority" or self.follow) and not self.citation:
            raise ValueError("把没有表态的票计入多数，要写明依据的地方规定（citation）。")

    @property
    def special(self) -> bool:
        return self.item in self.regime.special_items

    @property
    def agree(self) -> Bound:
        return self.regime.special if self.special else self.regime.ordinary


class Unit(NamedTuple):
    """An exclusive unit. representative: who speaks for several co-owners, where they named one."""

    id: str
    owner: str
    area: int
    kind: str = "home"
    representative: str = ""


class Paper(NamedTuple):
    """One ballot paper. by: who filled it in (a co-owner, a proxy); signed: by the owner or the proxy in writing."""

    unit: str
    choice: Choice
    by: str = ""
    signed: bool = True


@dataclass(frozen=True)
class Sum:
    area: int = 0
    heads: int = 0


@dataclass(frozen=True)
class OwnersResult:
    """Everything a challenge within a year (民法典 280) would ask for."""

    decision: Decision
    electorate: Sum
    present: Sum
    yes: Sum
    no: Sum
    abstain: Sum
    followed: Side | None
    set_aside: tuple[tuple[str, str], ...]  # unit, why its paper does not count

    @property
    def outcome(self) -> str:
        return self.decision.outcome

    @property
    def page(self) -> str:
        return self.decision.page

    @property
    def notice(self) -> str:
        """For the notice board."""
        told = self.decision.notice
        if self.set_aside:
            told += (
                f"另有 {len(self.set_aside)} 张票不计入：" + "；".join(f"{u} {why}" for u, why in self.set_aside) + "。"
            )
        return told

    @property
    def minutes(self) -> str:
        sides = "；".join(
            f"{name} {side.heads} 人、{Check('', 0, 0, MORE_THAN_HALF, '平方米').amount(side.area)}"
            for name, side in (("同意", self.yes), ("反对", self.no), ("弃权", self.abstain))
        )
        return f"依据{self.decision.law}计票。{sides}。{self.notice}"


class HowCounted(Protocol):
    """What decides how papers become sides, whatever the bounds are."""

    @property
    def parking(self) -> bool: ...
    @property
    def silence(self) -> Literal["absent", "majority"]: ...
    @property
    def follow(self) -> bool: ...


@dataclass(frozen=True)
class Tally:
    """Sums of every side on both bases, before any bound is asked. sides: unit → side; set_aside: unit, why."""

    electorate: Sum
    present: Sum
    yes: Sum
    no: Sum
    abstain: Sum
    followed: Side | None
    sides: Mapping[str, Side]
    set_aside: tuple[tuple[str, str], ...]


def tally(rule: HowCounted, roll: Iterable[Unit], papers: Iterable[Paper]) -> Tally:
    """Add up. Raises ValueError where the roll itself cannot be (a unit twice, no area)."""
    units = _electorate(rule, roll)
    votes, set_aside = _papers(rule, units, list(papers))
    sides, followed = _follow(units, votes)
    electorate = Sum(sum(u.area for u in units.values()), len({u.owner for u in units.values()}))
    heads = _heads(units, sides)
    total = _sums(units, sides, heads)
    present = Sum(sum(one.area for one in total.values()), len(heads))
    return Tally(electorate, present, total["yes"], total["no"], total["abstain"], followed, sides, tuple(set_aside))


def owners_vote(rule: OwnersRule, roll: Iterable[Unit], papers: Iterable[Paper]) -> OwnersResult:
    """Count. Raises ValueError where the roll itself cannot be (a unit twice, no area)."""
    sums = tally(rule, roll, papers)
    decision = _decide(rule, sums.electorate, sums.present, sums.yes)
    return OwnersResult(
        decision, sums.electorate, sums.present, sums.yes, sums.no, sums.abstain, sums.followed, sums.set_aside
    )


def _electorate(rule: HowCounted, roll: Iterable[Unit]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for unit in roll:
        if unit.id in units:
            raise ValueError(f"名册里“{unit.id}”出现了两次，请先核对名册。")
        if unit.area <= 0:
            raise ValueError(f"名册里“{unit.id}”没有面积。先用登记面积，没有登记的用测绘面积，再没有的按合同面积。")
        if not unit.owner:
            raise ValueError(f"名册里“{unit.id}”没有写业主。未出售、未交付的写建设单位。")
        if unit.kind != "parking" or rule.parking:
            units[unit.id] = unit
    return units


def _papers(
    rule: HowCounted, units: Mapping[str, Unit], papers: Sequence[Paper]
) -> tuple[dict[str, Choice], list[tuple[str, str]]]:
    """Unit → what its owners said, and the papers set aside with the reason."""
    set_aside: list[tuple[str, str]] = []
    by_unit: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        if paper.choice not in CHOICES:
            raise ValueError(f"不认识表决意见“{paper.choice}”，可以是：{'、'.join(CHOICES)}。")
        if paper.unit not in units:
            set_aside.append((paper.unit, NOT_ON_ROLL))
        elif paper.choice == "silent":
            if rule.silence == "majority":
                by_unit[paper.unit].append(paper)
        elif not paper.signed:
            set_aside.append((paper.unit, UNSIGNED))
        else:
            by_unit[paper.unit].append(paper)
    votes: dict[str, Choice] = {}
    for one, found in by_unit.items():
        said = found[0].choice if len(found) == 1 else _voice(units[one], found)
        if said is None:
            set_aside.append((one, DISAGREED))
        else:
            votes[one] = _meaning(rule, said)
    return votes, set_aside


def _voice(unit: Unit, papers: Sequence[Paper]) -> Choice | None:
    spoken = [paper for paper in papers if paper.choice != "silent"] or papers
    if len({paper.choice for paper in spoken}) > 1:
        spoken = [paper for paper in spoken if unit.representative and paper.by == unit.representative]
    choices = {paper.choice for paper in spoken}
    return choices.pop() if len(choices) == 1 else None


def _meaning(rule: HowCounted, said: Choice) -> Choice:
    if said == "silent":
        return "follow"
    return "abstain" if said == "follow" and not rule.follow else said


def _follow(units: Mapping[str, Unit], votes: Mapping[str, Choice]) -> tuple[dict[str, Side], Side | None]:
    """Followers go with the majority of those who spoke, if area and heads agree on one; else they abstain."""
    spoken: dict[str, Side] = {}
    waiting: list[str] = []
    for one, choice in votes.items():
        if choice in ("yes", "no", "abstain"):
            spoken[one] = choice
        else:
            waiting.append(one)
    if not waiting:
        return spoken, None
    heads = _heads(units, spoken)
    sums = _sums(units, spoken, heads)
    yes, no = sums["yes"], sums["no"]
    side: Side = "abstain"
    if yes.area > no.area and yes.heads > no.heads:
        side = "yes"
    elif no.area > yes.area and no.heads > yes.heads:
        side = "no"
    return {**spoken, **dict.fromkeys(waiting, side)}, side


def _heads(units: Mapping[str, Unit], sides: Mapping[str, Side]) -> dict[str, Side]:
    """Owner → side. One who votes differently for different units has one head, and it abstains."""
    said: dict[str, Side] = {}
    for one, side in sides.items():
        owner = units[one].owner
        if said.setdefault(owner, side) != side:
            said[owner] = "abstain"
    return said


def _sums(units: Mapping[str, Unit], sides: Mapping[str, Side], heads: Mapping[str, Side]) -> dict[Side, Sum]:
    areas: dict[Side, int] = {"yes": 0, "no": 0, "abstain": 0}
    for one, side in sides.items():
        areas[side] += units[one].area
    many = Counter(heads.values())
    return {side: Sum(area, many[side]) for side, area in areas.items()}


def _decide(rule: OwnersRule, electorate: Sum, present: Sum, yes: Sum) -> Decision:
    law = rule.regime.title + (f"和{rule.citation}" if rule.citation else "")
    attend = (
        Check("参加表决的专有部分面积", present.area, electorate.area, rule.regime.attend, "平方米", law),
        Check("参加表决的业主人数", present.heads, electorate.heads, rule.regime.attend, "人", law),
    )
    base = electorate if rule.regime.of_all else present
    agree = (
        Check("同意的专有部分面积", yes.area, base.area, rule.agree, "平方米", law),
        Check("同意的业主人数", yes.heads, base.heads, rule.agree, "人", law),
    )
    if not all(check.met for check in attend):
        return Decision("no-quorum", (*attend, *agree), law)
    return Decision("passed" if all(check.met for check in agree) else "failed", (*attend, *agree), law)
