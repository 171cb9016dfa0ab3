"""What is done on a page before its picture is taken, and what must have happened before."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from weizhi.people.access import Standing

if TYPE_CHECKING:
    from playwright.sync_api import Page as Shown

FAULTY = """姓名,小区,楼栋,单元,房号,身份,手机号
何小满,一区,3,2,301,住户,1380000
,一区,3,2,302,住户,
钱多多,九区,99,1,101,房东,
"""
SOMEBODY, NUMBER = "ren", "13800001234"


def send(page: "Shown", **fields: str) -> None:
    for name, words in fields.items():
        page.locator(f"main [name={name}]").fill(words)
    with page.expect_navigation():
        page.locator("main form button.primary").first.click()


def write(page: "Shown") -> None:
    with page.expect_response("**/report/before"):
        page.get_by_role("radio", name="中心广场").check()  # where she reported a branch before
    with page.expect_response("**/report/before"):
        page.locator("#f-words").fill("香樟断了一根枝，挂在半空，孩子们在下面玩")
    page.wait_for_timeout(400)


def send_empty(page: "Shown") -> None:
    with page.expect_navigation():
        page.locator("button[form=report]").click()


def send_wrong_code(page: "Shown") -> None:
    send(page, code="000 000 0001")


def find_lin(page: "Shown") -> None:
    send(page, q="林姨")


def choose_a_building(page: "Shown") -> None:
    page.locator("main select").select_option(index=2)
    send(page)


def wrong_password(page: "Shown") -> None:
    send(page, login="lin", password="不是这个")


def lock_out(page: "Shown") -> None:
    while page.locator("main [name=password]").count():
        send(page, login=SOMEBODY, password="不是这个")


def begin_second_factor(page: "Shown") -> None:
    begin = page.locator("main form button.primary").first
    if not page.locator("main [name=code]").count():
        with page.expect_navigation():
            begin.click()


def brought_in(who: Standing) -> str:
    """The page of a census file with faults; brought in once."""
    from weizhi.census.actions.take_in import take_in
    from weizhi.census.actions.work_off import work_off
    from weizhi.census.models import Import
    from weizhi.people.models import Person
    from weizhi.places.models import Community
    from weizhi.tests.pictures import demo

    community = Community.objects.get(slug="xingfuli")
    one: Any = Import.objects.filter(community=community, files=["名册.csv"]).first()
    if one is None:
        person = Person.objects.get(pk=who.person_id)
        one = take_in(community, [("名册.csv", FAULTY.encode())], by=person, system="")
        work_off()
        Import.objects.filter(pk=one.pk).update(at=demo.MOMENT)  # imports go by the machine's time
    return reverse("portal:import", args=[one.pk])
