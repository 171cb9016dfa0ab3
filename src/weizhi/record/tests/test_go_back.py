"""A demo is put back as it was made; a live database refuses, and so does a start that is not this demo's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from weizhi.record import clock
from weizhi.record.actions import go_back as way
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Entry, Origin
from weizhi.record.triggers import verify_triggers

pytestmark = pytest.mark.django_db(transaction=True)
MADE = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def demo(settings: Any) -> Iterator[Origin]:
    settings.DEMO = True
    origin = Origin.objects.create(made_as="demo", made_at=MADE)
    found_community("first", "第一社区", at=MADE)
    way.keep_start()
    yield origin
    if connection.vendor == "sqlite":
        way._beside().unlink(missing_ok=True)


def names() -> list[str]:
    from weizhi.places.models import Community

    return sorted(Community.objects.values_list("name", flat=True))


def test_what_happened_since_is_gone_and_the_clock_shows_the_beginning(demo: Origin) -> None:
    entries = Entry.objects.count()
    found_community("second", "第二社区", at=MADE)
    clock.move_on(timedelta(days=3))
    assert names() == ["第一社区", "第二社区"]
    way.go_back()
    assert names() == ["第一社区"] and Entry.objects.count() == entries
    with clock.counting():
        assert abs(clock.now() - MADE) < timedelta(minutes=1)


def test_it_can_be_done_again_and_the_record_is_guarded_as_before(demo: Origin) -> None:
    for _ in range(2):
        found_community("second", "第二社区", at=MADE)
        way.go_back()
    assert verify_triggers() == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()
    found_community("third", "第三社区", at=MADE)  # and it goes on from here


@pytest.mark.parametrize("made_as", ["live", "test"])
def test_any_other_database_refuses(made_as: str) -> None:
    Origin.objects.create(made_as=made_as, made_at=MADE)
    assert not way.may_go_back()
    with pytest.raises(clock.ClockRefused):
        way.keep_start()
    with pytest.raises(clock.ClockRefused):
        way.go_back()


def test_a_live_database_is_not_overwritten_though_a_start_lies_beside_it(demo: Origin) -> None:
    Origin.objects.update(made_as="live")
    found_community("real", "真的社区")
    assert not way.may_go_back()
    with pytest.raises(clock.ClockRefused):
        way.go_back()
    assert "真的社区" in names()


def test_the_start_of_another_demo_or_of_older_tables_is_refused(demo: Origin) -> None:
    Origin.objects.update(made_at=MADE + timedelta(days=1))
    assert not way.may_go_back()
    with pytest.raises(way.NoWayBack):
        way.go_back()
    Origin.objects.update(made_at=MADE)
    assert way.may_go_back()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('later', '0001', %s)", [str(MADE)])
    assert not way.may_go_back()


def test_nothing_is_put_back_inside_a_transaction(demo: Origin) -> None:
    with pytest.raises(way.NoWayBack), transaction.atomic():
        way.go_back()
