"""Whether a page still looks as it did: each of its sections against a kept picture, generously."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageChops

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHRUNK: Final = 4  # a quarter: edges that fall between two pixels no longer count, colours and places do
SEEN: Final = 32  # of 255: what a pixel of the shrunk picture must differ by to count
ALLOWED: Final = 0.02  # of a section's pixels
MOVED: Final = 4  # px that a section may be wider or higher than before
GAP: Final = 12
STRIP: Final = 2000  # px: a window that is much higher is not painted to its end
PATIENCE: Final = 180_000  # ms: a tall picture on a busy machine; how long it takes proves nothing
GROUND: Final = "#8a8f8c"

Size = Sequence[int]


@dataclass(frozen=True)
class Section:
    """A part of a page: its size in px, and its picture, a quarter of that."""

    size: Size
    picture: Image.Image


Looked = Mapping[str, Section]


def look_at(page: "Page", sections: str) -> dict[str, Section]:
    """The sections of a page, each by the words of its heading, photographed strip by strip."""
    window: Any = page.viewport_size
    page.set_viewport_size({"width": window["width"], "height": STRIP})
    page.evaluate(READY)
    boxes = page.evaluate(BOXES, sections)
    height = page.evaluate("document.documentElement.scrollHeight")
    whole = Image.new("RGB", (window["width"], height))
    for top in range(0, height, STRIP):
        page.evaluate(SCROLLED, top)
        taken = page.screenshot(animations="disabled", caret="hide", scale="css", timeout=PATIENCE)
        whole.paste(Image.open(BytesIO(taken)), (0, round(page.evaluate("scrollY"))))
    page.set_viewport_size(window)
    return {name: _section(whole, *box) for name, box in boxes.items()}


def _section(whole: Image.Image, left: int, top: int, width: int, height: int) -> Section:
    return Section((width, height), whole.crop((left, top, left + width, top + height)).reduce(SHRUNK))


# What stands still in the window would lie over every strip; what is lazy would come too late.
READY: Final = """async () => {
  document.querySelectorAll('.dock').forEach(one => one.hidden = true)
  document.querySelectorAll('img').forEach(one => one.loading = 'eager')
  await Promise.all([document.fonts.ready, ...[...document.images].map(one => one.decode())])
}"""
# Two frames later what was scrolled to is painted.
SCROLLED: Final = """top => new Promise(painted => {
  scrollTo({top, behavior: 'instant'})
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(painted)))
})"""
BOXES: Final = """selector => Object.fromEntries([...document.querySelectorAll(selector)].map(e => {
  const box = e.getBoundingClientRect()
  return [e.querySelector('h2').textContent, [box.left, box.top + scrollY, box.width, box.height].map(Math.round)]
}))"""


def differences(now: Looked, before: Looked) -> dict[str, str]:
    """The sections that look otherwise, each with what is otherwise about it."""
    told = {name: "is new" for name in now if name not in before}
    told |= {name: "is gone" for name in before if name not in now}
    both = [name for name in now if name in before]
    return told | {name: why for name in both if (why := _otherwise(now[name], before[name]))}


def _otherwise(now: Section, before: Section) -> str:
    (width, height), (wide, high) = now.size, before.size
    if abs(width - wide) > MOVED or abs(height - high) > MOVED:
        return f"is {width}×{height} px and was {wide}×{high}"
    share = _share(now.picture, before.picture)
    return f"differs in {share:.1%} of its pixels" if share > ALLOWED else ""


def _share(one: Image.Image, other: Image.Image) -> float:
    """The part of the pixels of which any colour differs so much that it is seen."""
    size = (min(one.width, other.width), min(one.height, other.height))
    apart = ImageChops.difference(one.crop((0, 0, *size)), other.crop((0, 0, *size)))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[SEEN:]) / (size[0] * size[1])


def column(sections: Looked) -> Image.Image:
    """All sections one below the other: what is kept in a file."""
    pictures = [one.picture for one in sections.values()]
    whole = Image.new("RGB", (max(one.width for one in pictures), sum(one.height for one in pictures)), GROUND)
    for top, one in zip(_tops(pictures), pictures, strict=True):
        whole.paste(one, (0, top))
    return whole


def cut(whole: Image.Image, sizes: Mapping[str, Size]) -> dict[str, Section]:
    """The sections again from a kept column."""
    found, top = {}, 0
    for name, size in sizes.items():
        width, height = (-(-px // SHRUNK) for px in size)  # as `reduce` rounds: up
        found[name] = Section(size, whole.crop((0, top, width, top + height)))
        top += height
    return found


def _tops(pictures: Sequence[Image.Image]) -> Iterator[int]:
    top = 0
    for one in pictures:
        yield top
        top += one.height


def draw(now: Looked, before: Looked, names: Sequence[str], file: Path) -> None:
    """Before, now and the difference, one row a section."""
    nothing = Section((60, 60), Image.new("RGB", (60, 60)))
    rows = [_row(before.get(name, nothing).picture, now.get(name, nothing).picture) for name in names]
    whole = Image.new("RGB", (max(one.width for one in rows), sum(one.height + GAP for one in rows)), GROUND)
    top = 0
    for row in rows:
        whole.paste(row, (0, top))
        top += row.height + GAP
    whole.save(file)


def _row(before: Image.Image, now: Image.Image) -> Image.Image:
    size = (max(before.width, now.width), max(before.height, now.height))
    pair = [Image.new("RGB", size, GROUND), Image.new("RGB", size, GROUND)]
    for ground, picture in zip(pair, (before, now), strict=True):
        ground.paste(picture, (0, 0))
    row = Image.new("RGB", (3 * size[0] + 2 * GAP, size[1]), GROUND)
    for place, one in enumerate([*pair, ImageChops.difference(*pair)]):
        row.paste(one, (place * (size[0] + GAP), 0))
    return row


def fonts_here() -> str:
    """One word for all fonts of this machine and their versions: with others, words have other shapes and lengths."""
    told = subprocess.run(
        ["fc-list", "--format", "%{family}|%{style}|%{fontversion}\n"], capture_output=True, text=True, check=True
    ).stdout
    return hashlib.sha256("\n".join(sorted(told.splitlines())).encode()).hexdigest()[:16]
