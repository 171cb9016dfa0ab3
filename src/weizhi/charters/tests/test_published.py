"""Every charter ever published loads for ever, by itself and as running matters have pinned it.

`published/<version>/` holds the library as it was released. Files there are never edited; a release adds a folder.
"""

from pathlib import Path

import pytest

from weizhi.charters.loading import load, thaw

PUBLISHED = Path(__file__).with_name("published")
FILES = sorted(PUBLISHED.glob("*/*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_published_charter_loads_and_thaws(file: Path) -> None:
    charter = load(file)
    assert charter.language == 1
    assert thaw(charter.canonical()).hash == charter.hash


def test_each_release_keeps_its_whole_library() -> None:
    assert {"base", "qingshan", "hangzhou-fenlei", "haidian-hehuoren"} <= {file.stem for file in FILES}
