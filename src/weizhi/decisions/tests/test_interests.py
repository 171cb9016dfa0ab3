"""A declared interest in a body's vote: whose line is set aside, what the base is, who says so, who takes it back."""

import json
from typing import Any

import pytest

from weizhi.charters.loading import parse_text
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.actions.remind import remind
from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.models import Ballot, Receipt, Vote
from weizhi.decisions.recount import Different, recount
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.voted import published
from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.models import Party
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Body
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Payload

__all__ = ["estate"]

CHARTER = """
[charter]
language = 1
name = "council"
title = "议事会"
extends = ["base"]
[electorates.deputies]
title = "居民代表"
of = "deputies"
within = "community"
secret = {secret}
[rules.most]
title = "五分之四"
approval = [{{ measure = "heads", of = "roll", at_least = "4/5" }}]
{rule}
[kinds.motion]
title = "议案"
procedure = "motion"
visible = "community"
always = ["comment", "declare-interest"]
[procedures.motion]
title = "议案"
[procedures.motion.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{{ key = "words", type = "text", title = "什么事", required = true }}]
then = "decide"
[procedures.motion.steps.decide]
kind = "vote"
title = "表决"
by = ["committee"]
electorate = "deputies"
rule = "most"
open_for = "7 days"
outcomes = {{ passed = "agreed", failed = "refused", no-quorum = "refused" }}
[procedures.motion.ends]
agreed = {{ counts = "solved" }}
refused = {{ counts = "refused" }}
"""


def opened(estate: Estate, rule: str = "", secret: bool = False) -> Vote:
    """A vote of six deputies, d1 to d6."""
    checked = parse_text(CHARTER.format(rule=rule, secret=str(secret).lower()), "council.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(estate.community, checked.charter, at=estate.later())
    where = estate.places["xfl"]
    council = Body.objects.create(community=estate.community, key="council", place=where, name="议事会")
    committee = Body.objects.get(key="committee")
    for n in range(1, 7):
        appoint(estate.community, estate.person(f"d{n}"), council, "resident-deputy", "居民代表", at=estate.now)
    appoint(estate.community, estate.person("hu"), committee, "committee-member", "委员", at=estate.now)
    done = raise_matter(
        estate.community,
        "motion",
        by=estate.people["wang"],
        data={"words": "议一议"},
        place=where.pk,
        at=estate.later(),
    )
    return Vote.objects.get(matter=done.matter_id)


def declares(estate: Estate, vote: Vote, by: str, of: str = "", verb: str = "declare-interest", **rest: Any) -> None:
    data = {"words": "有关系"} | ({"person": str(estate.people[of].pk)} if of else {})
    act(vote.matter_id, verb, by=estate.people[by], data=data, key=f"{verb}{by}{of}", at=estate.later(), **rest)


def say(estate: Estate, vote: Vote, **choices: str) -> None:
    for who, choice in choices.items():
        cast(vote.pk, [choice], by=estate.people[who], at=estate.later())


FIVE = {"d1": "yes", "d2": "yes", "d3": "yes", "d4": "yes", "d5": "no", "d6": "yes"}


@pytest.mark.parametrize(
    ("rule", "outcome", "base"), [('declared = "leaves"', "passed", 5), ("", "failed", 6)], ids=["leaves", "stays"]
)
@pytest.mark.parametrize("secret", [False, True])
def test_his_line_is_set_aside_and_the_base_is_as_the_rule_says(
    estate: Estate, rule: str, outcome: str, base: int, secret: bool
) -> None:
    vote = opened(estate, rule, secret)
    say(estate, vote, **FIVE)
    declares(estate, vote, "d6")
    vote = estate.close(vote)
    assert (vote.outcome, vote.result["roll"]["heads"], vote.result["sides"]["yes"]["heads"]) == (outcome, base, 4)
    assert vote.result["aside"] == [["居民代表 住户d6", "申报了利害关系，回避"]]
    assert Ballot.objects.filter(vote=vote).count() == 5
    assert Receipt.objects.filter(vote=vote, state=Receipt.State.ASIDE).count() == 1
    assert "1 人申报了利害关系，回避了表决" in vote.result["minutes"]
    told = list(recount(published(vote), vote.root))
    assert any(line.startswith("回避：1 人") for line in told)


def test_a_recount_finds_who_was_left_out_without_being_a_seat(estate: Estate) -> None:
    vote = opened(estate, 'declared = "leaves"')
    say(estate, vote, **FIVE)
    declares(estate, vote, "d6")
    vote = estate.close(vote)
    file = json.loads(json.dumps(published(vote)))
    file["leaves"][-1]["result"]["declared"] = [1]
    with pytest.raises(Different):
        list(recount(file))


def test_it_is_refused_with_the_rule_and_nobody_else_is(estate: Estate) -> None:
    vote = opened(estate)
    declares(estate, vote, "d6")
    with pytest.raises(Refused, match=r"^not-yours:") as refused:
        say(estate, vote, d6="yes")
    assert refused.value.line == "rules.most.declared"
    say(estate, vote, d5="yes")


def test_who_handles_it_writes_down_anothers_and_another_takes_it_back(estate: Estate) -> None:
    vote = opened(estate)
    with pytest.raises(Refused, match=r"^not-yours:"):
        declares(estate, vote, "d1", of="d2")
    declares(estate, vote, "wang", of="d2")
    words = Payload.objects.filter(entry__stream=vote.matter_id, part="words").order_by("entry__n").last()
    assert words is not None and words.read() == "有关系", "whose it is stands in no public word"
    told = Payload.objects.filter(entry__stream=vote.matter_id, part="tell").order_by("entry__n").last()
    assert told is not None and told.read() == [f"person:{estate.people['d2'].pk}"]
    with pytest.raises(Refused, match=r"^not-yours:"):
        declares(estate, vote, "d2", of="d2", verb="lift-interest")
    declares(estate, vote, "wang", of="d2", verb="lift-interest")
    assert not Party.objects.filter(relation=Party.DECLARED).exists()
    say(estate, vote, d2="no")


def test_a_clerk_with_an_interest_runs_nothing(estate: Estate) -> None:
    vote = opened(estate)
    assert is_clerk(vote, standing(estate.people["hu"], estate.now))
    declares(estate, vote, "hu")
    assert not is_clerk(vote, standing(estate.people["hu"], estate.now))
    assert is_clerk(vote, standing(estate.people["wang"], estate.now))
    with pytest.raises(Refused, match=r"^not-yours:"):
        remind(vote.pk, by=estate.people["hu"], at=estate.later())
    with pytest.raises(Refused, match=r"^not-yours:"):
        declares(estate, vote, "hu", of="d1")


def test_an_owner_keeps_his_voice(estate: Estate) -> None:
    """What an owner decides on is his own by law: only seats are set aside."""
    estate.homes(2)
    vote = estate.open("ordinary")
    Party.objects.create(
        matter=vote.matter, community=estate.community, who=f"person:{estate.people['o1'].pk}",
        relation=Party.DECLARED,
    )  # fmt: skip
    say(estate, vote, o1="yes", o2="yes")
    assert estate.close(vote).outcome == "passed"
