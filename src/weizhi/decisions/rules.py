"""How a vote is counted: the charter's thresholds over the sums of both bases, in integers and fractions. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NamedTuple, cast

from weizhi.charters.rulebook import Rule, Threshold
from weizhi.decisions.choices import YES, Paper
from weizhi.methods import owners
from weizhi.methods.elections.scoring import borda
from weizhi.methods.thresholds import Bound, Check, Decision

AREA, PARKING = "area", "parking"
UNITS: Mapping[str, str] = {AREA: "平方米", "heads": "人", "households": "户", "seats": "席"}
_LAW = re.compile(r"(\S+?) (\d+)")


class Line(NamedTuple):
    """One line of the roll, as the count needs it. person: who speaks for it where several might."""

    id: str
    head: str
    area: int = 0
    kind: str = "home"
    person: str = ""


class Said(NamedTuple):
    """One opened envelope. voice: whose word."""

    line: str
    choice: tuple[str, ...]
    voice: str = ""
    signed: bool = True


@dataclass(frozen=True)
class Counting:
    """What the charter leaves to the place (LAW.md §1), for `methods.owners`."""

    parking: bool = False
    silence: Literal["absent", "majority"] = "absent"
    follow: bool = False


@dataclass(frozen=True)
class Counted:
    """A result and everything that a challenge would ask for. sides: side or option → its sums."""

    outcome: str
    checks: tuple[Check, ...]
    law: str
    roll: owners.Sum
    present: owners.Sum
    sides: Mapping[str, owners.Sum]
    aside: tuple[tuple[str, str], ...]
    winner: str = ""
    ranking: tuple[tuple[str, int], ...] = ()
    counted: frozenset[tuple[str, str]] = field(default=frozenset())  # (line, voice) of each that spoke
    tied: tuple[str, ...] = ()  # several lead together: none of them won

    @property
    def decision(self) -> Decision:
        outcome: Any = self.outcome if self.outcome in ("passed", "failed", "no-quorum") else "passed"
        return Decision(outcome, self.checks, self.law)


def law_words(law: str) -> str:
    """“民法典 278” as it stands in a sentence: 《民法典》第 278 条."""
    return _LAW.sub(r"《\1》第 \2 条", law)


def bound_of(threshold: Threshold) -> Bound:
    """以上 includes the number, 超过 does not (民法典 1259)."""
    return Bound(Fraction(*threshold.share), strict=threshold.more_than is not None)


def count(
    paper: Paper,
    rule: Rule | None,
    lines: Sequence[Line],
    said: Sequence[Said],
    how: Counting | None = None,
    delivered: Collection[str] = (),
) -> Counted:
    """Count a vote: yes or no, one of several, or a ranking; by heads, by area, or by both.

    First every line says one thing or nothing, then the lines are added up: so two co-owners are never two voices,
    and an unsigned paper leads no option. `delivered`: lines to which a ballot was handed over, whose silence may
    count where the place's rule says so. Raises ValueError where the roll itself cannot be (a line twice, a home
    without area under a rule by area).
    """
    how = how or Counting(parking=True)
    by_area = rule is not None and any(threshold.measure == AREA for _, threshold in rule.thresholds())
    units = [_unit(line, by_area) for line in lines]
    heard, aside = heard_of([line for line in lines if line.kind != PARKING or how.parking], said)
    winner, tied, ranking = _winner(paper, heard, {line.id: line.head for line in lines})
    papers = [owners.Paper(line, _side(paper, one.choice, winner)) for line, one in heard.items()]
    papers += [owners.Paper(line, "silent") for line in delivered if line not in heard]
    sums = owners.tally(how, units, papers)
    sides = {"yes": sums.yes, "no": sums.no, "abstain": sums.abstain}
    if paper.form != "yes-no":
        sides = _by_option(paper, heard, sums, units)
    checks, outcome = _judged(rule, sums)
    counted = frozenset((line, one.voice) for line, one in heard.items() if line in sums.sides)
    return Counted(
        outcome, checks, law_words(rule.law) if rule else "", sums.electorate, sums.present, sides,
        (*aside, *sums.set_aside), winner, ranking, counted, tied,
    )  # fmt: skip


def _unit(line: Line, by_area: bool) -> owners.Unit:
    kind = PARKING if line.kind == PARKING else "home"
    return owners.Unit(line.id, line.head, line.area if by_area else max(line.area, 1), kind)


def heard_of(lines: Sequence[Line], said: Sequence[Said]) -> tuple[dict[str, Said], list[tuple[str, str]]]:
    """What each line says, with whose voice, and what was set aside. Voices that agree are one; of those that do not,
    the one whom the owners named; else the line takes no part (民法典 301 and the table of LAW.md)."""
    named = {line.id: line.person for line in lines}
    voices: dict[str, list[Said]] = defaultdict(list)
    aside: list[tuple[str, str]] = []
    for one in said:
        if one.line not in named:
            aside.append((one.line, owners.NOT_ON_ROLL))
        elif not one.signed:
            aside.append((one.line, owners.UNSIGNED))
        else:
            voices[one.line].append(one)
    heard: dict[str, Said] = {}
    for line, found in voices.items():
        if len(found) == 1:
            heard[line] = found[0]
            continue
        by_name = [one for one in found if one.voice == named[line]]
        if len({one.choice for one in found}) == 1:
            heard[line] = by_name[0] if by_name else min(found, key=lambda one: one.voice)
        elif named[line] and by_name:
            heard[line] = by_name[0]
        else:
            aside.append((line, owners.DISAGREED))
    return heard, aside


def _side(paper: Paper, choice: tuple[str, ...], winner: str) -> owners.Choice:
    if paper.form == "yes-no":
        return cast(owners.Choice, choice[0])  # `Paper.checked` let nothing else in
    if not choice:
        return "abstain"
    return "yes" if choice[0] == winner else "no"


def _winner(
    paper: Paper, heard: Mapping[str, Said], heads: Mapping[str, str]
) -> tuple[str, tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The option that leads by heads, or those that lead together, and all with their points.

    A head that says different things for its homes has said nothing here, as in the sums."""
    if paper.form == "yes-no":
        return YES, (), ()
    by_head: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for line, one in heard.items():
        by_head[heads[line]].add(one.choice)
    ballots = [next(iter(found)) for found in by_head.values() if len(found) == 1]
    keys = [option.key for option in paper.options]
    if paper.form == "ranking":
        points = borda(keys, ballots, 1).points
    else:
        votes = Counter(key for ballot in ballots for key in ballot)
        points = {key: votes[key] for key in keys}
    ranked = sorted(keys, key=lambda key: (-points[key], keys.index(key)))
    best = [key for key in ranked if points[key] == points[ranked[0]] > 0]
    ranking = tuple((key, points[key]) for key in ranked)
    return (best[0], (), ranking) if len(best) == 1 else ("", tuple(best), ranking)


