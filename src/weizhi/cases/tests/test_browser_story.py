"""The story that must work, in real browsers: residents on phones, the committee, the company and the chair at desks.

翠竹园, March to May 2017: from the complaint about the smell to the signed minutes, and the bins back in their place.
Then the same community with a measure and a stop rule from the start.
"""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from weizhi.cases.tests.by_hand import ByHand, OpenPage, attach, newest, press
from weizhi.cases.tests.paper_text import text_of
from weizhi.matters.models import Matter
from weizhi.portal.tests.test_browser import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

DECIDED = "取消“垃圾桶下地库”试点，物业五月中旬前放回原处、及时清运。"

OLD, NEW = ("1、2 号楼之间的投放点", "3 号楼前的投放点"), ("地库南口", "地库北口")
COMPLAINTS = (
    (15, "lin", "地库垃圾桶臭得下不去。"),
    (17, "zhao", "车库里异味难闻。"),
    (18, "he", "垃圾没人收，地库里全是味道。"),
)


@pytest.fixture
def files(transactional_db, tmp_path, settings) -> None:
    settings.FILES = tmp_path / "files"
    settings.KEYS_FILE = tmp_path / "keys.json"


def complains(hand: ByHand, login: str, words: str, picture: str = "") -> str:
    """Says it on the phone; returns the address of the story."""
    page = hand.go(login, "/")
    page.get_by_role("link", name="报事", exact=True).click()
    if picture:
        attach(page, picture)
    with page.expect_response("**/report/before"):
        page.get_by_label("什么事").fill(words)
    page.locator("button[form=report]").click()
    expect(page.get_by_text("收到了。").first).to_be_visible()
    return page.url.partition("?")[0]


def from_desk(hand: ByHand, login: str, title: str) -> "Page":
    """An officer takes it up from the list of what is to do."""
    page = hand.go(login, "/desk", "desk")
    page.get_by_role("link", name=re.compile(re.escape(title.rstrip("。")[:8]))).first.click()
    page.wait_for_url("**/m/*")
    return page


def at_the_meeting(hand: ByHand, address: str, phones: tuple[str, ...]) -> None:
    for login in phones:
        page = hand.go(login, address)
        press(page, "我到了，签到", "您签到了")


def decides(chair: "Page", hands: tuple[int, int], words: str, outcome: str, who: str = "", until: str = "") -> None:
    chair.get_by_label("举手赞成").fill(str(hands[0]))
    chair.get_by_label("举手反对").fill(str(hands[1]))
    chair.get_by_label("怎么定的？").fill(words)
    if who:
        chair.locator("select[name=who]").select_option(label=who)
        chair.get_by_label("哪天办好？").fill(until)
    press(chair, outcome, "记下了。接着议下一件。")


def closes(chair: "Page") -> None:
    press(chair, "散会", "记下了，会结束了。")


def signs(hand: ByHand, login: str, meeting: str) -> None:
    page = hand.go(login, f"{meeting}/minutes")
    press(page, "看过了，签字", "签好了。")


def test_from_a_complaint_to_the_signed_minutes(files: None, open_page: OpenPage, monkeypatch) -> None:
    hand = ByHand("cuizhuyuan", open_page, monkeypatch)
    hand.at("2017-03-15T19:20")
    smell = complains(hand, "lin", "地库封闭，垃圾桶臭得下不去。", "bins")
    looked_at(hand.page("lin"))
    hand.kept(hand.page("lin"), "complaint")

    hand.at("2017-03-16T09:10")
    zhou = from_desk(hand, "zhou", "地库封闭")
    zhou.get_by_label("是哪一类？").select_option(label="垃圾异味")
    zhou.get_by_label("想补充一句吗？").first.fill("好几户都在说，网格里办不了，请“两委”看。")
    hand.kept(zhou, "sorting")
    press(zhou, "报给社区“两委”")
    topic = f"/m/{newest('topic').pk}"
    zhao = hand.go("zhao", topic)
    zhao.locator("summary", has_text="我也支持").click()
    press(zhao, "支持")
    hand.kept(zhao, "supported")

    hand.at("2017-03-17T09:20")
    wang = from_desk(hand, "wang", newest("topic").title)
    wang.get_by_label("很急").check()
    wang.get_by_label("想补充一句吗？").first.fill("提出的居民多、呼声高，列为急办。")
    looked_at(wang)
    hand.kept(wang, "urgent")
    press(wang, "急办")

    hand.at("2017-03-30T10:00")
    meeting = f"/m/{newest('meeting').pk}/meeting"
    lin = hand.go("lin", "/notices")
    expect(lin.get_by_text("4月6日").first).to_be_visible()
    hand.kept(lin, "invited")
    lin.goto(topic)
    lin.get_by_role("link", name="去会议页看看").click()
    expect(lin.get_by_text("社区居民议事厅").first).to_be_visible()
    hand.kept(lin, "meeting")

    the_first_meeting(hand, meeting)
    the_survey(hand)
    the_second_meeting(hand, topic)
    they_come_back(hand, topic, smell)


