"""The lift in a real browser: phone with a change of mind, paper read twice, telephone, door, proxy."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from weizhi.decisions.models import Envelope
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.lift import Lift, lift
from weizhi.portal.tests.test_browser import OpenPage, hand_at, looked_at, sign_in
from weizhi.portal.tests.test_votes_desk import with_two_clerks

__all__ = ["committed_stage"]
RECEIPT = re.compile(r"(?:[0-9A-F]{4}-){4}[0-9A-F]{4}")


def address(up: Lift, rest: str = "") -> str:
    return f"/votes/{up.vote.pk}{rest}"


def choose(page: "Page", words: str, home: str = "") -> str:
    """Cast on the page of the vote; the receipt in groups."""
    ballot = page.locator(".ballot", has_text=home) if home else page.locator(".ballot").first
    ballot.locator(".big-choices label", has_text=words).click()
    ballot.get_by_role("button", name="投票").click()
    kept = page.locator(".kept .receipt-code")
    kept.wait_for()
    return kept.inner_text()


def typed(page: "Page", line: str, key: str, said: str) -> None:
    """A paper as a clerk enters it, by keyboard alone: number, Enter, choice, Enter."""
    hand_at(page, "#line")
    page.keyboard.type(line)
    page.keyboard.press("Enter")
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.locator(".flash, .differs", has_text=said).wait_for()


def told(page: "Page", channel: str, line: str, key: str, evidence: str) -> None:
    """Another channel: its evidence is asked for before it goes."""
    page.wait_for_load_state()
    page.locator(".channels label", has_text=channel).click()
    page.locator("#line").fill(line)
    page.locator("#line").press("Enter")
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.locator("#evidence:focus").wait_for()
    page.keyboard.type(evidence)
    page.keyboard.press("Enter")
    page.locator(".flash", has_text="请念给本人听").wait_for()


def test_the_lift_is_decided_over_every_channel(committed_stage: Stage, open_page: OpenPage, tmp_path: Path) -> None:
    stage = committed_stage
    up = with_two_clerks(lift(stage))

    lin = sign_in(open_page("phone"), stage, "lin")
    lin.locator(f"a[href$='{address(up)}']").first.click()
    lin.wait_for_url("**/votes/*")
    looked_at(lin)
    first = choose(lin, "反对")
    lin.get_by_text("改主意了，重新投").click()
    second = choose(lin, "同意")
    assert first != second
    looked_at(lin)
    lin.get_by_role("link", name="现在就查一下").click()
    lin.get_by_text("在票箱里。").wait_for()
    looked_at(lin)

    wang, li = (sign_in(open_page("desk"), stage, login) for login in ("wang", "li"))
    for clerk in (wang, li):
        clerk.goto(address(up, "/desk"))
    typed(wang, "1", "2", "第一遍录好了")
    looked_at(wang)
    typed(li, "L-101", "1", "请再看一遍纸票")
    looked_at(li)
    hand_at(li, "[name=choice]")
    li.keyboard.press("2")
    li.keyboard.press("Enter")
    boxed = li.locator(".flash", has_text="两遍一样")
    boxed.wait_for()
    receipts = [second, RECEIPT.findall(boxed.inner_text())[0]]
    told(wang, "电话", "2", "1", "录音 0301-1")
    told(wang, "上门", "3", "1", "上门登记表 1")

    wang.get_by_text("登记委托、共有人推选的代表").click()
    wang.locator("#s-line").fill("L-202")
    wang.locator("#s-who").fill("周五 L-301")
    wang.locator("#s-evidence").fill("委托书 1")
    wang.get_by_role("button", name="登记").click()
    wang.locator(".flash", has_text="由周五来投").wait_for()
    looked_at(wang)

    proxy = sign_in(open_page("narrow"), stage, "h301", large=True)
    proxy.goto(address(up))
    looked_at(proxy)
    choose(proxy, "同意", "受李四委托")
    choose(proxy, "同意", "L-301的票")

    for login, words in (("h401", "同意"), ("brother", "反对"), ("h302", "弃权"), ("h501", "同意")):
        voter = sign_in(open_page("phone"), stage, login)
        voter.goto(address(up))
        choose(voter, words)
    wang.goto(address(up, "/doors"))
    looked_at(wang)
    expect(wang.locator(".doors tbody tr")).to_have_count(3)

    up.cast("402", "yes")
    up.cast("502", "yes")
    up.close()
    result_is_read(up, open_page, lin, receipts, tmp_path)


def result_is_read(up: Lift, open_page: OpenPage, lin: "Page", receipts: list[str], at_home: Path) -> None:
    """Ten of twelve took part, eight of ten agreed; whoever lost takes it along and counts again."""
    loser = sign_in(open_page("phone"), up.stage, "h101")
    loser.goto(address(up))
    expect(loser.locator(".outcome-words")).to_contain_text("依据《民法典》第 278 条，通过了")
    expect(loser.locator(".threshold.reached")).to_have_count(4)
    expect(loser.locator("main")).to_contain_text("L-401")
    looked_at(loser)
    for name, link in (("published.json", "公布的计票文件"), ("recount.py", "重算用的程序")):
        (at_home / name).write_bytes(fetched(loser, link))
    root = loser.locator(".root").first.inner_text()
    said = recounted(at_home, f"--root={root}", f"--receipt={receipts[1]}")
    assert "全部对得上" in said and "和公告上的一致" in said and "已计入" in said, said
    assert "同意的人数 8 / 10" in said and "结果：通过" in said
    assert "已计入" in recounted(at_home, f"--receipt={receipts[0]}"), "who changed her mind by phone"
    lied = (at_home / "published.json").read_text(encoding="utf-8").replace('["yes"]', '["no"]', 1)
    (at_home / "published.json").write_text(lied, encoding="utf-8")
    assert "对不上" in recounted(at_home), "one ballot turned round"
    for paper in ("计票记录（PDF）", "结果公告（PDF）"):
        assert fetched(loser, paper).startswith(b"%PDF"), paper
    desk = sign_in(open_page("desk"), up.stage, "wang")
    desk.goto(address(up))
    looked_at(desk)
    lin.goto(address(up, "/roll"))
    looked_at(lin)


def fetched(page: "Page", link: str) -> bytes:
    """What a link of the result leads to."""
    answer = page.request.get(str(page.get_by_role("link", name=link).get_attribute("href")))
    assert answer.ok, link
    return answer.body()


def recounted(at_home: Path, *more: str) -> str:
    """The one file, on a computer that has Python and nothing else."""
    asked = [sys.executable, "-I", "recount.py", "published.json", *more]
    done = subprocess.run(asked, cwd=at_home, capture_output=True, text=True, env={"PYTHONIOENCODING": "utf-8"})
    return done.stdout + done.stderr


def test_a_vote_without_a_script_by_whoever_has_two_homes(
    committed_stage: Stage, browser: "Browser", live_server: Any
) -> None:
    up = lift(committed_stage)
    up.line("601").__class__.objects.filter(pk=up.line("601").pk).update(person=committed_stage.people["lin"])
    bare = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = sign_in(bare.new_page(), committed_stage, "lin")
    page.goto(address(up))
    for home in ("L-601", "L-602"):
        ballot = page.locator(".ballot", has_text=home)
        if ballot.locator("summary").count():
            ballot.locator("summary").click()
        ballot.locator("label", has_text="弃权").click()
        ballot.locator("button", has_text="投票").click()
        page.locator(".kept", has_text=home).wait_for()
    assert Envelope.objects.filter(vote=up.vote).count() == 2
    bare.close()
