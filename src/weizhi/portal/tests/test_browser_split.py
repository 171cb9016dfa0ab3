"""One report, two bodies, in a real browser: each has its part and its day, the reporter reads one story."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.matters.tests.test_sending import with_desk
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in

__all__ = ["committed_stage"]


def opened_from_desk(page: "Page") -> None:
    page.goto("/desk")
    page.get_by_role("link", name="水管爆了").first.click()
    page.get_by_role("heading", name="水管爆了").wait_for()


def done(page: "Page", words: str) -> None:
    page.get_by_label("怎么办的，说一句").first.fill(words)
    page.get_by_role("button", name="办好了").first.click()
    page.locator(".flash").wait_for()


def test_a_report_is_split_and_ends_when_both_are_done(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = with_desk(committed_stage)
    stage.now = timezone.now()
    report = stage.report(words="水管爆了，路也塌了")
    zhou = sign_in(open_page("desk"), stage, "zhou")
    opened_from_desk(zhou)
    zhou.get_by_label("物业", exact=True).check()
    zhou.get_by_label("居委会", exact=True).check()
    zhou.get_by_role("button", name="small").first.click()
    zhou.locator(".flash").wait_for()
    parts = Step.objects.open().filter(matter=report.matter_id, key="part")
    assert parts.count() == 2 and all(part.due for part in parts)

    chen = sign_in(open_page("phone"), stage, "chen")
    opened_from_desk(chen)
    expect(chen.get_by_role("button", name="办好了"), "his own part, and no other's").to_have_count(1)
    looked_at(chen)
    done(chen, "水管接好了")
    expect(chen.get_by_role("button", name="办好了")).to_have_count(0)

    lin = sign_in(open_page("narrow"), stage, "lin")
    lin.goto(f"/m/{report.matter_id}")
    story = lin.locator("main").inner_text()
    assert "水管接好了" in story and "居委会" in story, "what is done, and whom it still waits for, in one story"
    expect(lin.get_by_role("button", name="说好了")).to_have_count(0)
    looked_at(lin)

    wang = sign_in(open_page("desk"), stage, "wang")
    opened_from_desk(wang)
    looked_at(wang)
    done(wang, "路补平了")
    lin.reload()
    story = lin.locator("main").inner_text()
    assert "水管接好了" in story and "路补平了" in story
    lin.get_by_role("radio", name="满意", exact=True).check()
    lin.get_by_role("button", name="说好了").click()
    lin.locator(".flash").wait_for()
    assert stage.matter(report).ended_as == "done"
