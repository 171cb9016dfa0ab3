"""The voter's pages: what waits, the ballot, the receipt, the roll, the result; and what nobody may see."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from weizhi.decisions.models import Ballot, Envelope, Receipt
from weizhi.decisions.receipts import shown
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.lift import Lift, lift
from weizhi.portal.voting import voter

__all__ = ["estate"]

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def up(stage: Stage) -> Lift:
    return lift(stage)


def at(name: str, up: Lift) -> str:
    return reverse(f"portal:{name}", args=[up.vote.pk])


def sent(client: Client, up: Lift, home: str, *choice: str, **more: Any) -> Any:
    line = up.line(home)
    body = {"line": str(line.pk), "n": line.n, "choice": choice, "key": some_key(), **more}
    return client.post(at("vote", up), body)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_vote_waits_on_the_home_page_until_it_is_cast(up: Lift, enter: Enter) -> None:
    lin = enter("lin")
    for page in (reverse("portal:home"), reverse("portal:votes")):
        assert "您同意按这个方案加装电梯吗" in text(lin.get(page)) and "您的票还没投" in text(lin.get(page))
        assert f">{up.vote.matter.title}</a></h3>" in text(lin.get(page)), "what it is about stands first"
    sent(lin, up, "602", "yes")
    assert "您的票还没投" not in text(lin.get(reverse("portal:home")))
    assert "您的票还没投" not in text(lin.get(reverse("portal:votes")))
    assert "您同意按这个方案加装电梯吗" in text(lin.get(reverse("portal:votes"))), "among what is open"


def test_the_page_says_the_rule_and_what_abstaining_means_before_one_chooses(up: Lift, enter: Enter) -> None:
    page = text(enter("lin").get(at("vote", up)))
    assert "名册上按人数和面积算，都有三分之二以上参加" in page
    assert "参加的里面，按人数和面积算，都有四分之三以上同意" in page and "《民法典》第 278 条" in page
    assert "480,000 元" in page
    assert page.index("9 户里 4 户同意") < page.index('type="radio"')


def test_a_ballot_is_saved_at_once_and_confirmed_with_its_receipt(up: Lift, enter: Enter) -> None:
    lin = enter("lin")
    answer = sent(lin, up, "602", "no")
    page = text(lin.get(answer["Location"]))
    first = shown(Envelope.objects.get().receipt)
    assert first in page and "收到了" in page and "您可以随时改" in page
    sent(lin, up, "602", "yes")
    second = shown(Envelope.objects.get().receipt)
    assert second != first and Receipt.objects.count() == 2
    assert second in text(lin.get(at("vote-receipt-text", up)))
    check = at("vote-receipt", up)
    assert "在票箱里" in text(lin.get(check, {"code": second.lower().replace("-", " ")}))
    assert "已经被后来的一张代替" in text(lin.get(check, {"code": first}))
    assert "没有发出过" in text(lin.get(check, {"code": "0000-0000-0000-0000-0000"}))
    assert "抄全" in text(lin.get(check, {"code": second[:9]}))


def test_what_is_refused_is_said_at_the_ballot_and_nothing_is_lost(up: Lift, enter: Enter) -> None:
    lin = enter("lin")
    answer = sent(lin, up, "602")
    assert answer.status_code == 422 and "请选一项" in text(answer)
    other = sent(lin, up, "601", "yes")
    assert other.status_code == 403 and "不在这次的名册上" in text(other)
    up.vote.closes_at = up.vote.opens_at
    up.vote.save()
    late = sent(lin, up, "602", "yes")
    assert late.status_code == 409 and "投票已经结束" in text(late) and Envelope.objects.count() == 0


def test_nothing_but_turnout_is_told_before_closing(up: Lift, enter: Enter) -> None:
    for home in ("101", "102"):
        up.cast(home, "no")
    page = text(enter("h601").get(at("vote", up)))
    assert "2 / 12 票已经收到" in page
    assert "没有通过" not in page and 'class="threshold' not in page


def test_an_outsider_finds_nothing(up: Lift, enter: Enter) -> None:
    guo = enter("guo")
    for name in ("vote", "vote-receipt", "vote-roll", "vote-receipt-text"):
        assert guo.get(at(name, up)).status_code == 404
    assert sent(guo, up, "602", "yes").status_code == 404
    assert guo.get(reverse("portal:roll", args=[up.vote.roll_id])).status_code == 404
    assert "加装电梯" not in text(guo.get(reverse("portal:votes")))


def test_two_owners_of_one_home_are_told_to_agree(up: Lift, enter: Enter) -> None:
    page = text(enter("brother").get(at("vote", up)))
    assert "您是共有人" in page and "这一处就不算参加" in page


def test_a_household_is_told_who_may_change_its_vote(estate: Estate) -> None:
    estate.home("1", "ma", "ba", status="resident")
    vote = voter.seen(estate.open("doors").pk, standing(estate.people["ba"], estate.later()))
    assert vote is not None
    page = voter.vote_page(vote, standing(estate.people["ba"], estate.now), estate.now, voter.Tried())
    assert page.ballots[0].notes == ("一户一票：家里谁先投，就由谁来改。请先商量好。",)


def test_the_result_says_why_in_one_sentence_of_law_with_bars_and_sums(up: Lift, enter: Enter) -> None:
    for n, home in enumerate(("101", "102", "201", "202", "301", "302", "402", "501")):
        up.cast(home, "no" if n < 3 else "yes")
    up.cast("401", "yes")
    up.cast("401", "no", by=up.stage.people["brother"])
    up.close()
    loser = enter("h101")
    page = text(loser.get(at("vote", up)))
    assert "依据《民法典》第 278 条，没有通过：" in page and "同意的人数还差 1 人" in page
    assert "同意的专有部分面积还差" in page
    assert page.count('class="threshold') - page.count('class="thresholds') == 4
    assert "L-401" in page, "set aside, and why"
    assert "published.json" in page and "published.json" not in text(enter("zhao").get(at("vote", up)))
    assert "这能证明什么" in page and up.vote.root in page
    receipt = Receipt.objects.filter(state=Receipt.State.COUNTED).values_list("hash", flat=True)[0]
    assert "计入了结果" in text(loser.get(at("vote-receipt", up), {"code": shown(receipt)}))


def test_too_few_is_no_result(up: Lift, enter: Enter) -> None:
    for home in ("101", "102"):
        up.cast(home, "yes")
    up.close()
    page = text(enter("lin").get(at("vote", up)))
    assert "参加的不够，这次表决不算数" in page and "参加表决的人数还差 6 人" in page
    assert Ballot.objects.count() == 2


def test_the_roll_shows_masked_names_and_is_searched_by_home(up: Lift, enter: Enter) -> None:
    lin = enter("lin")
    page = text(lin.get(at("vote-roll", up)))
    assert "陈*一" in page and "陈十一" not in page and "赵*" in page
    assert "1,072.44 平方米" in page, "the whole area"
    found = text(lin.get(at("vote-roll", up), {"home": "401"}))
    assert "L-401" in found and "L-402" not in found
    assert "没有找到" in text(lin.get(at("vote-roll", up), {"home": "九百"}))


def test_the_page_of_the_matter_leads_to_the_vote_and_tells_its_count(up: Lift, enter: Enter) -> None:
    lin, page = enter("lin"), reverse("portal:matter", args=[up.vote.matter_id])
    assert "去投票" in text(lin.get(page)) and at("vote", up) in text(lin.get(page))
    up.close()
    told = text(lin.get(page))
    assert "看结果" in told and "投票结束，结果是：" in told


@pytest.mark.parametrize("login", ["lin", "wang", "brother"])
def test_pages_take_ten_queries_at_most(up: Lift, served: Enter, query_budget: Budget, login: str) -> None:
    client = served(login)
    names = ["vote", "vote-roll", "vote-receipt"]
    for home in ("101", "102", "201"):
        up.cast(home, "yes")
    urls = [reverse("portal:votes"), reverse("portal:matter", args=[up.vote.matter_id])]
    urls += [*(at(name, up) for name in names)]
    if login == "lin":
        urls.append(reverse("portal:home"))
    for _round in ("open", "closed"):
        for url in urls:
            client.get(url)
            with query_budget(PAGE):
                assert client.get(url).status_code == 200, url
        up.close()
