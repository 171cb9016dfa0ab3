"""Reporting: what is shown before it is sent, what is like it, what is hidden, and where the sign on the wall leads."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from weizhi.matters.models import Matter, Party
from weizhi.matters.tests import conftest
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_masked import NAMED
from weizhi.people.access import person_key
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import hidden, matter_url, picture, text
from weizhi.record.actions.enrol import enrol

Budget = Callable[[int], AbstractContextManager[None]]
PAGES, REPORT = 10, 12
STAGE = Path(conftest.__file__).with_name("stage.toml")


def said(stage: Stage, words: str, **more: Any) -> dict[str, Any]:
    return {"kind": "report", "words": words, "place": str(stage.places["3-2"].pk), "key": str(uuid4()), **more}


def shown(client: Client, stage: Stage, words: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("portal:report-before"), said(stage, words, **more))
    assert answer.status_code == 200
    return answer


def send(client: Client, stage: Stage, words: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("portal:report"), said(stage, words, **more))
    return answer


# --- what is shown while the words are typed -----------------------------------------------------------


def test_it_says_what_it_looks_like_and_why(stage: Stage, enter: Enter) -> None:
    panel = text(shown(enter("lin"), stage, "电梯又停了"))
    assert "看着像： 电梯 （因为说到“电梯”） 、小事" in panel


def test_what_was_shown_is_sent_without_asking_again(stage: Stage, enter: Enter, query_budget: Budget) -> None:
    stage.report(words="二单元楼道灯坏了", by="zhao", place="3-2")
    lin = enter("lin")
    panel = shown(lin, stage, "楼道灯坏了，电话13800138000")
    lin.get(reverse("portal:report"))
    seen = hidden(panel, "seen")
    send(lin, stage, "先报一件,charters are read once in a process", anyway="yes")
    with query_budget(REPORT):
        assert send(lin, stage, "楼道灯坏了，电话13800138000", seen=seen).status_code == 302


def test_a_telephone_that_the_charter_publishes_is_not_hidden(stage: Stage, enter: Enter) -> None:
    stage.adopt(NAMED)
    lin = enter("lin")
    panel = text(shown(lin, stage, "打过物业0371-66661234，回我13800138000"))
    assert "打过物业0371-66661234" in panel and "138****8000" in panel


def test_neighbours_read_what_the_preview_says(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    panel = shown(lin, stage, "请打13800138000找我")
    assert "138****8000" in text(panel) and "替您遮住了手机号。" in text(panel)
    assert "13800138000" not in panel.content.decode()
    send(lin, stage, "请打13800138000找我", seen=hidden(panel, "seen"))
    story = text(enter("zhao").get(matter_url(Matter.objects.get())))
    assert "请打138****8000找我" in story


def test_what_is_like_it_can_be_followed_instead(stage: Stage, enter: Enter) -> None:
    done = stage.report(words="二单元楼道灯坏了", by="lin", place="3-2")
    zhao = enter("zhao")
    panel = shown(zhao, stage, "楼道的灯坏了")
    assert "附近好像已经有人报过" in text(panel) and "不是这件，仍然上报" in text(panel)
    followed = zhao.post(f"{matter_url(done)}/act", {"verb": "follow", "key": hidden(panel, "key")})
    assert followed.status_code == 302
    assert Party.objects.filter(who=person_key(stage.people["zhao"].pk), relation=Party.FOLLOWER).exists()
    again = text(shown(zhao, stage, "楼道的灯坏了"))
    assert "您已经在跟进这件" in again and "关注这件" not in again
    assert Matter.objects.count() == 1


def test_the_panel_costs_a_page_however_much_is_open(stage: Stage, enter: Enter, query_budget: Budget) -> None:
    for n in range(12):
        stage.report(words=f"楼道灯坏了第{n}回", place="3-2")
    zhao = enter("zhao")
    shown(zhao, stage, "楼道灯坏了")
    with query_budget(PAGES):
        assert "楼道灯坏了" in text(shown(zhao, stage, "楼道灯坏了"))


def test_somebody_who_belongs_nowhere_is_told_nothing(stage: Stage, enter: Enter) -> None:
    stage.report(words="楼道灯坏了", place="3-2")
    assert "已经有人报过" not in text(shown(enter("guo"), stage, "楼道灯坏了"))


# --- without a script ----------------------------------------------------------------------------------


def test_without_a_script_the_page_asks_once_and_keeps_everything(stage: Stage, enter: Enter) -> None:
    stage.report(words="二单元楼道灯坏了", by="zhao", place="3-2")
    lin, key = enter("lin"), str(uuid4())
    asked = send(lin, stage, "楼道灯坏了，找13800138000", photos=picture(), key=key, plain="yes")
    assert asked.status_code == 200 and Matter.objects.count() == 1
    assert "发出去之前，请看一眼" in text(asked)
    assert "楼道灯坏了，找13800138000</textarea>" in asked.content.decode()
    assert f'value="{stage.places["3-2"].pk}" checked' in asked.content.decode()
    sent = send(
        lin, stage, "楼道灯坏了，找13800138000", seen=hidden(asked, "seen"), kept_photos=hidden(asked, "kept_photos")
    )
    assert sent.status_code == 302 and Matter.objects.count() == 2
    assert lin.get(sent.headers["Location"]).content.count(b"/small") == 1


def test_sent_faster_than_shown_it_asks_only_where_it_matters(stage: Stage, enter: Enter) -> None:
    assert send(enter("lin"), stage, "楼下有人弹琴").status_code == 302


def test_words_changed_after_they_were_shown_are_shown_again_where_it_matters(stage: Stage, enter: Enter) -> None:
    stage.report(words="二单元楼道灯坏了", by="zhao", place="3-2")
    lin = enter("lin")
    seen = hidden(shown(lin, stage, "你好"), "seen")
    assert "附近好像已经有人报过" in text(send(lin, stage, "楼道灯坏了", seen=seen))
    assert send(lin, stage, "楼下有人弹琴", seen=seen).status_code == 302


def test_nothing_said_is_refused_and_not_asked_about(stage: Stage, enter: Enter) -> None:
    assert send(enter("lin"), stage, " ").status_code == 422


def test_who_may_not_report_is_refused_before_anything_is_shown(stage: Stage, enter: Enter) -> None:
    assert send(enter("wang"), stage, "灯坏了").status_code == 403


# --- the sign on the wall ------------------------------------------------------------------------------


def chosen(page: HttpResponse) -> str:
    found = re.search(r'name="place" value="([^"]*)" checked', page.content.decode())
    assert found
    return found[1]


def test_the_sign_on_the_wall_chooses_the_place(stage: Stage, enter: Enter) -> None:
    lin, square = enter("lin"), stage.places["square"]
    for at in (square.path, square.code):
        page = lin.get(reverse("portal:report"), {"at": at})
        assert chosen(page) == str(square.pk) and "您扫的码在这里" in text(page)


def test_a_sign_of_another_community_is_said_to_be_unknown(stage: Stage, enter: Enter) -> None:
    page = enter("lin").get(reverse("portal:report"), {"at": stage.places["9"].path})
    assert "没认出您扫的码是哪里" in text(page)


def test_with_homes_in_two_communities_the_sign_decides_which(stage: Stage, enter: Enter) -> None:
    enrol(stage.other, stage.people["lin"], stage.places["9-101"], ["tenant"], at=stage.now)
    lin, nine = enter("lin"), stage.places["9"]
    page = lin.get(reverse("portal:report"), {"at": nine.path})
    assert chosen(page) == str(nine.pk)
    sent = send(lin, stage, "九号楼门坏了", place=str(nine.pk), at=hidden(page, "at"), anyway="yes")
    assert sent.status_code == 302
    assert Matter.objects.get().community == stage.other


# --- what is asked of other kinds ----------------------------------------------------------------------

TOPIC = """
[kinds.topic]
title = "议题"
procedure = "topic"
visible = "community"

[procedures.topic]
title = "议题"

[procedures.topic.steps.say]
kind = "raise"
title = "提出来"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "想商量什么", required = true }]
then = "answer"

[procedures.topic.steps.answer]
kind = "publish"
title = "答复"
what = ["result"]
then = "done"

[procedures.topic.ends]
done = { counts = "solved", title = "答复了" }
"""


def test_only_a_report_is_done_with_a_photo_and_a_word(stage: Stage, enter: Enter) -> None:
    easy = "拍张照，说一句，就好了。"
    silent = STAGE.read_text(encoding="utf-8").replace('document = "report"', 'document = "report"\nhint = ""')
    stage.adopt(silent + TOPIC)
    lin = enter("lin")
    report, topic = (lin.get(reverse("portal:report"), {"kind": kind}).content.decode() for kind in ("report", "topic"))
    assert easy in report and "比如：三楼楼道灯不亮" in report and "没有也可以报" in report
    assert easy not in topic and "三楼楼道灯" not in topic and "没有也可以报" not in topic
    assert "想商量什么" in topic and "写清楚就好。" in topic and "不用写电话和身份证号。" in topic
