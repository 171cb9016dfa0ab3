"""Every path of every charter is found on the line that defines it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.charters.lines import Path, line_map, line_of
from weizhi.charters.loading import LIBRARY

BROKEN = FilePath(__file__).parent / "broken"
FILES = sorted([*LIBRARY.glob("*.toml"), *BROKEN.glob("*.toml")])

KEYS = st.sampled_from(
    [*"abcdefgh", "x-1", "y_2", "33", '"a b"', "'c.d'", '"e#f"', '"g]h"', "'i = j'", '"\\u4e2d"', '""']
)
SCALARS = st.sampled_from(
    ["1", "-2.5", "true", '"x"', "'lit # no'", '"a \\" = ] }"', "2026-01-31", "07:32:00", "2017-03-06T09:00:00", '""']
)
BLANKS = st.sampled_from(["", "# a comment = [x]\n", "\n", "   # { } ]\n\n"])


def paths(data: Any, path: Path = ()) -> Iterator[Path]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from paths(value, (*path, key))


@dataclass
class Writer:
    """Writes TOML and remembers on which line each path was defined."""

    data: st.DataObject
    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def put(self, words: str) -> None:
        self.text += words

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def define(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def key(self, taken: set[str]) -> tuple[str, str]:
        raw = self.data.draw(KEYS.filter(lambda key: plain(key) not in taken))
        taken.add(plain(raw))
        return raw, plain(raw)

    def pairs(self, path: Path, taken: set[str], depth: int = 0) -> None:
        for _ in range(self.data.draw(st.integers(0, 3))):
            self.put(self.data.draw(BLANKS))
            raw, name = self.key(taken)
            line, here = self.line, (*path, name)
            self.put(raw)
            if self.data.draw(st.booleans()):
                inner, inner_name = self.key(set())
                self.put(f" . {inner}")
                here = (*here, inner_name)
            self.put(" = ")
            self.define(here, line)
            self.value(here, depth)
            self.put(self.data.draw(st.sampled_from(["\n", "  # said\n"])))

    def value(self, path: Path, depth: int) -> None:
        shape = self.data.draw(st.integers(0, 5)) if depth < 2 else 0
        if shape == 3:
            self.put(self.data.draw(st.sampled_from(['"""\nlong\n= [\n"""', "'''\n# x\n'''", '"""a""b""""'])))
        elif shape == 4:
            self.array(path, depth)
        elif shape == 5:
            self.inline(path, depth)
        else:
            self.put(self.data.draw(SCALARS))

    def array(self, path: Path, depth: int) -> None:
        self.put("[")
        for number in range(self.data.draw(st.integers(0, 3))):
            self.put(self.data.draw(st.sampled_from(["", "\n  ", " # one\n  "])))
            self.define((*path, number), self.line)
            self.value((*path, number), depth + 1)
            self.put(", ")
        self.put(self.data.draw(st.sampled_from(["]", "\n]"])))

    def inline(self, path: Path, depth: int) -> None:
        self.put("{ ")
        taken: set[str] = set()
        for number in range(self.data.draw(st.integers(0, 3))):
            raw, name = self.key(taken)
            self.put(", " if number else "")
            self.put(raw)
            self.define((*path, name), self.line)
            self.put(" = ")
            self.value((*path, name), depth + 1)
        self.put(" }")


@cache
def plain(raw: str) -> str:
    return next(iter(tomllib.loads(f"{raw} = 0")))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_every_path_of_any_document_is_found_on_its_line(data: st.DataObject):
    writer = Writer(data)
    tops: set[str] = set()
    writer.pairs((), tops)
    for _ in range(data.draw(st.integers(0, 4))):
        writer.put(data.draw(BLANKS))
        raw, name = writer.key(tops)
        if data.draw(st.booleans()):
            for number in range(data.draw(st.integers(1, 3))):
                writer.define((name, number), writer.line)
                writer.put(f"[[ {raw} ]] # item\n")
                taken: set[str] = set()
                writer.pairs((name, number), taken)
                inner, inner_name = writer.key(taken)
                writer.define((name, number, inner_name), writer.line)
                writer.put(f"[{raw}.{inner}]\n")
                writer.pairs((name, number, inner_name), set())
        else:
            deep, deep_name = writer.key(set())
            writer.define((name, deep_name), writer.line)
            writer.put(f"[{raw} . {deep}]\n")
            writer.pairs((name, deep_name), set())
    found = line_map(writer.text)
    assert set(paths(tomllib.loads(writer.text))) == set(found)
    assert found == writer.lines
    assert line_map(writer.text.replace("\n", "\r\n")) == found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_path_of_every_charter_is_found_on_the_line_that_names_it(file: FilePath):
    text = file.read_text(encoding="utf-8")
    try:
        known = list(paths(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        assert file.stem == "toml-broken"
        return
    found, lines = line_map(text), text.splitlines()
    for path in known:
        word = next(part for part in reversed(path) if isinstance(part, str))
        if isinstance(path[-1], str):
            assert word in lines[found[path] - 1], path


def test_a_table_that_is_only_implied_is_found_where_it_is_first_named():
    text = "\n[a.b.c]\nx = 1\n[a.b]\ny = 2\n"
    assert line_map(text)[("a",)] == 2
    assert line_map(text)[("a", "b")] == 4
    assert line_of(line_map(text), ("a", "b", "missing")) == 4
    assert line_of(line_map(text), ("nothing",)) == 1
