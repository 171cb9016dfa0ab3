"""Whatever a tired clerk types, the checker answers with findings and never falls over."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.charters.drawing import draw
from weizhi.charters.loading import LIBRARY, parse_text, thaw

FILES = [*sorted(LIBRARY.glob("*.toml")), *sorted((Path(__file__).parents[4] / "docs" / "sketches").glob("*.toml"))]
TEXTS = [file.read_text(encoding="utf-8") for file in FILES]
WORDS = sorted({word for text in TEXTS for word in re.findall(r'"[^"\n]*"|\d+|[a-z_-]{3,}', text)})
VALUES = [
    "1",
    "-1",
    "true",
    '"x"',
    "[]",
    "{}",
    '["a"]',
    "{ a = 1 }",
    "1.5",
    "2026-01-31",
    '"field:a.b"',
    "[{}]",
    '"2/0"',
]


def edited(data: st.DataObject, lines: list[str]) -> list[str]:
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["drop", "double", "word", "word", "value", "value"]))
    line = lines[at]
    if how == "drop":
        return lines[:at] + lines[at + 1 :] or [""]
    if how == "double":
        return [*lines[:at], line, *lines[at:]]
    if how == "value" and "=" in line:
        line = line.split("=")[0] + "= " + data.draw(st.sampled_from(VALUES))
    elif found := list(re.finditer(r'"[^"\n]*"|\d+|[a-z_-]{3,}', line)):
        word = data.draw(st.sampled_from(found))
        line = line[: word.start()] + data.draw(st.sampled_from(WORDS)) + line[word.end() :]
    return [*lines[:at], line, *lines[at + 1 :]]


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_any_slip_gives_findings_with_lines_or_a_charter_that_works(data: st.DataObject):
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        lines = edited(data, lines)
    checked = parse_text("\n".join(lines), "slip.toml")
    own = [finding for finding in checked.findings if finding.file == "slip.toml"]
    assert all(1 <= finding.line <= len(lines) + 1 and finding.message for finding in own)
    if checked.charter is None:
        assert checked.errors
        return
    assert thaw(checked.charter.canonical()).hash == checked.charter.hash
    for procedure in checked.charter.procedures.values():
        assert draw(procedure, charter=checked.charter).startswith("<svg")
