"""To be erased: asked for by the person in two steps, by staff for who moved or died; two agree, or one says no."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.ask_erasure import ask_erasure
from weizhi.matters.actions.settle_erasure import agree_to_erasure
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Erasure, Holding, Person, Residence
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import matter_url, text
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry

MINE = "/mine/erase"


def at_desk(client: Client, person: Person, do: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("portal:erase-person", args=[person.pk]), {"do": do, **more})
    return answer


@pytest.fixture
def two(stage: Stage) -> Stage:
    """A second member of the committee: gao."""
    stage.now = timezone.now()
    stage.people["gao"] = Person.objects.create_user("gao", "高委员")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, stage.people["gao"], committee, "committee-member", "居委会委员", at=stage.now)
    return stage


def asked(enter: Enter) -> Client:
    lin = enter("lin")
    assert lin.post(MINE, {"do": "ask", "name": "林 姨"}).status_code == 302
    return lin


def test_the_page_says_what_goes_and_what_stays_and_asks_twice(two: Stage, enter: Enter) -> None:
    lin = enter("lin")
    page = text(lin.get(MINE))
    assert "会删掉" in page and "会留下，为什么" in page and "第四十七条" in page
    sure = lin.post(MINE, {"do": "sure"})
    assert "再确认一次" in text(sure) and not Erasure.objects.exists()
    wrong = lin.post(MINE, {"do": "ask", "name": "林"})
    assert wrong.status_code == 422 and 'value="林"' in wrong.content.decode() and not Erasure.objects.exists()
    done = lin.post(MINE, {"do": "ask", "name": "林姨"}, follow=True)
    assert "已经提出，等着核对" in text(done)
    entry = Entry.objects.get(verb="ask-erasure")
    assert (entry.actor, entry.public) == (two.people["lin"], {"ground": "consent-withdrawn"})


def test_two_agree_and_then_it_is_done(two: Stage, enter: Enter) -> None:
    report = two.report(words="三楼灯坏了")
    lin = asked(enter)
    wang, gao, person = enter("wang"), enter("gao"), two.people["lin"]
    assert "林姨" in text(wang.get(reverse("portal:erasures")))
    assert at_desk(wang, person, "agree").status_code == 422, "not without having checked"
    assert at_desk(wang, person, "agree", sure="yes").status_code == 302
    assert "您已经同意了" in text(wang.get(reverse("portal:erase-person", args=[person.pk])))
    assert at_desk(wang, person, "agree", sure="yes").status_code == 422, "not the same one twice"
    person.refresh_from_db()
    assert person.erased_at is None
    assert at_desk(gao, person, "agree", sure="yes").status_code == 302
    person.refresh_from_db()
    assert person.erased_at is not None
    asked_for = Erasure.objects.get()
    assert (asked_for.done, asked_for.first, asked_for.settled_by) == (True, two.people["wang"], two.people["gao"])
    page = text(gao.get(matter_url(report)))
    assert "三楼灯坏了" not in page and "林姨" not in page
    assert lin.get(MINE).headers["Location"].startswith("/account/login"), "the session has ended"


def test_a_yes_of_somebody_who_left_office_is_given_anew(two: Stage, enter: Enter) -> None:
    asked(enter)
    wang, gao, person = enter("wang"), enter("gao"), two.people["lin"]
    assert at_desk(gao, person, "agree", sure="yes").status_code == 302
    Holding.objects.filter(person=two.people["gao"]).update(until=timezone.now())
    assert at_desk(wang, person, "agree", sure="yes").status_code == 302
    person.refresh_from_db()
    assert person.erased_at is None and Erasure.objects.get().first == two.people["wang"]


def test_what_an_officer_wrote_down_goes_with_who_claimed_it(two: Stage, enter: Enter) -> None:
    done = two.report("zhou", words="我家门口有积水")
    claimed = Entry.objects.get(stream=done.matter_id, n=1)
    append(claimed.stream, "claim", Deed(at=two.now, actor=two.people["lin"]))
    asked(enter)
    for login in ("wang", "gao"):
        assert at_desk(enter(login), two.people["lin"], "agree", sure="yes").status_code == 302
    assert "积水" not in text(enter("gao").get(matter_url(done)))


def test_until_then_it_can_be_taken_back(two: Stage, enter: Enter) -> None:
    lin = asked(enter)
    at_desk(enter("wang"), two.people["lin"], "agree", sure="yes")
    assert "什么都没有删" in text(lin.post(MINE, {"do": "take-back"}, follow=True))
    assert at_desk(enter("gao"), two.people["lin"], "agree", sure="yes").status_code == 422
    two.people["lin"].refresh_from_db()
    assert two.people["lin"].erased_at is None


def test_whoever_says_no_says_why_and_the_person_reads_it(two: Stage, enter: Enter) -> None:
    lin, wang = asked(enter), enter("wang")
    assert at_desk(wang, two.people["lin"], "decline", why=" ").status_code == 422
    assert at_desk(wang, two.people["lin"], "decline", why="还有一件纠纷没有了结").status_code == 302
    assert "还有一件纠纷没有了结" in text(lin.get(MINE))
    assert lin.post(MINE, {"do": "ask", "name": "林姨"}).status_code == 302, "and may ask again"


def test_who_moved_away_is_found_by_name_and_erased_by_two(two: Stage, enter: Enter) -> None:
    wang, gao, zhao = enter("wang"), enter("gao"), two.people["zhao"]
    Residence.objects.filter(person=zhao).update(until=two.now)
    found = wang.post(reverse("portal:erasures"), {"q": "赵律师"})
    assert reverse("portal:erase-person", args=[zhao.pk]) in found.content.decode()
    assert at_desk(wang, zhao, "ask", ground="").status_code == 422
    assert at_desk(wang, zhao, "ask", ground="purpose-over").status_code == 302
    assert at_desk(wang, zhao, "ask", ground="purpose-over").status_code == 422, "once"
    assert at_desk(gao, zhao, "agree", sure="yes").status_code == 302
    zhao.refresh_from_db()
    assert zhao.erased_at is not None


def test_whoever_holds_a_post_and_whoever_is_of_elsewhere_is_not_erased_here(two: Stage, enter: Enter) -> None:
    wang = enter("wang")
    assert at_desk(wang, two.people["chen"], "ask", ground="purpose-over").status_code == 422
    assert wang.get(reverse("portal:erase-person", args=[two.people["guo"].pk])).status_code == 404
    page = enter("zhou").post(MINE, {"do": "ask", "name": "小周"})
    assert page.status_code == 422 and not Erasure.objects.exists()
    assert at_desk(enter("zhou"), two.people["lin"], "ask", ground="purpose-over").status_code == 404, "no keeper"


def test_nobody_agrees_to_his_own_and_nobody_from_elsewhere(two: Stage) -> None:
    lin = two.people["lin"]
    erasure = ask_erasure(two.community, lin, by=lin, at=two.now)
    for login in ("lin", "guo", "zhao"):
        with pytest.raises(Refused) as refused:
            agree_to_erasure(erasure, by=two.people[login], at=two.now)
        assert refused.value.code == "not-yours"
    with pytest.raises(Refused, match="已经提出过"):
        ask_erasure(two.community, lin, by=two.people["wang"], ground="purpose-over", at=two.now)


@pytest.mark.parametrize("login", ["lin", "wang"])
def test_the_pages_stay_within_their_queries(two: Stage, enter: Enter, query_budget: Any, login: str) -> None:
    client, lin = enter(login), two.people["lin"]
    for n in range(12):
        other = Person.objects.create_user(f"n{n}", f"邻居 {n}")
        Residence.objects.create(
            community=two.community, person=other, household=two.places["3-1-101"], status="resident", since=two.now
        )
        ask_erasure(two.community, other, by=other, at=two.now)
    ask_erasure(two.community, lin, by=lin, at=two.now)
    pages = [MINE] if login == "lin" else [
        reverse("portal:erasures"), reverse("portal:erase-person", args=[lin.pk]), MINE,
    ]  # fmt: skip
    for path in pages:
        client.get(path)
        with query_budget(10):
            assert client.get(path).status_code == 200
