"""An officer's word: found, enrolled, a new number, a lost telephone, moved away, died, stood twice."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.cli import main
from weizhi.matters.tests.conftest import Stage
from weizhi.people import vault
from weizhi.people.access import standing
from weizhi.people.models import Person, Residence
from weizhi.portal.tests.conftest import NUMBER, Enter, give_number
from weizhi.portal.tests.test_pages import text
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Entry

OTHER = "13900001111"


def say(client: Client, person: Person, do: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("portal:person-say", args=[person.pk]), {"do": do, **more})
    return answer


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("typed", ["林", "3-2", NUMBER, "138 0000 1234"])
def test_found_by_name_home_or_whole_number(stage: Stage, enter: Enter, typed: str) -> None:
    give_number(stage.people["lin"])
    page = enter("wang").post(reverse("portal:people"), {"q": typed})
    assert "林姨 3 号楼 2 单元 301 室" in text(page)
    assert NUMBER not in page.content.decode().replace(f'value="{NUMBER}"', "")


def test_people_of_other_communities_do_not_exist(stage: Stage, enter: Enter) -> None:
    wang, guo = enter("wang"), stage.people["guo"]
    assert "郭先生" not in text(wang.post(reverse("portal:people"), {"q": "郭先生"})).replace("没有找到“郭先生”", "")
    assert wang.get(reverse("portal:person", args=[guo.pk])).status_code == 404
    assert say(wang, guo, "died").status_code == 404
    assert fresh(guo).is_active


@pytest.mark.parametrize("login", ["lin", "zhou", "chen", "guo"])
def test_the_register_is_kept_by_the_committee_alone(stage: Stage, enter: Enter, login: str) -> None:
    client, lin = enter(login), stage.people["lin"]
    assert client.get(reverse("portal:people")).status_code == 404
    assert client.get(reverse("portal:person", args=[lin.pk])).status_code == 404
    assert say(client, lin, "number", phone=OTHER).status_code == 404
    assert client.post(reverse("portal:person-new"), {"name": "甲"}).status_code == 404


def test_somebody_new_is_enrolled_and_can_sign_in(stage: Stage, enter: Enter, client: Client) -> None:
    sent = {"name": "周小雨", "home": "3-1-101", "status": ["owner", "resident"], "proof": "房产证", "phone": OTHER}
    done = enter("wang").post(reverse("portal:person-new"), sent)
    person = Person.objects.get(name="周小雨")
    assert done.headers["Location"] == reverse("portal:person", args=[person.pk])
    assert {"status:owner@xfl", "status:resident@xfl/e1/3"} <= standing(person, timezone.now()).keys
    assert client.post(reverse("account_request_login_code"), {"phone": OTHER}).status_code == 302
    entry = Entry.objects.filter(verb="enrol").latest("at")
    assert (entry.actor, entry.public["proof"]) == (stage.people["wang"], "房产证")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": " "}, "请写上名字"),
        ({"home": "9-101"}, "没有这个门牌号"),
        ({"status": []}, "什么关系"),
        ({"phone": "12"}, "不像一个手机号"),
        ({"phone": NUMBER}, "已经登记给别人了"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    stage: Stage, enter: Enter, more: dict[str, Any], why: str
) -> None:
    give_number(stage.people["lin"])
    sent = {"name": "周小雨", "home": "3-1-101", "status": ["resident"], "phone": OTHER, **more}
    refused = enter("wang").post(reverse("portal:person-new"), sent)
    assert refused.status_code == 422 and why in text(refused)
    assert f'value="{sent["home"]}"' in refused.content.decode(), "what was typed is still there"
    assert not Person.objects.filter(name="周小雨").exists()


def test_a_second_home_and_moving_out_of_the_first(stage: Stage, enter: Enter) -> None:
    wang, lin = enter("wang"), stage.people["lin"]
    assert say(wang, lin, "enrol", home="3-1-101", status="tenant").status_code == 302
    assert "已经这样登记" in text(say(wang, lin, "enrol", home="3-1-101", status="tenant"))
    for home in Residence.objects.filter(person=lin, household=stage.places["3-2-301"]):
        say(wang, lin, "moved", residence=str(home.pk))
    assert standing(lin, timezone.now()).homes == (stage.places["3-1-101"].path,)


def test_a_new_number_and_a_lost_telephone(stage: Stage, enter: Enter) -> None:
    wang, lin, hers = enter("wang"), stage.people["lin"], enter("lin")
    assert say(wang, lin, "number", phone=OTHER).status_code == 302
    assert vault.get(fresh(lin), vault.PHONE) == OTHER
    assert hers.get(reverse("portal:mine")).status_code == 200
    say(wang, lin, "lost")
    assert fresh(lin).phone_blind == ""
    assert hers.get(reverse("portal:mine")).status_code == 302, "the session that was open on it is over"
    verbs = Entry.objects.filter(verb__in=("set-number", "lost-telephone")).values_list("verb", "actor")
    assert set(verbs) == {("set-number", stage.people["wang"].pk), ("lost-telephone", stage.people["wang"].pk)}


@pytest.mark.parametrize("do", ["number", "lost", "died", "twice"])
def test_whoever_holds_a_post_is_not_helped_by_colleagues(stage: Stage, enter: Enter, do: str) -> None:
    give_number(stage.people["zhou"])
    for login in ("zhou", "wang"):
        refused = say(enter("wang"), stage.people[login], do, phone=OTHER)
        assert refused.status_code == 422 and "系统管理员" in text(refused)
    assert vault.get(fresh(stage.people["zhou"]), vault.PHONE) == NUMBER
    assert fresh(stage.people["zhou"]).is_active


def test_who_died_signs_in_no_more(stage: Stage, enter: Enter) -> None:
    hers = enter("lin")
    done = say(enter("wang"), stage.people["lin"], "died")
    assert done.headers["Location"] == reverse("portal:people")
    assert not fresh(stage.people["lin"]).is_active
    assert hers.get(reverse("portal:mine")).status_code == 302


def test_two_lines_become_one(stage: Stage, enter: Enter) -> None:
    lin = stage.people["lin"]
    double = Person.objects.create_user("lin2", "林姨")
    enrol(stage.community, double, stage.places["3-1-101"], ["tenant"], at=stage.now)
    wang = enter("wang")
    assert "lin2" in text(wang.get(reverse("portal:person", args=[lin.pk])))
    say(wang, lin, "twice", double=str(double.pk))
    assert not fresh(double).is_active
    assert stage.places["3-1-101"].path in standing(lin, timezone.now()).homes
    assert "请选和他重复的那一条" in text(say(wang, lin, "twice", double=str(stage.people["guo"].pk)))


@pytest.mark.parametrize("number", [2, 12])
def test_no_page_asks_more_than_ten_times(stage: Stage, enter: Enter, query_budget: Any, number: int) -> None:
    for n in range(number):
        one = Person.objects.create_user(f"n{n}", "林姨")
        enrol(stage.community, one, stage.places["3-1-101"], ["resident", "tenant"], at=stage.now)
    wang, lin = enter("wang"), enter("lin")
    looks = [
        lambda: wang.post(reverse("portal:people"), {"q": "林"}),
        lambda: wang.get(reverse("portal:person", args=[stage.people["lin"].pk])),
        lambda: wang.get(reverse("portal:letters"), {"under": "3"}),
        lambda: lin.get(reverse("portal:homes")),
        lambda: lin.get(reverse("portal:report"), {"at": "square"}),
    ]
    for look in looks:
        look()
        with query_budget(10):
            assert look().status_code == 200


def test_what_is_no_verb_is_nothing(stage: Stage, enter: Enter) -> None:
    assert say(enter("wang"), stage.people["lin"], "promote").status_code == 404


# --- erased, by two people, from the command line ----------------------------------------------------------


def erase(*more: str) -> int:
    return main(["people", "erase", "lin", "--community", "xfl", "--by", "wang", *more])


def test_two_people_erase_one_who_asks_for_it(stage: Stage, enter: Enter, capsys: pytest.CaptureFixture[str]) -> None:
    stage.report(words="我家的灯坏了")
    hers = enter("lin")
    assert erase("--second", "wang", "--ground", "consent-withdrawn") == 1
    assert "两个人" in capsys.readouterr().err
    assert erase("--second", "zhou", "--ground", "a-whim") == 1
    assert "法律依据" in capsys.readouterr().err
    assert erase("--second", "zhou", "--ground", "consent-withdrawn") == 0
    assert "删除了 1 份内容" in capsys.readouterr().out
    assert hers.get(reverse("portal:mine")).status_code == 302
    assert not Person.objects.filter(login="lin").exists()
