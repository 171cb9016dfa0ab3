"""The count of an election: by the law of 2025, or by the charter's own shares for bodies the law does not speak of."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from weizhi.charters.rulebook import Rule
from weizhi.decisions.choices import Paper
from weizhi.decisions.lean import OnRoll, Voiced
from weizhi.decisions.models import Vote
from weizhi.decisions.results import Choice, Opened, Tallied, check_row, counts, lines_for, rule_of, said_of
from weizhi.decisions.rules import bound_of, heard_of, law_words
from weizhi.methods.elections.committee import CommitteeRule, Result, first_round, run_off
from weizhi.methods.thresholds import MORE_THAN_HALF, ONE_THIRD, Bound, Check

OUTCOMES = {"filled": "elected", "run-off": "short", "void": "no-quorum"}
TIES: dict[str | None, Literal["run-off", "lot", "fewer-seats"]] = {
    "runoff": "run-off", "lot": "lot", "fewer-seats": "fewer-seats", None: "run-off",
}  # fmt: skip


@counts("elect")
def by_seats(vote: Vote, lines: Sequence[OnRoll], opened: Opened) -> Tallied:
    """Approval of as many candidates as there are seats; one paper a line of the roll."""
    spoke, aside = one_a_line(lines, opened, secret=vote.secret)
    titles = Paper.from_brief(vote.brief).titles
    keys = {title: key for key, title in titles.items()}
    ballots = [[titles[key] for key in choice] for _envelope, choice in spoke]
    rule, names = committee_rule(vote, titles), list(titles.values())
    again = vote.rule["round"] == "runoff"
    found = run_off(rule, names, ballots) if again else first_round(rule, len(lines), names, ballots)
    law = law_words(charter_rule.law) if (charter_rule := rule_of(vote)) else ""
    bound = (rule.again or Bound(ONE_THIRD.share * 0, strict=True)) if again else rule.elected
    checks = [found.attend] if found.attend else []
    checks += [Check(one.name, one.votes, found.cast, bound, "票", law) for one in found.standings]
    numbers = {"heads": len(spoke), "area": 0}
    result: dict[str, Any] = {
        "law": law, "page": page_of(found), "notice": found.notice,
        "minutes": (f"依据{law}，" if law else "") + found.notice,
        "checks": [check_row(check) for check in checks],
        "roll": {"heads": len(lines), "area": 0}, "present": numbers, "sides": {}, "winner": "",
        "ranking": [[keys[one.name], one.votes] for one in found.standings], "aside": aside,
        "standings": [
            {
                "key": keys[one.name], "name": one.name, "votes": one.votes, "elected": one.elected,
                "sentence": one.sentence,
            }
            for one in found.standings
        ],
        "elected": [keys[name] for name in found.elected], "open_seats": found.open_seats, "vacant": found.vacant,
        "next": [keys[name] for name in found.candidates_next],
        "seats": rule.seats, "cast": found.cast, "spoilt": found.spoilt, "mode": rule.mode,
    }  # fmt: skip
    return Tallied(OUTCOMES[found.outcome], result, frozenset(envelope.pk for envelope, _choice in spoke))


def page_of(found: Result) -> str:
    """One line for a page."""
    if found.outcome == "void":
        return "参加的不够，选举无效"
    told = f"当选：{'、'.join(found.elected)}" if found.elected else "这一轮没有人当选"
    told += f"；{found.vacant} 个名额空缺" if found.vacant else ""
    return told + (f"；还缺 {found.open_seats} 名" if found.open_seats else "")


def committee_rule(vote: Vote, titles: Mapping[str, str]) -> CommitteeRule:
    """The charter's rule as the count needs it: the law's shares where the charter names none of its own."""
    rule, settings = rule_of(vote) or Rule(key="law"), vote.rule
    attend: Bound | Literal["law"] | None = bound_of(rule.participation[0]) if rule.participation else "law"
    return CommitteeRule(
        settings["mode"], settings["seats"], tie=TIES[rule.tie], lot=tuple(titles[key] for key in settings["lot"]),
        attend=attend, contested=bool(rule.nominations and rule.nominations.more_than_seats),
        elected=bound_of(rule.elected) if rule.elected else MORE_THAN_HALF,
        again=bound_of(rule.runoff) if rule.runoff else ONE_THIRD,
    )  # fmt: skip


def one_a_line(
    lines: Sequence[OnRoll], opened: Opened, *, secret: bool
) -> tuple[list[tuple[Voiced, Choice]], list[list[str]]]:
    """The paper that speaks for each line, as in every other vote (LAW.md §1): a signed one; of owners who agree any,
    of those who differ that of whom they named, else none. A household has one voice: whoever of it came first."""
    said = said_of(lines, opened)
    heard, aside = heard_of(lines_for(lines), said)
    spoke = [
        paper
        for paper, one in zip(opened, said, strict=True)
        if (spoken := heard.get(one.line)) and spoken.voice == one.voice and one.signed
    ]
    labels = {str(line.n): line.label for line in lines}
    return spoke, [["" if secret else labels.get(line, ""), why] for line, why in aside if line not in heard]
