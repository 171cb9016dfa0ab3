"""How far people walk: straight, round walls, along ways; held against ways counted on paper."""

from math import cos, degrees, radians, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.walking import EARTH, OPEN, Ground, Position, walks

CENTRE = (112.54, 33.16)


def at(east: float, north: float) -> Position:
    """A position so many metres east and north of the middle."""
    return (
        CENTRE[0] + degrees(east / (EARTH * cos(radians(CENTRE[1])))),
        CENTRE[1] + degrees(north / EARTH),
    )


def one(east: float, north: float, goals: list[Position], ground: Ground = OPEN) -> int | None:
    return walks({"home": at(east, north)}, goals, ground)["home"]


spots = st.tuples(st.floats(-300, 300), st.floats(-300, 300))


def test_with_nothing_drawn_it_is_the_straight_line_to_the_nearest():
    assert one(30, 40, [at(0, 0)]) == 50
    assert one(30, 40, [at(0, 0), at(30, 30)]) == 10


def test_without_a_facility_there_is_nothing_to_measure():
    with pytest.raises(ValueError, match="地点"):
        walks({"home": at(0, 0)}, [])


def test_a_wall_is_walked_round_at_its_nearer_end():
    wall = Ground(walls=((at(0, -30), at(0, 40)),))
    straight = 2 * sqrt(40**2 + 30**2)
    assert one(40, 0, [at(-40, 0)], wall) == pytest.approx(straight, abs=2)


def test_a_corner_of_a_wall_lets_nobody_through():
    corner = Ground(walls=((at(0, -50), at(0, 0), at(50, 0)),))
    found = one(10, -10, [at(-10, 10)], corner)
    assert found == pytest.approx(sqrt(10**2 + 40**2) + sqrt(10**2 + 60**2), abs=2)


def test_within_closed_walls_nobody_gets_out():
    yard = ((at(-10, -10), at(10, -10), at(10, 10), at(-10, 10), at(-10, -10)),)
    assert one(0, 0, [at(50, 0)], Ground(walls=yard)) is None


def test_ways_are_followed_also_where_they_cross_between_their_ends():
    cross = Ground(ways=((at(-100, 0), at(100, 0)), (at(0, -100), at(0, 100))))
    assert one(80, 0, [at(0, 60)], cross) == 140
    assert one(80, 5, [at(0, 60)], cross) == 145, "and the bit from the door to the way"


def test_ways_that_do_not_meet_lead_nowhere():
    apart = Ground(ways=((at(0, 0), at(50, 0)), (at(0, 90), at(50, 90))))
    assert one(0, 90, [at(0, 0)], apart) is None


def test_a_wall_keeps_a_door_from_the_way_behind_it():
    ways = ((at(0, 0), at(100, 0)), (at(0, 30), at(100, 30)), (at(100, 0), at(100, 30)))
    wall = ((at(-20, 20), at(90, 20)),)
    assert one(0, 25, [at(0, 0)], Ground(ways=ways)) == 235
    assert one(0, 12, [at(0, 0)], Ground(ways=ways)) == 12
    assert one(0, 24, [at(0, 0)], Ground(walls=wall, ways=ways)) == 236


def test_two_homes_on_one_way_do_not_hinder_each_other():
    way = Ground(ways=((at(0, 0), at(100, 0)),))
    found = walks({"near": at(20, 0), "far": at(70, 0), "same": at(70, 0)}, [at(0, 0)], way)
    assert found == {"near": 20, "far": 70, "same": 70}


@settings(max_examples=60, deadline=None)
@given(spots, spots, st.lists(st.tuples(spots, spots), max_size=3))
def test_a_wall_never_makes_a_way_shorter_and_it_is_as_far_back(home, goal, drawn):
    walls = Ground(walls=tuple((at(*a), at(*b)) for a, b in drawn))
    free, round_, back = one(*home, [at(*goal)]), one(*home, [at(*goal)], walls), one(*goal, [at(*home)], walls)
    assert free is not None
    assert round_ is None or round_ >= free - 1
    assert (round_ is None) == (back is None) and (round_ is None or abs(round_ - back) <= 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(spots, min_size=1, max_size=4), spots, spots)
def test_one_more_facility_never_makes_the_way_longer(goals, more, home):
    first = one(*home, [at(*goal) for goal in goals])
    assert one(*home, [at(*goal) for goal in [*goals, more]]) <= first + 1
