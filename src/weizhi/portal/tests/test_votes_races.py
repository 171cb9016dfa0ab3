"""Fifty ballots of one voter at once, through HTTP, against two processes: one is counted. Also the API of votes.

WEIZHI_RACES=200 repeats the race as often as the promise says (docs/votes.md).
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from weizhi.decisions.actions.count import count
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.checking import faults
from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.decisions.tests.homes import Estate, committed_estate, estate
from weizhi.people.models import Holding
from weizhi.portal.api import votes
from weizhi.portal.tests.test_races import Crowd, two_processes
from weizhi.record.actions.issue_token import issue_token

__all__ = ["committed_estate", "estate"]

REPEATS = int(os.environ.get("WEIZHI_RACES", "3"))
MANY = 50


@pytest.fixture
def voters(committed_estate: Estate, database_url: str) -> Iterator[Crowd]:
    """Three homes of one owner, and three of others; it is two hours ago."""
    committed_estate.homes(3, "big")
    committed_estate.homes(3, start=4)
    committed_estate.now = timezone.now() - timedelta(hours=2)
    with two_processes(database_url) as crowd:
        crowd.root = "/api/v1/votes"
        yield crowd


def ballot(choice: str, **more: Any) -> dict[str, Any]:
    return {"choice": choice, "key": str(uuid4())} | more


@pytest.mark.slow
def test_of_fifty_ballots_of_one_voter_at_once_one_is_counted(committed_estate: Estate, voters: Crowd):
    for _ in range(REPEATS):
        committed_estate.now = timezone.now() - timedelta(hours=2)
        vote = committed_estate.open("ordinary")
        path = f"/{vote.pk}/ballots"
        answers = voters.at_once([("o4", path, ballot("yes" if n % 2 else "no")) for n in range(MANY)])
        assert {answer.status for answer in answers} == {200}, answers
        [envelope] = Envelope.objects.filter(vote=vote)
        given = {answer.body["receipt"] for answer in answers}
        assert len(given) == MANY and envelope.receipt in given
        assert dict(Receipt.objects.filter(vote=vote).values_list("hash", "state")) == {
            receipt: "issued" if receipt == envelope.receipt else "replaced" for receipt in given
        }
        assert list(faults(vote, [envelope.receipt])) == []
        counted = _counted(vote)
        assert (counted.result["present"]["heads"], Ballot.objects.filter(vote=vote).count()) == (1, 1)


def _counted(vote: Vote) -> Vote:
    with transaction.atomic():
        return count(vote.pk, timezone.now())


@pytest.mark.slow
def test_one_ballot_sent_five_times_at_once_is_one_and_answered_alike(committed_estate: Estate, voters: Crowd):
    for _ in range(REPEATS):
        committed_estate.now = timezone.now() - timedelta(hours=2)
        vote = committed_estate.open("ordinary")
        answers = voters.at_once([("o4", f"/{vote.pk}/ballots", ballot("yes", key="same"))] * 5)
        assert {(answer.status, answer.body["receipt"]) for answer in answers} == {
            (200, Envelope.objects.get(vote=vote).receipt)
        }, answers
        assert [answer.body["again"] for answer in answers].count(False) == 1


@pytest.mark.slow
def test_an_owner_of_three_homes_his_proxy_and_a_paper_at_once_are_counted_exactly(
    committed_estate: Estate, voters: Crowd
):
    """Whatever comes first, the owner's own word stands over the proxy's, and a home has one ballot."""
    here = committed_estate
    for _ in range(REPEATS):
        here.now = timezone.now() - timedelta(hours=2)
        vote = here.open("ordinary")
        lines = {n: str(here.line(vote, str(n))) for n in range(1, 7)}
        name_speaker(
            vote.pk, here.line(vote, "1"), here.people["o4"], by=here.people["wang"], evidence="委托书", at=here.later()
        )
        path = f"/{vote.pk}/ballots"
        own = [("big", path, ballot("yes", entitlement=lines[n])) for n in (1, 2, 3)]
        proxies = [("o4", path, ballot("no", entitlement=lines[1]))] * 5
        others = [("o4", path, ballot("no", entitlement=lines[4])), ("o5", path, ballot("yes"))]
        answers = voters.at_once([*own * 5, *proxies, *others])
        assert {answer.status for answer in answers} <= {200, 409}, answers
        assert all(answer.status == 200 for answer in answers[:15]), answers
        here.now = timezone.now()
        here.paper(vote, "2", "no")
        result = _counted(vote).result
        assert (result["roll"], result["present"]) == ({"area": 60_000, "heads": 4}, {"area": 50_000, "heads": 3})
        assert result["sides"]["yes"] == {"area": 30_000, "heads": 1}  # o5; of two minds, the owner's head abstains
        assert result["sides"]["no"] == {"area": 20_000, "heads": 1}
        assert result["channels"] == {"paper": 1, "phone": 4}


# --- the doors one by one ------------------------------------------------------------------------------


@pytest.fixture
def vote(estate: Estate) -> Vote:
    estate.homes(3)
    estate.now = timezone.now() - timedelta(hours=2)
    return estate.open("ordinary")


def signed_in(client: Any, estate: Estate, login: str) -> Any:
    client.force_login(estate.people[login])
    return client


def test_the_votes_that_are_open_to_me_and_a_ballot(estate: Estate, vote: Vote, client: Any, query_budget: Any):
    o1 = signed_in(client, estate, "o1")
    with query_budget(10):
        [told] = o1.get("/api/v1/votes").json()
    assert (told["id"], told["lines"][0]["label"], told["lines"][0]["receipt"]) == (str(vote.pk), "1", "")
    assert [option["key"] for option in told["options"]] == ["yes", "no", "abstain"]
    path = f"/api/v1/votes/{vote.pk}/ballots"
    first = o1.post(path, ballot("yes"), content_type="application/json", headers={})
    assert first.status_code == 200 and first.json()["shown"].count("-") == 4
    [line] = o1.get(f"/api/v1/votes/{vote.pk}").json()["lines"]
    assert line["receipt"] == first.json()["receipt"] and "result" not in o1.get(f"/api/v1/votes/{vote.pk}").json()
    head = o1.post(path, {"choice": "no"}, content_type="application/json", headers={"Idempotency-Key": "k1"})
    again = o1.post(path, {"choice": "no"}, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert (head.json()["changed"], again.json()["again"]) == (True, True)
    for status, body in ((422, ballot("maybe")), (422, {"choice": "yes"}), (422, ballot("yes", colour="red"))):
        assert o1.post(path, body, content_type="application/json").status_code == status
    written = o1.post(
        path, ballot("yes", proof="纸票 2", entitlement=told["lines"][0]["entitlement"]), "application/json"
    )
    assert (written.status_code, written.json()["code"]) == (403, "not-yours")


def test_what_is_open_to_me_is_not_cut_off_by_what_is_open_to_others(
    estate: Estate, vote: Vote, client: Any, monkeypatch: pytest.MonkeyPatch
):
    estate.home("9", "tenant", status="resident")
    mine = estate.open("secret")
    Vote.objects.filter(pk=vote.pk).update(closes_at=mine.closes_at - timedelta(hours=1))
    assert signed_in(client, estate, "tenant").get(f"/api/v1/votes/{vote.pk}").status_code == 200, "seen, not asked"
    monkeypatch.setattr(votes, "AT_MOST", 1)
    assert [told["id"] for told in client.get("/api/v1/votes").json()] == [str(mine.pk)]


def test_an_outsider_sees_no_vote_and_casts_none(estate: Estate, vote: Vote, client: Any):
    guo = signed_in(client, estate, "guo")
    assert guo.get("/api/v1/votes").json() == []
    assert guo.get(f"/api/v1/votes/{vote.pk}").status_code == 404
    assert guo.post(f"/api/v1/votes/{vote.pk}/ballots", ballot("yes"), "application/json").status_code == 404


def test_a_token_writes_down_what_was_said_for_its_post_but_casts_for_nobody(estate: Estate, vote: Vote, client: Any):
    """Its giver stands on the roll himself; that is nothing to the token."""
    wang = Holding.objects.get(person=estate.people["wang"])
    estate.lives("1", "wang")
    token = issue_token(wang, "录票", ["read", "act"], days=30).token
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/votes/{vote.pk}"
    assert client.get(path, headers=headers).json()["lines"] == []
    own = client.post(f"{path}/ballots", ballot("yes"), "application/json", headers=headers)
    assert (own.status_code, own.json()["code"]) == (403, "not-yours")
    line = {"entitlement": str(estate.line(vote, "2"))}
    alone = client.post(f"{path}/ballots", ballot("yes", proof="纸票 2", **line), "application/json", headers=headers)
    assert alone.status_code == 403 and "两个人" in alone.json()["message"], "a paper is read twice, at the desk"
    body = ballot("yes", proof="录音 2", channel="telephone", **line)
    assert client.post(f"{path}/ballots", body, "application/json", headers=headers).status_code == 200
    assert Envelope.objects.get().channel == "telephone"
