"""What time it is here: the machine's own time, except where a demo's database says that its clock was moved on.

How far it was moved lies in the demo's database (`Origin.ahead`). It counts only inside `counting()`, which requests
and jobs enter on a server that was told it is a demo; a live database can neither hold it nor be read with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, Subquery
from django.utils import timezone

from weizhi.places.prepared import Prepared
from weizhi.record.models import Origin

STILL = timedelta()
_moved = Prepared(
    lambda: Origin.objects.filter(made_as=Origin.MadeAs.DEMO).values_list("ahead", flat=True)[:1], by_key=True
)


class _Counting:
    """How far the clock is ahead in this block: read when first asked for, unless somebody read it beside his own."""

    def __init__(self) -> None:
        self._known = False
        self._by: timedelta | None = None

    def heard(self, by: timedelta | None) -> None:
        self._known, self._by = True, by

    def by(self) -> timedelta | None:
        if not self._known:
            self.heard(_moved.first())
        return self._by


_ahead: ContextVar[_Counting | None] = ContextVar("ahead", default=None)  # None: no demo's clock counts here


class ClockRefused(Exception):
    """Somebody tried to set the clock of a database that serves real people."""


def now() -> datetime:
    counting = _ahead.get()
    return timezone.now() + ((counting.by() if counting else None) or STILL)


def is_demos() -> bool:
    """Whether a demo's clock counts here."""
    counting = _ahead.get()
    return counting is not None and counting.by() is not None


def beside(rows: QuerySet[Any]) -> QuerySet[Any]:
    """On a demo's server: the same rows, each saying as `ahead` how far the clock is moved. Elsewhere untouched."""
    if not settings.DEMO:
        return rows
    moved = Origin.objects.filter(made_as=Origin.MadeAs.DEMO).values("ahead")[:1]
    return rows.annotate(ahead=Subquery(moved))


def heard(row: object) -> None:
    """Take from such a row how far the clock is ahead, so that nobody asks again in this block."""
    counting = _ahead.get()
    if counting is not None and hasattr(row, "ahead"):
        counting.heard(row.ahead)


def ahead() -> timedelta:
    """How far the clock of this database was moved on; never, where it is no demo's."""
    return _moved.first() or STILL


@contextmanager
def counting() -> Iterator[None]:
    """Let the demo's clock count in this block. On a server that is no demo's this does nothing at all."""
    if not settings.DEMO:
        yield
        return
    before = _ahead.set(_Counting())
    try:
        yield
    finally:
        _ahead.reset(before)


def move_on(by: timedelta) -> None:
    """Move the demo's clock on, never back: what happened has happened. Refused in any other database."""
    if by <= STILL:
        raise ClockRefused("时间只能往前走。要回到开始，请用“回到开始”。")
    _must_be_moved(Origin.objects.filter(made_as=Origin.MadeAs.DEMO).update(ahead=F("ahead") + by))


def stand_at(at: datetime) -> None:
    """Let the demo's clock show `at`, after the demo itself was set back to that moment."""
    _must_be_moved(Origin.objects.filter(made_as=Origin.MadeAs.DEMO).update(ahead=at - timezone.now()))


def _must_be_moved(rows: int) -> None:
    if rows != 1:
        raise ClockRefused("只有演示用的数据库才有可以拨的时钟。")
