"""The demo shows every state that a report can be in, made through the same doors, whatever the day and hour."""

from datetime import datetime

import pytest

from weizhi.cases import demo
from weizhi.cases.language import ZONE
from weizhi.cases.residents import invented
from weizhi.cli import main
from weizhi.matters.models import Matter, Party
from weizhi.people.models import Person
from weizhi.places.models import Place
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Entry, Origin

CAST = {"lin": "林姨", "zhou": "小周", "wang": "王主任", "chen": "陈经理", "zhao": "赵律师", "guo": "郭先生"}


# A Wednesday morning; the small hours of a Monday after the long holiday of spring.
@pytest.mark.parametrize("now", ["2026-06-10 10:30", "2026-03-02 00:20"])
def test_every_state_is_there(now, db, tmp_path, settings):
    settings.FILES = tmp_path / "files"
    at = datetime.strptime(now, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    made = demo.make(at)
    matters = Matter.objects.filter(community__slug="xingfuli")
    assert made.matters == matters.count() == 31
    assert {"done", "explained", "withdrawn", "merged", ""} <= set(matters.values_list("ended_as", flat=True))
    standing = set(matters.filter(ended_at=None, steps__closed_at=None).values_list("steps__key", flat=True))
    assert {"sort", "handle", "rate", "redo", "joint", "mediate", "call-back"} <= standing
    assert Party.objects.waiting().filter(due__lt=at).exists(), "somebody is late"
    played = Entry.objects.filter(stream__kind="matter")
    verbs = {
        "raise",
        "rate",
        "support",
        "comment",
        "object",
        "answer",
        "note",
        "follow",
        "withdraw",
        "overdue",
        "lapse",
    }
    assert verbs <= set(played.values_list("verb", flat=True))
    assert any(entry.public.get("thanks") for entry in played.filter(verb="rate"))
    assert not played.filter(at__gt=at).exists(), "nothing happens after now"
    the_people()


def the_people() -> None:
    assert Origin.objects.get().made_as == "demo"
    names = dict(Person.objects.values_list("login", "name"))
    assert {login: names[login] for login in CAST} == CAST
    assert len(names) >= 70 and len(set(names.values())) == len(names)
    assert not any(person.has_usable_password() for person in Person.objects.all()), "the demo's chooser signs in"
    assert Place.objects.filter(kind="household", community__slug="xingfuli").count() == 60


def test_the_invented_are_called_the_same_each_time():
    homes = [f"1-1-{n}01" for n in range(1, 59)]
    named = dict(invented(homes))
    assert named == dict(invented(homes)) and list(named) == homes
    assert len(set(named.values())) == len(homes)


def test_a_filled_database_is_left_alone(db):
    Origin.objects.create(made_as="test", made_at=datetime(2026, 3, 2, tzinfo=ZONE))
    found_community("here", "这里")
    assert main(["demo", "--if-empty"]) == 0
    assert main(["demo"]) == 1
    assert not Matter.objects.exists()
