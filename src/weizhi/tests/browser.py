"""Debian's Chromium for tests: phones and desks in Chinese, and axe to look for barriers."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from weizhi.tests.absence import absent

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
PATIENCE = 15_000  # ms: a busy machine is slow, and no test measures time
WIDTHS = {"phone": (390, 844, 2), "narrow": (320, 640, 2), "desk": (1280, 800, 1)}


def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        absent("There is no Chromium here. Debian: apt-get install chromium.")
    fonts = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    if not fonts.strip():
        absent("There is no Chinese font here: pages would show boxes. Debian: apt-get install fonts-noto-cjk.")
    return path


@contextmanager
def chromium() -> Generator[Browser, None, None]:
    path = chromium_path()
    # Playwright runs an event loop in this thread, from which Django would refuse the ORM. Nothing here is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def context(browser: Browser, width: str, base_url: str | None = None, *, script: bool = True) -> BrowserContext:
    across, down, scale = WIDTHS[width]
    made = browser.new_context(
        base_url=base_url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": across, "height": down},
        device_scale_factor=scale,
        has_touch=width != "desk",
        is_mobile=width != "desk",
        reduced_motion="reduce",
        java_script_enabled=script,
    )
    made.set_default_timeout(PATIENCE)
    return made


def assert_axe_clean(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, f"axe on {page.url}:\n{results.generate_report()}"


def assert_no_sideways_scroll(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{page.url} is {wide} px wide in a window of {seen} px"
