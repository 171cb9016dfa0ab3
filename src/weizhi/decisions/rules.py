"""How a vote is counted: the charter's thresholds over the sums of both bases, in integers and fractions. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from weizhi.charters.rulebook import Rule, Threshold
from weizhi.decisions.choices import YES, Paper
from weizhi.methods import owners
from weizhi.methods.elections.scoring import borda
from weizhi.methods.thresholds import Bound, Check, Decision

AREA = "area"
UNITS: Mapping[str, str] = {AREA: "平方米", "heads": "人", "households": "户", "seats": "席"}
_LAW = re.compile(r"(\S+?) (\d+)")
OTHER = "no"


@dataclass(frozen=True)
class Line:
    """One line of the roll, as the count needs it. person: who speaks for it where several might."""

    id: str
    head: str
    area: int = 0
    kind: str = "home"
    person: str = ""


@dataclass(frozen=True)
class Said:
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
    """A result and everything that a challenge would ask for. sides: line → side or option."""

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
    paper: Paper, rule: Rule | None, lines: Sequence[Line], said: Sequence[Said], how: Counting | None = None
) -> Counted:
    """Count a vote: yes or no, one of several, or a ranking; by heads, by area, or by both.

    Raises ValueError where the roll itself cannot be (a line twice, a home without area under a rule by area).
    """
    how = how or Counting(parking=True)
    by_area = rule is not None and any(threshold.measure == AREA for _, threshold in rule.thresholds())
    units = [_unit(line, by_area) for line in lines]
    aside: list[tuple[str, str]] = []
    if paper.form != "yes-no":
        said, aside = _heard(said, lines, how)
    winner, ranking = _winner(paper, said)
    papers = [owners.Paper(one.line, _side(paper, one.choice, winner), one.voice, one.signed) for one in said]
    sums = owners.tally(how, units, papers)
    sides = {"yes": sums.yes, "no": sums.no, "abstain": sums.abstain}
    if paper.form != "yes-no":
        sides = _by_option(paper, said, sums, units)
    checks, outcome = _judged(rule, sums)
    spoke = {(one.line, one.voice) for one in said if one.line in sums.sides and _speaks(one, sums, paper, winner)}
    return Counted(
        outcome, checks, law_words(rule.law) if rule else "", sums.electorate, sums.present, sides,
        (*aside, *sums.set_aside), winner, ranking, frozenset(_one_a_line(spoke, lines)),
    )  # fmt: skip


def _heard(said: Sequence[Said], lines: Sequence[Line], how: Counting) -> tuple[list[Said], list[tuple[str, str]]]:
    """One word for each line of the electorate, before anybody leads: what two owners wrote may differ although both
    are against what leads, and two who agree have one vote. The rest is set aside, with why."""
    speaker = {line.id: line.person for line in lines if line.kind != "parking" or how.parking}
    by_line: dict[str, list[Said]] = {}
    aside: list[tuple[str, str]] = []
    for one in said:
        if one.line not in speaker:
            aside.append((one.line, owners.NOT_ON_ROLL))
        elif not one.signed:
            aside.append((one.line, owners.UNSIGNED))
        else:
            by_line.setdefault(one.line, []).append(one)
    heard: list[Said] = []
    for line, words in by_line.items():
        if len({one.choice for one in words}) > 1:
            words = [one for one in words if speaker[line] and one.voice == speaker[line]]
        if words:
            heard.append(min(words, key=lambda one: (one.voice != speaker[line], one.voice)))
        else:
            aside.append((line, owners.DISAGREED))
    return heard, aside


def _unit(line: Line, by_area: bool) -> owners.Unit:
    kind = "parking" if line.kind == "parking" else "home"
    return owners.Unit(line.id, line.head, line.area if by_area else max(line.area, 1), kind, line.person)


def _side(paper: Paper, choice: tuple[str, ...], winner: str) -> owners.Choice:
    if paper.form == "yes-no":
        return choice[0]  # type: ignore[return-value]  # `Paper.checked` let nothing else in
    if not choice:
        return "abstain"
    return "yes" if choice[0] == winner else "no"


def _winner(paper: Paper, said: Sequence[Said]) -> tuple[str, tuple[tuple[str, int], ...]]:
    """The option that leads; ties go to the order on the paper, which was published before."""
    if paper.form == "yes-no":
        return YES, ()
    keys = [option.key for option in paper.options]
    if paper.form == "ranking":
        points = borda(keys, [one.choice for one in said], 1).points if keys else {}
    else:
        votes = Counter(key for one in said for key in one.choice)
        points = {key: votes[key] for key in keys}
    ranked = sorted(keys, key=lambda key: (-points[key], keys.index(key)))
    return (ranked[0] if ranked else ""), tuple((key, points[key]) for key in ranked)


def _by_option(
    paper: Paper, said: Sequence[Said], sums: owners.Tally, units: Iterable[owners.Unit]
) -> dict[str, owners.Sum]:
    areas = {unit.id: unit.area for unit in units}
    found: dict[str, owners.Sum] = {}
    for option in paper.options:
        lines = {one.line for one in said if option.key in one.choice and one.line in sums.sides}
        found[option.key] = owners.Sum(sum(areas[line] for line in lines), len(lines))
    return found


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


def _speaks(one: Said, sums: owners.Tally, paper: Paper, winner: str) -> bool:
    """Whether this envelope is the one (or one of those that agree) by which its line took part."""
    return one.signed and _side(paper, one.choice, winner) == sums.sides[one.line]


def _one_a_line(spoke: set[tuple[str, str]], lines: Sequence[Line]) -> list[tuple[str, str]]:
    """One voice for each line: the one who speaks for it if he did, else the first by name (they said the same)."""
    speaker = {line.id: line.person for line in lines}
    best: dict[str, str] = {}
    for line, voice in sorted(spoke):
        if line not in best or voice == speaker.get(line):
            best[line] = voice
    return list(best.items())