def _by_option(
    paper: Paper, heard: Mapping[str, Said], sums: owners.Tally, units: Sequence[owners.Unit]
) -> dict[str, owners.Sum]:
    """Area and heads of those who chose each option; of a ranking, who put it first."""
    areas, heads = {unit.id: unit.area for unit in units}, {unit.id: unit.owner for unit in units}
    mixed: dict[str, set[str]] = defaultdict(set)
    chose: dict[str, list[str]] = defaultdict(list)
    for line, one in heard.items():
        if line in sums.sides and one.choice:
            chose[one.choice[0]].append(line)
            mixed[heads[line]].add(one.choice[0])
    return {
        option.key: owners.Sum(
            sum(areas[line] for line in chose[option.key]),
            len({heads[line] for line in chose[option.key] if len(mixed[heads[line]]) == 1}),
        )
        for option in paper.options
    }


def _judged(rule: Rule | None, sums: owners.Tally) -> tuple[tuple[Check, ...], str]:
    if rule is None:
        return (), "passed"
    attend = tuple(_check("参加表决的", t, sums.present, _base(t, sums, "roll"), rule) for t in rule.participation)
    agree = tuple(_check("同意的", t, sums.yes, _base(t, sums, "participating"), rule) for t in rule.approval)
    if not all(check.met for check in attend):
        return (*attend, *agree), "no-quorum"
    return (*attend, *agree), "passed" if all(check.met for check in agree) else "failed"


def _base(threshold: Threshold, sums: owners.Tally, default: str) -> owners.Sum:
    return sums.electorate if (threshold.of or default) == "roll" else sums.present


def _check(name: str, threshold: Threshold, part: owners.Sum, whole: owners.Sum, rule: Rule) -> Check:
    measure = threshold.measure or "heads"
    by_area = measure == AREA
    what = "专有部分面积" if by_area else {"households": "户数", "seats": "席数"}.get(measure, "人数")
    numbers = (part.area, whole.area) if by_area else (part.heads, whole.heads)
    return Check(name + what, *numbers, bound_of(threshold), UNITS[measure], law_words(rule.law))
