"""The roll as it is on the board: masked names, by pages, one's own home found by its number."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from weizhi.decisions.models import Entitlement, Roll
from weizhi.portal import pieces as p
from weizhi.portal.voting import words
from weizhi.portal.voting.board import Board

PAGE: Final = 100
SOUGHT_AT_MOST: Final = 40


@dataclass(frozen=True)
class RollLine:
    n: int
    label: str
    name: str
    area: str
    kind: str
    struck: str = ""
    correct: str = ""  # where the desk corrects it


@dataclass(frozen=True)
class RollPage:
    facts: p.Facts
    lines: tuple[RollLine, ...]
    by_area: bool
    sought: str
    pager: p.Pager | None
    frozen: bool
    root: str
    size: int
    board: Board | None = None

    @property
    def named(self) -> bool:
        """Whether a line is called by its home, and its holder's name stands beside it."""
        return any(line.name for line in self.lines)


def roll_page(roll: Roll, url: str, sought: str, page: int, board: Board | None = None) -> RollPage:
    """One query."""
    corrected = f"{url}?line=%s#correct" if board and board.clerk else ""
    sought = sought.strip()[:SOUGHT_AT_MOST]
    rows = Entitlement.objects.filter(roll=roll).order_by("n")
    if sought:
        by_number = Q(n=int(sought)) if sought.isdecimal() and len(sought) < 9 else Q()
        rows = rows.filter(Q(label__icontains=sought) | Q(name__icontains=sought) | by_number)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return RollPage(
        facts=_facts(roll),
        lines=tuple(_line(row, corrected) for row in found[:PAGE]),
        by_area=roll.area > 0,
        sought=sought,
        pager=_pager(url, sought, page, len(found) > PAGE),
        frozen=roll.frozen_at is not None,
        root=roll.root,
        size=roll.size,
        board=board,
    )


def _facts(roll: Roll) -> p.Facts:
    rows = [(_("一共"), _("%(n)s 票") % {"n": f"{roll.size:,}"})]
    if roll.area:
        rows += [(_("业主"), _("%(n)s 位（一人有几处，算一位）") % {"n": f"{roll.heads:,}"})]
        rows += [(_("面积"), words.area_words(roll.area))]
    return p.Facts(tuple(rows))


def _line(row: Entitlement, corrected: str) -> RollLine:
    kind = str(Entitlement.Kind(row.kind).label) if row.kind == Entitlement.Kind.PARKING else ""
    name = "" if row.name == row.label else row.name
    struck = row.struck_why or (_("更正时划去") if row.struck_at else "")
    return RollLine(
        row.n, row.label, name, words.area_number(row.area) if row.area else "", kind, struck,
        corrected % row.n if corrected else "",
    )  # fmt: skip


def _pager(url: str, sought: str, page: int, older: bool) -> p.Pager | None:
    if page == 1 and not older:
        return None

    def at(n: int) -> str:
        asked = {name: value for name, value in (("home", sought), ("page", str(n) if n > 1 else "")) if value}
        return f"{url}?{urlencode(asked)}" if asked else url

    newer = at(page - 1) if page > 1 else ""
    return p.Pager(_("第 %(n)s 页") % {"n": page}, newer, at(page + 1) if older else "")
