"""The desk of a secret vote: papers marked, never read with a line; the urn read by two; what everybody sees of it."""

from typing import Any

import pytest
from django.urls import reverse

from weizhi.decisions.actions.cast import cast
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.models import Envelope, MarkChange, UrnPaper, UrnReading, Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.printing import Range
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.secret import Secret, over, secret
from weizhi.portal.tests.test_votes import PAGE, Budget, text
from weizhi.portal.voting.words import state_chip
from weizhi.portal.voting_papers import setting


@pytest.fixture
def up(stage: Stage) -> Secret:
    return secret(stage)


@pytest.fixture
def closed(stage: Stage) -> Secret:
    return over(stage)


def at(name: str, up: Secret) -> str:
    return reverse(f"portal:{name}", args=[up.vote.pk])


def marks(client: Any, up: Secret, login: str, **more: str) -> Any:
    body = {"line": str(up.line(login).n), "key": some_key(), **more}
    return client.post(at("vote-desk", up), body, follow=True)


def reads(client: Any, up: Secret, n: int, *choice: str) -> Any:
    return client.post(at("vote-urn", up), {"paper": up.number(n), "choice": choice}, follow=True)


def empties(client: Any, up: Secret, why: str = "") -> Any:
    return client.post(at("vote-urn-empty", up), {"why": why}, follow=True)


def test_a_paper_is_marked_and_the_desk_asks_nothing_of_it(up: Secret, enter: Enter) -> None:
    wang, lin = enter("wang"), enter("lin")
    desk = text(wang.get(at("vote-desk", up)))
    assert "选了什么不问、不看、不记" in desk and 'name="choice"' not in desk and 'name="channel"' not in desk
    page = text(marks(wang, up, "lin", choice="yes", channel="telephone"))
    assert "记下了，交了纸票" in page
    boxed = Envelope.objects.get()
    assert (boxed.channel, boxed.recorded_by, boxed.voice) == (
        "paper", up.stage.people["wang"], f"person:{up.stage.people['lin'].pk}",
    )  # fmt: skip
    assert "不能再记" in text(wang.get(at("vote-line", up), {"line": up.line("lin").n}))
    assert "不能再改" in text(marks(wang, up, "lin"))
    mine = text(lin.get(at("vote", up)))
    assert "王主任在名册上记的" in mine and "所以不能再改" in mine and "重新投" not in mine
    refused = lin.post(at("vote", up), {"line": str(boxed.entitlement_id), "choice": "no", "key": some_key()})
    assert refused.status_code in (403, 409, 422) and "拿不出来了" in text(refused)
    assert "在票箱里" in text(lin.get(at("vote-receipt", up), {"code": shown(boxed.receipt)}))


def test_a_paper_after_the_phone_and_one_that_a_proxy_brings(up: Secret, enter: Enter) -> None:
    wang = enter("wang")
    cast(up.vote.pk, ["yes"], by=up.stage.people["h1"])
    assert "以纸票为准" in text(wang.get(at("vote-line", up), {"line": up.line("h1").n}))
    assert "交了纸票" in text(marks(wang, up, "h1"))
    assert "没有登记委托书" in text(marks(wang, up, "h2", proxy="yes"))
    proxy = up.stage.people["h3"]
    name_speaker(up.vote.pk, up.line("h2").pk, proxy, by=up.stage.people["wang"], evidence="委托书 1")
    assert "由受托人（孙三）交来" in text(wang.get(at("vote-line", up), {"line": up.line("h2").n}))
    assert "交了纸票" in text(marks(wang, up, "h2", proxy="yes"))
    assert Envelope.objects.get(entitlement=up.line("h2")).rank == 0


def test_the_urn_is_shut_while_the_vote_is_open(up: Secret, enter: Enter) -> None:
    marks(enter("wang"), up, "lin")
    page = text(enter("wang").get(at("vote-urn", up)))
    assert "截止以后才能开票箱" in page and 'name="paper"' not in page and "1 位交了纸票" in page
    answer = reads(enter("li"), up, 1, "yes")
    assert answer.status_code == 409 or "截止以后才能开票箱" in text(answer)
    assert not UrnReading.objects.exists()


