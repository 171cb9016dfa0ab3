"""Which system is proved by which stories: the page docs/systems.md, written from what can be played."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weizhi.cases import reading
from weizhi.cases.language import Table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "systems.md"
STORIES = "../src/weizhi/cases/stories"
DONE, PARTLY, OPEN = "done", "partly", "open"

HEAD = """# The systems, and what proves them

Written by `weizhi cases coverage` from the [stories](../src/weizhi/cases/stories) and from the list of rows; a test
keeps it true. A row is *done* when stories prove all of it, *partly* when something is still missing, else *open*.
"""


class Row(Table):
    """One system of the list."""

    title: str
    charter: str = ""
    missing: str = ""


class Index(Table):
    """systems.toml"""

    parts: dict[str, str]
    rows: dict[str, Row]


@dataclass(frozen=True)
class Covered:
    """A row with the stories that prove it."""

    key: str
    row: Row
    stories: tuple[str, ...]

    @property
    def state(self) -> str:
        if not self.stories:
            return OPEN
        return PARTLY if self.row.missing else DONE


def index() -> Index:
    return Index.model_validate(tomllib.loads(reading.SYSTEMS.read_text(encoding="utf-8")))


def covered() -> list[Covered]:
    """Every row in the list's order; a story that proves an unknown row is a fault of the story."""
    rows = index().rows
    proofs: dict[str, list[str]] = {key: [] for key in rows}
    for name in reading.names():
        for key in reading.read(name).case.case.proves:
            proofs[key].append(name)
    return [Covered(key, row, tuple(proofs[key])) for key, row in rows.items()]


def page() -> str:
    """The page as it must stand."""
    return "\n".join([HEAD, *_lines(covered())])


def _lines(rows: list[Covered]) -> Iterator[str]:
    yield f"{summary()}\n"
    for letter, title in index().parts.items():
        yield f"## {letter}. {title}\n"
        yield "| | system | charter | stories | state |"
        yield "|---|---|---|---|---|"
        for found in rows:
            if found.key[0] == letter:
                stories = " ".join(f"[{name}]({STORIES}/{name}.toml)" for name in found.stories)
                charter = f"`{found.row.charter}`" if found.row.charter else ""
                state = f"partly: without {found.row.missing}" if found.state == PARTLY else found.state
                yield f"| {found.key} | {found.row.title} | {charter} | {stories} | {state} |"
        yield ""


def summary() -> str:
    """How far it is, in a line."""
    rows = covered()
    count = {state: sum(found.state == state for found in rows) for state in (DONE, PARTLY, OPEN)}
    return f"{len(rows)} rows: {count[DONE]} done, {count[PARTLY]} partly, {count[OPEN]} open."
