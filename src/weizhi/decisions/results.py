"""From opened envelopes to a result that can be published: one counter for each kind of vote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from weizhi.charters.rulebook import Rule
from weizhi.decisions import rules, sharing
from weizhi.decisions.choices import Paper
from weizhi.decisions.models import Entitlement, Envelope, Vote
from weizhi.decisions.wording import minutes_of, notice_of, page_of
from weizhi.methods.owners import Sum
from weizhi.methods.thresholds import Check
from weizhi.people.access import person_key

Opened = Sequence[tuple[Envelope, tuple[str, ...]]]


@dataclass(frozen=True)
class Tallied:
    """outcome: of the step. result: JSON for everybody, without a name. counted: the envelopes that spoke."""

    outcome: str
    result: dict[str, Any]
    counted: frozenset[UUID]


Counter = Callable[[Vote, Sequence[Entitlement], Opened], Tallied]
COUNTERS: dict[str, Counter] = {}


def counts(*kinds: str) -> Callable[[Counter], Counter]:
    """Register the counter of these kinds of vote."""

    def keep(counter: Counter) -> Counter:
        COUNTERS.update(dict.fromkeys(kinds, counter))
        return counter

    return keep


def tallied(vote: Vote, lines: Sequence[Entitlement], opened: Opened) -> Tallied:
    """Count by the kind of the vote."""
    return COUNTERS[vote.kind](vote, lines, opened)


@counts("vote", "consent")
def by_thresholds(vote: Vote, lines: Sequence[Entitlement], opened: Opened) -> Tallied:
    """Yes or no, one of several, a ranking: by the charter's thresholds."""
    said = [rules.Said(str(e.entitlement_id), choice, e.voice, e.signed) for e, choice in opened]
    roll = lines_for(lines)
    if vote.secret:  # a sum of areas would name the homes that make it
        roll = [replace(line, area=0) for line in roll]
    found = rules.count(Paper.from_brief(vote.brief), rule_of(vote), roll, said, how_of(vote))
    counted = {envelope.pk for envelope, _ in opened if (str(envelope.entitlement_id), envelope.voice) in found.counted}
    labels = {str(line.pk): line.label for line in lines}
    paper = Paper.from_brief(vote.brief)
    result = {
        "law": found.law,
        "page": page_of(found, paper),
        "notice": notice_of(found, paper),
        "minutes": minutes_of(found, paper),
        "checks": [check_row(check) for check in found.checks],
        "roll": sum_row(found.roll),
        "present": sum_row(found.present),
        "sides": {side: sum_row(one) for side, one in found.sides.items()},
        "winner": found.winner,
        "tied": list(found.tied),
        "ranking": [list(row) for row in found.ranking],
        # Of a secret vote not who: that two of one home disagree already tells of their ballots.
        "aside": [["" if vote.secret else labels.get(line, ""), why] for line, why in found.aside],
    }
    return Tallied(found.outcome, result, frozenset(counted))


def sum_row(one: Sum) -> dict[str, int]:
    return {"area": one.area, "heads": one.heads}


def check_row(check: Check) -> dict[str, Any]:
    """A threshold with its numbers, for a bar and for a sentence."""
    return {
        "name": check.name, "part": check.part, "whole": check.whole, "needed": check.needed,
        "missing": check.missing, "met": check.met, "unit": check.unit, "law": check.law,
        "share": [check.bound.share.numerator, check.bound.share.denominator], "strict": check.bound.strict,
        "words": check.bound.words, "sentence": check.sentence,
    }  # fmt: skip


def lines_for(lines: Sequence[Entitlement]) -> list[rules.Line]:
    """The roll as the pure count reads it."""
    return [
        rules.Line(str(line.pk), line.head, line.area, line.kind, person_key(line.person_id) if line.person_id else "")
        for line in lines
    ]


def rule_of(vote: Vote) -> Rule | None:
    """The charter's rule, as the vote pinned it."""
    row = vote.rule.get("rule")
    return Rule.model_validate(row) if row else None


def how_of(vote: Vote) -> rules.Counting:
    """The local settings of the count, as the vote pinned them."""
    how: Mapping[str, Any] = vote.rule.get("how") or {}
    return rules.Counting(how.get("parking", False), how.get("silence", "absent"), how.get("follow", False))


@counts("budget")
def by_shares(vote: Vote, lines: Sequence[Entitlement], opened: Opened) -> Tallied:
    """A sum shared out among projects. Who takes part, and by which of two words, is as in every other vote."""
    said = [rules.Said(str(e.entitlement_id), choice, e.voice, e.signed) for e, choice in opened]
    roll = [replace(line, area=0) for line in lines_for(lines)] if vote.secret else lines_for(lines)
    found = rules.count(Paper.from_brief(vote.brief), rule_of(vote), roll, said, how_of(vote))
    spoke = {e.pk: choice for e, choice in opened if (str(e.entitlement_id), e.voice) in found.counted}
    terms, labels = sharing.Terms.from_row(vote.rule["budget"]), {str(line.pk): line.label for line in lines}
    if found.outcome == "no-quorum":
        shared = sharing.undecided(vote.brief["projects"], terms, "参加的人不够，这次不算。")
        page = page_of(found, Paper.from_brief(vote.brief))
    else:
        shared = sharing.shared(vote.brief["projects"], terms, list(spoke.values()))
        page = sharing.page_of(shared)
    result = {
        "law": found.law, "page": page, "notice": page, "minutes": page,
        "checks": [check_row(check) for check in found.checks],
        "roll": sum_row(found.roll), "present": sum_row(found.present),
        "sides": {side: sum_row(one) for side, one in found.sides.items()}, "winner": "",
        "tied": [],
        "ranking": [list(row) for row in found.ranking],
        "aside": [["" if vote.secret else labels.get(line, ""), why] for line, why in found.aside], "budget": shared,
    }  # fmt: skip
    return Tallied("no-quorum" if found.outcome == "no-quorum" else "decided", result, frozenset(spoke))
