"""Monday morning at the committee's desk: forty things came in over the weekend, three of them the same burst pipe.

They come in through their channels: the form on a phone, the telephone and paper that an officer writes down, the
API, and a file of letters. Then one clerk sorts them in the browser by keyboard, and types nothing a second time.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.charters.loading import load
from weizhi.matters.actions.tell import tell
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.portal.tests.test_browser import sign_in
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Delivery, Entry
from weizhi.reports.actions.import_letters import import_letters
from weizhi.reports.letters import Letter, read_letters
from weizhi.reports.models import Report
from weizhi.tests.browser import assert_axe_clean, assert_no_sideways_scroll

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]

OpenPage = Callable[[str], "Page"]
BY_PHONE = [
    "三号楼门口水管爆了，水流了一地",
    "二楼楼道灯坏了，晚上看不见", "垃圾桶满了没人清运", "门口绿化带的树枝断了", "电动车棚的充电口坏了",
    "楼上装修太吵，周日一早就敲", "消防通道被车占道停着", "流浪狗在门口乱叫", "单元门禁刷卡没反应",
    "空地上有人种菜，浇大粪", "电梯里一股异味", "下水道堵了往外冒水", "活动室想借场地跳舞", "路面积水，老人滑倒了",
]  # fmt: skip
BY_TELEPHONE = [
    "楼下水管爆了，满地是水",
    "一楼的灯不亮了", "垃圾清运三天没来", "草坪里有狗粪没人管", "有人高空抛物，差点砸到人",
    "想问医保怎么补办证明", "邻居吵架，摔东西，请来劝劝", "车位被外来车占了",
]  # fmt: skip
ON_PAPER = [
    "三号楼前面水管爆了，过不去人",
    "楼梯扶手松了，维修一下", "路灯白天也亮着", "自行车棚顶漏雨", "广场的健身器材坏了", "猫在车底下做窝",
    "电梯按钮坏了一个", "门前树挡住窗户",
]  # fmt: skip
BY_PROGRAM = [
    "传感器：二号电梯停运",
    "传感器：消防水压不够",
    "巡查：垃圾乱扔在楼后",
    "巡查：照明不亮两盏",
    "巡查：车棚占道",
    "巡查：绿化缺株",
]
IN_LETTERS = ["来信：遛狗不牵绳", "来信：噪音扰民到半夜", "来信：想在小区办文体活动", "来信：停车位怎么排队"]
PIPE = "水管爆了"


@dataclass
class Weekend:
    stage: Stage
    residents: list[Person]

    def browser(self, person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client


@pytest.fixture
def weekend(committed_stage: Stage, tmp_path: Path) -> Weekend:
    stage = committed_stage
    adopt_charter(stage.community, load("qingshan"), at=stage.later(seconds=1))
    residents = []
    for n in range(14):
        person = Person.objects.create_user(f"neighbour-{n}", f"邻居{n}")
        enrol(stage.community, person, stage.places["3-1-101"], ["resident"], at=stage.now)
        residents.append(person)
    cache.clear()
    here = Weekend(stage, residents)
    come_in(here, tmp_path)
    cache.clear()  # so many in a moment met the limits, which are tried elsewhere
    return here


def come_in(weekend: Weekend, folder: Path) -> None:
    """Each through its own channel: nothing is written past a door."""
    stage, place = weekend.stage, str(weekend.stage.places["3-1"].pk)
    for person, words in zip(weekend.residents, BY_PHONE, strict=True):
        sent = {"words": words, "place": place, "key": str(uuid4()), "anyway": "yes"}
        assert weekend.browser(person).post(reverse("portal:report"), sent).status_code == 302, words
    desk = weekend.browser(stage.people["wang"])
    for channel, said in (("call", BY_TELEPHONE), ("paper", ON_PAPER)):
        for n, words in enumerate(said):
            # Half of the callers are in the register; the others get a slip with a code to ask with.
            who = "林姨 3-2-301" if n % 2 == 0 else f"路过的{n}"
            sent = {"words": words, "channel": channel, "who": who, "place": place, "key": str(uuid4())}
            assert desk.post(reverse("portal:record-for"), sent).status_code == 302, words
    zhao = weekend.browser(stage.people["zhao"])
    for words in BY_PROGRAM:
        body = {"community": "xfl", "kind": "report", "place": place, "data": {"words": words}, "key": str(uuid4())}
        assert zhao.post("/api/v1/matters", body, content_type="application/json").status_code == 201, words
    brought = import_letters(stage.community, letters(folder), source="weekend", now=timezone.now())
    assert (brought.new, brought.refused) == (len(IN_LETTERS), [])


def letters(folder: Path) -> list[Letter]:
    file = folder / "letters.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["编号", "时间", "标题", "内容"])
        at = timezone.now().strftime("%Y-%m-%d")
        rows.writerows([n, at, words, words] for n, words in enumerate(IN_LETTERS))
    return [row for row in read_letters(file) if isinstance(row, Letter)]


def test_one_clerk_sorts_forty_and_everybody_knows(weekend: Weekend, open_page: OpenPage) -> None:
    stage = weekend.stage
    assert Matter.objects.count() == 40
    clerk = sign_in(open_page("desk"), stage, "wang")
    clerk.goto("/desk?step=sort")
    assert clerk.locator(".tabs [aria-current] b").inner_text() == "40"
    assert_axe_clean(clerk)
    typed = count_typing(clerk)
    clerk.keyboard.press("s")
    clerk.wait_for_url("**/m/*")
    merged = 0
    for n in range(40):
        clerk.locator("#alike a.button").wait_for(state="detached")  # what is alike has been looked for
        title = clerk.locator("h1").inner_text()
        if n in (0, 20):
            assert_axe_clean(clerk)
            assert_no_sideways_scroll(clerk)
        merged += one_more(clerk, title)
        if clerk.url.partition("?")[0].endswith("/desk"):
            break
    clerk.get_by_text("这一批都办过了。").wait_for()
    assert merged == 2 and typed() == 0, "nothing is typed a second time"
    assert_all_is_in_order(weekend)


def one_more(clerk: "Page", title: str) -> int:
    """Press one button: into the same thing where it stands beside, else the first of the charter's ways."""
    before = clerk.url
    same = clerk.locator("#alike li", has_text=PIPE).get_by_role("button")
    known = PIPE in title and same.count() > 0 and Matter.objects.filter(title__contains=PIPE, ended_as="").count() > 1
    if known:
        clerk.keyboard.press("m")
        same.first.click()
    else:
        clerk.keyboard.press("1")
    clerk.wait_for_url(lambda url: url != before)
    return int(known)


