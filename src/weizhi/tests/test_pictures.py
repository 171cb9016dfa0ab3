"""Every page has a picture or a reason not to have one, and the pictures and their sheet are those of the list."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from weizhi.tests import sources
from weizhi.tests.pictures import sheet
from weizhi.tests.pictures.pages import ENTRIES, NO_PICTURE, PROGRAMS

IMAGES = sources.REPOSITORY / "docs" / "images"
MOST = 12_600_000  # bytes of the whole set: a clone is not made to wait for it


def addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def test_every_page_has_a_picture_or_a_reason() -> None:
    pictured = {entry.name for entry in ENTRIES}
    known = {name for name in addresses() if name in pictured or not name.startswith(PROGRAMS)}
    assert known - pictured - NO_PICTURE.keys() == set(), "pages without an entry in weizhi/tests/pictures/pages.py"
    assert pictured - known == set(), "entries of pages that are gone"
    assert NO_PICTURE.keys() - known == set(), "reasons for pages that are gone"
    assert pictured & NO_PICTURE.keys() == set(), "pages with a picture and a reason not to have one"
    assert not [key for key, times in Counter(entry.key for entry in ENTRIES).items() if times > 1]


def test_the_pictures_are_those_of_the_list() -> None:
    there = {path.name for path in IMAGES.glob("*.webp")}
    assert there == {sheet.file_of(entry.key, width) for entry in ENTRIES for width in sheet.SHOWN}
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < MOST


def test_the_sheet_is_written_from_the_list() -> None:
    assert (IMAGES / "README.md").read_text(encoding="utf-8") == sheet.written(), "make pictures writes it anew"
