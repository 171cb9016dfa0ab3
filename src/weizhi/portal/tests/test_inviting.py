"""Invitations on the page: one's own, the officer's list of letters, numbers for others, and the code on a letter."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.letters import code_of
from weizhi.deliberation.models import Invitation
from weizhi.deliberation.tests.test_invitations import TOML
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.inviting import papers
from weizhi.portal.inviting.page import meeting_of
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import matter_url, text
from weizhi.record import clock


@pytest.fixture
def topic(stage: Stage) -> Done:
    stage.now = clock.now() - timedelta(hours=1)  # pages go by the clock on the wall
    stage.adopt(TOML)
    done = stage.report("lin", "楼道堆物", kind="topic", place="3-2-301")
    run_due(stage.later(minutes=1))
    return done


def page(topic: Done) -> str:
    return reverse("portal:invited", args=[topic.matter_id])


def test_an_invited_home_reads_why_and_answers(stage: Stage, enter: Enter, topic: Done) -> None:
    lin = enter("lin")
    assert "这件事关系到您家，请您来商量" in text(lin.get(matter_url(topic)))
    assert "您来吗？" in text(lin.get(page(topic))) and "3-1-101" not in text(lin.get(page(topic)))
    sent = lin.post(page(topic), {"verb": "answer-invitation", "outcome": "yes", "words": "周末可以"})
    assert sent.status_code == 302
    assert "回了：来（手机上）“周末可以”" in text(lin.get(page(topic)))


def test_the_officer_ticks_many_letters(stage: Stage, enter: Enter, topic: Done) -> None:
    wang = enter("wang")
    shown = text(wang.get(page(topic)))
    assert "同一单元" in shown and "还没有送到" in shown and "2 户里送到 0 户" in shown
    sent = wang.post(page(topic), {"verb": "letters-delivered", "line": ["1", "2"], "outcome": "box", "key": "k1"})
    assert sent.status_code == 302
    assert "2 户里送到 2 户" in text(wang.get(page(topic))) and "信：放进信箱" in text(wang.get(page(topic)))


def test_what_was_ticked_stays_when_a_word_is_missing(stage: Stage, enter: Enter, topic: Done) -> None:
    wang = enter("wang")
    sent = wang.post(page(topic), {"verb": "letters-delivered", "line": ["2"], "outcome": "refused", "key": "k1"})
    assert sent.status_code == 422
    assert "不收的信，请写一句经过" in text(sent) and 'value="2" checked' in sent.content.decode()


def test_others_read_numbers_and_no_doors(stage: Stage, enter: Enter, topic: Done) -> None:
    zhao = enter("zhao")
    shown = text(zhao.get(page(topic)))
    assert "请了 2 户、1 个组织" in shown and "301" not in shown
    sent = zhao.post(page(topic), {"verb": "answer-invitation", "outcome": "yes"})
    assert sent.status_code == 403 and not Invitation.objects.filter(comes__isnull=False).exists()
    assert zhao.post(page(topic), {"verb": "letters-delivered", "line": "1", "outcome": "box"}).status_code == 403
    assert zhao.get(reverse("portal:invitation-letters", args=[topic.matter_id])).status_code == 404


def test_the_neighbour_next_door_finds_nothing(stage: Stage, enter: Enter, topic: Done) -> None:
    guo = enter("guo")
    for name in ("portal:invited", "portal:invitation-letters"):
        assert guo.get(reverse(name, args=[topic.matter_id])).status_code == 404


def test_the_letters_are_a_pdf_of_two_on_a_sheet(stage: Stage, enter: Enter, topic: Done) -> None:
    answered = enter("wang").get(reverse("portal:invitation-letters", args=[topic.matter_id]))
    assert answered.status_code == 200 and answered.content.startswith(b"%PDF")
    rows = list(Invitation.objects.homes().order_by("n").select_related("home__parent__parent"))
    told = papers.content(stage.matter(topic), rows, "楼道堆物", meeting_of(stage.matter(topic)), "幸福里居委会")
    assert [one["n"] for one in told["letters"]] == ["1", "2"] and told["letters"][0]["because"] == "同一单元"
    assert told["letters"][0]["code"].replace(" ", "") == code_of(rows[0].pk)
    assert len(papers.typeset(told, "png")) == 1


def test_the_code_opens_the_letter_and_answers_without_an_account(stage: Stage, client: Client, topic: Done) -> None:
    first = Invitation.objects.homes().order_by("n").first()
    assert first is not None
    code, address = code_of(first.pk), reverse("portal:invitation")
    shown = client.post(address, {"code": code})
    assert "楼道堆物" in text(shown) and "您来吗？" in text(shown) and "林姨" not in text(shown)
    client.post(address, {"code": code, "outcome": "no", "words": "晚上上班"})
    first.refresh_from_db()
    assert (first.comes, first.answered_by, first.words) == (False, "letter", "晚上上班")


def test_a_wrong_code_says_so_and_is_counted(stage: Stage, client: Client, topic: Done) -> None:
    address = reverse("portal:invitation")
    answers = [client.post(address, {"code": "0000000000"}).status_code for _ in range(30)]
    assert answers[0] == 422 and answers[-1] == 429


def test_the_pages_ask_at_most_ten_times(stage: Stage, enter: Enter, topic: Done, query_budget: Any) -> None:
    for login in ("lin", "wang", "zhao"):
        someone = enter(login)
        someone.get(page(topic))
        with query_budget(10):
            assert someone.get(page(topic)).status_code == 200
