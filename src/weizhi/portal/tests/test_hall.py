"""The pages of the online hall: a resident's turn, what came of it, the desk of those who run it; nobody's stance."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.deliberation.tests.halls import OPEN_FOR, added, crowd, opened, said
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock
from weizhi.record.models import Delivery

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def talk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[Stage, Done, Hall]:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return stage, *opened(stage)


def url(done: Done, name: str = "hall") -> str:
    return reverse(f"portal:{name}", args=[done.matter_id])


def read(client: Client, done: Done, name: str = "hall", query: str = "") -> str:
    return str(client.get(url(done, name) + query).content.decode())


def sent(client: Client, done: Done, name: str = "hall", **data: Any) -> Any:
    return client.post(url(done, name), {"key": some_key(), **data}, follow=True)


def test_a_resident_says_one_after_the_other(enter: Enter, talk: Any, query_budget: Budget):
    stage, done, _hall = talk
    client = enter("lin")
    read(client, done)
    with query_budget(PAGE):
        body = read(client, done)
    assert (
        'id="asked"' in body
        and body.partition('id="asked"')[2][:30] == read(client, done).partition('id="asked"')[2][:30]
    )
    assert all(word in body for word in ("架空层怎么用？", "同意", "不同意", "说不准", "还剩 2 条"))
    first = Statement.objects.get(words__in=[one.words for one in Statement.objects.all() if one.words in body])
    body = sent(client, done, statement=str(first.n), said="agree").content.decode()
    assert "记下了。" in body and "还剩 1 条" in body and f"?n={first.n}#ask" in body
    assert "您原来说的是“同意”" in read(client, done, query=f"?n={first.n}")
    other = Statement.objects.exclude(pk=first.pk).get()
    body = sent(client, done, statement=str(other.n), said="pass").content.decode()
    assert "现有的意见您都说过了" in body and "我说过的，改主意在这里" in body
    stage.later(minutes=1)
    sent(client, done, statement=str(first.n), said="disagree")
    assert dict(Stance.objects.values_list("statement__n", "said")) == {first.n: -1, other.n: 0}


def test_the_matters_page_leads_there(enter: Enter, talk: Any):
    _stage, done, _hall = talk
    body = read(enter("zhao"), done, "matter")
    assert url(done) in body and "去说几条，看大家怎么想" in body
    assert "照着办" not in read(enter("wang"), done, "matter").partition("谁来定")[0].partition("<form")[2]


def test_own_words_near_ones_shown_first(enter: Enter, talk: Any, query_budget: Budget):
    _stage, done, _hall = talk
    client = enter("lin")
    body = sent(client, done, words="架空层应当先给老人坐").content.decode()
    assert "已经有人这样说了，是一个意思吗？" in body and "?n=1#ask" in body and Statement.objects.count() == 2
    body = sent(client, done, words="架空层应当先给老人坐", anyway="yes").content.decode()
    assert "主持人看过就放出来" in body and "主持人还没看" in body and Statement.objects.count() == 3
    long = sent(client, done, words="很长" * 80)
    assert long.status_code == 422 and "最多 140 个字" in long.content.decode() and "很长很长" in long.content.decode()
    with query_budget(PAGE):
        read(client, done)
    assert "架空层应当先给老人坐</p>" not in read(enter("zhao"), done)


def test_its_author_reads_why_and_nobody_else_its_words(enter: Enter, talk: Any):
    stage, done, hall = talk
    one = added(stage, hall, "lin", "金丝雀说三楼太吵")
    moderator = enter("chen")
    queue = read(moderator, done, "hall-desk")
    assert "金丝雀" in queue and "林姨" not in queue
    refused = sent(moderator, done, "hall-desk", statement=str(one.n), state="hidden", reason="")
    assert refused.status_code == 422 and "收起来要写一句为什么" in refused.content.decode()
    stage.later(minutes=1)
    sent(moderator, done, "hall-desk", statement=str(one.n), state="hidden", reason="说到了具体的人家")
    assert "为什么收起来：说到了具体的人家" in read(enter("lin"), done)
    story = read(enter("zhao"), done, "matter")
    assert "收起了第 3 条意见" in story and "说到了具体的人家" in story and "金丝雀" not in story


def test_its_author_is_told_where_nobody_else_looks(enter: Enter, talk: Any, query_budget: Budget):
    stage, done, hall = talk
    one = added(stage, hall, "lin", "金丝雀说三楼太吵")
    stage.later(minutes=1)
    moderate(hall.pk, [one.n], "hidden", by=stage.people["chen"], reason="说到了具体的人家", at=stage.now)
    tell(stage.now)
    stage.later(minutes=1)
    lin, zhao = enter("lin"), enter("zhao")
    home, told = reverse("portal:home"), reverse("portal:notices")
    lin.get(home)
    with query_budget(PAGE):
        body = lin.get(home).content.decode()
    assert "您写的一条意见收起来了，看看为什么" in body and "金丝雀" not in body
    with query_budget(PAGE):
        body = lin.get(told).content.decode()
    assert "为什么：说到了具体的人家" in body and "都看过了" in body and "金丝雀" not in body
    for page in (home, told):
        assert "收起来了" not in zhao.get(page).content.decode()
    assert not Delivery.objects.filter(to=stage.people["lin"], entry__verb="moderate").exists(), "it would name her"
    assert "知道了" in read(lin, done)
    sent(zhao, done, read="yes")
    assert "知道了" in read(lin, done), "only her own"
    lin.post(reverse("portal:seen"))
    assert "知道了" not in read(lin, done) and "都看过了" not in lin.get(told).content.decode()
    assert (
        "看看为什么" not in lin.get(home).content.decode() and "您可以去议事厅说一句" in lin.get(home).content.decode()
    )
    moderate(hall.pk, [one.n], "open", by=stage.people["chen"], at=stage.later(minutes=1))
    moderate(hall.pk, [one.n], "hidden", by=stage.people["chen"], reason="还是不行", at=stage.later(minutes=1))
    sent(lin, done, read="yes")
    assert Statement.objects.get(n=one.n).reason_read


def test_home_asks_who_can_take_part_until_all_is_said(enter: Enter, talk: Any, query_budget: Budget):
    stage, done, hall = talk
    stage.later(minutes=1)
    home = reverse("portal:home")
    lin = enter("lin")
    lin.get(home)
    with query_budget(PAGE):
        body = lin.get(home).content.decode()
    assert "您可以去议事厅说一句" in body and url(done) in body and "架空层怎么用？" in body
    assert "议事厅" not in enter("guo").get(home).content.decode()
    said(stage, hall, "lin", 1, "agree")
    assert "您可以去议事厅说一句" in lin.get(home).content.decode()
    said(stage, hall, "lin", 2, "pass")
    assert "您可以去议事厅说一句" not in lin.get(home).content.decode()
    assert "您可以去议事厅说一句" in enter("zhao").get(home).content.decode()
    stage.now = hall.closes_at
    assert "您可以去议事厅说一句" not in enter("zhao").get(home).content.decode()


def test_my_data_hold_my_own_words_while_it_is_open(enter: Enter, talk: Any):
    stage, _done, hall = talk
    added(stage, hall, "lin", "架空层装个插座")
    other = added(stage, hall, "zhao", "金丝雀说三楼太吵")
    moderate(hall.pk, [other.n], "open", by=stage.people["chen"], at=stage.later(minutes=1))
    said(stage, hall, "lin", 1, "agree")
    said(stage, hall, "lin", other.n, "disagree")
    address = reverse("portal:my-data")
    (held,) = enter("lin").get(address).json()["halls"]
    assert held["written"] == [{"n": 3, "words": "架空层装个插座", "state": "waiting", "reason": ""}]
    assert [(one["n"], one["said"]) for one in held["answered"]] == [(1, "同意"), (3, "同意"), (4, "不同意")]
    moderate(hall.pk, [other.n], "hidden", by=stage.people["chen"], reason="说到了人", at=stage.later(minutes=1))
    assert "金丝雀" not in enter("lin").get(address).content.decode(), "what was put away is its author's"
    assert "金丝雀" in enter("zhao").get(address).content.decode()
    stage.later(days=OPEN_FOR.days)
    run_due(stage.now)
    draw_halls(stage.now)
    run_due(stage.now)
    assert enter("lin").get(address).json()["halls"] == []


def test_the_officer_writes_down_a_sheet(enter: Enter, talk: Any, query_budget: Budget):
    stage, done, hall = talk
    client = enter("wang")
    assert "等着看的" not in read(client, done, "hall-desk"), "who runs it does not moderate here"
    with query_budget(PAGE):
        read(client, done, "hall-desk")
    code = stage.places["3-2-301"].code
    said(stage, hall, "lin", 1, "disagree")
    sheet = {"do": "enter", "who": f"林姨 {code}", "channel": "paper", "agree": "1", "disagree": "2"}
    body = sent(client, done, "hall-desk", **sheet, words="架空层要有个插座").content.decode()
    assert "记下了：林姨，2 条。" in body and "以他自己的为准" in body
    assert dict(Stance.objects.values_list("statement__n", "said")) == {1: -1, 2: -1, 3: 1}
    assert Voice.objects.count() == 1
    for wrong, why in (
        ({"who": "没有这个人"}, "名册里找不到这个人"),
        ({"agree": "1 一"}, "不是号码"),
        ({"disagree": "1"}, "写了两遍"),
        ({"agree": "77", "disagree": ""}, "不在了"),
        ({"agree": "", "disagree": ""}, "至少写一个号码"),
    ):
        answer = sent(client, done, "hall-desk", **{**sheet, **wrong})
        assert why in answer.content.decode() and answer.status_code in (409, 422), why
        assert Statement.objects.count() == 3
        assert "who" in wrong or f"林姨 {code}" in answer.content.decode()
    assert "架空层可以停电动车" in read(client, done, "hall-sheet")


def test_the_result_first_what_unites_then_groups_and_oneself(enter: Enter, talk: Any, query_budget: Budget):
    stage, done, hall = talk
    assert "还没有结果" in read(enter("lin"), done, "hall-result")
    crowd(hall, 60)
    for one in Statement.objects.filter(n__gt=2):
        said(stage, hall, "lin", one.n, "agree")
    draw_halls(stage.now)
    client = enter("lin")
    with query_budget(PAGE):
        body = read(client, done, "hall-result")
    assert body.index("大家都同意的") < body.index("两种想法") < body.index("map-of")
    assert "您说的和这些人最像" in body and 'class="own-place"' in body and "想法甲，20 人" in body
    assert "再有五个人说过，才重新算" in body
    other = read(enter("zhao"), done, "hall-result")
    assert "您说的和这些人最像" not in other and 'class="own-place"' not in other and "想法甲，20 人" in other
    Statement.objects.filter(n=4).update(state="hidden")
    assert "第 4 句话" not in read(client, done, "hall-result")


def test_forty_people_see_why_there_are_no_groups(enter: Enter, talk: Any):
    stage, done, hall = talk
    crowd(hall, 40)
    draw_halls(stage.now)
    body = read(enter("lin"), done, "hall-result")
    assert "表态够多的有 40 人，满 50 人才算得准" in body and "map-of" not in body and "大家都同意的" in body


def test_over_it_leads_to_nobody_and_the_officer_decides(enter: Enter, talk: Any):
    stage, done, hall = talk
    crowd(hall, 60)
    said(stage, hall, "lin", 1, "agree")
    stage.later(days=OPEN_FOR.days)
    run_due(stage.now)
    draw_halls(stage.now)
    run_due(stage.now)
    body = read(enter("lin"), done)
    assert "对应关系已经抹去" in body and "我说过的" not in body and 'name="said"' not in body
    late = enter("lin").post(url(done), {"statement": "1", "said": "agree", "key": some_key()})
    assert late.status_code == 409 and "已经结束" in late.content.decode()
    assert "这是最后的结果，写进了这件事的记录" in read(enter("lin"), done, "hall-result")
    assert "照着办" in read(enter("wang"), done, "matter")


def test_an_outsider_finds_nothing_and_a_neighbour_no_desk(enter: Enter, talk: Any):
    _stage, done, _hall = talk
    for name in ("hall", "hall-result", "hall-desk", "hall-sheet"):
        assert enter("guo").get(url(done, name)).status_code == 404
    assert enter("guo").post(url(done), {"statement": "1", "said": "agree"}).status_code == 404
    assert enter("lin").get(url(done, "hall-desk")).status_code == 404
    assert enter("lin").post(url(done, "hall-desk"), {"statement": "1", "state": "open"}).status_code == 404
    body = sent(enter("chen"), done, statement="1", said="agree")
    assert body.status_code == 403 and "不收您的话" in body.content.decode()
