"""Proposing a project in plain steps, what others proposed already, and until when one's own may be taken back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from weizhi.decisions.tests.budgeted import Budgeted, proposed
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock
from weizhi.record.models import Payload

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
COSTS = {"广场边放六张长椅": 12_000, "三号楼门口修坡道": 35_000}


@pytest.fixture
def works(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Budgeted:
    found = proposed(stage, COSTS, 100_000)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    return found


def address(works: Budgeted) -> str:
    return f"{reverse('portal:report')}?kind=proposal&to={works.works.matter_id}"


def sent(enter: Enter, works: Budgeted, stage: Stage, login: str = "zhao", **more: str) -> Any:
    body = {
        "kind": "proposal", "to": str(works.works.matter_id), "place": str(stage.places["square"].pk),
        "words": "广场装两盏路灯", "cost": "8000.50", "why": "晚上跳舞看不清路", "key": some_key(), **more,
    }  # fmt: skip
    return enter(login).post(reverse("portal:report"), {key: value for key, value in body.items() if value})


def test_the_page_asks_in_plain_steps_and_shows_what_was_proposed(stage: Stage, works: Budgeted, enter: Enter) -> None:
    page = enter("zhao").get(address(works)).content.decode()
    steps = ["做什么", "在哪里？", "大约要多少钱", "为什么要办", "拍张照片"]
    form = page[page.index("numbered-one") :]
    assert [form.index(step) for step in steps] == sorted(form.index(step) for step in steps)
    for said in ("一共有 100,000 元", "广场边放六张长椅", "等居民投票", "票上写着这是您提的", "提上去"):
        assert said in page, said
    holder = enter("zhao").get(reverse("portal:matter", args=[works.works.matter_id])).content.decode()
    assert address(works).replace("&", "&amp;") in holder and "提项目" in holder


def test_a_proposal_goes_to_its_holder_with_all_that_was_said(stage: Stage, works: Budgeted, enter: Enter) -> None:
    answer = sent(enter, works, stage)
    assert answer.status_code == 302
    one = Matter.objects.get(title="广场装两盏路灯")
    assert one.held_by_id == works.works.matter_id and str(one.pk) in answer["Location"]
    fields = Payload.objects.get(entry__stream=one.pk, part="fields").read()
    assert fields == {"cost": 800050, "why": "晚上跳舞看不清路"}
    page = enter("zhao").get(answer["Location"]).content.decode()
    assert "收到了" in page and "接下来：能不能办" in page and "撤回这件事" in page
    assert "广场装两盏路灯" in enter("lin").get(address(works)).content.decode()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(stage: Stage, works: Budgeted, enter: Enter) -> None:
    answer = sent(enter, works, stage, cost="")
    page = answer.content.decode()
    assert answer.status_code == 422 and "还缺“大约要多少钱”" in page
    assert "晚上跳舞看不清路" in page and "广场装两盏路灯" in page and "<h1>提项目</h1>" in page
    odd = sent(enter, works, stage, cost="八千").content.decode()
    assert "看不懂“大约要多少钱”" in odd
    assert Matter.objects.filter(kind="proposal").count() == len(COSTS)


def test_the_same_near_by_is_shown_before_it_is_sent(stage: Stage, works: Budgeted, enter: Enter) -> None:
    asked = sent(enter, works, stage, words="广场边上放几张长椅", plain="yes").content.decode()
    assert "附近好像已经有人提过" in asked and "广场边放六张长椅" in asked
    assert sent(enter, works, stage, words="广场边上放几张长椅", anyway="yes").status_code == 302


def test_after_its_days_nobody_proposes(stage: Stage, works: Budgeted, enter: Enter) -> None:
    run_due(stage.later(days=15))
    page = enter("zhao").get(address(works)).content.decode()
    assert "现在不收“微实事项目”" in page
    late = sent(enter, works, stage)
    assert late.status_code == 422 and "现在不收" in late.content.decode()
    holder = enter("zhao").get(reverse("portal:matter", args=[works.works.matter_id])).content.decode()
    assert "kind=proposal" not in holder and Matter.objects.filter(kind="proposal").count() == len(COSTS)


def test_it_is_taken_back_by_its_author_and_by_nobody_else(stage: Stage, works: Budgeted, enter: Enter) -> None:
    benches = works.projects["广场边放六张长椅"]

    def withdraw(login: str) -> int:
        sent = {"verb": "withdraw", "key": some_key()}
        return int(enter(login).post(reverse("portal:act", args=[benches.matter_id]), sent).status_code)

    assert withdraw("zhao") == 403
    assert withdraw("lin") == 302
    assert stage.matter(benches).ended_as == "withdrawn"
    run_due(stage.later(days=25))
    page = enter("zhao").get(reverse("portal:matter", args=[works.works.matter_id])).content.decode()
    assert "提了哪些" in page and "撤回" in page, "the others read what became of it"
    assert [row["title"] for row in works.vote.brief["projects"]] == ["三号楼门口修坡道"]


def test_the_page_takes_ten_queries_however_many_were_proposed(
    stage: Stage, works: Budgeted, enter: Enter, query_budget: Budget
) -> None:
    for n in range(12):
        stage.report(by="zhao", words=f"第 {n} 个主意", kind="proposal", place="square", data={"cost": 100})
    stage.later(minutes=1)
    client = enter("zhao")
    client.get(address(works))
    with query_budget(PAGE):
        assert "第 11 个主意" in client.get(address(works)).content.decode()
    assert stage.now - works.works.at < timedelta(days=14)
