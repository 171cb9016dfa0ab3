"""What a rate counts, what it leaves out, and whom a matter came from."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from weizhi.oversight.rules import (
    WEEK,
    WEEKS,
    Ended,
    From,
    Left,
    Raised,
    Rate,
    Rated,
    raised_by,
    response,
    satisfaction,
    solution,
    weeks_until,
)


def test_a_response_is_owed_by_what_is_neither_gone_nor_still_in_time() -> None:
    rows = [
        Raised(0, "solved", True, False, 30),
        Raised(1, "", True, True, 5),  # answered, and goes on
        Raised(2, "", False, False, 3),  # nobody answered, and the day is over
        Raised(3, "", False, True, 2),
        Raised(3, "withdrawn", False, False, 1),
        Raised(3, "merged", True, False, 4),
    ]
    found = response(rows)
    assert (found.hit, found.of, found.percent) == (35, 38, 92)
    assert found.left_out == ((Left.WITHDRAWN, 1), (Left.MERGED, 4), (Left.IN_TIME, 2))
    assert found.of + sum(number for _why, number in found.left_out) == sum(row.number for row in rows)


def test_what_belongs_elsewhere_could_not_be_solved_here() -> None:
    found = solution([Ended(0, "solved", 9), Ended(0, "partly", 1), Ended(5, "refused", 2), Ended(1, "elsewhere", 7)])
    assert (found.hit, found.of) == (9, 12)
    assert found.left_out == ((Left.ELSEWHERE, 7),)
    assert found.rest == (("partly", 1), ("refused", 2))


def test_every_rating_counts_and_silence_is_told() -> None:
    found = satisfaction([Rated(0, "good", 3), Rated(1, "bad", 1), Rated(1, ">done", 4), Rated(2, "cancelled", 1)])
    assert found == Rate(3, 4, ((Left.SILENT, 5),))


def test_nothing_to_count_is_no_percentage_and_nearly_all_is_not_all() -> None:
    assert response([]).percent is None
    assert solution([Ended(0, "solved", 999), Ended(0, "failed", 1)]).percent == 99


def test_twelve_weeks_end_with_the_day_by_the_clocks_of_shanghai() -> None:
    late = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # half past midnight, the 2nd of March in Shanghai
    weeks = weeks_until(late)
    assert len(weeks) == WEEKS + 1
    assert weeks[-1] == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert {after - before for before, after in pairwise(weeks)} == {WEEK}
    assert weeks[-2] <= late < weeks[-1]
    assert weeks_until(late - timedelta(hours=1))[-1] == weeks[-1] - timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ({"acted": True, "body": "", "body_kind": "", "level": "", "told": False}, From.RESIDENT),
        ({"acted": True, "body": "station", "body_kind": "", "level": "community", "told": True}, From.RESIDENT),
        ({"acted": True, "body": "station", "body_kind": "", "level": "community", "told": False}, From.COMMITTEE),
        (
            {"acted": True, "body": "p", "body_kind": "property-company", "level": "community", "told": False},
            From.GROUP,
        ),
        ({"acted": True, "body": "x", "body_kind": "", "level": "street", "told": False}, From.DEPARTMENT),
        ({"acted": True, "body": "x", "body_kind": "government", "level": "community", "told": False}, From.DEPARTMENT),
        ({"acted": False, "body": "", "body_kind": "", "level": "", "told": False}, From.CALENDAR),
    ],
)
def test_whom_a_matter_came_from(said: dict[str, object], who: From) -> None:
    assert raised_by(**said) is who  # type: ignore[arg-type]  # one table of words and booleans
