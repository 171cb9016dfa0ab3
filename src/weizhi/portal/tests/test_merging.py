"""Three people report one burst pipe: what may be the same stands beside the matter, and one press merges it."""

import re
from uuid import uuid4

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.models import Matter, Party
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_merging import stage_charter
from weizhi.matters.tests.test_sending import photo
from weizhi.people.access import standing
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import hidden, matter_url, text
from weizhi.portal.views.photos import photo_for
from weizhi.record.models import Delivery, Payload


@pytest.fixture
def pipe(stage: Stage) -> list[Done]:
    charter = stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1)
    stage.adopt(charter.replace('name = "stage"', 'name = "merging"'))
    stage.now = timezone.now()
    first = stage.report("lin", words="三号楼门口水管爆了，水流了一地")
    stage.report("lin", words="广场的健身器材松了", place="square")
    return [first, stage.report("zhao", words="楼下水管爆了，满地是水", place="3-1-101")]


def test_what_may_be_the_same_stands_beside_it(stage: Stage, enter: Enter, pipe: list[Done], query_budget) -> None:
    zhou = enter("zhou")
    page = zhou.get(matter_url(pipe[1]), {"queue": "step=sort"})
    box = hidden_address(page.content.decode())
    with query_budget(10):
        beside = zhou.get(box, headers={"HX-Request": "true"})
    assert "可能是同一件事" in text(beside) and "并入 0001" in text(beside)
    assert "健身器材" not in text(beside) and "<html" not in beside.content.decode()
    assert hidden(beside, "queue") == "step=sort"
    assert "<html" in zhou.get(box).content.decode(), "without a script it is a page of its own"


def test_one_press_merges_and_everybody_hears_of_it(stage: Stage, enter: Enter, pipe: list[Done]) -> None:
    zhou = enter("zhou")
    beside = zhou.get(reverse("portal:alike", args=[pipe[1].matter_id]))
    sent = {"verb": "merge", "into": hidden(beside, "into"), "key": str(uuid4()), "queue": "step=sort"}
    answer = zhou.post(reverse("portal:act", args=[pipe[1].matter_id]), sent)
    assert "/desk/next" in answer["Location"]
    ended = Matter.objects.get(pk=pipe[1].matter_id)
    assert ended.ended_as == "merged"
    stage.act(pipe[0], "sort", "zhou", "ours")
    tell()
    told = Delivery.objects.filter(to=stage.people["zhao"], channel="page")
    assert set(told.values_list("entry__stream_id", flat=True)) == {pipe[0].matter_id, pipe[1].matter_id}
    assert "同样的另一件事" in text(enter("lin").get(matter_url(pipe[0])))
    assert Party.objects.filter(matter=pipe[0].matter_id, relation=Party.FOLLOWER).count() == 1


def test_nothing_alike_says_so(stage: Stage, enter: Enter, pipe: list[Done]) -> None:
    square = Matter.objects.get(place=stage.places["square"])
    assert "附近没有像它的事" in text(enter("wang").get(reverse("portal:alike", args=[square.pk])))


@pytest.mark.parametrize("login", ["lin", "zhao", "guo"])
def test_who_may_not_merge_is_not_asked(stage: Stage, enter: Enter, pipe: list[Done], login: str) -> None:
    assert enter(login).get(reverse("portal:alike", args=[pipe[0].matter_id])).status_code == 404


def test_the_number_can_be_written_by_hand(stage: Stage, enter: Enter, pipe: list[Done]) -> None:
    zhou = enter("zhou")
    page = zhou.get(matter_url(pipe[1])).content.decode()
    assert "并入哪一件？写编号。" in page
    answer = zhou.post(
        reverse("portal:act", args=[pipe[1].matter_id]), {"verb": "merge", "into": "99", "key": str(uuid4())}
    )
    assert answer.status_code == 422 and "找不到这个编号的事" in text(answer)


@pytest.mark.parametrize("into", ["1" * 5000, 10**4000, 2**63, "-1", 1.5, [1]], ids=lambda value: str(value)[:9])
def test_a_number_that_no_matter_has_is_refused(stage: Stage, enter: Enter, pipe: list[Done], into: object) -> None:
    sent = {"verb": "merge", "key": str(uuid4()), "data": {"into": into}}
    answer = enter("zhou").post(
        f"/api/v1/matters/{pipe[1].matter_id}/acts", sent, content_type="application/json"
    )  # fmt: skip
    assert (answer.status_code, answer.json()["field"]) == (422, "into"), answer.content.decode()


def test_an_objection_is_answered_at_the_desk(stage: Stage, enter: Enter, pipe: list[Done]) -> None:
    zhou = enter("zhou")
    assert "答复异议" not in text(zhou.get(matter_url(pipe[0])))
    stage.act(pipe[0], "object", "zhao", data={"words": "不是水管，是消防栓"})
    page = zhou.get(matter_url(pipe[0]))
    assert "答复异议" in text(page)
    stage.act(pipe[0], "answer", "zhou", data={"words": "谢谢，已改"})
    assert "答复异议" not in text(zhou.get(matter_url(pipe[0])))


def test_what_was_entered_for_me_i_may_dispute(stage: Stage, enter: Enter, pipe: list[Done]) -> None:
    done = stage.report("zhou", words="替林姨报：门禁坏了", on_behalf_of=stage.people["lin"])
    assert "代我办的不对" in text(enter("lin").get(matter_url(done)))
    assert "代我办的不对" not in text(enter("zhao").get(matter_url(done)))


def hidden_address(page: str) -> str:
    found = re.search(r'hx-get="([^"]*/alike[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_closed_photo_opens_for_whom_it_concerns_and_not_for_who_follows(stage: Stage) -> None:
    done = stage.report(evidence=[photo()])
    stage.act(done, "follow", "zhao")
    part = Payload.objects.get(entry__stream=done.matter_id, part="file:1")
    closed = Payload.objects.create(entry=part.entry, part="file:2", grade=2, salt=part.salt, body=part.body)
    at = {login: standing(stage.people[login], stage.now) for login in ("lin", "zhou", "zhao")}
    assert all(photo_for(at[login], part.pk).status_code == 200 for login in at)
    assert all(photo_for(at[login], closed.pk).status_code == 200 for login in ("lin", "zhou"))
    with pytest.raises(Http404):
        photo_for(at["zhao"], closed.pk)
