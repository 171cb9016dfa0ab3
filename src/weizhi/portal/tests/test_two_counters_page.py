"""The two who open a box, on the pages: the passphrase beforehand, each half after closing, nothing for others."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from weizhi.decisions.models import CountingKey, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.test_two_counters import WORDS, closed, two

__all__ = ["closed", "estate", "two"]


@pytest.fixture
def come(two: Estate, closed: Vote) -> Any:
    """`come("wang", "…")`: he sends his passphrase; without one he looks at the page."""

    def at_the_page(who: str, words: str = "") -> Any:
        client = Client()
        client.force_login(two.people[who])
        if words:
            return client.post(reverse("portal:vote-open", args=[closed.pk]), {"passphrase": words})
        return client.get(reverse("portal:vote", args=[closed.pk]))

    return at_the_page


def test_each_opens_his_half_and_the_second_has_it_counted(come: Any, closed: Vote) -> None:
    assert "开我的一半" in come("wang").content.decode()
    assert "开我的一半" not in come("o1").content.decode()
    assert come("wang", WORDS["wang"]).status_code == 302
    page = come("hu").content.decode()
    assert "来过了" in page and "等他来" in page and "开我的一半" in page
    assert come("hu", WORDS["hu"]).status_code == 302
    closed.refresh_from_db()
    assert closed.outcome == "passed"


def test_a_wrong_one_and_a_stranger_are_told_so_on_the_page(come: Any, closed: Vote) -> None:
    wrong = come("wang", "不是这一句，是那一句")
    assert wrong.status_code == 422 and "口令不对" in wrong.content.decode()
    assert "不是这一句" not in wrong.content.decode(), "what was typed does not come back"
    stranger = come("o1", "我也来开一开看看")
    assert stranger.status_code == 403 and "您不是其中一位" in stranger.content.decode()
    assert come("guo", "我也来开一开看看").status_code == 404


def test_the_passphrase_is_written_twice_and_shown_to_nobody(two: Estate) -> None:
    client, where = Client(), reverse("portal:counting-key")
    client.force_login(two.people["o1"])
    assert client.post(where, {"passphrase": "一句很长的话呀", "again": "另一句很长的话"}).status_code == 422
    assert not CountingKey.objects.filter(person=two.people["o1"]).exists()
    words = "一句足够长的开票口令"
    done = client.post(where, {"passphrase": words, "again": words}, follow=True)
    assert "设好了" in done.content.decode() and words not in done.content.decode()
    assert CountingKey.objects.filter(person=two.people["o1"]).exists()
