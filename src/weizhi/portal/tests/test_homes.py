"""Bound to a home by a letter; several homes; moved away; all that is held about me."""

import json
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.act import raise_matter
from weizhi.matters.recorded import Recorded
from weizhi.matters.tests.conftest import Stage
from weizhi.people import vault
from weizhi.people.access import standing
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.portal.accounts.home_codes import code_for, holds_until, household_with
from weizhi.portal.accounts.joining import BY_LETTER_AT_MOST
from weizhi.portal.tests.conftest import NUMBER, Enter, give_number
from weizhi.portal.tests.test_pages import text
from weizhi.record.models import Entry
from weizhi.reports.actions.claim import claim
from weizhi.reports.models import Report
from weizhi.reports.slips import code_of

OTHER = "13900001111"


def code(place: Place) -> str:
    return code_for(place, timezone.localdate())


def add(client: Client, place: Place, **more: str) -> HttpResponse:
    sent = {"home": place.code, "code": code(place), "status": "resident", **more}
    answer: HttpResponse = client.post(reverse("portal:homes"), sent)
    return answer


def come(client: Client, place: Place, **more: str) -> HttpResponse:
    sent = {"home": place.code, "code": code(place), "status": "tenant", "name": "周小雨", "phone": OTHER, **more}
    answer: HttpResponse = client.post(reverse("portal:join"), sent)
    return answer


# --- the code of a letter -------------------------------------------------------------------------------


def test_a_code_opens_its_own_home_for_three_months(stage: Stage) -> None:
    home, other = stage.places["3-2-301"], stage.places["3-1-101"]
    printed = date(2026, 11, 30)
    digits = code_for(home, printed)
    assert holds_until(printed) == date(2027, 1, 31)
    assert household_with("3-2-301", f"{digits[:4]} {digits[4:]}", date(2027, 1, 31)) == home
    assert household_with(home.path, digits, printed) == home
    assert household_with("3-2-301", digits, date(2027, 2, 1)) is None
    assert household_with(other.code, digits, printed) is None
    assert household_with("3-2-301", code_for(home, date(2026, 12, 1)), printed) is None, "not before it was printed"
    assert household_with("", digits, printed) is None


# --- somebody who is known already ----------------------------------------------------------------------


def test_a_letter_adds_a_second_home_also_elsewhere(stage: Stage, enter: Enter) -> None:
    lin, nine = enter("lin"), stage.places["9-101"]
    assert add(lin, nine, status="tenant").status_code == 302
    page = text(lin.get(reverse("portal:homes")))
    assert "幸福里 3 号楼 2 单元 301 室" in page and "光明里 9 号楼 101" in page
    assert stage.other.pk in standing(stage.people["lin"], timezone.now()).communities
    entry = Entry.objects.filter(verb="enrol").latest("at")
    assert (entry.actor, entry.public["proof"]) == (stage.people["lin"], "letter")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"code": "00000000"}, "对不上"),
        ({"code": ""}, "对不上"),
        ({"home": "3-2-999"}, "对不上"),
        ({"status": "owner"}, "房主请到居委会登记"),
    ],
)
def test_what_does_not_fit_is_refused_and_stays(stage: Stage, enter: Enter, more: dict[str, str], said: str) -> None:
    zhao = enter("zhao")
    refused = add(zhao, stage.places["3-2-301"], **more)
    assert refused.status_code == 422 and said in text(refused)
    assert Residence.objects.filter(person=stage.people["zhao"]).count() == 1


def test_the_same_home_is_added_once(stage: Stage, enter: Enter) -> None:
    assert "您已经登记在这一户了" in text(add(enter("lin"), stage.places["3-2-301"]))


def test_guessing_is_locked_after_a_few_tries(stage: Stage, enter: Enter, client: Client) -> None:
    for n in range(5):
        come(client, stage.places["3-2-301"], code=f"{n:08}")
    assert come(client, stage.places["3-2-301"]).status_code == 429
    assert not Person.objects.filter(name="周小雨").exists()


def test_a_letter_that_went_round_is_stopped(stage: Stage, enter: Enter, client: Client) -> None:
    for n in range(BY_LETTER_AT_MOST):
        assert come(client, stage.places["3-2-301"], phone=f"1390000{n:04}").status_code == 200
    assert "请到居委会登记" in text(come(client, stage.places["3-2-301"], phone="13911110000"))


# --- somebody new ---------------------------------------------------------------------------------------


