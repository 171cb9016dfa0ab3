"""When it is quiet, and when a digest goes out: by the clock on the wall, across midnight, days and weeks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.people.wishes import DAILY, WEEKLY, Quiet, Wishes, after_quiet, next_digest

WALL = ZoneInfo("Asia/Shanghai")
NIGHT, NOON = Quiet(time(21), time(8)), Quiet(time(12), time(14))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=WALL)  # the 2nd is a Monday


@pytest.mark.parametrize(
    ("now", "quiet", "then"),
    [
        (at(2, 20, 59), NIGHT, at(2, 20, 59)),
        (at(2, 21), NIGHT, at(3, 8)),
        (at(2, 23, 59), NIGHT, at(3, 8)),
        (at(3, 0), NIGHT, at(3, 8)),
        (at(3, 7, 59), NIGHT, at(3, 8)),
        (at(3, 8), NIGHT, at(3, 8)),
        (at(31, 22), NIGHT, at(31, 22) + timedelta(hours=10)),
        (at(2, 12), NOON, at(2, 14)),
        (at(2, 14), NOON, at(2, 14)),
        (at(2, 3), None, at(2, 3)),
        (at(2, 3), Quiet(time(8), time(8)), at(2, 3)),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(now: datetime, quiet: Quiet | None, then: datetime) -> None:
    assert after_quiet(now.astimezone(UTC), quiet) == then


@pytest.mark.parametrize(
    ("now", "wishes", "then"),
    [
        (at(2, 7, 59), Wishes(every=DAILY), at(2, 8)),
        (at(2, 8), Wishes(every=DAILY), at(3, 8)),
        (at(2, 23), Wishes(every=DAILY), at(3, 8)),
        (at(2, 7), Wishes(every=WEEKLY), at(2, 8)),
        (at(2, 9), Wishes(every=WEEKLY), at(9, 8)),
        (at(8, 22), Wishes(every=WEEKLY), at(9, 8)),
        (at(2, 9), Wishes(every=DAILY, quiet=Quiet(time(22), time(10))), at(3, 10)),
    ],
)
def test_a_digest_goes_out_in_the_morning(now: datetime, wishes: Wishes, then: datetime) -> None:
    assert next_digest(now.astimezone(UTC), wishes) == then


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
instants = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(instants, times, times)
def test_nothing_leaves_in_quiet_hours_and_nothing_waits_a_day(now: datetime, since: time, until: time) -> None:
    quiet = Quiet(since, until)
    then = after_quiet(now, quiet)
    assert now <= then < now + timedelta(days=1)
    assert after_quiet(then, quiet) == then


@given(instants, st.sampled_from([DAILY, WEEKLY]))
def test_a_digest_is_always_still_to_come(now: datetime, every: str) -> None:
    then = next_digest(now, Wishes(every=every))
    assert now < then <= now + timedelta(days=7 if every == WEEKLY else 1)
