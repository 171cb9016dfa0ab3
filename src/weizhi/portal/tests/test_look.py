"""The design system keeps its promises: colours in one place, no style in markup, small pages, every piece shown."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from weizhi.portal import gallery, money_pieces, pieces
from weizhi.portal.pieces import Piece
from weizhi.portal.tests.conftest import Enter

HERE = Path(__file__).resolve().parents[1]
CSS = HERE / "static" / "portal" / "css"
TOKENS = {"tokens.css", "tokens-night.css"}
FIRST_PAGE = 150_000
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")


def shipped() -> list[type[Piece]]:
    known = [*vars(pieces).values(), *vars(money_pieces).values()]
    return [one for one in known if isinstance(one, type) and issubclass(one, Piece) and one.template]


def test_colours_stand_in_the_tokens_alone() -> None:
    """White paper in print is the one exception: there is no darker sheet to print on."""
    found = [
        f"{path.name}: {line.strip()}"
        for path in CSS.rglob("*.css")
        if path.name not in TOKENS
        for line in path.read_text().splitlines()
        if COLOUR.search(line) and not (path.name == "print.css" and "--paper: #fff" in line)
    ]
    assert not found, "\n".join(found)


def test_every_token_that_is_used_is_given() -> None:
    given = set(re.findall(r"(--[a-z0-9-]+):", "".join(path.read_text() for path in CSS.rglob("*.css"))))
    used = {name for path in CSS.rglob("*.css") for name in re.findall(r"var\((--[a-z0-9-]+)", path.read_text())}
    assert used <= given


def test_night_knows_every_colour_of_the_day() -> None:
    day, night = ((CSS / name).read_text() for name in ("tokens.css", "tokens-night.css"))
    coloured = {name for name, value in re.findall(r"(--[a-z-]+): ([^;]+);", day) if COLOUR.search(value)}
    assert coloured <= set(re.findall(r"(--[a-z-]+):", night))


def test_large_mode_is_as_clear_by_day_as_the_rules_ask() -> None:
    """7:1 for all text on paper in the large mode, 4.5:1 otherwise."""
    day = (CSS / "tokens.css").read_text()
    plain, _rest, large = day.partition('[data-size="large"]')
    colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", plain))
    strong = colours | dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", large))
    words = ("--ink", "--ink-soft", "--bamboo", "--cinnabar", "--river", "--amber")
    assert {name: contrast(colours[name], colours["--paper"]) for name in words if too_faint(colours, name, 4.5)} == {}
    assert {name: contrast(strong[name], strong["--paper"]) for name in words if too_faint(strong, name, 7)} == {}


def too_faint(colours: dict[str, str], name: str, least: float) -> bool:
    return contrast(colours[name], colours["--paper"]) < least


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_gallery_shows_every_piece() -> None:
    shown = {type(piece) for specimen in gallery.specimens() for piece in specimen.shown}
    inside = {pieces.Pager, pieces.Stars, pieces.Field, pieces.Sentence, pieces.Next}  # drawn within others there
    assert {one.__name__ for one in shipped()} == {one.__name__ for one in shown | inside}


def test_the_gallery_is_for_builders_only(db: None, client: Client, settings: object) -> None:
    assert client.get(reverse("portal:gallery")).status_code == 404
    settings.DEBUG = True  # type: ignore[attr-defined]  # pytest-django's settings
    assert client.get(reverse("portal:gallery")).status_code == 200


@pytest.mark.parametrize("name", ["home", "common", "mine", "notices", "report"])
def test_pages_carry_no_style_and_no_script_of_their_own(enter: Enter, name: str) -> None:
    """The security policy allows neither; the browser would drop them without a word."""
    page = enter("lin").get(reverse(f"portal:{name}")).content.decode()
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page)


def test_the_first_page_is_small(enter: Enter) -> None:
    """Everything a phone fetches for the first page, as sent (compressed)."""
    lin = enter("lin")
    page = lin.get(reverse("portal:home")).content
    linked = set(re.findall(rf'(?:href|src)="{settings.STATIC_URL}([^"#?]+)', page.decode()))
    assert any(name.endswith(".css") for name in linked)
    assert any(name.endswith(".js") for name in linked)
    files = [Path(str(finders.find(name))) for name in linked]
    weight = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) + len(gzip.compress(page, 9))
    assert weight < FIRST_PAGE
