"""What is shown of counts never gives away a few, neither by itself nor by subtraction."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from weizhi.deliberation.answers import merged_groups
from weizhi.deliberation.hiding import FEWEST, Shown, part, parts

counts_of = st.lists(st.integers(0, 14), min_size=2, max_size=4)


@given(counts_of)
def test_every_hidden_count_could_be_another_number(counts: list[int]):
    """Whoever knows the sum, the shown ranges and the rule itself cannot tell one of the few."""
    shown = parts(counts)
    if shown is None:
        return
    assert all(cell.low <= count <= cell.high for cell, count in zip(shown, counts, strict=True))
    total = sum(counts)
    worlds = [
        world
        for world in product(*(range(cell.low, cell.high + 1) for cell in shown))
        if sum(world) == total and parts(world) == shown
    ]
    for n, count in enumerate(counts):
        if 0 < count < FEWEST:
            assert len({world[n] for world in worlds}) > 1, (counts, shown)


@given(counts_of)
def test_what_is_large_and_alone_is_shown_as_it_is(counts: list[int]):
    shown = parts(counts)
    if sum(counts) >= FEWEST and all(count == 0 or count >= FEWEST for count in counts):
        assert shown == [Shown(count, count) for count in counts]


def test_a_few_against_many():
    assert parts((97, 3)) == [Shown(96, 99), Shown(1, 4)]
    assert part(97, 100) == Shown(96, 99)
    assert parts((2, 2)) is None  # of so few nothing
    assert parts((1, 5)) is None  # 1–4 and 5–9 of six can be one thing only


@given(st.lists(st.tuples(st.text(min_size=1), st.integers(1, 30)), unique_by=lambda row: row[0], max_size=8))
def test_small_groups_are_put_together(rows: list[tuple[str, int]]):
    found = merged_groups([(name, asked, asked // 2) for name, asked in rows], FEWEST)
    assert sum(asked for _names, asked, _back in found) == sum(asked for _name, asked in rows)
    assert sorted(name for names, _asked, _back in found for name in names) == sorted(name for name, _asked in rows)
    if sum(asked for _name, asked in rows) >= FEWEST:
        assert all(asked >= FEWEST for _names, asked, _back in found)
