"""The law of the hall: what is asked next, what may be seen, and the hash of what all said."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from weizhi.deliberation import opinions as law
from weizhi.deliberation.opinions import Drawn, Group, Said
from weizhi.methods.opinions import Votes
from weizhi.methods.opinions.speaking import next_statement, priorities

Rows = st.lists(st.tuples(st.integers(1, 500), st.floats(0, 100, allow_nan=False)), max_size=40)


def test_a_fresh_statement_is_asked_as_the_method_asks_it():
    votes = Votes.of([("a", "1", 1)], statements=["1", "2"])
    label, none = np.zeros(1, dtype=np.int64), np.zeros(2)
    assert priorities(votes, label, np.zeros((2, 2)), none)[1] == law.FRESH_PRIORITY


@given(Rows, st.floats(0, 1, exclude_max=True))
def test_the_next_one_is_the_methods(rows: list[tuple[int, float]], draw: float):
    value = np.array([priority for _n, priority in rows], dtype=np.float64)
    found = next_statement(value, np.zeros(len(rows), dtype=np.bool_), draw)
    assert law.next_of(rows, draw) == (None if found is None else rows[found][0])


def test_the_lot_stays_until_somebody_answers_and_is_everywhere():
    assert law.lot("a", 3) == law.lot("a", 3) != law.lot("a", 4)
    tenths = Counter(int(law.lot("a", n) * 10) for n in range(2000))
    assert set(tenths) == set(range(10)) and min(tenths.values()) > 100


def test_of_four_nothing_is_shown_and_of_five_it_is():
    assert law.shown_counts({1: (4, 0, 0), 2: (3, 1, 1)}) == {2: (3, 1, 1)}


def group(key: int, people: int, seen: int = 9) -> Group:
    return Group(key, people, (Said(1, 1, seen, 0, seen),), 0.5, 0.5, 0.1, 0.1)


def test_a_group_of_four_is_not_shown_and_one_alone_is_no_group():
    assert [one.key for one in law.shown_groups([group(0, 4), group(1, 5), group(2, 30)])] == [1, 2]
    assert law.shown_groups([group(0, 4), group(1, 60)]) == ()
    assert law.shown_groups([group(0, 9, seen=4), group(1, 9)])[0].says == ()


def test_what_unites_needs_more_than_half_of_each_group():
    assert law.unites([5, 3], [6, 4]) and not law.unites([5, 0], [6, 0]) and not law.unites([5, 2], [6, 4])


@given(st.permutations([((1, 1), (2, -1)), ((3, 0),), ((1, -1), (3, 1))]))
def test_the_hash_knows_no_order_of_voices(voices: list[tuple[tuple[int, int], ...]]):
    assert law.hash_of_voices(b"salt", voices) == law.hash_of_voices(b"salt", [((3, 0),), *voices[::-1]][1:])


def test_the_hash_knows_every_word_and_the_salt():
    voices = [((1, 1), (2, -1)), ((3, 0),)]
    own = law.hash_of_voices(b"salt", voices)
    assert own != law.hash_of_voices(b"other", voices)
    assert own != law.hash_of_voices(b"salt", [((1, 1), (2, 1)), ((3, 0),)])


def test_what_is_kept_is_read_again():
    drawn = Drawn(60, 500, 9, {"phone": 60}, {3: (5, 1, 0)}, (3,), (group(0, 30), group(1, 30)), "", 60, 50)
    assert Drawn.of(drawn.kept()) == drawn and Drawn.of({}) == Drawn()
