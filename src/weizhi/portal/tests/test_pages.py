"""The pages: what a resident and an officer see, what a refusal gives back, and what it costs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.record.models import Delivery, Entry, Payload

Budget = Callable[[int], AbstractContextManager[None]]
PAGES = 10
REPORT = 12


def picture(name: str = "lamp.jpg") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (640, 480), "#665544").save(file, "JPEG")
    file.seek(0)
    file.name = name
    return file


def matter_url(done: Done | Matter) -> str:
    return reverse("portal:matter", args=[done.matter_id if isinstance(done, Done) else done.pk])


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def hidden(answer: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no hidden {name} in the page"
    return found[1]


def send_report(client: Client, stage: Stage, **sent: Any) -> HttpResponse:
    shown = {
        "key": str(uuid4()),
        "place": str(stage.places["3-2"].pk),
        "anyway": "yes",
    }
    answer: HttpResponse = client.post(reverse("portal:report"), {**shown, **sent})
    return answer


# --- reporting -----------------------------------------------------------------------------------------


def test_a_report_leads_to_its_story(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    answer = send_report(lin, stage, words="三楼楼道灯不亮了", photos=picture())
    assert answer.status_code == 302, text(answer)
    page = lin.get(answer.headers["Location"])
    assert "收到了。编号 0001。" in text(page)
    assert "3 号楼 2 单元" in text(page)
    assert "网格员 小周" in text(page), "who comes next is told by name"
    assert page.content.count(b"/small") == 1, "the photo stands in the story"


def test_a_refused_report_gives_back_what_was_typed_and_the_photo(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    elsewhere = str(stage.places["square"].pk)
    refused = send_report(lin, stage, words="", place="other", other_place=elsewhere, photos=picture())
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert f'name="other_place" value="{elsewhere}" checked' in refused.content.decode()
    kept = hidden(refused, "kept_photos")
    assert lin.get(reverse("portal:draft", args=[kept])).headers["Content-Type"] == "image/jpeg"
    again = send_report(lin, stage, words="广场的灯", place="other", other_place=elsewhere, kept_photos=kept)
    matter = Matter.objects.get()
    assert again.headers["Location"].startswith(matter_url(matter))
    assert matter.place == stage.places["square"]
    assert Payload.objects.filter(part="file:1").count() == 1


def test_a_photo_kept_for_one_person_is_nobody_elses(stage: Stage, enter: Enter) -> None:
    kept = hidden(send_report(enter("lin"), stage, words="", photos=picture()), "kept_photos")
    zhao = enter("zhao")
    assert zhao.get(reverse("portal:draft", args=[kept])).status_code == 404
    send_report(zhao, stage, words="借一张照片", kept_photos=kept)
    assert not Payload.objects.filter(part="file:1").exists()


def test_something_else_than_a_photo_is_refused_with_what_to_do(stage: Stage, enter: Enter) -> None:
    fake = BytesIO(b"<svg onload=alert(1)>")
    fake.name = "lamp.jpg"
    refused = send_report(enter("lin"), stage, words="灯坏了", photos=fake)
    assert refused.status_code == 422
    assert "SVG 图不能当照片用" in text(refused)
    assert "灯坏了" in text(refused)
    assert not Matter.objects.exists()


def test_the_same_form_sent_twice_reports_once(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    key = hidden(lin.get(reverse("portal:report")), "key")
    places = [send_report(lin, stage, words="灯坏了", key=key).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert Matter.objects.count() == 1


# --- acting --------------------------------------------------------------------------------------------


def do(client: Client, done: Done, page: HttpResponse, **sent: str) -> HttpResponse:
    form = {"key": str(uuid4()), "step": hidden(page, "step"), "verb": hidden(page, "verb"), **sent}
    answer: HttpResponse = client.post(reverse("portal:act", args=[done.matter_id]), form)
    return answer


def test_an_officer_sorts_by_the_charters_own_words(stage: Stage, enter: Enter) -> None:
    done, zhou = stage.report(), enter("zhou")
    page = zhou.get(matter_url(done))
    outcomes = re.findall(r'name="outcome" value="([^"]+)"', page.content.decode())
    assert outcomes, "each outcome of the charter is a button"
    assert do(zhou, done, page, outcome=outcomes[0]).status_code == 302
    assert stage.stands_at(done) != ["sort"]


def test_the_suggestion_stands_in_the_sorting_with_its_reason_and_can_be_corrected(stage: Stage, enter: Enter) -> None:
    done, zhou = stage.report(words="单元门口的灯坏了，照明太黑"), enter("zhou")
    page = zhou.get(matter_url(done))
    assert '<option value="lighting" selected>' in page.content.decode()
    assert "看着像“照明”（很有把握 " in text(page) and "因为说到“灯”、“照明”、“黑”" in text(page)
    sent = {"verb": "sort", "step": hidden(page, "step"), "outcome": "ours", "category": "repair", "key": str(uuid4())}
    assert zhou.post(f"{matter_url(done)}/act", sent).status_code == 302
    assert Matter.objects.get().category == "repair"


def test_whoever_may_not_act_reads_why_and_gets_no_form(stage: Stage, enter: Enter) -> None:
    page = enter("chen").get(matter_url(stage.report()))
    assert "为什么我不能？" in text(page)
    assert "章程原文" in text(page)
    assert 'name="step"' not in page.content.decode()


def test_a_step_that_is_gone_is_told_and_the_page_is_fresh(stage: Stage, enter: Enter) -> None:
    done, zhou = stage.report(), enter("zhou")
    page = zhou.get(matter_url(done))
    outcome = re.findall(r'name="outcome" value="([^"]+)"', page.content.decode())[0]
    assert do(zhou, done, page, outcome=outcome).status_code == 302
    late = do(zhou, done, page, outcome=outcome)
    assert late.status_code == 409
    assert "已经有人办过了" in text(late)


def test_an_outsider_finds_nothing(stage: Stage, enter: Enter) -> None:
    done = stage.report()
    guo = enter("guo")
    assert guo.get(matter_url(done)).status_code == 404
    assert guo.post(reverse("portal:act", args=[done.matter_id]), {"verb": "comment", "words": "?"}).status_code == 404
    assert "楼道灯" not in text(guo.get(reverse("portal:common")))


def test_neighbours_do_not_read_who_reported(stage: Stage, enter: Enter) -> None:
    done = stage.report(by="lin")
    assert "林姨" not in text(enter("zhao").get(matter_url(done)))
    assert "林姨" not in text(enter("zhao").get(reverse("portal:common")))
    assert "林姨" in text(enter("zhou").get(matter_url(done)))


def test_an_inner_note_stays_with_those_who_handle(stage: Stage, enter: Enter) -> None:
    done = stage.report()
    stage.act(done, "note", "zhou", data={"words": "这户去年也报过"})
    assert "去年也报过" in text(enter("zhou").get(matter_url(done)))
    assert "去年也报过" not in text(enter("lin").get(matter_url(done)))
    assert "去年也报过" not in text(enter("lin").get(reverse("portal:home")))


def test_what_people_write_is_shown_as_text(stage: Stage, enter: Enter) -> None:
    done = stage.report(words="<script>alert(1)</script> & <b>灯</b>")
    page = enter("lin").get(matter_url(done)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- the desk ------------------------------------------------------------------------------------------


def test_the_work_table_keeps_its_filters_in_the_address(stage: Stage, enter: Enter) -> None:
    for n in range(30):
        stage.report(words=f"第{n}盏灯" if n % 2 else f"第{n}个垃圾桶")
    zhou = enter("zhou")
    page = zhou.get(reverse("portal:desk"), {"q": "垃圾桶"})
    assert page.content.decode().count('<tr role="row">') == 15 + 1
    assert "盏灯" not in text(page)
    assert 'value="垃圾桶"' in page.content.decode()
    first = zhou.get(reverse("portal:desk"))
    assert first.content.decode().count('<tr role="row">') == 25 + 1
    assert "page=2" in first.content.decode()


def test_a_step_that_waits_for_two_of_my_keys_is_one_line(stage: Stage, enter: Enter) -> None:
    done = stage.report()
    assert enter("zhou").get(reverse("portal:desk")).content.decode().count(matter_url(done)) == 1


def test_an_empty_desk_says_so(stage: Stage, enter: Enter) -> None:
    assert "都办完了" in text(enter("chen").get(reverse("portal:desk")))


def test_no_match_offers_the_way_back(stage: Stage, enter: Enter) -> None:
    page = enter("zhou").get(reverse("portal:desk"), {"q": "没有的事"})
    assert "没有找到" in text(page)
    assert "去掉条件" in text(page)


# --- notices, switches, liveliness ---------------------------------------------------------------------


def test_notices_are_read_by_pressing_not_by_looking(stage: Stage, enter: Enter) -> None:
    done = stage.report()
    entry = Entry.objects.get(pk=done.entry_id)
    Delivery.objects.create(entry=entry, to=stage.people["lin"], channel="page", send_at=done.at)
    lin = enter("lin")
    page = lin.get(reverse("portal:notices"))
    assert "没看过：" in text(page)
    assert Delivery.objects.filter(seen_at__isnull=True).exists()
    lin.post(reverse("portal:seen"))
    assert not Delivery.objects.filter(seen_at__isnull=True).exists()


def test_the_pulse_is_silent_until_the_story_goes_on(stage: Stage, enter: Enter) -> None:
    done, lin = stage.report(), enter("lin")
    url = reverse("portal:pulse", args=[done.matter_id, done.n])
    assert lin.get(url).status_code == 204
    stage.act(done, "comment", "zhao", data={"words": "我家也是"})
    assert lin.get(url).status_code == 200
    assert enter("guo").get(url).status_code == 204


@pytest.mark.parametrize(("name", "value"), [("size", "large"), ("theme", "dark")])
def test_the_switches_work_without_a_script(stage: Stage, enter: Enter, name: str, value: str) -> None:
    lin = enter("lin")
    answer = lin.post(reverse("portal:look"), {name: value, "next": "/mine"})
    assert answer.headers["Location"] == "/mine"
    assert f'data-{name}="{value}"' in lin.get("/mine").content.decode()


def test_the_switches_lead_nowhere_else(stage: Stage, enter: Enter) -> None:
    answer = enter("lin").post(reverse("portal:look"), {"size": "large", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


# --- what it costs -------------------------------------------------------------------------------------


def grow(stage: Stage, number: int) -> list[Done]:
    grown = []
    for n in range(number):
        grown.append(stage.report(by="lin" if n % 2 else "zhao", words=f"第{n}盏灯不亮"))
        stage.act(grown[-1], "comment", "zhou", data={"words": "看到了"})
    return grown


@pytest.mark.parametrize("number", [3, 30])
def test_no_page_asks_more_than_ten_times(stage: Stage, enter: Enter, query_budget: Budget, number: int) -> None:
    done = grow(stage, number)[0]
    pages = {
        "lin": ["home", "common", "mine", "notices", "report"],
        "zhou": ["desk", "common", "mine", "notices"],
        "wang": ["desk"],
    }
    for login, names in pages.items():
        client = enter(login)
        urls = [*(reverse(f"portal:{name}") for name in names), matter_url(done)]
        if "desk" in names:
            urls += [reverse("portal:desk") + query for query in ("?view=open", "?view=ended", "?q=灯&view=late")]
        for url in urls:
            client.get(url)  # charters and names are read once in a process
            with query_budget(PAGES):
                assert client.get(url).status_code == 200, url


def test_taking_a_report_asks_at_most_twelve_times(stage: Stage, enter: Enter, query_budget: Budget) -> None:
    lin = enter("lin")
    send_report(lin, stage, words="先报一件")
    with query_budget(REPORT):
        assert send_report(lin, stage, words="灯坏了", photos=picture()).status_code == 302


# --- going on where something ended, and recording for a neighbour ----------------------------------------


def test_what_ended_goes_on_in_a_report_that_follows_it(stage: Stage, enter: Enter) -> None:
    done, lin = stage.report(place="3-2"), enter("lin")
    stage.act(done, "withdraw", "lin")
    offered = re.search(r'href="([^"]*follows=[^"]*)"', lin.get(matter_url(done)).content.decode())
    assert offered
    form = lin.get(offered[1].replace("&amp;", "&"))
    assert "接着这件事：" in text(form)
    again = send_report(lin, stage, words="灯又坏了", follows=hidden(form, "follows"))
    later = Matter.objects.get(follows=done.matter_id)
    assert matter_url(later) in again.headers["Location"]
    assert "接着 0001" in text(lin.get(matter_url(later)))
    assert "后来又报了 0002" in text(lin.get(matter_url(done)))


def test_nobody_follows_what_he_may_not_see(stage: Stage, enter: Enter) -> None:
    done = stage.report()
    stage.act(done, "withdraw", "lin")
    form = enter("guo").get(reverse("portal:report"), {"follows": str(done.matter_id)})
    assert "楼道灯" not in text(form)


def test_an_officer_records_for_a_neighbour_who_sees_it(stage: Stage, enter: Enter) -> None:
    zhou = enter("zhou")
    form = zhou.get(reverse("portal:report")).content.decode()
    assert 'name="behalf"' in form and "林姨" not in form, "names are looked up, not listed"
    send_report(zhou, stage, words="电梯有异响", behalf="林姨 3-2-301")
    matter = Matter.objects.get()
    assert "由小周当面代为登记" in text(enter("lin").get(matter_url(matter)))
    assert "电梯有异响" in text(enter("lin").get(reverse("portal:mine")))


@pytest.mark.parametrize("typed", ["林姨", "林姨 3-1-101", "没有这个人 3-2-301"])
def test_who_is_not_known_by_name_and_home_is_asked_for_again(stage: Stage, enter: Enter, typed: str) -> None:
    refused = send_report(enter("zhou"), stage, words="电梯有异响", behalf=typed)
    assert refused.status_code == 422 and "没认出这位居民" in text(refused)
    assert f'value="{typed}"' in refused.content.decode() and not Matter.objects.exists()


@pytest.mark.parametrize("typed", ["赵律师 3-1-101", "没有这个人 3-2-301"])
def test_a_resident_cannot_record_for_another_nor_try_names(stage: Stage, enter: Enter, typed: str) -> None:
    lin = enter("lin")
    assert 'name="behalf"' not in lin.get(reverse("portal:report")).content.decode()
    refused = send_report(lin, stage, words="替他报", behalf=typed)
    assert refused.status_code == 403 and "只有本社区的工作人员" in text(refused)
    assert not Matter.objects.exists()


def test_the_rail_of_staff_leads_to_where_one_writes_down_for_others(stage: Stage, enter: Enter) -> None:
    desk, phone = enter("zhou").get(reverse("portal:desk")), enter("lin").get(reverse("portal:home"))
    assert re.search(r'href="/report/for" class="raised"', desk.content.decode())
    assert re.search(r'href="/report" class="raised"', phone.content.decode())
    assert f'href="{reverse("portal:report")}"' in enter("zhou").get(reverse("portal:record-for")).content.decode()