def test_two_read_each_paper_and_what_differs_is_shown(closed: Secret, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    assert "读票箱里的纸票" in text(wang.get(at("vote-desk", closed)))
    assert "4 张纸票正在由两个人各读一遍" in text(enter("lin").get(at("vote", closed)))
    assert "第一遍读好了" in text(reads(wang, closed, 1, "yes"))
    answer = reads(li, closed, 1, "!blank")
    assert answer.status_code == 409
    assert "王主任</dt><dd>同意" in text(answer) and "您</dt><dd>空白票" in text(answer)
    assert "两遍不一样" in text(wang.get(at("vote-urn", closed)))
    assert "两遍一样" in text(reads(li, closed, 1, "yes")) and UrnPaper.objects.count() == 1
    assert "没有印过" in text(li.post(at("vote-urn", closed), {"paper": "123", "choice": "yes"}))
    assert "只能选一样" in text(reads(li, closed, 2, "yes", "!spoilt"))
    assert "已经在里面" in text(reads(li, closed, 1, "yes"))


def test_the_urn_read_out_is_counted_and_the_result_tells_of_it(closed: Secret, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    for n, choice in ((1, "yes"), (2, "no"), (3, "!spoilt")):
        for client in (wang, li):
            reads(client, closed, n, choice)
    refused = empties(wang, closed)
    assert refused.status_code == 422 and "请写一句为什么" in text(refused)
    assert "等另一个读票的人" in text(empties(wang, closed, "一位领了票没有投"))
    assert "王主任说票箱空了" in text(li.get(at("vote-urn", closed)))
    assert "计完票了" in text(empties(li, closed))
    page = text(enter("lin").get(at("vote", closed)))
    assert "名册上记了 4 位交纸票，票箱里读出 3 张" in page and "作废 1 张，不算参加" in page
    assert "少 1 张" in page and "一位领了票没有投" in page and "收到的都计入了" not in page
    assert "不到 5 张" in page, "two ballots are somebody's"
    mark = Envelope.objects.get(entitlement=closed.line("lin"))
    assert "哪一张是谁的，谁也对不出来" in text(
        enter("lin").get(at("vote-receipt", closed), {"code": shown(mark.receipt)})
    )
    closed.vote.refresh_from_db()
    for what in ("result", "record"):
        told = str(setting.content(closed.vote, what, closed.vote.closes_at, clerk=True))
        assert "两个人读得一样的 3 张" in told, what


def test_the_urn_is_for_those_who_run_the_vote(closed: Secret, enter: Enter) -> None:
    for login in ("lin", "zhou", "guo", "h1"):
        client = enter(login)
        assert client.get(at("vote-urn", closed)).status_code == 404, login
        for name in ("vote-urn", "vote-urn-empty"):
            assert client.post(at(name, closed), {"paper": closed.number(1), "choice": "yes"}).status_code == 404
    assert not UrnReading.objects.exists()


def test_the_urn_takes_ten_queries_at_most(closed: Secret, served: Enter, query_budget: Budget) -> None:
    wang = served("wang")
    for n in range(1, 4):
        reads(wang, closed, n, "yes")
    for url in (at("vote-urn", closed), at("vote", closed)):
        wang.get(url)
        with query_budget(PAGE):
            assert wang.get(url).status_code == 200, url


def test_a_printed_paper_bears_nothing_of_the_roll(up: Secret) -> None:
    printed = [setting.content(up.vote, "ballots", up.vote.opens_at, Range(1, 8)) for _time in range(2)]
    numbers = [one["number"] for told in printed for one in told["ballots"]]
    assert len(set(numbers)) == 16, "each printing draws anew"
    assert all(one["n"] == one["label"] == "" for told in printed for one in told["ballots"])
    assert "签名" not in "".join(printed[0]["words"]["how"])
    listed = str(setting.content(up.vote, "signatures", up.vote.opens_at, Range(1, 8)))
    assert "领票人签名" in listed and not any(number in listed for number in numbers)
    assert setting.typeset(printed[0]), "it can be printed"


def test_too_many_papers_are_not_called_too_few_voters(up: Secret) -> None:
    vote = Vote(counted_at=up.vote.closes_at, outcome="no-quorum", urn={"over": True})
    assert state_chip(vote, up.vote.closes_at).words == "纸票多于人数，无效"
    vote.urn = {}
    assert "参加的不够" in state_chip(vote, up.vote.closes_at).words


def test_who_voted_by_phone_is_told_of_a_paper_and_reads_what_to_do(up: Secret, enter: Enter) -> None:
    first = cast(up.vote.pk, ["yes"], by=up.stage.people["lin"]).receipt
    marks(enter("wang"), up, "lin")
    lin = enter("lin")
    assert "不是本人交的" in text(lin.get(reverse("portal:notices")))
    assert "名册上记了交纸票" in text(lin.get(at("vote-receipt", up), {"code": first}))


def corrects(client: Any, up: Secret, login: str = "", what: str = "back", **more: str) -> str:
    body = {"what": what, "line": str(up.line(login).n), "why": "记错了线"} if login else {}
    return text(client.post(at("vote-marks", up), body | more, follow=True))


def test_a_wrong_mark_is_taken_back_by_a_second_person_at_the_desk(up: Secret, enter: Enter) -> None:
    wang, li, lin = enter("wang"), enter("li"), enter("lin")
    first = cast(up.vote.pk, ["yes"], by=up.stage.people["lin"]).receipt
    marks(wang, up, "lin")
    mark = Envelope.objects.get().receipt
    assert "要收回" in text(wang.get(at("vote-desk", up))) and "漏记" not in text(wang.get(at("vote-desk", up)))
    page = corrects(wang, up, "lin", line="999", why="签名在 12 号")
    assert "名册上没有“999”" in page and 'value="999"' in page and 'value="签名在 12 号"' in page, "nothing is lost"
    page = corrects(wang, up, "lin")
    assert "请另一个负责的人" in page and "您提的，要另一个人确认" in page and "对过签名册，确认" not in page
    change = str(MarkChange.objects.get().pk)
    assert "请另一个负责的人" in corrects(wang, up, change=change), "nobody is both"
    assert "对过签名册，确认" in text(li.get(at("vote-desk", up)))
    assert "收回了，本人接到了通知" in corrects(li, up, change=change)
    assert "已经确认过，或者没有了" in corrects(li, up, change=change)
    mine = text(lin.get(at("vote", up)))
    assert "重新投" in mine and "所以不能再改" not in mine
    assert "是记错的" in text(lin.get(at("vote-receipt", up), {"code": shown(mark)}))
    assert "在票箱里" in text(lin.get(at("vote-receipt", up), {"code": shown(first)}))
    assert "那一票恢复有效" in text(lin.get(reverse("portal:notices")))
    assert "记错了线" in text(lin.get(reverse("portal:matter", args=[up.vote.matter_id]))), "everybody reads why"


def test_after_closing_the_desk_marks_what_it_forgot_until_a_paper_is_read(closed: Secret, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    assert "漏记了" in text(wang.get(at("vote-desk", closed)))
    corrects(wang, closed, "h4", "late")
    assert "补记好了" in corrects(li, closed, change=str(MarkChange.objects.get().pk))
    assert "5 位交了纸票" in text(wang.get(at("vote-urn", closed)))
    reads(wang, closed, 1, "yes")
    assert "漏记了" not in text(wang.get(at("vote-desk", closed)))
    assert "已经有人读过了" in corrects(wang, closed, "h5", "late")


def test_corrections_are_for_those_who_run_the_vote(up: Secret, enter: Enter) -> None:
    marks(enter("wang"), up, "lin")
    for login in ("lin", "zhou", "guo", "h1"):
        body = {"what": "back", "line": "1", "why": "不是我交的"}
        assert enter(login).post(at("vote-marks", up), body).status_code == 404, login
    assert not MarkChange.objects.exists()


def test_who_has_several_homes_signs_once(up: Secret) -> None:
    lines = up.vote.roll.entitlements
    lines.filter(n__in=(2, 4)).update(head=lines.get(n=1).head)
    up.vote.roll.heads -= 2
    told = str(setting.content(up.vote, "signatures", up.vote.opens_at, Range(1, 8)))
    assert told.count("同 1 号") == 2 and "只领一张" in told
