"""The demo shows every state that a matter can be in, made through the same doors, whatever the day and hour.

It is told whole, which takes a minute of work: once here, and in part for another day of the year.
"""

from datetime import date, datetime, timedelta

import pytest

from weizhi.cases import demo
from weizhi.cases.everyday import Everyday
from weizhi.cases.founding import CAST, PEOPLE
from weizhi.cases.language import ZONE
from weizhi.cases.neighbours import OFFICERS, Neighbours, officer_of
from weizhi.cases.occasions import Occasions
from weizhi.cases.talks import Talks
from weizhi.cases.town import indoors
from weizhi.charters.generic import GENERIC
from weizhi.cli import main
from weizhi.deliberation.models import Hall, Sitting, Survey
from weizhi.matters.models import Matter, Party, Step
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Delivery, Entry, Origin

NAMED = {"lin": "林姨", "zhou": "小周", "wang": "王主任", "chen": "陈经理", "zhao": "赵律师", "guo": "郭先生"}
# The small hours of a Monday after the long holiday of spring: timers, holidays and a short today in one.
NOW = datetime(2026, 3, 2, 0, 20, tzinfo=ZONE)


@pytest.mark.usefixtures("db")
def test_the_whole_community(tmp_path, settings):
    settings.FILES, settings.IMPORTS = tmp_path / "files", tmp_path / "imports"
    made = demo.make(NOW)
    assert made.people == PEOPLE == Person.objects.count()
    assert made.matters >= 400 and Entry.objects.count() >= 3000
    the_places()
    the_people()
    every_kind_of_step()
    every_state()
    what_is_talked_over()
    assert not Entry.objects.filter(at__gt=NOW).exists(), "nothing happens after now"


def the_places() -> None:
    here = Place.objects.filter(community__slug="xingfuli")
    count = {kind: here.filter(kind=kind).count() for kind in ("estate", "building", "grid", "household")}
    assert count == {"estate": 3, "building": 36, "grid": 12, "household": 1200}
    assert not here.filter(kind__in=["estate", "building", "grid", "space"], geometry=None).exists()
    assert all(place.levels.get("grid") for place in here.filter(kind="household"))


def the_people() -> None:
    assert Origin.objects.get().made_as == "demo"
    names = dict(Person.objects.values_list("login", "name"))
    assert {login: names[login] for login in NAMED} == NAMED and set(CAST) <= set(names)
    assert not any(person.has_usable_password() for person in Person.objects.all()[:200]), "the tour signs in"
    assert set(Residence.objects.values_list("status", flat=True)) == {"resident", "owner", "tenant", "member"}
    homes = Residence.objects.filter(status="owner").values_list("person", "household").distinct()
    owners = [person for person, _ in homes]
    assert len(owners) > len(set(owners)), "somebody owns several homes"


def every_kind_of_step() -> None:
    kinds = list(Step.objects.values_list("kind", flat=True))
    # Those by which people decide (`charters.deciding`) have stories of their own.
    few = {kind: kinds.count(kind) for kind in GENERIC if kinds.count(kind) < 5}
    assert not few
    charter_kinds = set(Matter.objects.values_list("kind", flat=True))
    assert {"report", "letter", "duty-call", "disclosure", "change", "asking", "knock", "errand"} <= charter_kinds


def every_state() -> None:
    matters = Matter.objects.filter(community__slug="xingfuli")
    assert {"done", "explained", "withdrawn", "merged", "refused", "partly", ""} <= set(
        matters.values_list("ended_as", flat=True)
    )
    standing = set(matters.filter(ended_at=None, steps__closed_at=None).values_list("steps__key", flat=True))
    assert {"sort", "handle", "rate", "redo", "joint", "mediate", "call-back", "knocking"} <= standing
    assert Party.objects.waiting().filter(due__lt=NOW).exists(), "somebody is late"
    assert Step.objects.filter(round__gt=1).exists(), "some were opened again"
    assert matters.filter(follows__isnull=False).exists()
    assert matters.filter(audience=Matter.PARTIES_ONLY).exists(), "some are nobody else's affair"
    played = Entry.objects.filter(stream__kind="matter")
    verbs = set(played.values_list("verb", flat=True))
    assert {
        "raise", "rate", "support", "comment", "object", "answer", "note", "follow", "withdraw", "overdue", "lapse",
        "merge", "joined", "missed", "keep", "wait", "returned", "assign",
    } <= verbs  # fmt: skip
    assert any(entry.public.get("thanks") for entry in played.filter(verb="rate"))
    assert played.exclude(on_behalf_of=None).exists(), "somebody was spoken for"
    told = Delivery.objects.filter(channel="page")
    assert told.filter(seen_at=None).exists() and told.exclude(seen_at=None).exists()


def what_is_talked_over() -> None:
    """Two meetings with their minutes, the next with its agenda; a hall that is over, one that is open; a slip."""
    sittings = Matter.objects.filter(kind="sitting")
    assert sittings.filter(ended_as="held").count() == 2, "minutes signed by two, and on the board"
    to_come = Sitting.objects.filter(matter__in=sittings.filter(ended_at=None))
    assert to_come and all(one.starts_at > NOW for one in to_come), "no meeting was forgotten"
    topics = Matter.objects.filter(kind="topic")
    assert {"made", "refused", ""} <= set(topics.values_list("ended_as", flat=True))
    assert topics.filter(ended_at=None, steps__key="meeting", steps__closed_at=None).exists()
    over, going = Hall.objects.order_by("opens_at")
    assert over.matter.ended_as == "agreed" and over.final_at and over.drawn["groups"]
    assert going.matter.ended_at is None and going.drawn
    assert Survey.objects.open(NOW).filter(matter__kind="slip").exists()


def test_the_tales_are_the_same_each_time():
    doors = sorted(place.code for place in indoors() if place.kind == "household")
    midnight = datetime(2026, 6, 10)  # noqa: DTZ001 - tales are told in local time

    def told() -> list[tuple[datetime, str]]:
        everyday = Everyday(Neighbours(doors), midnight)
        occasions = Occasions(everyday.near, midnight, everyday.words)
        talks = Talks(everyday.near, midnight, [date(2026, 5, 7), date(2026, 6, 4)])
        tales = (*everyday.tales(), *occasions.tales(), *talks.tales())
        return [(at, act.model_dump_json()) for tale in tales for at, act in tale.acts]

    assert told() == told()


def test_each_grid_has_its_officer_and_the_square_the_committee():
    assert {officer_of(code) for code in ("1", "2-1", "17", "36-1-101", "plaza")} == {
        OFFICERS["g1"], OFFICERS["g6"], OFFICERS["g12"], "wang",
    }  # fmt: skip


def test_a_filled_database_is_left_alone(db):
    Origin.objects.create(made_as="test", made_at=NOW - timedelta(days=1))
    found_community("here", "这里")
    assert main(["demo", "--if-empty"]) == 0
    assert main(["demo"]) == 1
    assert not Matter.objects.exists()
