"""Chinese sentences have Chinese punctuation: ，；：？！（） and never their half-width likenesses.

Read are the texts of the catalogue, the words that rooms without a catalogue say in Python, and the texts of charters
and stories. Tests, comments and what is written in English keep theirs, and so does what was published before.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from weizhi.tests import sources

CHINESE = r"\u3400-\u9fff\uff00-\uffef“”…"
BESIDE = re.compile(rf"(?<=[{CHINESE}])[,;:?!]|[,;:?!](?= ?[{CHINESE}])|(?<=[{CHINESE}])[()]|[()](?=[{CHINESE}])")
HAN = re.compile(r"[\u3400-\u9fff]")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
WORD = re.compile(r"[A-Za-z]{2,}")


def half_width(text: str) -> bool:
    """Sentences that are mostly English may name something Chinese: "Weizhi (微治)"."""
    return bool(BESIDE.search(text)) and len(HAN.findall(text)) >= len(WORD.findall(text))


def said(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a program, an f-string as one: without docstrings and what `re` reads."""
    tree = sources.tree(path)
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_re(node.func.value):
            quiet |= {id(part) for argument in node.args for part in ast.walk(argument)}
        if isinstance(node, ast.JoinedStr):
            quiet |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "¤" for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _is_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def values(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        for value in told.values():
            yield from values(value)
    elif isinstance(told, list):
        for value in told:
            yield from values(value)
    elif isinstance(told, str):
        yield told


def test_what_goes_through_the_catalogue(repository: Path) -> None:
    sys.path.insert(0, str(repository / "scripts"))
    try:
        import messages
    finally:
        sys.path.pop(0)
    found = [
        f"{file}: {text}"
        for told, file, _context in messages.texts()
        for text in ([told] if isinstance(told, str) else told)
        if half_width(HOLE.sub("某", text))  # a hole among marks is somebody's name, or a Chinese word
    ]
    assert not found, sources.listing(found)


def test_what_programs_say() -> None:
    found = [
        f"{sources.place(path, line)}: {text}"
        for path in sources.programs()
        for line, text in said(path)
        if re.search(r"[\u4e00-\u9fff]", text) and half_width(text)
    ]
    assert not found, sources.listing(found)


def test_charters_and_stories() -> None:
    paths = [path for path in sources.files(".toml", under=sources.PACKAGE) if "tests" not in path.parts]
    found = [
        f"{sources.place(path)}: {text}"
        for path in paths
        for text in values(tomllib.loads(path.read_text(encoding="utf-8")))
        if half_width(text)
    ]
    assert paths and not found, sources.listing(found)


@pytest.mark.parametrize(
    "text", ["收到了,编号 3", "灯坏了?", "照片太大(3 MB)", "接下来:%(who)s", "好; 再见", "“甲”:乙"]
)
def test_half_width_is_seen(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize(
    "text",
    ["收到了，编号 3", "每天 15:00 开门", "约 1,200 元", "%(n)s 件（共 %(all)s 件）", "Weizhi (微治) runs a community"],
)
def test_what_is_right_passes(text: str) -> None:
    assert not half_width(text)
