"""Giving a program a token, choosing how to be told, and the page of the API, in a real browser."""

from django.test import Client

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import NoticeChoice
from weizhi.portal.tests.conftest import give_number
from weizhi.portal.tests.test_browser import OpenPage, committed_stage, looked_at, sign_in

__all__ = ["committed_stage"]


def test_the_director_gives_a_token_on_the_desk_and_a_program_comes_in(
    committed_stage: Stage, open_page: OpenPage
) -> None:
    page = sign_in(open_page("desk"), committed_stage, "wang")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/mine")
    page.get_by_text("给程序用的令牌").click()
    page.wait_for_url("**/machines/")
    looked_at(page)
    page.get_by_role("button", name="给出令牌").click()
    page.wait_for_selector(".errors")
    assert "请写它给谁用" in page.inner_text(".errors")
    page.fill("#f-name", "路灯监控")
    page.check("input[value=read]")
    page.select_option("#f-post", index=1)
    page.get_by_role("button", name="给出令牌").click()
    page.wait_for_selector("#token")
    looked_at(page)
    token = page.input_value("#token")
    page.get_by_text("抄好了").click()
    page.get_by_text(f"…{token[-4:]}").wait_for()
    page.goto("/api/v1/docs")
    looked_at(page)
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/matters").status_code == 200
    assert not [line for line in said if "Content Security Policy" in line]


def test_a_resident_chooses_on_a_narrow_phone_in_large_type(committed_stage: Stage, open_page: OpenPage) -> None:
    lin = committed_stage.people["lin"]
    lin.email = "lin@example.org"
    give_number(lin)
    page = sign_in(open_page("narrow"), committed_stage, "lin", large=True)
    page.goto("/notices/choices")
    looked_at(page)
    page.check("input[name=email_news][value=digest]")
    page.get_by_text("每周一早上").click()
    page.select_option("select[name=quiet_from]", "22:00")
    page.get_by_text("就这样").click()
    page.get_by_text("记下了").wait_for()
    looked_at(page)
    row = NoticeChoice.objects.get()
    assert (row.ways["email"]["news"], row.digest, str(row.quiet_from)) == ("digest", "weekly", "22:00:00")
