"""From opened envelopes to a result that can be published: one counter for each kind of vote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from weizhi.charters.rulebook import Rule
from weizhi.decisions import rules, sharing
from weizhi.decisions.choices import Paper
from weizhi.decisions.lean import OnRoll, Voiced
from weizhi.decisions.models import Vote
from weizhi.decisions.wording import minutes_of, notice_of, page_of
from weizhi.matters.models import Matter
from weizhi.methods.owners import Sum
from weizhi.methods.thresholds import Check
from weizhi.people.access import person_key

Choice = tuple[str, ...]
Opened = Sequence[tuple[Voiced, Choice]]


@dataclass(frozen=True)
class Tallied:
    """outcome: of the step. result: JSON for everybody, without a name. counted: the envelopes that spoke."""

    outcome: str
    result: dict[str, Any]
    counted: frozenset[UUID]


Counter = Callable[[Vote, Sequence[OnRoll], Opened], Tallied]
COUNTERS: dict[str, Counter] = {}


def counts(*kinds: str) -> Callable[[Counter], Counter]:
    """Register the counter of these kinds of vote."""

    def keep(counter: Counter) -> Counter:
        COUNTERS.update(dict.fromkeys(kinds, counter))
        return counter

    return keep


def tallied(vote: Vote, lines: Sequence[OnRoll], opened: Opened) -> Tallied:
    """Count by the kind of the vote."""
    return COUNTERS[vote.kind](vote, lines, opened)


@counts("vote", "consent")
def by_thresholds(vote: Vote, lines: Sequence[OnRoll], opened: Opened) -> Tallied:
    """Yes or no, one of several, a ranking: by the charter's thresholds."""
    paper = Paper.from_brief(vote.brief)
    found, spoke, result = _by_rules(vote, paper, lines, opened)
    said = {"page": page_of(found, paper), "notice": notice_of(found, paper), "minutes": minutes_of(found, paper)}
    return Tallied(found.outcome, result | said, frozenset(spoke))


def _by_rules(
    vote: Vote, paper: Paper, lines: Sequence[OnRoll], opened: Opened
) -> tuple[rules.Counted, dict[UUID, Choice], dict[str, Any]]:
    """The count by the charter's rule, the envelopes that speak in it, and what of it stands in the result."""
    said = said_of(lines, opened)
    # Of a secret vote without areas: a sum of them would name the homes that make it.
    found = rules.count(paper, rule_of(vote), lines_for(lines, areas=not vote.secret), said, how_of(vote))
    together = zip(opened, said, strict=True)
    spoke = {e.pk: choice for (e, choice), one in together if (one.line, one.voice) in found.counted}
    labels = {str(line.n): line.label for line in lines} if found.aside else {}
    result = {
        "law": found.law,
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
    return found, spoke, result


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


def lines_for(lines: Sequence[OnRoll], *, areas: bool = True) -> list[rules.Line]:
    """The roll as the pure count reads it, each line by its number."""
    return [
        rules.Line(
            str(line.n), line.head, line.area if areas else 0, line.kind,
            person_key(line.person_id) if line.person_id else "",
        )
        for line in lines
    ]  # fmt: skip


def said_of(lines: Sequence[OnRoll], opened: Opened) -> list[rules.Said]:
    """The envelopes as the pure count reads them, in their order; of no line what is not on the roll."""
    numbers = {line.pk: str(line.n) for line in lines}
    return [rules.Said(numbers.get(e.entitlement_id, ""), choice, e.voice, e.signed) for e, choice in opened]


def rule_of(vote: Vote) -> Rule | None:
    """The charter's rule, as the vote pinned it."""
    row = vote.rule.get("rule")
    return Rule.model_validate(row) if row else None


def how_of(vote: Vote) -> rules.Counting:
    """The local settings of the count, as the vote pinned them."""
    how: Mapping[str, Any] = vote.rule.get("how") or {}
    return rules.Counting(how.get("parking", False), how.get("silence", "absent"), how.get("follow", False))


@counts("budget")
def by_shares(vote: Vote, lines: Sequence[OnRoll], opened: Opened) -> Tallied:
    """A sum shared out among projects. Who takes part, and by which of two words, is as in every other vote."""
    paper, terms = Paper.from_brief(vote.brief), sharing.Terms.from_row(vote.rule["budget"])
    found, spoke, result = _by_rules(vote, paper, lines, opened)
    if found.outcome == "no-quorum":
        shared = sharing.undecided(vote.brief["projects"], terms, "参加的人不够，这次不算。")
        page = page_of(found, paper)
    else:
        shared = sharing.shared(vote.brief["projects"], terms, list(spoke.values()), gone_of(vote))
        page = sharing.page_of(shared)
    said = {"page": page, "notice": page, "minutes": page, "winner": "", "tied": [], "budget": shared}
    return Tallied("no-quorum" if found.outcome == "no-quorum" else "decided", result | said, frozenset(spoke))


def gone_of(vote: Vote) -> dict[str, str]:
    """Projects that ended while the vote stood open (withdrawn, merged), by key, and how. One query."""
    keys = {UUID(str(row["matter"])): str(row["key"]) for row in vote.brief["projects"]}
    ended = Matter.objects.filter(pk__in=list(keys), ended_at__isnull=False).values_list("pk", "ended_as")
    return {keys[pk]: how or "ended" for pk, how in ended}
