"""Two neighbours and a mediator in a real browser: invited, a time booked on the phone, signed on phone and paper."""

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from weizhi.deliberation.models import Mediation
from weizhi.deliberation.tests.mediation_stage import TEXT, asked, mediating
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/mediation-{name}.png", full_page=True)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "paper.jpg"
    Image.new("RGB", (300, 200), "#eeeeee").save(file)
    return file


def test_from_the_invitation_to_both_signatures(committed_stage: Stage, open_page: OpenPage, paper: Path) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=1)
    mediating(stage)
    done = asked(stage, "楼上卫生间漏水，吊顶泡坏了，说了几次没结果。")
    address = f"/m/{done.matter_id}/mediation"

    zhao = sign_in(open_page("desk"), stage, "zhao")
    zhao.goto(address)
    looked_at(zhao)
    kept(zhao, "desk-invite")
    zhao.get_by_label("另一方是谁？").fill("陈")
    zhao.get_by_role("button", name="找一找").click()
    zhao.get_by_text("陈经理", exact=True).click()
    looked_at(zhao)
    kept(zhao, "desk-found")
    zhao.get_by_role("button", name="邀请他来调解").click()
    expect(zhao.get_by_text("邀请发出了")).to_be_visible()

    chen = sign_in(open_page("narrow"), stage, "chen")
    chen.goto(address)
    looked_at(chen)
    kept(chen, "narrow-willing")
    chen.get_by_role("button", name="愿意，约个时间").click()
    expect(chen.get_by_role("heading", name="选一个时间")).to_be_visible()
    looked_at(chen)
    kept(chen, "narrow-times")

    lin = sign_in(open_page("phone"), stage, "lin")
    lin.goto(address)
    looked_at(lin)
    kept(lin, "phone-times")
    lin.get_by_role("button", name="10:00").first.click()
    expect(lin.get_by_text("约好了，前一天会提醒。")).to_be_visible()
    looked_at(lin)
    kept(lin, "phone-booked")

    day = sign_in(open_page("phone"), stage, "zhao")
    day.goto("/mediations")
    looked_at(day)
    kept(day, "phone-day")
    zhao.goto("/mediations")
    zhao.locator(".day a").first.click()
    looked_at(zhao)
    kept(zhao, "desk-day")

    _signed_by_both(zhao, lin, address, paper)
    chen.goto(address)
    looked_at(chen)
    kept(chen, "narrow-agreed")
    lin.goto(f"/m/{done.matter_id}")
    looked_at(lin)
    kept(lin, "phone-story")
    assert Matter.objects.get(pk=done.matter_id).ended_as == "agreed" and Mediation.objects.get().text_hash


def _signed_by_both(zhao: "Page", lin: "Page", address: str, paper: Path) -> None:
    """The mediator writes it down; one side signs on the phone, the other on paper."""
    zhao.goto(address)
    zhao.get_by_label("双方商定了什么？").fill(f"一、{TEXT}\n二、修好那天两家一起看过，以后不再提这件事。")
    kept(zhao, "desk-write")
    zhao.get_by_role("button", name="写好了，请双方签").click()
    expect(zhao.get_by_text("还没签")).to_have_count(2)
    lin.goto(address)
    looked_at(lin)
    kept(lin, "phone-sign")
    lin.get_by_role("button", name="我看过了，签字").click()
    expect(lin.get_by_text("签好了。")).to_be_visible()
    zhao.goto(address)
    zhao.locator("summary", has_text="在纸上签了").click()
    zhao.locator("input[type=file]").first.set_input_files(paper)
    zhao.get_by_role("button", name="记下纸上的签字").click()
    expect(zhao.get_by_text("双方签了协议")).to_be_visible()
    looked_at(zhao)
    kept(zhao, "desk-agreed")
