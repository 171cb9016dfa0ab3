"""Grids: connected always, in range where that is possible, proved where it is not, the same every time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.division import Division, DivisionError, Range, Units, divide, insert, moved, revise
from weizhi.methods.division.codes import codes, next_code, reading_order
from weizhi.methods.division.improving import choices
from weizhi.methods.division.splitting import Dice

LIMITS = Range.of(30, 60)


def lattice(width: int, height: int, households: list[int], estates: bool = False) -> Units:
    """Buildings on a lattice, each a neighbour of the next east and the next north."""
    place = [(x, y) for y in range(height) for x in range(width)]
    edges = [
        (n, other)
        for n, (x, y) in enumerate(place)
        for other, fits in ((n + 1, x + 1 < width), (n + width, y + 1 < height))
        if fits
    ]
    count = [households[n % len(households)] for n in range(len(place))]
    names = [f"园{x // 3}-{y // 2}" for x, y in place] if estates else None
    x, y = [40.0 * x for x, _ in place], [50.0 * y for _, y in place]
    return Units.of([f"b{n}" for n in range(len(place))], x, y, count, edges, names)


def towns() -> st.SearchStrategy[Units]:
    """Any graph: isolated buildings, several components, empty buildings, giants."""

    def build(drawn: tuple[list[int], list[tuple[int, int]], list[int]]) -> Units:
        households, pairs, estates = drawn
        n = len(households)
        edges = [(a % n, b % n) for a, b in pairs]
        names = [f"e{estates[i % len(estates)]}" if estates else "" for i in range(n)]
        return Units.of(
            [str(i) for i in range(n)], [i % 7 * 30 for i in range(n)], list(range(n)), households, edges, names
        )

    return st.tuples(
        st.lists(st.integers(0, 70), min_size=1, max_size=40),
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=90),
        st.lists(st.integers(0, 4), max_size=6),
    ).map(build)


def in_one_piece(division: Division) -> bool:
    """By a search of our own, not by the division's."""
    near: dict[int, set[int]] = {}
    for a, b in division.units.edges.tolist():
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    for grid in range(division.count):
        members = set(np.flatnonzero(division.grid == grid).tolist())
        reached, front = set(), [min(members)]
        while front:
            one = front.pop()
            if one not in reached:
                reached.add(one)
                front += list(near.get(one, set()) & members)
        if reached != members:
            return False
    return True


@settings(max_examples=30, deadline=None)
@given(towns())
def test_every_grid_is_connected_whatever_the_town(units):
    division = divide(units, LIMITS)
    assert in_one_piece(division) and division.connected() == 1.0
    assert sorted(set(division.grid.tolist())) == list(range(division.count))
    assert division.households().sum() == units.households.sum()


