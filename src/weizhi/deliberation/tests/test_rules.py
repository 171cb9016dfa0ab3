"""Seats, quorum, the order of an agenda: pure."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.deliberating import Quorum
from weizhi.deliberation.rules import Seat, asked, hands_fit, invited_at, rank, seat_for

SEATS = (Seat(1, "居委会", "body:committee"), Seat(2, "物业", "body:property"), Seat(3, "物业", "body:property"))


@pytest.mark.parametrize(
    ("share", "more_than", "seats", "needed"),
    [
        ("2/3", False, 5, 4),
        ("2/3", False, 6, 4),
        ("1/2", True, 6, 4),
        ("1/2", True, 7, 4),
        ("1/2", False, 7, 4),
        ("1/1", False, 4, 4),
    ],
)
def test_a_quorum_is_rounded_up(share: str, more_than: bool, seats: int, needed: int):
    assert asked(Quorum(seats=share, more_than=more_than), seats) == needed


def test_without_a_quorum_somebody_must_be_there():
    assert (asked(None, 5), asked(None, 0)) == (1, 0)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 99))
def test_more_than_asks_at_least_as_many_as_from_that_share_on(upper: int, lower: int, seats: int):
    upper, lower = min(upper, lower), max(upper, lower)
    share = f"{upper}/{lower}"
    reached, over = asked(Quorum(seats=share), seats), asked(Quorum(seats=share, more_than=True), seats)
    assert reached * lower >= upper * seats > (reached - 1) * lower
    assert over * lower > upper * seats >= (over - 1) * lower


def test_a_seat_goes_to_whose_it_is_and_once():
    property_ = {"body:property@x/e1", "status:resident@x"}
    first = seat_for(SEATS, set(), property_, "x")
    assert first is not None and first.n == 2
    assert seat_for(SEATS, {2}, property_, "x") == SEATS[2]
    assert seat_for(SEATS, {2, 3}, property_, "x") is None
    assert seat_for(SEATS, set(), {"status:resident@x"}, "x") is None


def test_a_seat_is_not_for_the_community_next_door():
    assert seat_for(SEATS, set(), {"body:property@xy/e1"}, "x") is None
    assert seat_for(SEATS, set(), {"body:property@x"}, "x/e1") is None


def test_what_is_urgent_comes_first_and_what_nobody_weighed_is_ordinary():
    assert sorted(["low", "", "high", "ordinary"], key=rank) == ["high", "", "ordinary", "low"]


def test_an_invitation_comes_in_the_morning_and_never_after_the_beginning():
    evening = datetime(2026, 3, 5, 11, tzinfo=UTC)  # 19:00 in Shanghai
    assert invited_at(evening, 3) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    early = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)  # 07:30
    assert invited_at(early, 0) == early


def test_no_more_hands_than_people():
    assert hands_fit((3, 1, None), 4)
    assert not hands_fit((3, 1, 1), 4)
