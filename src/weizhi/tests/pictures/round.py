"""Once through all pages: who looks, how wide, in which look; what was found is told."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from weizhi.cases.fresh import FreshDatabases
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.tests.pictures import demo, taking
from weizhi.tests.pictures.entry import Entry
from weizhi.tests.pictures.pages import ENTRIES
from weizhi.tests.pictures.telling import Telling

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOBODY = Standing.__new__(Standing)


class Round:
    def __init__(self, browser: "Browser", base: str, to: Path, widths: tuple[str, ...], axe: bool) -> None:
        self.browser, self.base, self.to, self.widths, self.axe = browser, base, to, widths, axe
        self.states: dict[str, Any] = {}
        self.moment = demo.MOMENT

    def all(self, begins: tuple[str, ...]) -> int:
        wrong = 0
        wanted = [entry for entry in ENTRIES if entry.key.startswith(begins)]
        for entry in wanted:
            if not entry.story:
                wrong += sum(self.one(entry, width) for width in self.widths)
        connection.close()
        return min(wrong + self.stories([entry for entry in wanted if entry.story]), 1)

    def stories(self, entries: list[Entry]) -> int:
        """What the demo does not show, stories do: each is played in a database of its own, and stopped to look."""
        wrong = 0
        with FreshDatabases() as fresh:
            for name, shown in groupby(entries, key=lambda entry: entry.story):
                with fresh.one():
                    told = Telling(name)
                    self.states = {}
                    for entry in sorted(shown, key=lambda one: one.until):
                        self.moment = told.until(entry.until)
                        wrong += sum(self.one(entry, width) for width in self.widths)
                    connection.close()
        return wrong

    def one(self, entry: Entry, width: str) -> int:
        """All looks of a page at one width; how many faults were found."""
        demo.stand_still(self.moment)
        path = entry.path(self.standing(entry.who))
        context = taking.context(self.browser, self.base, width, self.state(entry.who))
        page, taken, found = context.new_page(), [], []
        for look in taking.LOOKS:
            demo.stand_still(self.moment)
            taking.show(page, self.base, entry, path, look)
            if self.axe:
                found += [f"{look}: {words}" for words in taking.faults(page)]
            taken.append(taking.photograph(page, width))
        context.close()
        taking.save(taking.beside(taken), width, self.to / f"{entry.key}-{width}.webp")
        print(f"    {entry.key:<18}{width:<8}{path}", *found, sep="\n        ", flush=True)
        return len(found)

    def state(self, who: str) -> Any:
        if who not in self.states:
            self.states[who] = demo.state_of(self.browser, self.base, who)
        return self.states[who]

    def standing(self, who: str) -> Standing:
        person = Person.objects.filter(login=who).first()
        return standing(person, self.moment) if person else NOBODY