@settings(max_examples=15, deadline=None)
@given(towns(), st.lists(st.tuples(st.integers(1, 70), st.lists(st.integers(0, 60), max_size=3)), max_size=4))
def test_every_grid_stays_connected_as_buildings_come_and_change(units, new):
    division = divide(units, LIMITS)
    for n, (households, near) in enumerate(new):
        names = [division.units.ids[one % len(division.units)] for one in near]
        division = insert(division, f"n{n}", x=n * 9.0, y=5.0, households=households, neighbours=names)
        division = revise(division, names[0] if names else f"n{n}", households // 2)
        assert in_one_piece(division) and len(set(division.codes)) == division.count
        assert not division.retired & set(division.codes)


def test_a_town_that_can_be_divided_is_divided_wholly_in_range():
    division = divide(lattice(20, 15, [4, 9, 7, 3, 12]), LIMITS, community="310115")
    assert division.within() == 1.0 and division.outside() == [] and not division.impossible
    assert division.codes[:2] == ("31011501", "31011502")
    assert 0 < division.dispersion() < 150


def test_estates_stay_whole_where_they_can():
    division = divide(lattice(18, 12, [5, 6, 7], estates=True), LIMITS)
    whole, could = division.whole_estates()
    assert division.within() == 1.0 and could == 36 and whole >= 0.8 * could
    assert divide(lattice(6, 4, [9]), LIMITS).whole_estates() == (0, 0)


def test_what_cannot_be_is_proved_and_said_in_words():
    giant = divide(lattice(5, 1, [10, 10, 90, 10, 40]), LIMITS)
    by_unit = {proof.units: proof for proof in giant.impossible}
    assert by_unit[("b2",)].reason == "unit-over-most" and "90" in by_unit[("b2",)].proof
    assert by_unit[("b0", "b1")].reason == "component-too-small"
    # The pocket of twenty households joins the giant that encloses it: one odd grid, not two.
    assert giant.grid[0] == giant.grid[1] == giant.grid[2] and giant.count == 2
    assert all(giant.proved(grid) for grid in giant.outside())

    gap = divide(lattice(5, 1, [13]), Range.of(30, 32))
    assert [proof.reason for proof in gap.impossible][:1] == ["component-no-number"]
    assert gap.within() < 1 and "怎么分" in gap.impossible[0].proof

    leaf = Units.of(["leaf", "big", "a", "b"], [0, 1, 2, 3], [0] * 4, [20, 55, 25, 20], [(0, 1), (1, 2), (2, 3)])
    stuck = divide(leaf, LIMITS)
    assert {proof.units: proof.reason for proof in stuck.impossible} == {("leaf",): "unit-fits-nowhere"}
    assert stuck.within() == 2 / 3


def test_a_range_below_most_buildings_ends_with_an_account():
    division = divide(lattice(31, 30, [120, 20, 130, 15, 160, 15, 140]), Range.of(50, 100))
    assert division.connected() == 1.0
    assert {"unit-over-most", "component-too-small"} <= {proof.reason for proof in division.impossible}
    assert all(division.proved(grid) for grid in division.outside())


def test_the_search_for_a_place_is_left_open_where_it_grows_too_long():
    from weizhi.methods.division.proofs import Fitting

    units = lattice(12, 12, [1])
    assert Fitting(units, Range.of(150, 150), budget=10**6).fits(0) is None
    assert Fitting(units, Range.of(3, 5), budget=100).fits(0) is True
    assert Fitting(units, Range.of(3, 5), budget=0).fits(0) is None


def test_adjacency_is_only_added_to_and_names_stay():
    before = divide(lattice(20, 15, [4, 9, 7, 3, 12]), LIMITS, community="A")
    after = before
    for n in range(40):
        near = [f"b{n * 7}", f"b{n * 7 + 1}"]
        after = insert(after, f"new{n}", x=40.0 * (n % 20), y=20.0, households=8 + n % 9, neighbours=near)
    old = len(before.units.edges)
    assert (after.units.edges[:old] == before.units.edges).all()
    assert after.within() == 1.0 and after.connected() == 1.0
    assert moved(before, after) < 0.15 * int(before.units.households.sum())
    assert len(set(before.codes) & set(after.codes)) > 0.9 * before.count


def test_a_building_alone_becomes_a_grid_and_codes_are_never_given_twice():
    division = divide(lattice(4, 4, [10]), LIMITS, community="A")
    alone = insert(division, "far", x=9000, y=0, households=40, neighbours=[])
    assert alone.count == division.count + 1 and alone.codes[-1] == f"A{division.count + 1:02d}"
    assert next_code("A", {"A01", "A99"}) == "A100" and next_code("A", set()) == "A01"


def test_pulling_down_a_building_brings_its_grid_back_into_range():
    division = divide(lattice(8, 8, [10]), LIMITS)
    changed = division
    for unit in ("b0", "b1", "b2", "b8", "b9", "b10"):
        changed = revise(changed, unit, 0)
        assert changed.connected() == 1.0
    assert changed.within() == 1.0


def test_growth_in_one_place_splits_a_grid_and_makes_a_new_name():
    division = divide(lattice(3, 2, [10]), LIMITS, community="A")
    assert division.count == 1
    for n in range(5):
        division = insert(division, f"n{n}", x=10.0 * n, y=0, households=25, neighbours=[f"b{n}", f"b{n}"])
        assert division.connected() == 1.0
    assert division.count > 1 and division.within() == 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: insert(d, "b0", x=0, y=0, households=1, neighbours=[]), "已经有了"),
        (lambda d: insert(d, "z", x=0, y=0, households=1, neighbours=["nobody"]), "nobody"),
        (lambda d: revise(d, "nobody", 3), "nobody"),
        (lambda d: divide(Units.of([], [], [], [], []), LIMITS), "一栋楼也没有"),
        (lambda d: Units.of(["a", "a"], [0, 1], [0, 1], [1, 1], []), "两次"),
        (lambda d: Range.of(60, 30), "户数范围"),
    ],
)
def test_what_is_wrong_is_refused_in_words(change, words):
    division = divide(lattice(3, 3, [10]), LIMITS)
    with pytest.raises(DivisionError, match=words):
        change(division)


def test_codes_run_from_west_to_east_in_rows_from_the_north():
    x, y = np.array([0.0, 100, 0, 100]), np.array([0.0, 0, 100, 100])
    assert reading_order(x, y).tolist() == [2, 3, 0, 1]
    assert reading_order(np.array([]), np.array([])).tolist() == []
    assert codes("X", 3) == ["X01", "X02", "X03"] and codes("X", 100)[0] == "X001"


def test_numbers_of_grids_and_chance():
    assert choices(100, LIMITS) == [2, 3] and choices(61, Range.of(31, 60)) == [1, 2]
    assert Range.of(30, 60).grids(10) == 1 and Range.of(300, 310).grids(650) == 2
    assert Dice(5).draw(3).tolist() == Dice(5).draw(3).tolist() != Dice(6).draw(3).tolist()
    assert Dice(5).draw(0).tolist() == []