def test_a_newcomer_is_bound_to_the_home_and_signs_in_by_a_code(stage: Stage, client: Client) -> None:
    assert "登记好了" in text(come(client, stage.places["3-2-301"]))
    person = Person.objects.get(name="周小雨")
    assert vault.get(person, vault.PHONE) == OTHER and not person.has_usable_password()
    assert "status:resident@xfl" in standing(person, timezone.now()).keys
    asked = client.post(reverse("account_request_login_code"), {"phone": OTHER})
    assert asked.status_code == 302 and "confirm" in asked.headers["Location"]


@pytest.mark.parametrize(("more", "said"), [({"name": " "}, "您的名字"), ({"phone": "12"}, "不像一个手机号")])
def test_a_newcomer_without_name_or_number_is_asked_for_it(
    stage: Stage, client: Client, more: dict[str, str], said: str
) -> None:
    assert said in text(come(client, stage.places["3-2-301"], **more))
    assert not Person.objects.filter(name="周小雨").exists()


def test_a_number_that_is_known_signs_in_instead(stage: Stage, client: Client) -> None:
    give_number(stage.people["zhao"])
    assert "已经登记过了" in text(come(client, stage.places["3-2-301"], phone=NUMBER))


# --- moved away -----------------------------------------------------------------------------------------


def test_whoever_moved_away_is_no_resident_any_more(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    for home in Residence.objects.filter(person=stage.people["lin"]):
        assert lin.post(reverse("portal:home-leave", args=[home.pk])).status_code == 302
    assert not standing(stage.people["lin"], timezone.now()).homes
    assert Entry.objects.filter(verb="move-out").count() == 2
    assert Residence.objects.filter(person=stage.people["lin"], until__isnull=False).count() == 2, "history stays"


def test_nobody_moves_another_out(stage: Stage, enter: Enter) -> None:
    home = Residence.objects.filter(person=stage.people["lin"])[0]
    assert enter("zhao").post(reverse("portal:home-leave", args=[home.pk])).status_code == 404
    assert Residence.objects.get(pk=home.pk).until is None


# --- letters --------------------------------------------------------------------------------------------


def test_letters_are_made_by_those_who_keep_the_census(stage: Stage, enter: Enter) -> None:
    page = enter("wang").get(reverse("portal:letters"), {"under": "3"})
    digits = code(stage.places["3-2-301"])
    assert f"{digits[:4]} {digits[4:]}" in text(page) and "3 号楼 1 单元 101 室" in text(page)
    assert "光明" not in text(page)
    for other in ("zhou", "lin", "guo"):
        assert enter(other).get(reverse("portal:letters")).status_code == 404


# --- all that is held about me --------------------------------------------------------------------------


def held(client: Client) -> Any:
    return json.loads(client.get(reverse("portal:my-data")).content)


def test_my_data_are_whole_and_mine_alone(stage: Stage, enter: Enter) -> None:
    give_number(stage.people["lin"])
    stage.report(words="灯坏了，找13800138000")
    mine = held(enter("lin"))
    assert mine["person"]["phone"] == NUMBER
    assert {home["as"] for home in mine["homes"]} == {"owner", "resident"}
    assert mine["said"][0]["parts"]["words:whole"] == "灯坏了，找13800138000"
    assert held(enter("zhao"))["said"] == []


def test_what_an_officer_wrote_down_for_others_is_not_the_officers(stage: Stage, enter: Enter) -> None:
    common: dict[str, Any] = {"by": stage.people["zhou"], "at": timezone.now(), "place": stage.places["3-2"].pk}
    caller, lin = Recorded("call", "周大爷", OTHER), stage.people["lin"]
    raise_matter(stage.community, "report", data={"words": "甲"}, recorded=caller, **common)
    raise_matter(stage.community, "report", data={"words": "乙"}, recorded=Recorded("door"), on_behalf_of=lin, **common)
    own = json.dumps(held(enter("zhou")), ensure_ascii=False)
    assert "周大爷" not in own and OTHER not in own and "乙" not in own
    assert held(enter("lin"))["said"][0]["parts"]["words"] == "乙"


def test_what_was_claimed_with_a_slip_is_the_callers(stage: Stage, enter: Enter) -> None:
    place, caller = stage.places["3-2"].pk, Recorded("call", "周大爷", OTHER)
    done = raise_matter(
        stage.community, "report", by=stage.people["zhou"], data={"words": "甲"}, recorded=caller,
        at=timezone.now(), place=place,
    )  # fmt: skip
    claim(code_of(done.matter_id, Report.objects.get(matter=done.matter_id).turn), by=stage.people["lin"])
    assert [said["parts"].get("words") for said in held(enter("lin"))["said"]] == ["甲", None]
    assert held(enter("zhou"))["said"] == []
