"""The polling desk: papers read twice, other channels with their evidence, who has not voted, reminders."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from weizhi.decisions.actions.count import count
from weizhi.decisions.actions.enter_paper import Reading, enter_paper
from weizhi.decisions.models import Envelope, PaperEntry, Speaker
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Person
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.lift import HOMES, Lift, lift
from weizhi.portal.tests.test_votes import PAGE, Budget, at, text
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Delivery

__all__ = ["estate"]


@pytest.fixture
def up(stage: Stage) -> Lift:
    return with_two_clerks(lift(stage))


def with_two_clerks(up: Lift) -> Lift:
    """王主任 and 李会计 of the same committee."""
    stage = up.stage
    stage.people["li"] = Person.objects.create_user("li", "李会计")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, stage.people["li"], committee, "committee-director", "居委会副主任", at=stage.now)
    return up


def taken(client: Any, up: Lift, line: str, *choice: str, channel: str = "paper", **more: str) -> Any:
    body = {"channel": channel, "line": line, "choice": choice, "key": some_key(), **more}
    return client.post(at("vote-desk", up), body, follow=True)


def test_a_paper_is_in_the_box_once_two_people_have_read_the_same(up: Lift, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    page = text(taken(wang, up, "3", "yes"))
    assert "第一遍录好了" in page and "等第二个人录" in page and Envelope.objects.count() == 0
    assert "yes" not in str(bytes(PaperEntry.objects.get().sealed)), "encrypted under the key file"
    assert "第一遍录好了" in text(taken(wang, up, "3", "yes")), "nobody is both"
    assert "两遍一样，进了票箱" in text(taken(li, up, "L-201", "yes"))
    boxed = Envelope.objects.get()
    assert (boxed.channel, boxed.entitlement.label) == ("paper", "L-201")
    assert "王主任" in boxed.evidence and "李会计" in boxed.evidence and PaperEntry.objects.count() == 0


def test_what_differs_is_shown_to_the_second_and_either_may_correct(up: Lift, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    taken(wang, up, "3", "yes")
    answer = taken(li, up, "3", "no")
    page = text(answer)
    assert answer.status_code == 409 and "请再看一遍纸票" in page
    assert "王主任</dt><dd>同意" in page and "您</dt><dd>反对" in page
    assert "两遍不一样" in text(wang.get(at("vote-desk", up)))
    assert "进了票箱" in text(taken(wang, up, "3", "no")), "the first read it wrong"
    assert Envelope.objects.count() == 1


def test_a_ranking_that_was_refused_stands_there_again(estate: Estate, client: Any) -> None:
    estate.homes(2)
    estate.now = timezone.now() - timedelta(hours=2)
    url = reverse("portal:vote-desk", args=[estate.open("wish").pk])
    client.force_login(estate.people["wang"])
    page = text(client.post(url, {"channel": "paper", "line": "99", "rank1": "3", "rank2": "1", "key": some_key()}))
    assert "没有“99”" in page
    chosen = [re.findall(r'value="(\d)" selected', one) for one in page.split('name="rank')[1:]]
    assert chosen == [["3"], ["1"], []]


def test_an_unsigned_paper_is_another_reading(up: Lift, enter: Enter) -> None:
    taken(enter("wang"), up, "3", "yes")
    assert taken(enter("li"), up, "3", "yes", unsigned="yes").status_code == 409
    assert Envelope.objects.count() == 0


def test_a_scanned_ballot_types_its_whole_address(up: Lift, enter: Enter) -> None:
    address = f"https://weizhi.example.org{at('vote', up)}?line=3"
    for login in ("wang", "li"):
        answer = taken(enter(login), up, address, "yes")
        assert answer.status_code == 200
    assert "进了票箱" in text(answer) and Envelope.objects.get().entitlement.n == 3


def test_every_planted_typing_difference_is_caught(up: Lift) -> None:
    """The papers are entered again and again, as changes of mind: 300 of them, 1 in 100 typed wrong."""
    dice, wang, li = random.Random(1), up.stage.people["wang"], up.stage.people["li"]
    homes = [home for home in HOMES if home != "401"]  # that of two brothers
    lines = {home: up.line(home) for home in homes}
    sides, planted, caught = ("yes", "no", "abstain"), 0, 0
    wrong = set(dice.sample(range(300), 3))
    for n in range(300):
        line, right = lines[homes[n % 11]], dice.choice(sides)
        typed = next(side for side in dice.sample(sides, 3) if side != right) if n in wrong else right
        planted += typed != right
        enter_paper(up.vote.pk, Reading((right,)), by=wang, entitlement=line.pk)
        second = enter_paper(up.vote.pk, Reading((typed,)), by=li, entitlement=line.pk)
        caught += not second.in_box
        if not second.in_box:
            assert enter_paper(up.vote.pk, Reading((right,)), by=li, entitlement=line.pk).in_box
    assert (planted, caught) == (3, 3) and PaperEntry.objects.count() == 0


def test_other_channels_need_evidence_and_go_in_at_once(up: Lift, enter: Enter) -> None:
    wang = enter("wang")
    assert "请写凭据" in text(taken(wang, up, "4", "yes", channel="telephone"))
    page = text(taken(wang, up, "4", "yes", channel="telephone", evidence="录音 0301-1"))
    assert "请念给本人听" in page and Envelope.objects.get().channel == "telephone"
    assert "没有“999”" in text(taken(wang, up, "999", "yes", channel="door", evidence="表 1"))
    found = text(wang.get(at("vote-line", up), {"line": "4"}))
    assert "L-202" in found and "电话" in found and "同意" not in found


def test_a_home_of_several_owners_asks_whose_paper_it_is(up: Lift, enter: Enter) -> None:
    brother = up.stage.people["brother"]
    assert "这张票是谁的" in text(enter("wang").get(at("vote-line", up), {"line": "L-401"}))
    for login in ("wang", "li"):
        taken(enter(login), up, "L-401", "no", of=str(brother.pk))
    assert Envelope.objects.get().voice == f"person:{brother.pk}"


def test_who_has_not_voted_is_a_list_for_the_doors_and_never_how(up: Lift, enter: Enter) -> None:
    up.cast("101", "no")
    page = text(enter("wang").get(at("vote-doors", up)))
    assert "L-101" not in page and "L-102" in page and "8 号楼 1 单元" in page and "反对" not in page


def test_a_reminder_reaches_those_who_have_not_voted_once_a_day(up: Lift, enter: Enter) -> None:
    up.cast("101", "no")
    wang = enter("wang")
    assert "提醒了 12 位" in text(wang.post(at("vote-remind", up), follow=True)), "eleven homes, one of two brothers"
    told = Delivery.objects.filter(channel="page", entry__verb="vote-reminded")
    assert told.filter(to=up.owners["102"]).count() == 1 and not told.filter(to=up.owners["101"]).exists()
    assert "今天已经提醒过了" in text(wang.post(at("vote-remind", up), follow=True))
    story = text(enter("h102").get(reverse("portal:matter", args=[up.vote.matter_id])))
    assert "提醒了还没投票的人" in story and "12 位" not in story


def test_a_written_authority_is_entered_and_the_proxy_votes(up: Lift, enter: Enter) -> None:
    body = {"line": "L-202", "who": "周五 L-301", "as": "proxy", "evidence": "委托书 1"}
    page = text(enter("wang").post(at("vote-speaker", up), body, follow=True))
    assert "L-202由周五来投" in page and Speaker.objects.filter(as_what="proxy").count() == 1
    mine = text(enter("h301").get(at("vote", up)))
    assert "受李四委托" in mine and mine.count('name="line"') == 2
    story = text(enter("wang").get(reverse("portal:matter", args=[up.vote.matter_id])))
    assert "名册第 4 号由别人来投" in story


def test_of_a_home_of_two_the_desk_asks_whose_proxy_it_is(up: Lift, enter: Enter) -> None:
    wang = enter("wang")
    body = {"line": "L-401", "who": "周五 L-301", "as": "proxy", "evidence": "委托书 2"}

    def said(**more: str) -> str:
        return text(wang.post(at("vote-speaker", up), body | more, follow=True))

    page = said()
    assert "请选委托书是谁签的" in page
    assert 'value="周五 L-301"' in page and 'value="委托书 2"' in page, "nothing is lost"
    assert "没有“赵一”" in said(of="赵一"), "not an owner of that home"
    assert "由周五来投" in said(of="郑八", lasts="yes")
    given = Speaker.objects.get(as_what="proxy")
    assert given.of_person == up.stage.people["brother"] and given.vote is None, "the paper says: for every ballot"


def test_half_read_papers_of_two_owners_are_told_apart(up: Lift, enter: Enter) -> None:
    wang = enter("wang")
    for login, choice in (("brother", "no"), ("h401", "yes")):
        page = text(taken(wang, up, "L-401", choice, of=str(up.stage.people[login].pk)))
    assert "L-401，郑八的" in page and "L-401，郑七的" in page and PaperEntry.objects.count() == 2


def test_the_desk_is_for_those_who_run_the_vote(up: Lift, enter: Enter) -> None:
    for login in ("lin", "zhou", "guo"):
        client = enter(login)
        for name in ("vote-desk", "vote-line", "vote-turnout", "vote-doors"):
            assert client.get(at(name, up)).status_code == 404, (login, name)
        for name in ("vote-desk", "vote-remind", "vote-speaker"):
            assert client.post(at(name, up), {"line": "3", "choice": "yes"}).status_code == 404, (login, name)
    with pytest.raises(Refused, match="负责这次投票的人"):
        enter_paper(up.vote.pk, Reading(("yes",)), by=up.owners["101"], entitlement=up.line("101").pk)


def test_after_closing_no_paper_goes_in(up: Lift, enter: Enter) -> None:
    wang = enter("wang")
    taken(wang, up, "3", "yes")
    up.close()
    assert "现在不收票" in text(wang.get(at("vote-desk", up)))
    assert Envelope.objects.count() == 0 and up.vote.outcome == "no-quorum"
    with pytest.raises(Refused, match="已经结束"):
        enter_paper(up.vote.pk, Reading(("yes",)), by=up.stage.people["li"], entitlement=up.line("201").pk)


def test_the_desk_takes_ten_queries_at_most(up: Lift, served: Enter, query_budget: Budget) -> None:
    wang = served("wang")
    for home in HOMES[:6]:
        up.cast(home, "yes")
    for n in range(7, 12):
        enter_paper(up.vote.pk, Reading(("no",)), by=up.stage.people["li"], entitlement=up.line(HOMES[n]).pk)
    for url in (at("vote-desk", up), at("vote-doors", up), at("vote-turnout", up), at("vote-line", up) + "?line=9"):
        wang.get(url)
        with query_budget(PAGE):
            assert wang.get(url).status_code == 200, url


def test_a_paper_that_nobody_read_again_is_not_counted_and_is_told(up: Lift, enter: Enter) -> None:
    taken(enter("wang"), up, "3", "yes")
    vote = up.vote
    with transaction.atomic():
        counted = count(vote.pk, vote.closes_at)
    assert counted.result["half_read"] == 1 and counted.result["present"]["heads"] == 0
    assert not PaperEntry.objects.exists(), "what was read is erased with the count"
