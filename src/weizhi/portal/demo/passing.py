"""What time did by itself while the demo's clock was moved on, told in lines: what, to which matter, who was told."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.notice_words import NoticeReader, ended
from weizhi.people.access import NOBODY
from weizhi.portal.saying import when
from weizhi.record import clock
from weizhi.record.models import Delivery, Entry

SHOWN: Final = 60
NAMES: Final = 4
PAGE: Final = "page"
LATE: Final = frozenset({"overdue", "missed"})


@dataclass(frozen=True)
class Passed:
    """One thing that time did. `up`: somebody above was told that it is late."""

    when: str
    at: datetime
    what: str
    told: str
    title: str
    url: str
    up: bool


@dataclass(frozen=True)
class Passing:
    rows: tuple[Passed, ...]
    more: int
    summary: str


def let_pass(until: datetime) -> None:
    """Time acts until then, each timer at its own instant; who must know is told; then the clock is moved.

    In this order: whoever looks at the same moment sees the old time with the old state, or both new.
    """
    now = clock.now()
    run_due(until)
    tell(until)
    clock.move_on(until - now)


def passed(since: datetime, now: datetime) -> Passing:
    """Three queries, whatever happened."""
    entries = Entry.objects.filter(at__gt=since, at__lte=now, actor=None, stream__kind="matter")
    rows = list(entries.select_related("stream__matter").order_by("at", "id")[:SHOWN])
    kinds = Counter(entries.order_by().values_list("verb", flat=True))
    told: dict[UUID, list[str]] = defaultdict(list)
    notices = Delivery.objects.filter(entry__in=[row.pk for row in rows], channel=PAGE).order_by("why", "to__name")
    for entry, name in notices.values_list("entry", "to__name"):
        told[entry].append(name)
    shown = tuple(_row(row, told[row.pk], now) for row in rows)
    return Passing(shown, sum(kinds.values()) - len(shown), _summary(kinds))


def _row(entry: Entry, names: list[str], now: datetime) -> Passed:
    matter: Matter = entry.stream.matter
    said = ended(NoticeReader(matter, NOBODY, "desk").sentence(entry))
    title = f"{matter.number:04d} {matter.title}"
    url = reverse("portal:matter", args=[matter.pk])
    return Passed(when(entry.at, now), entry.at, said, _told(names), title, url, entry.verb in LATE)


def _told(names: list[str]) -> str:
    if not names:
        return ""
    first = "、".join(names[:NAMES])
    if len(names) <= NAMES:
        return _("告诉了%(names)s") % {"names": first}
    return _("告诉了%(names)s等 %(count)d 人") % {"names": first, "count": len(names)}


def _summary(kinds: Counter[str]) -> str:
    late = sum(kinds[verb] for verb in LATE)
    others = sum(kinds.values()) - late
    if not kinds:
        return _("这段时间里没有什么到期。")
    parts = []
    if late:
        parts.append(_("%(count)d 次过了期限，告诉了上一级") % {"count": late})
    if others:
        parts.append(_("%(count)d 件自己往下走了") % {"count": others})
    return ended(_("，").join(parts))
