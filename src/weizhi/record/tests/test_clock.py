"""The clock can be moved on in a demo's database, by a server that was told it is a demo, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from weizhi.record import clock
from weizhi.record.models import Origin
from weizhi.record.origin import the_clock

pytestmark = pytest.mark.django_db
THREE_DAYS = timedelta(days=3)
A_MINUTE = timedelta(minutes=1)


def origin(made_as: str) -> Origin:
    return Origin.objects.create(made_as=made_as, made_at=timezone.now())


def shows() -> timedelta:
    return clock.now() - timezone.now()


def test_a_demos_clock_is_moved_on_for_whoever_enters(settings: Any) -> None:
    settings.DEMO = True
    origin("demo")
    clock.move_on(THREE_DAYS)
    with clock.counting():
        assert THREE_DAYS - A_MINUTE < shows() <= THREE_DAYS
        assert the_clock(None) - timezone.now() > THREE_DAYS - A_MINUTE
    assert shows() < A_MINUTE, "outside of it the machine's time counts"


def test_moving_on_twice_adds_up_and_it_can_be_set_back_with_the_demo(settings: Any) -> None:
    settings.DEMO = True
    made = origin("demo").made_at
    clock.move_on(THREE_DAYS)
    clock.move_on(timedelta(hours=1))
    assert clock.ahead() == THREE_DAYS + timedelta(hours=1)
    clock.stand_at(made)
    with clock.counting():
        assert abs(clock.now() - made) < A_MINUTE


def test_a_server_that_is_no_demo_reads_no_such_clock(settings: Any, django_assert_num_queries: Any) -> None:
    settings.DEMO = False
    origin("demo")
    clock.move_on(THREE_DAYS)
    with django_assert_num_queries(0), clock.counting():
        assert shows() < A_MINUTE


@pytest.mark.parametrize("made_as", ["live", "test"])
def test_any_other_database_refuses(made_as: str, settings: Any) -> None:
    settings.DEMO = True
    origin(made_as)
    with pytest.raises(clock.ClockRefused):
        clock.move_on(THREE_DAYS)
    with pytest.raises(clock.ClockRefused):
        clock.stand_at(timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database itself refuses
        Origin.objects.update(ahead=THREE_DAYS)
    with clock.counting():
        assert shows() < A_MINUTE


@pytest.mark.parametrize("by", [timedelta(), timedelta(days=-1)])
def test_time_does_not_run_back(by: timedelta) -> None:
    origin("demo")
    with pytest.raises(clock.ClockRefused):
        clock.move_on(by)
