"""The page of candidates: who may put whom forward, how names are found, the nominee's word, erased words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.charters.loading import load
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.candidates import declarations
from weizhi.decisions.models import Candidate, Entitlement, Roll, Vote
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.tests.voted import leaves
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.erase_person import erase_person
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Person
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
NAMES = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八一", "冯九", "陈十", "褚十一"]


def neighbours(stage: Stage) -> None:
    for n, name in enumerate(NAMES):
        person = stage.people[f"r{n}"] = Person.objects.create_user(f"r{n}", name)
        enrol(stage.community, person, stage.places["3-2-301"], ["resident"], at=stage.now)


def called(stage: Stage) -> Done:
    """清河: the roll has been on the board for its days, and names are put forward."""
    adopt_charter(stage.community, load("qinghe"), at=stage.later(seconds=1))
    done = stage.report("wang", kind="election", words="议事委员任期满了", place="xfl")
    run_due(stage.later(days=22))
    assert stage.stands_at(done) == ["nominate"]
    return done


@pytest.fixture
def election(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Done:
    neighbours(stage)
    done = called(stage)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return done


def page(done: Done) -> str:
    return reverse("portal:candidates", args=[done.matter_id])


def read(client: Client, done: Done) -> str:
    return str(client.get(page(done)).content.decode())


def sent(client: Client, done: Done, verb: str, form: str = "", **more: str) -> Any:
    body = {"verb": verb, "step": form or verb, "key": some_key(), **more}
    return client.post(page(done), body, follow=True)


def name_one(client: Client, done: Done, name: str, home: str) -> Any:
    return sent(client, done, "nominate", "name", name=name, home=home, way="by-ten-electors")


def test_ten_neighbours_put_one_forward_who_accepts_with_a_declaration(
    stage: Stage, election: Done, enter: Enter
) -> None:
    answer = name_one(enter("lin"), election, "赵一", "3-2-301").content.decode()
    assert "已经告诉本人" in answer and "已有 1 人，还差 9 人" in answer
    one = Candidate.objects.get()
    assert "我不接受" in read(enter("r0"), election) and "我接受，愿意参选" not in read(enter("r0"), election)
    for n in range(1, 10):
        joined = sent(enter(f"r{n}"), election, "nominate", "join", outcome=str(one.pk))
        assert "您也联名了" in joined.content.decode()
    again = sent(enter("r1"), election, "nominate", "join", outcome=str(one.pk))
    assert again.status_code == 409 and "已经提名过了" in again.content.decode()
    tell(stage.now)
    bearer = enter("r0")
    notices = bearer.get(reverse("portal:notices")).content.decode()
    assert notices.count("有人提名您做候选人") == 2, "when it began and when it was enough, not ten times"
    assert page(election) in notices
    matter = bearer.get(reverse("portal:matter", args=[election.matter_id])).content.decode()
    assert "等您决定" in matter and page(election) in matter
    words = {"words": "住了二十年，想把楼道管好。电话 13800001234", "criteria.公益心": "常年帮邻居收快递"}
    sent(bearer, election, "accept", **words)
    shown = read(enter("zhao"), election)
    assert "想把楼道管好" in shown and "常年帮邻居收快递" in shown and "13800001234" not in shown
    assert "您是候选人" in read(bearer, election)


def test_a_name_is_found_by_the_door_or_the_number_on_the_roll_and_by_nothing_less(
    stage: Stage, election: Done, enter: Enter
) -> None:
    lin = enter("lin")
    zhao = stage.people["zhao"]
    line = Entitlement.objects.get(roll=Roll.objects.get(), person=zhao)
    wrong = [("赵律师", "3-2-301"), ("赵", "3-1-101"), ("林姨", str(line.n)), ("郭先生", "9-101")]
    said = set()
    for name, home in wrong:
        answer = name_one(lin, election, name, home)
        assert answer.status_code == 422 and Candidate.objects.count() == 0
        text = answer.content.decode()
        said.add("没有找到这位选民" in text)
        assert f'value="{name}"' in text, "nothing typed is lost"
    assert said == {True}, "one answer for every reason"
    assert "写全名" in name_one(lin, election, "", "3-1-101").content.decode()
    assert name_one(lin, election, "赵 律师", str(line.n)).status_code == 200
    assert Candidate.objects.get().person == zhao


def test_who_guesses_is_stopped_and_an_officer_is_not(stage: Stage, election: Done, enter: Enter) -> None:
    lin, wang = enter("lin"), enter("wang")
    for n in range(6):
        answer = name_one(lin, election, f"某{n}", "3-1-101")
    assert answer.status_code == 429 and "对不上太多次" in answer.content.decode()
    assert name_one(lin, election, "赵律师", "3-1-101").status_code == 429
    for n in range(6):
        assert sent(wang, election, "nominate", "name", name=f"某{n}", home="3-1-101").status_code == 422
    assert name_one(enter("r1"), election, "赵律师", "3-1-101").status_code == 200, "each guesses for himself"


def test_the_committee_nominates_and_strikes_with_a_reason_and_a_neighbour_does_not(
    stage: Stage, election: Done, enter: Enter
) -> None:
    wang, zhao = enter("wang"), enter("zhao")
    answer = sent(wang, election, "nominate", "name", name="赵律师", home="3-1-101").content.decode()
    assert "等本人接受" in answer
    one = Candidate.objects.get()
    assert one.state == "proposed"
    sent(zhao, election, "accept", words="懂法律")
    assert "从名单上划去" not in read(zhao, election)
    refused = sent(zhao, election, "strike-candidate", outcome=str(one.pk), words="不喜欢")
    assert refused.status_code == 403
    empty = sent(wang, election, "strike-candidate", outcome=str(one.pk))
    assert empty.status_code == 422 and "请写明不符合哪一条" in empty.content.decode()
    sent(wang, election, "strike-candidate", outcome=str(one.pk), words="不是本居住区的选民（组织法 17）")
    one.refresh_from_db()
    assert (one.state, one.struck_why) == ("struck", "不是本居住区的选民（组织法 17）")
    for login in ("zhao", "lin"):
        assert "不是本居住区的选民" in read(enter(login), election)
    tell(stage.now)
    assert "您不再列在候选人名单上" in zhao.get(reverse("portal:notices")).content.decode()


def test_one_stands_by_oneself_and_leaves_again(stage: Stage, election: Done, enter: Enter) -> None:
    lin = enter("lin")
    assert "我自己报名" in read(lin, election)
    assert "您是候选人" in sent(lin, election, "nominate", "oneself", words="退休了，有空。").content.decode()
    assert "退休了，有空" in read(enter("zhao"), election)
    sent(lin, election, "decline")
    left = read(enter("zhao"), election)
    assert "本人不接受" in left and "退休了，有空" not in left
    assert enter("guo").get(page(election)).status_code == 404


def test_the_generic_form_of_the_step_is_gone_from_the_matter(election: Done, enter: Enter) -> None:
    shown = enter("lin").get(reverse("portal:matter", args=[election.matter_id])).content.decode()
    assert 'name="verb" value="nominate"' not in shown and page(election) in shown


def test_the_page_of_candidates_takes_ten_queries(
    stage: Stage, election: Done, enter: Enter, query_budget: Budget
) -> None:
    for n in range(11):
        sent(enter(f"r{n}"), election, "nominate", "oneself", words="我来")
    for login in ("lin", "wang"):
        client = enter(login)
        client.get(page(election))
        with query_budget(PAGE):
            assert read(client, election).count("我来") >= 11


def opened(stage: Stage, done: Done, enter: Enter) -> Vote:
    """Eight stand by themselves for seven seats, and the ballot opens."""
    for n in range(8):
        sent(enter(f"r{n}"), done, "nominate", "oneself", words=f"我是{NAMES[n]}，想为大家做事。")
    run_due(stage.later(days=15))
    return Vote.objects.get(matter=done.matter_id)


def second_officer(stage: Stage, at: datetime) -> Person:
    li = Person.objects.create_user("li", "李会计")
    appoint(stage.community, li, Body.objects.get(community=stage.community, key="committee"), "committee-director",
            "居委会副主任", at=at)  # fmt: skip
    return li


def test_the_sealed_brief_names_nobody_and_says_so_after_somebody_is_erased(
    stage: Stage, election: Done, enter: Enter
) -> None:
    vote = opened(stage, election, enter)
    assert not any(name in str(vote.brief) + str(vote.rule) for name in NAMES) and "为大家做事" not in str(vote.brief)
    address = reverse("portal:vote", args=[vote.pk])
    before = enter("lin").get(address).content.decode()
    one = Candidate.objects.get(person=stage.people["r0"])
    assert f"赵一（{one.number} 号）" in before and "我是赵一，想为大家做事" in before
    said = declarations(vote.matter_id, "nominate")[one.person_id]
    card = next(card for card in vote.brief["cards"] if card["key"] == str(one.number))
    assert card["declared"] == said.commitment, "whoever keeps the part shows that it stood on the paper"
    li = second_officer(stage, stage.now)
    stage.later(minutes=1)
    wang = stage.people["wang"]
    erase_person(stage.community, stage.people["r0"], by=wang, second=li, ground="consent-withdrawn", at=stage.now)
    after = enter("lin").get(address).content.decode()
    assert f"本人已注销（{one.number} 号）" in after and "赵一" not in after and "我是钱二" in after
    listed = read(enter("lin"), election)
    assert "本人已注销" in listed and "赵一" not in listed
    run_due(vote.closes_at + timedelta(minutes=1))
    vote.refresh_from_db()
    assert root_of_vote(vote) == vote.root and not any(name in str(leaves(vote)) for name in NAMES)
    assert not any(name in str(entry.public) for entry in vote.matter.stream.entries.all() for name in NAMES)


def test_the_result_names_those_who_were_elected(stage: Stage, election: Done, enter: Enter) -> None:
    vote = opened(stage, election, enter)
    every = [option["key"] for option in vote.brief["options"]][:7]
    lines = list(Entitlement.objects.filter(roll=vote.roll_id).select_related("person"))
    for line in lines:
        assert line.person is not None
        cast(vote.pk, every, by=line.person, at=stage.now)
    run_due(vote.closes_at + timedelta(minutes=1))
    vote.refresh_from_db()
    assert vote.outcome == "elected"
    shown = enter("lin").get(reverse("portal:vote", args=[vote.pk])).content.decode()
    names = dict(Candidate.objects.values_list("number", "person__name"))
    for key in every:
        assert f"{names[int(key)]}（{key} 号）" in shown
    assert "候选人 1 号" not in shown and "当选：" in shown
    assert Matter.objects.get(pk=election.matter_id).ended_at is None
