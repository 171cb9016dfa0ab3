"""The walking table on the page of its matter: every spot from which people set out, before and after, and how the
asking stands. What a single home said is its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from weizhi.deliberation.models import Walking
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.saying import due_chip
from weizhi.portal.walking.forms import metres
from weizhi.portal.walking.reading import walked

SHOWN = 8  # rows that stand open where many are well


@dataclass(frozen=True)
class WalkRow:
    name: str
    homes: int
    before: str
    after: str
    far: bool


@dataclass(frozen=True)
class WalkTable:
    title: str
    chip: p.Chip
    said: str
    asked: p.Progress | None
    rows: tuple[WalkRow, ...]
    more: tuple[WalkRow, ...]  # folded away
    unmeasured: int


def walk_tables(reader: Reader, now: datetime) -> tuple[WalkTable, ...]:
    found = walked(reader)
    if found is None:
        return ()
    newest, row = found.walking, found.row
    chip = due_chip(row.due, now) if row.closed_at is None else p.Chip(_("问完了"), "done")
    rows = sorted((_row(one, newest.limit) for one in newest.table), key=lambda one: not one.far)
    shown = max(SHOWN, sum(one.far for one in rows))
    return (
        WalkTable(
            title=reader.title_of(row.key),
            chip=chip,
            said=_("章程的限度是 %(limit)s 米。比这远、又比原来远的，一户一户问。") % {"limit": newest.limit},
            asked=_asked(newest, open_now=row.closed_at is None),
            rows=tuple(rows[:shown]),
            more=tuple(rows[shown:]),
            unmeasured=newest.unmeasured,
        ),
    )


def _asked(walking: Walking, *, open_now: bool) -> p.Progress | None:
    """How many homes have answered; what they said is told when it is over."""
    asked, yes, no = walking.asked, walking.yes, walking.no
    if not asked:
        return None
    numbers = {"asked": asked, "answered": yes + no, "yes": yes, "no": no, "silent": asked - yes - no}
    words = _("问了 %(asked)s 户，答了 %(answered)s 户") % numbers
    if not open_now:
        words = _("问了 %(asked)s 户：%(yes)s 户同意，%(no)s 户不同意，%(silent)s 户没有回答") % numbers
    return p.Progress(_("要走远路的住户"), yes + no, asked, words)


def _row(one: dict[str, Any], limit: int) -> WalkRow:
    before, after = one["before"], one["after"]
    far = before is not None and (after is None or (after > limit and after > before))
    return WalkRow(one["name"], one["homes"], metres(before), metres(after), far)
