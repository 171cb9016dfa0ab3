"""The page of a convention: each article since when and by which decision, the editions, and where to say something."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.http import HttpResponse

from weizhi.charters.loading import parse_text
from weizhi.deliberation.tests.conventions import ANSWERED, CHARTER, SECOND, adopted, breached, changing, drafted
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.notice_words import with_words, words_for
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.portal.taking import sheet
from weizhi.portal.tests.conftest import Enter
from weizhi.record import clock
from weizhi.record.models import Delivery

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
ADDRESS = "/convention/residents"


@pytest.fixture
def here(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    return stage


def test_every_article_stands_there_since_when_and_by_which_decision(here: Stage, enter: Enter, query_budget: Budget):
    done = adopted(here)
    drafted(here, changing(here), SECOND)
    client = enter("zhao")
    with query_budget(PAGE):
        body = client.get(ADDRESS).content.decode()
    assert "第 2 版，2026年3月2日起施行。" in body and "晚上九点以后" in body and "十点" not in body
    assert "2026年3月2日起这样写（第 2 版）" in body and "住在一起，互相体谅。" in body
    assert "改了第二条，加了第四条" in body and f"/m/{done.matter_id}" in body
    assert "/report?kind=change" in body and "/report?kind=breach" in body


def test_two_editions_are_compared_and_the_former_is_read(here: Stage, enter: Enter):
    adopted(here)
    drafted(here, changing(here), SECOND)
    client = enter("zhao")
    compared = client.get(ADDRESS, {"v": 2, "with": 1}).content.decode()
    assert "第 1 版到第 2 版改了什么" in compared and "<del>" in compared and "<ins>" in compared
    former = client.get(ADDRESS, {"v": 1}).content.decode()
    assert "已经改过" in former and "晚上十点以后" in former


def test_before_it_is_decided_only_whoever_may_begin_is_asked_to(here: Stage, enter: Enter):
    here.adopt(CHARTER)
    assert "/report?kind=convention" in enter("wang").get(ADDRESS).content.decode()
    body = enter("zhao").get(ADDRESS).content.decode()
    assert "还没有定" in body and "/report?kind=" not in body


def test_another_community_has_none_of_it(here: Stage, enter: Enter):
    adopted(here)
    assert enter("guo").get(ADDRESS).status_code == 404
    assert enter("lin").get("/convention/another").status_code == 404


def test_an_article_is_chosen_from_those_in_force(here: Stage, enter: Enter):
    adopted(here)
    body = enter("lin").get("/report?kind=breach").content.decode()
    assert "第二条 晚上十点以后不大声放音乐。" in body and 'value="第二条"' in body


def test_a_change_is_written_on_what_is_in_force(here: Stage, enter: Enter):
    adopted(here)
    done = changing(here)
    assert "晚上十点以后不大声放音乐。" in enter("wang").get(f"/m/{done.matter_id}/text/draft").content.decode()


def test_the_charter_leads_to_it_and_so_does_the_matter_that_made_it(here: Stage, enter: Enter):
    done = adopted(here)
    client = enter("zhao")
    assert ADDRESS in client.get("/charter").content.decode()
    assert ADDRESS in client.get(f"/m/{done.matter_id}").content.decode()


# --- who is said to have broken an article does not learn by whom -----------------------------------------

SAID = "楼上十一点还放音乐。我是林姨，电话13800138000。"
PAGES = ("/", "/mine", "/notices", "/search?q=音乐", "/mine/data.json", "/api/v1/matters")


def in_clear(answer: HttpResponse) -> str:
    """JSON may write Chinese as numbers, and then nothing would ever be found in it."""
    words = answer.content.decode()
    is_json = "json" in answer.headers["Content-Type"]
    return json.dumps(json.loads(words), ensure_ascii=False) if is_json else words


def all_read(stage: Stage, enter: Enter, login: str, done: Done) -> dict[str, str]:
    """Every place in which somebody reads of the matter."""
    tell(stage.later(minutes=5))
    client, who = enter(login), standing(stage.people[login], stage.now)
    own = (f"/m/{done.matter_id}", f"/api/v1/matters/{done.matter_id}")
    answers = {url: client.get(url) for url in (*PAGES, *own)}
    read = {url: in_clear(answer) for url, answer in answers.items() if answer.status_code == 200}
    read["paper"] = str(sheet.content(stage.matter(done), who, "谁", stage.now))
    told = with_words(Delivery.objects.filter(to=stage.people[login], entry__stream=done.matter_id))
    read["notices sent"] = "".join(str(words_for(one)) for one in told)
    return read


def test_who_is_said_to_have_broken_an_article_does_not_learn_by_whom(here: Stage, enter: Enter):
    done = breached(here, SAID)
    here.act(done, "comment", "lin", data={"words": "昨晚又放了。林姨，13800138000"})
    zhao = all_read(here, enter, "zhao", done)
    assert "楼上十一点还放音乐" in zhao[f"/m/{done.matter_id}"] and "昨晚又放了" in zhao["paper"]
    for url, body in zhao.items():
        assert "林姨" not in body and "13800138000" not in body, url
    for url in (f"/m/{done.matter_id}", f"/api/v1/matters/{done.matter_id}", "paper"):
        assert "一位邻居" in zhao[url] and "王主任" in zhao[url], url
    assert zhao["notices sent"] and set(zhao) >= {"/", "/notices", "/mine/data.json", "/api/v1/matters"}
    here.act(done, "wait", "zhao", "said", data={"words": "那天孩子过生日。"})
    here.act(done, "handle", "wang", data={"words": "说开了"})
    for url, body in all_read(here, enter, "zhao", done).items():
        assert "林姨" not in body, f"{url}, after the end as well"


def test_the_committee_reads_who_said_it_and_whoever_said_it_reads_his_own(here: Stage, enter: Enter):
    done = breached(here, SAID)
    page, api = f"/m/{done.matter_id}", f"/api/v1/matters/{done.matter_id}"
    wang, lin = (all_read(here, enter, login, done) for login in ("wang", "lin"))
    for url in (page, api, "paper"):
        assert "林姨" in wang[url] and "13800138000" in wang[url] and "一位邻居" not in wang[url], url
        assert "一位邻居" not in lin[url] and "13800138000" in lin[url], url
    assert "林姨" in lin["/mine/data.json"] and "您" in lin[page]
    assert enter("chen").get(page).status_code == 404
    assert "看不到是您说的" in enter("lin").get("/report?kind=breach").content.decode(), "said before it is sent"


def test_nor_does_he_where_an_officer_wrote_it_down(here: Stage, enter: Enter):
    done = breached(here, SAID, by="zhou", on_behalf_of=here.people["lin"])
    zhao, wang = (all_read(here, enter, login, done) for login in ("zhao", "wang"))
    for url, body in zhao.items():
        assert "林姨" not in body and "13800138000" not in body, url
    assert "小周" in zhao[f"/m/{done.matter_id}"] and "林姨" in wang[f"/m/{done.matter_id}"]


def test_a_change_of_the_convention_hides_nobody_from_the_committee_nor_is_it_a_complaint():
    charter = parse_text(ANSWERED, "here.toml").charter
    assert charter is not None and not parse_text(ANSWERED, "here.toml").findings
    assert [kind for kind in charter.kinds if charter.tells_on_somebody(kind)] == ["breach"]
