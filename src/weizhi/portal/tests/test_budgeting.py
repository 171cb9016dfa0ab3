"""A budget vote on its page: projects as cards, a ballot by the form, the result with what each loser was short of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from weizhi.decisions.models import Ballot
from weizhi.decisions.tests.budgeted import Budgeted, voting
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.record import clock

COSTS = {"健身器材": 60_000, "路灯": 40_000, "坡道": 35_000, "长椅": 12_000}


@pytest.fixture
def open_vote(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Budgeted:
    here = voting(stage, COSTS, 100_000, 12)
    stage.people |= {person.login: person for person in here.voters}
    vote = here.vote
    monkeypatch.setattr(clock, "now", lambda: vote.opens_at + timedelta(days=1))
    return here


def test_the_ballot_shows_each_project_with_cost_place_and_who_proposed_it(open_vote: Budgeted, enter: Enter) -> None:
    address = reverse("portal:vote", args=[open_vote.vote.pk])
    client = enter("v0")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address).content.decode()
    assert len(asked) <= 10, [query["sql"][:90] for query in asked]
    for said in ("健身器材", "60,000 元", "中心广场", "林姨提的", "一共有 100,000 元", "均分法"):
        assert said in page, said
    sent = client.post(address, {"choice": [open_vote.key("坡道"), open_vote.key("长椅")], "n": "1", "key": "k1"})
    assert sent.status_code in (302, 303), sent.content.decode()[:400]


def test_a_project_that_was_taken_back_is_marked_and_cannot_be_chosen(
    open_vote: Budgeted, enter: Enter, stage: Stage
) -> None:
    address = reverse("portal:vote", args=[open_vote.vote.pk])
    before = enter("v0").get(address).content.decode()
    assert "已经撤下" not in before and f'value="{open_vote.key("坡道")}" data-fen' in before
    stage.act(open_vote.projects["坡道"], "withdraw", "lin", data={"words": "不修了"})
    page = enter("v1").get(address).content.decode()
    assert page.count("已经撤下，不参加这次分配") == 1
    box = page.partition(f'value="{open_vote.key("坡道")}"')[2].partition(">")[0]
    assert "disabled" in box and page.count(" disabled") == 1


def test_the_result_names_the_winners_and_tells_each_loser_what_was_missing(
    open_vote: Budgeted, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        open_vote.cast(n, *(["健身器材", "路灯"] if n < 7 else ["坡道"]), *(["长椅"] if n in (5, 6, 10, 11) else []))
    vote = open_vote.count()
    monkeypatch.setattr(clock, "now", lambda: vote.closes_at + timedelta(hours=1))
    page = enter("v0").get(reverse("portal:vote", args=[vote.pk])).content.decode()
    assert "选上了 3 个" in page and "用了 87,000 元，还剩 13,000 元" in page
    assert "没有选上，还差约 34,234 元：选它的 7 人手里一共还剩约 25,766 元，它要 60,000 元。" in page
    assert Ballot.objects.filter(vote=vote).count() == 12
