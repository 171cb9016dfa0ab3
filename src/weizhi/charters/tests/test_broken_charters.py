"""Every broken charter: each fault is told on its line, with the nearest right name, and nothing else is told.

A line that is wrong ends in `#! words of the finding | nearest name`.
"""

from pathlib import Path

import pytest

from weizhi.charters.loading import parse_text

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(BROKEN.glob("*.toml"))


def expected(text: str) -> list[tuple[int, str, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        _, mark, said = line.partition("#! ")
        if mark:
            words, _, near = said.partition(" | ")
            found.append((number, words.strip(), near.strip()))
    return found


def test_there_are_enough_of_them():
    assert len(FILES) >= 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_fault_is_told_with_its_line_and_the_nearest_name(file: Path):
    text = file.read_text(encoding="utf-8")
    wanted = expected(text)
    assert wanted, "a broken charter says what is wrong with it"
    checked = parse_text(text, file.name)
    told = [(f.line, f.message, f.nearest) for f in checked.findings]
    for line, words, near in wanted:
        matches = [t for t in told if t[0] == line and words in t[1] and (not near or t[2] == near)]
        assert matches, f"line {line}: “{words}” ({near or 'no name'}) is not among {told}"
    lines = {line for line, _, _ in wanted}
    assert {f.line for f in checked.findings} == lines, [str(f) for f in checked.findings]
    assert all(f.file == file.name for f in checked.findings)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_finding_says_in_chinese_what_to_do(file: Path):
    for finding in parse_text(file.read_text(encoding="utf-8"), file.name).findings:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in finding.message)
        assert str(finding).startswith(f"{file.name}:{finding.line}: ")
