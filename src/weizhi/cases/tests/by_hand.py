"""A story told in real browsers: the stage and the clock are the story's, everything else is done on pages."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from weizhi.cases.language import ZONE
from weizhi.cases.pictures import draw
from weizhi.cases.player import Played, Player
from weizhi.cases.reading import read
from weizhi.cases.stage import build
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.people.models import Person
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[[str], "Page"]


class ByHand:
    """The cast of a story, each with a browser of their own; the hour is that of the last `at`."""

    def __init__(self, name: str, open_page: OpenPage, monkeypatch) -> None:
        reading = read(name)
        head = reading.case.case
        self.player = Player(reading, build(reading), Played(head.name, head.title, head.charter, head.proves))
        self.name, self.open_page = name, open_page
        self.people = self.player.stage.people
        self.pages: dict[str, Page] = {}
        self.shots = 0
        monkeypatch.setattr(clock, "now", self._now)
        Client().get("/account/login/")  # the first page that a process makes is its slowest: no browser waits for it

    def _now(self) -> datetime:
        """Each look at the clock is a little later, so that what happens has an order."""
        self.player.now += timedelta(milliseconds=50)
        return self.player.now

    def at(self, moment: str) -> None:
        """Time passes until then, as on a server that never stops."""
        self.player.advance(datetime.fromisoformat(moment).replace(tzinfo=ZONE))
        self.settle()

    def settle(self) -> None:
        """What workers do beside the pages: what is due goes on, notices go out."""
        run_due(self.player.now)
        tell(self.player.now)

    def page(self, login: str, width: str = "phone") -> "Page":
        """Somebody's browser. Signing in has tests of its own: here the session is handed over."""
        self.settle()
        if login not in self.pages:
            client = Client()
            client.force_login(Person.objects.get(pk=self.people[login].pk))
            page = self.open_page(width)
            page.goto("/account/login/")
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
            page.context.add_cookies([{**cookie, "url": page.url.partition("/account")[0]}])
            self.pages[login] = page
        return self.pages[login]

    def go(self, login: str, path: str, width: str = "phone") -> "Page":
        page = self.page(login, width)
        page.goto(path)
        return page

    def kept(self, page: "Page", name: str) -> None:
        if folder := os.environ.get("WEIZHI_PICTURES"):
            self.shots += 1
            page.screenshot(path=f"{folder}/{self.name}-{self.shots:02}-{name}.png", full_page=True)


def newest(kind: str) -> Matter:
    return Matter.objects.filter(kind=kind, community__slug="xfl").latest("number")


def press(page: "Page", name: str, said: str = "记下了。") -> None:
    """Press what moves it on, and read that it did."""
    page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}( ?\d)?$")).first.click()
    expect(page.get_by_text(said).first).to_be_visible()


def attach(page: "Page", name: str, variant: int = 0) -> None:
    picture = {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": draw(name, variant)}
    page.locator("input[type=file]").first.set_input_files(picture)
    expect(page.locator("[data-previews] img").first).to_be_visible()
