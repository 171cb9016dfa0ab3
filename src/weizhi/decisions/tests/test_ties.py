"""What a vote holds as it stands: the entries of its roll, and its day."""

from datetime import timedelta

import pytest

from weizhi.charters.loading import parse_text
from weizhi.charters.periods import ZONE
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.models import Candidate, Entitlement, Vote
from weizhi.decisions.tests.homes import HEAD, KIND, Estate, estate
from weizhi.matters.actions.act import act
from weizhi.matters.actions.merge_people import merge_people
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.models import Entry

__all__ = ["estate"]


@pytest.fixture
def vote(estate: Estate) -> Vote:
    estate.homes(3)
    return estate.open("ordinary")


def merges(estate: Estate, kept: str, double: str) -> None:
    people = [Person.objects.get(pk=estate.people[login].pk) for login in (kept, double)]
    merge_people(*people, by=estate.people["wang"], at=estate.later())


def test_an_entry_on_a_roll_is_not_merged_away_until_the_count(estate: Estate, vote: Vote):
    """Both on one roll would be two voices of one person, and a frozen roll names whom it names."""
    line = Entitlement.objects.get(pk=estate.line(vote, "2"))
    with pytest.raises(Refused, match="名册上，表决没有结束以前名册不能动"):
        merges(estate, "o1", "o2")
    assert not Entry.objects.filter(verb="merge-people").exists() and Person.objects.get(login="o2").is_active
    assert Entitlement.objects.get(pk=line.pk).person == line.person
    estate.close(vote)
    merges(estate, "o1", "o2")
    assert Entry.objects.get(verb="merge-people") and not Person.objects.get(login="o2").is_active


def test_nor_is_who_speaks_for_another(estate: Estate, vote: Vote):
    proxy, wang = estate.person("deng"), estate.people["wang"]
    name_speaker(vote.pk, estate.line(vote, "1"), proxy, by=wang, evidence="委托书", at=estate.later())
    with pytest.raises(Refused, match="名册"):
        merges(estate, "guo", "deng")
    merges(estate, "o3", "guo")  # whoever has no voice here goes over, to whomever


def test_nor_is_a_candidate_while_the_election_runs(estate: Estate, vote: Vote):
    Candidate.objects.create(
        matter_id=vote.matter_id, step="nominate", person=estate.people["guo"], way="self", since=estate.now
    )
    with pytest.raises(Refused, match="候选人"):
        merges(estate, "o1", "guo")
    Candidate.objects.update(state=Candidate.State.DECLINED)
    merges(estate, "o1", "guo")


def test_a_vote_keeps_the_day_that_was_announced(estate: Estate):
    """Its end is sealed with the question: a clock that stood still would count at an hour that no notice says."""
    estate.homes(3)
    kind = KIND.format(key="calm", electorate="owners", more='rule = "owners-ordinary"')
    kind = kind.replace('visible = "community"', 'visible = "community"\nalways = ["suspend"]', 1)
    checked = parse_text(HEAD + kind, "box.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(estate.community, checked.charter, at=estate.later())
    vote = estate.open("calm")
    until = (estate.now.astimezone(ZONE).date() + timedelta(days=7)).isoformat()
    with pytest.raises(Refused, match="截止时间公告以后不能改"):
        act(
            vote.matter_id, "suspend", by=estate.people["wang"], data={"words": "等一等", "until": until},
            at=estate.later(),
        )  # fmt: skip
    vote.refresh_from_db()
    assert vote.step.due == vote.closes_at and not vote.step.memory.get("pauses")
    assert not Entry.objects.filter(stream=vote.matter_id, verb="suspend").exists()