def the_first_meeting(hand: ByHand, meeting: str) -> None:
    hand.at("2017-04-06T18:40")
    at_the_meeting(hand, meeting, ("chen", "ma", "zhu", "lin"))
    wang = hand.go("wang", meeting)
    press(wang, "我到了，签到", "您签到了")
    wang.locator("summary", has_text="替人签到").click()
    wang.get_by_label("谁到了？").fill("小周")
    wang.get_by_label("怎么签的？").select_option(label="签在纸上")
    press(wang, "记下", "小周签到了，列席。")
    hand.at("2017-04-06T19:00")
    wang.reload()
    press(wang, "宣布开会", "开会了。")
    looked_at(wang)
    hand.kept(wang, "in-the-chair")
    hand.at("2017-04-06T19:45")
    decides(wang, (3, 1), "意见不一：物业说才试一个月，网格长说天热更臭。先由互助会问每一户。", "先做调查")
    closes(wang)
    signs(hand, "wang", meeting)
    signs(hand, "zhu", meeting)


def the_survey(hand: ByHand) -> None:
    hand.at("2017-04-08T09:00")
    for login, view in (("lin", "恢复原样"), ("he", "改一改")):
        page = hand.go(login, "/")
        page.locator("a[href$='/survey']").first.click()
        page.get_by_text(view, exact=True).click()
        page.get_by_role("button", name="下一题").click()
        page.locator("textarea").fill("地库不通风")
        press(page, "交上去", "收到了，谢谢您")
    looked_at(page)
    hand.kept(page, "survey")


def the_second_meeting(hand: ByHand, topic: str) -> None:
    hand.at("2017-05-04T18:40")
    meeting = f"/m/{newest('meeting').pk}/meeting"
    at_the_meeting(hand, meeting, ("chen", "ma", "zhu", "wang"))
    lin = hand.go("lin", topic)
    hand.kept(lin, "before-the-second")
    wang = hand.go("wang", meeting)
    press(wang, "宣布开会", "开会了。")
    hand.kept(wang, "second-meeting")
    decides(wang, (4, 0), "取消“垃圾桶下地库”试点。", "达成一致，照办", "物业", "2017-05-15")
    closes(wang)
    hand.kept(wang, "closed")
    wang.get_by_role("link", name="会议记录").first.click()
    wang.locator("summary", has_text="改里面的话").click()
    wang.get_by_label(re.compile("^1\\. ")).fill(DECIDED)
    wang.get_by_label("为什么改？").fill("写全了")
    press(wang, "改好了，存成新的一版", "第 2 版")
    signs(hand, "wang", meeting)
    signs(hand, "zhu", meeting)
    zhu = hand.page("zhu")
    looked_at(zhu)
    hand.kept(zhu, "minutes")
    the_paper_says_it(zhu)


