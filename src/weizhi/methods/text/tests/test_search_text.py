"""What two characters or more are asked for is found, on a real FTS5 table."""

import random
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.methods.text.search_text import Query, search_query, search_text

LETTERS = "楼上漏水垃圾没人清运路灯坏了３Ａ栋12-2号 \n，。éßB①"


def holds(column: str, query: Query) -> bool:
    padded = f" {column} "
    return all(f" {' '.join(phrase)} " in padded for phrase in query.phrases)


@given(st.text(LETTERS, max_size=60) | st.text(max_size=60), st.data())
def test_every_piece_of_a_text_finds_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    query = search_query(piece)
    assert query is None or holds(search_text("标题", text), query)


def test_recall_and_precision_on_a_table():
    rng = random.Random(3)
    rows = [
        "".join(rng.choice("垃圾桶清运路灯坏了电梯漏水车位abc12") for _ in range(rng.randint(2, 40)))
        for _ in range(2_000)
    ]
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE found USING fts5(words, content='')")
    table.executemany(
        "INSERT INTO found(rowid, words) VALUES (?, ?)", [(n, search_text(row)) for n, row in enumerate(rows)]
    )
    for _ in range(300):
        row = rng.choice(rows)
        start = rng.randrange(len(row) - 1)
        asked = row[start : start + rng.randint(2, 4)]
        query = search_query(asked)
        assert query is not None
        answer = {n for (n,) in table.execute("SELECT rowid FROM found WHERE found MATCH ?", [query.fts5()])}
        assert answer == {n for n, row in enumerate(rows) if asked in row}, asked


def test_column_and_queries():
    assert search_text("垃圾桶，Ａ1 栋") == "垃圾 圾桶 0 a1 1栋"
    assert search_text("灯", "坏了") == "坏了"
    query = search_query("垃圾桶 坏了'\"; DROP，坏")
    assert query is not None
    assert query.fts5() == '"垃圾 圾桶 桶坏 坏了" AND "dr ro op"'
    assert query.tsquery() == "('垃圾' <-> '圾桶' <-> '桶坏' <-> '坏了') & ('dr' <-> 'ro' <-> 'op')"


@pytest.mark.parametrize("asked", ["", "灯", "!!", "一，二"])
def test_one_character_is_no_query(asked):
    assert search_query(asked) is None


def test_phrases_do_not_reach_over_punctuation():
    query = search_query("垃圾桶")
    assert query is not None
    assert not holds(search_text("垃圾，圾桶"), query)
