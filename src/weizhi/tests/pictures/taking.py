"""Pictures of one page: the looks side by side, clipped where a page is long, in a small file."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from weizhi.tests.browser import WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from weizhi.tests.pictures.entry import Entry

LOOKS: Final = {"light": ("plain", "light"), "dark": ("plain", "dark"), "large": ("large", "light")}
LONGEST: Final = {"phone": 1800, "narrow": 1800, "desk": 1600}  # px of the page
SHRUNK: Final = {"phone": 1.0, "narrow": 1.0, "desk": 0.625}  # a desk is looked at from farther away
GAP: Final = 16
PATIENCE: Final = 120_000  # ms
GROUND: Final = "#8a8f8c"


def context(browser: "Browser", base: str, width: str, state: Any, scale: float = 1) -> Any:
    across, down, _scale = WIDTHS[width]
    opened = browser.new_context(
        base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": across, "height": down},
        device_scale_factor=scale, has_touch=width != "desk", is_mobile=width != "desk", reduced_motion="reduce",
        storage_state=state,
    )  # fmt: skip
    opened.set_default_timeout(PATIENCE)
    return opened


def show(page: "Page", base: str, entry: "Entry", path: str, look: str) -> None:
    size, theme = LOOKS[look]
    cookies = [("size", size), ("theme", theme)]
    page.context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page.goto(path)
    if entry.then:
        entry.then(page)
    page.evaluate("document.activeElement?.blur?.(); window.scrollTo(0, 0); document.fonts.ready")


def photograph(page: "Page", width: str) -> Image.Image:
    """The whole page up to a length; the dock is then where the picture ends."""
    across, least, _scale = WIDTHS[width]
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": across, "height": max(least, min(height, LONGEST[width]))})
    page.evaluate(ALL_SEEN)
    taken = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide", timeout=PATIENCE)))
    page.set_viewport_size({"width": across, "height": least})
    return taken.convert("RGB")


def beside(pictures: list[Image.Image]) -> Image.Image:
    """All looks of a page in one picture, so that they can be compared at a glance."""
    across = sum(one.width for one in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (across, max(one.height for one in pictures)), GROUND)
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole


def save(picture: Image.Image, width: str, file: Path) -> None:
    shrunk = SHRUNK[width]
    if shrunk != 1:
        size = (round(picture.width * shrunk), round(picture.height * shrunk))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    picture.save(file, "WEBP", quality=38, method=4)


def faults(page: "Page") -> Iterator[str]:
    """Barriers that axe sees, a page wider than its window, targets smaller than a thumb."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    for broken in results.response["violations"]:
        yield f"axe {broken['id']}: " + "; ".join(
            str(node["target"]) + node["html"][:120] for node in broken["nodes"][:4]
        )
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > seen:
        yield f"{wide} px wide in a window of {seen} px"
    yield from page.evaluate(SMALL)
    yield from page.evaluate(CUT)


# What lies below the clip is lazy and would be waited for without end.
ALL_SEEN: Final = """() => Promise.all([...document.images]
  .filter(one => one.getBoundingClientRect().top < innerHeight).map(one => one.decode().catch(() => null)))"""
# Links inside a sentence are as high as the sentence; everything else that is pressed is as high as a thumb is wide.
SMALL: Final = """() => {
  const inline = e => getComputedStyle(e).display === 'inline' && e.tagName === 'A'
  const shown = {visibilityProperty: true, opacityProperty: true}
  const seen = e => e.checkVisibility(shown) && !e.closest('.for-ear, .skip')
  const pressed = [...document.querySelectorAll('a[href], button, select, summary, input:not([type=hidden]), textarea')]
  return pressed.filter(e => seen(e) && !inline(e)).flatMap(e => {
    const box = (e.closest('label') || e).getBoundingClientRect()
    const after = getComputedStyle(e, '::after')
    if (after.position === 'absolute' && after.inset === '0px') return []
    const small = box.height > 0 && box.height < 47.5
    return small ? [`${Math.round(box.width)}×${Math.round(box.height)} px: ${e.outerHTML.slice(0, 120)}`] : []
  })
}"""
# Words that are wider than the box that hides what flows over.
CUT: Final = """() => [...document.querySelectorAll('main *, nav *, header *')].flatMap(e => {
  const style = getComputedStyle(e)
  const hides = ['hidden', 'clip'].includes(style.overflowX) && !e.closest('.for-ear, svg, thead')
  const cut = hides && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && e.checkVisibility()
  return cut ? [`cut: ${e.outerHTML.slice(0, 120)}`] : []
})"""
