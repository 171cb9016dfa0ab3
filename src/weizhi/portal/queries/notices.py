"""Notices on the page: what happened in matters that concern me."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from weizhi.matters.models import Matter
from weizhi.matters.notice_words import with_words, words_for
from weizhi.people.access import Standing
from weizhi.portal.saying import when
from weizhi.record.models import Delivery

CHANNEL: Final = "page"
AT_MOST: Final = 40


@dataclass(frozen=True)
class Notice:
    title: str
    url: str
    said: str
    when: str
    at: datetime
    unread: bool


def newest(standing: Standing, now: datetime) -> list[Notice]:
    """Two queries: the deliveries with what their words need, and which of the matters may still be seen."""
    mine = Delivery.objects.filter(to=standing.person_id, channel=CHANNEL)
    rows = list(with_words(mine).order_by("-entry__at", "-id")[:AT_MOST])
    streams = {row.entry.stream_id for row in rows}
    seen = set(Matter.objects.visible_to(standing).filter(pk__in=streams).values_list("pk", flat=True))
    return [_notice(row, now) for row in rows if row.entry.stream_id in seen]


def _notice(row: Delivery, now: datetime) -> Notice:
    words = words_for(row, now)
    return Notice(words.title, words.url, words.text, when(row.entry.at, now), row.entry.at, row.seen_at is None)


def unseen_count(standing: Standing) -> Coalesce:
    """The dock's number as a column of another query: a page asks ten times at most."""
    rows = Delivery.objects.filter(to=standing.person_id, channel=CHANNEL, seen_at__isnull=True).order_by()
    return Coalesce(Subquery(rows.values("to").annotate(many=Count("pk")).values("many")), 0)


def mark_seen(standing: Standing, now: datetime) -> None:
    Delivery.objects.filter(to=standing.person_id, channel=CHANNEL, seen_at__isnull=True).update(seen_at=now)


def mark_seen_of(matter_id: UUID, standing: Standing, now: datetime) -> None:
    """Whoever acts on a matter has read what it told so far."""
    rows = Delivery.objects.filter(to=standing.person_id, channel=CHANNEL, seen_at__isnull=True)
    rows.filter(entry__stream=matter_id).update(seen_at=now)