def they_come_back(hand: ByHand, topic: str, smell: str) -> None:
    hand.at("2017-05-09T16:00")
    chen = from_desk(hand, "chen", newest("topic").title)
    attach(chen, "bins", 1)
    chen.get_by_label("怎么办的，说一句").first.fill("垃圾桶放回楼前，早晚各清一次。")
    hand.kept(chen, "put-back")
    press(chen, "照办了")
    hand.at("2017-05-15T09:00")
    zhou = from_desk(hand, "zhou", newest("topic").title)
    zhou.get_by_label("照决议办了").check()
    zhou.get_by_label("垃圾及时清运").check()
    hand.kept(zhou, "looked-after")
    press(zhou, "落实了")
    lin = hand.go("lin", topic)
    expect(lin.locator(".seal").first).to_be_visible()
    expect(lin.get_by_text("落实了").first).to_be_visible()
    looked_at(lin)
    hand.kept(lin, "end")
    lin.goto(smell)
    lin.locator("label.good").click()
    press(lin, "说好了", "谢谢您告诉我们。")
    ended = Matter.objects.filter(community__slug="xfl").values_list("kind", "ended_as")
    assert sorted(ended) == [("meeting", "done"), ("meeting", "done"), ("report", "done"), ("topic", "done")]


def the_paper_says_it(page: "Page") -> None:
    """What is fetched where the minutes are printed: seats, hands, the decision, who does it, who signed."""
    href = page.get_by_role("link", name="打印会议记录").get_attribute("href")
    answer = page.request.get(page.url.partition("/m/")[0] + href)
    assert answer.headers["content-type"] == "application/pdf"
    said = text_of(answer.body())
    for words in (
        "会议记录",
        "4席",
        "赞成4",
        "反对0",
        "达成一致，照办",
        DECIDED,
        "物业",
        "王主任",
        "至善坊朱老师",
        "第2版",
    ):
        assert words.replace(" ", "") in said, words


def test_the_same_with_a_measure_from_the_start(files: None, open_page: OpenPage, monkeypatch) -> None:
    hand = ByHand("cuizhuyuan-better", open_page, monkeypatch)
    hand.at("2017-03-08T09:00")
    chen = hand.go("chen", "/report?kind=trial-run", "desk")
    chen.locator("#places").get_by_text(re.compile("翠竹园一期")).first.click()
    with chen.expect_response("**/report/before"):
        chen.get_by_label("试什么、为了什么").fill("垃圾桶移到地下车库南北两个口，取车时顺手扔。")
    for which, places in (("现在在哪几处", OLD), ("要挪到哪几处", NEW)):
        for name in places:
            chen.get_by_role("group", name=which).get_by_label(name, exact=True).check()
    looked_at(chen)
    hand.kept(chen, "plan")
    chen.locator("button[form=report]").click()
    expect(chen.get_by_text("收到了。").first).to_be_visible()
    trial = chen.url.partition("?")[0]

    hand.at("2017-03-09T10:00")
    ma = from_desk(hand, "ma", "垃圾桶移到地下车库")
    ma.get_by_label("看到什么，说一句").first.fill("可以试一个月，投诉多了就停。")
    press(ma, "可以试")
    lin = hand.go("lin", trial)
    expect(lin.get_by_text("4 户里没有一户要多走到 150 米以外").first).to_be_visible()
    expect(lin.get_by_text("马上“取消试点”", exact=False)).to_be_visible()
    looked_at(lin)
    hand.kept(lin, "trial")

    for day, login, words in COMPLAINTS:
        hand.at(f"2017-03-{day}T19:20")
        complains(hand, login, words)
        grid = "wu" if login == "zhao" else "zhou"
        page = from_desk(hand, grid, words)
        page.get_by_label("是哪一类？").select_option(label="垃圾异味")
        press(page, "网格里办")
    lin = hand.go("lin", trial)
    expect(lin.get_by_text("到现在 3 件")).to_be_visible()
    hand.kept(lin, "counted")

    hand.at("2017-03-19T09:30")
    assert Matter.objects.get(kind="trial-run").ended_at is None
    chen = from_desk(hand, "chen", "垃圾桶移到地下车库")
    hand.kept(chen, "stopped")
    attach(chen, "bins", 1)
    chen.get_by_label("怎么办的，说一句").first.fill("垃圾桶放回楼前了。")
    press(chen, "放回去了")
    hand.at("2017-03-20T09:00")
    ma = from_desk(hand, "ma", "垃圾桶移到地下车库")
    press(ma, "真的放回去了")
    lin = hand.go("lin", trial)
    expect(lin.get_by_text("取消了，恢复原样").first).to_be_visible()
    looked_at(lin)
    hand.kept(lin, "end")
    assert Matter.objects.get(kind="trial-run").ended_as == "back"
