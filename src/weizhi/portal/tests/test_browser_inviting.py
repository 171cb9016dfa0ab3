"""Letters ticked off on the officer's phone, and answered by whoever holds one, in a real browser."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from weizhi.deliberation.letters import code_of
from weizhi.deliberation.models import Invitation
from weizhi.deliberation.tests.test_invitations import TOML
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/inviting-{name}.png", full_page=True)


def test_letters_are_ticked_off_and_answered(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=1)
    stage.adopt(TOML)
    topic = stage.report("lin", "三号楼二单元楼道堆满纸箱，婴儿车过不去", kind="topic", place="3-2-301")
    run_due(stage.later(minutes=1))
    address = f"/m/{topic.matter_id}/invited"

    officer = sign_in(open_page("phone"), stage, "wang")
    officer.goto(address)
    looked_at(officer)
    kept(officer, "list")
    officer.get_by_role("checkbox").first.check()
    officer.get_by_role("button", name="放进信箱").click()
    expect(officer.get_by_text("记下了，1 封信")).to_be_visible()
    expect(officer.get_by_text("2 户里送到 1 户")).to_be_visible()
    kept(officer, "marked")

    neighbour = sign_in(open_page("narrow"), stage, "lin")
    neighbour.goto(address)
    looked_at(neighbour)
    kept(neighbour, "mine")

    guest = open_page("phone")
    first = Invitation.objects.homes().order_by("-n").first()
    assert first is not None
    guest.goto(f"/invited#{code_of(first.pk)}")
    expect(guest.get_by_role("heading", name="您来吗？")).to_be_visible()
    looked_at(guest)
    kept(guest, "letter")
    guest.get_by_label("想先说一句吗？").fill("我下班晚，七点半到")
    guest.get_by_role("button", name="我来").click()
    expect(guest.get_by_role("status")).to_contain_text("回了：来")
    kept(guest, "answered")

    wide = sign_in(open_page("desk"), stage, "wang")
    wide.goto(address)
    looked_at(wide)
    kept(wide, "desk")
