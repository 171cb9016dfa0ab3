"""The code on a letter to a home: whoever has the letter in hand lives there, as far as a letter box can tell.

Nothing is stored: the installation's keys make the code of the home and the month. It holds for that month and the
two after it. It binds as resident or tenant only; who owns is the register's word, seen by an officer.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from weizhi.people.vault import keyring
from weizhi.places.models import Place

DIGITS: Final = 8
HOLDS: Final = 3  # months, the one it was printed in included
PURPOSE: Final = "people.home-code"
HOUSEHOLD: Final = "household"
PROOF: Final = "letter"


def code_for(household: Place, day: date) -> str:
    """The code that a letter printed on this day carries."""
    return _code(household, (day.year, day.month))


def holds_until(day: date) -> date:
    """The last day on which a code printed on `day` is taken: the end of the second month after."""
    year, month = _month(day, HOLDS)
    return date.fromordinal(date(year, month, 1).toordinal() - 1)


def household_with(typed: str, code: str, day: date) -> Place | None:
    """The home whose number (or path) was typed, if the code is its own and still holds."""
    number, digits = typed.strip(), "".join(one for one in code if one.isdigit())
    if not number or len(digits) != DIGITS:
        return None
    named = Place.objects.filter(kind=HOUSEHOLD, **({"path": number} if "/" in number else {"code": number}))
    months = [_month(day, -back) for back in range(HOLDS)]
    rows = named.select_related("community", "parent__parent")
    return next((home for home in rows if digits in (_code(home, month) for month in months)), None)


def said(code: str) -> str:
    """As it is printed: 4839 2015."""
    return f"{code[:4]} {code[4:]}"


def homes_under(path: str, at_most: int) -> Iterator[Place]:
    """The homes of a building or stairwell, in the order of the register."""
    rows = Place.objects.under(path).filter(kind=HOUSEHOLD).select_related("community", "parent__parent")
    yield from rows.order_by("path")[:at_most]


def _code(household: Place, month: tuple[int, int]) -> str:
    made = keyring().blind(f"{household.pk}:{month[0]}-{month[1]}", PURPOSE)
    return f"{int(made[:16], 16) % 10**DIGITS:0{DIGITS}}"


def _month(day: date, later: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + later
    return count // 12, count % 12 + 1