def count_typing(page: "Page") -> Callable[[], int]:
    """How many characters go into fields, on any page from now on."""
    typed: list[Any] = []
    page.expose_function("fieldTyped", lambda: typed.append(1))
    fields = "textarea, input:not([type=radio], [type=checkbox])"
    page.add_init_script(f"addEventListener('input', e => {{ if (e.target.matches('{fields}')) fieldTyped(); }})")
    return lambda: len(typed)


def assert_all_is_in_order(weekend: Weekend) -> None:
    """Each has an owner and a day; those of the pipe are one; everybody who reported has been told."""
    stage = weekend.stage
    assert not Step.objects.open().filter(key="sort").exists()
    for matter in Matter.objects.filter(ended_at=None):
        steps = list(Step.objects.open().filter(matter=matter))
        assert steps and all(step.due for step in steps), f"{matter} has no day"
        assert all(Party.objects.filter(step=step).exists() for step in steps), f"{matter} has no owner"
    pipe = Matter.objects.get(title__contains=PIPE, ended_at=None)
    assert Matter.objects.filter(ended_as="merged").count() == 2
    concerned = set(Party.objects.filter(matter=pipe, step=None).values_list("who", flat=True))
    reporters = {person_key(weekend.residents[0].pk), person_key(stage.people["lin"].pk)}
    assert reporters <= concerned, "every reporter of the pipe stays informed"
    tell()
    for matter in Matter.objects.all():
        told = Delivery.objects.filter(entry__stream=matter.pk, channel="page").values_list("to_id", flat=True)
        first = Entry.objects.get(stream=matter.pk, n=1)
        raiser = first.on_behalf_of_id or first.actor_id
        if Report.objects.filter(matter=matter, code_blind__isnull=False).exists() and first.on_behalf_of_id is None:
            continue  # a passer-by, whose code opens the story
        assert raiser in set(told) or not Person.objects.get(pk=raiser).is_active, f"nobody told who reported {matter}"
