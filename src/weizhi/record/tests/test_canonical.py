import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.record.canonical import LARGEST_INTEGER, canonical, minute

TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def test_one_form() -> None:
    value = {"字": "灯坏了\n", "b": [1, True, None], "a": {"z": 1, "A": -2}}
    assert canonical(value) == '{"a":{"A":-2,"z":1},"b":[1,true,null],"字":"灯坏了\\n"}'.encode()


def test_instants_are_written_in_utc() -> None:
    at = datetime(2026, 3, 6, 10, 15, 7, 42, tzinfo=timezone(timedelta(hours=8)))
    assert canonical(at) == b'"2026-03-06T02:15:07.000042Z"'
    assert minute(at) == "2026-03-06T02:15Z"
    assert canonical([date(2026, 3, 6), UUID(int=1)]) == b'["2026-03-06","00000000-0000-0000-0000-000000000001"]'


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        {"a": 0.0},
        datetime.fromisoformat("2026-03-06T10:15"),
        b"bytes",
        {1: "a"},
        2**53,
        -(2**53),
        "\ud800",
        "a\x00b",
        {"\x00": 1},
        {"a": {"b": {1, 2}}},
    ],
)
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical(value)


@given(VALUES)
def test_reading_back_gives_the_same_bytes(value: object) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(VALUES, VALUES)
def test_different_values_differ(first: object, second: object) -> None:
    same = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (canonical(first) == canonical(second)) is same


def test_order_of_keys_does_not_matter() -> None:
    assert canonical({"b": 1, "a": datetime(2026, 1, 1, tzinfo=UTC)}) == canonical(
        {"a": datetime(2026, 1, 1, tzinfo=UTC), "b": 1}
    )
