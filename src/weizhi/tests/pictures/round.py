"""Once through all pages: who looks, how wide, in which look; what was found is told."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.tests.pictures import demo, taking
from weizhi.tests.pictures.pages import ENTRIES, Entry

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOBODY = Standing.__new__(Standing)


class Round:
    def __init__(self, browser: "Browser", base: str, to: Path, widths: tuple[str, ...], axe: bool) -> None:
        self.browser, self.base, self.to, self.widths, self.axe = browser, base, to, widths, axe
        self.states: dict[str, Any] = {}

    def all(self, begins: tuple[str, ...]) -> int:
        wrong = 0
        for entry in ENTRIES:
            if entry.key.startswith(begins):
                wrong += sum(self.one(entry, width) for width in self.widths)
        connection.close()
        return min(wrong, 1)

    def one(self, entry: Entry, width: str) -> int:
        """All looks of a page at one width; how many faults were found."""
        demo.stand_still()
        path = entry.path(self.standing(entry.who))
        context = taking.context(self.browser, self.base, width, self.state(entry.who))
        page, taken, found = context.new_page(), [], []
        for look in taking.LOOKS:
            demo.stand_still()
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
        return standing(person, demo.MOMENT) if person else NOBODY
