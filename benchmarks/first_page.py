"""A report over a bad network, in a real browser on the demo: ``python -m benchmarks.first_page``.

A telephone that was never here before, 400 kbit/s and 100 ms each way: how long until the words can be typed and the
button pressed, what travelled until then, and a report from the home page on, with a photo: taps and seconds.
"""

import io
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from benchmarks.__main__ import command, database
from benchmarks.processes import serving
from weizhi.tests.browser import chromium, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROUNDS: Final = 5
BYTES_A_SECOND, LATENCY_MS = 400_000 / 8, 100
WHO: Final = (("resident", "lin", "/report"), ("officer", "zhou", "/report/for"))


@contextmanager
def slow(browser: "Browser", base: str, cookies: Any) -> "Iterator[tuple[Page, list[int]]]":
    """A page of an empty browser behind a narrow line, and the bytes of each answer that has come."""
    with_cookies = context(browser, "phone", base)
    with_cookies.add_cookies(cookies)
    page, came = with_cookies.new_page(), []
    line = with_cookies.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda answer: came.append(int(answer["encodedDataLength"])))
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND, "latency": LATENCY_MS}
    line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    yield page, came
    with_cookies.close()


def cookies_of(browser: "Browser", base: str, login: str) -> Any:
    signed_in = context(browser, "phone", base)
    page = signed_in.new_page()
    page.goto("/enter")
    page.locator(f'form:has([value="{login}"]) button, button[value="{login}"]').first.click()
    page.wait_for_url(lambda url: "/enter" not in url)
    found = signed_in.cookies()
    signed_in.close()
    return found


def usable(page: "Page", path: str) -> float:
    """Seconds until the words can be typed and the button would take a press."""
    start = time.perf_counter()
    page.goto(path, wait_until="commit")
    page.locator("#f-words").focus()
    page.locator("button.tall").first.click(trial=True)
    return time.perf_counter() - start


def reported(page: "Page", photo: bytes) -> tuple[int, float, float]:
    """Taps, seconds until the form was there, seconds from sending until 收到了: from the home page on."""
    page.goto("/")
    start = time.perf_counter()
    page.locator("nav a.raised").tap()  # 1
    page.locator("#f-words").focus()
    there = time.perf_counter() - start
    page.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})  # 2
    page.locator("#f-words").fill("小区东门的路灯不亮了")
    page.locator("#before").locator("p, section").first.wait_for()
    start = time.perf_counter()
    page.get_by_role("button", name="上报").or_(page.get_by_role("button", name="报上去")).tap()  # 3
    page.get_by_text("收到了。").wait_for(timeout=60_000)
    return 3, there, time.perf_counter() - start


def picture() -> bytes:
    """As heavy as a telephone's photo of a stairwell: noise does not shrink."""
    made = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(made, "JPEG", quality=60)
    return made.getvalue()


def main() -> None:
    photo = picture()
    with database("sqlite") as (environment, _postmaster):
        command(environment, sys.executable, "-m", "weizhi", "prepare")
        command(environment, sys.executable, "-m", "weizhi", "demo")
        with serving(environment, None) as server, chromium() as browser:
            base = f"http://127.0.0.1:{server.port}"
            print(f"400 kbit/s, {LATENCY_MS} ms, an empty cache, median of {ROUNDS}")
            for name, login, path in WHO:
                cookies = cookies_of(browser, base, login)
                times, bytes_ = [], []
                for _ in range(ROUNDS):
                    with slow(browser, base, cookies) as (page, came):
                        times.append(usable(page, path))
                        page.wait_for_load_state("networkidle")
                        bytes_.append(sum(came))
                median, kilobytes = statistics.median(times), statistics.median(bytes_) / 1000
                print(f"{path:<12}{name:<10} usable after {median:.1f} s; {kilobytes:.0f} kB in all")
            with slow(browser, base, cookies_of(browser, base, "lin")) as (page, _came):
                taps, there, sent = reported(page, photo)
                print(f"a report with a photo of {len(photo) // 1000} kB: {taps} taps and words;")
                print(f"form after {there:.1f} s, received {sent:.1f} s after sending")


if __name__ == "__main__":
    main()
