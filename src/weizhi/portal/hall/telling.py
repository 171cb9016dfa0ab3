"""What the home page and the notices say of halls, to one person about what is his: no row anywhere names him."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.deliberation import mine
from weizhi.deliberation.actions.moderate import MODERATE
from weizhi.deliberation.models import Hall, Statement
from weizhi.deliberation.taking_part import rule_of
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.hall.page import said_words
from weizhi.portal.queries.lists import Home
from weizhi.portal.queries.notices import Notice
from weizhi.portal.saying import due_chip, number, place_words, when
from weizhi.record.models import Entry


def with_halls(home: Home, who: Standing, now: datetime) -> Home:
    """The home page with the halls in which I may speak. One query, a second where a hall is open."""
    cards = tuple(_card(one, now) for one in mine.waiting_for(who, now))
    return replace(home, waiting=replace(home.waiting, cards=(*cards, *home.waiting.cards))) if cards else home


def _card(one: mine.Waiting, now: datetime) -> p.Card:
    hall = one.hall
    news = _("您写的一条意见收起来了，看看为什么") if one.put_away else _("您可以去议事厅说一句")
    url = reverse("portal:hall", args=[hall.matter_id])
    return p.Card(
        title=question_of(hall), url=f"{url}#own" if one.put_away else url, where=place_words(hall.matter.place),
        news=news, chips=(due_chip(hall.closes_at, now),), unread=one.put_away,
    )  # fmt: skip


def question_of(hall: Hall) -> str:
    _charter, step, params = rule_of(hall)
    return params.question or hall.matter.title or step.title


def with_put_away(notices: list[Notice], who: Standing, now: datetime) -> list[Notice]:
    """My own words that were put away, among the other notices. Two queries, three more where I speak in a hall."""
    rows = mine.put_away(who.person_id) if who.person_id else []
    if not rows:
        return notices
    times = _moderated({one.hall.matter_id for one in rows})
    own = [_notice(one, times.get((one.hall.matter_id, one.n), one.hall.opens_at), now) for one in rows]
    return sorted([*notices, *own], key=lambda notice: notice.at, reverse=True)


def _moderated(matters: Iterable[UUID]) -> dict[tuple[UUID, int], datetime]:
    """When each statement was last let out or put away. One query."""
    entries = Entry.objects.filter(stream__in=matters, verb=MODERATE).order_by("n")
    return {
        (stream, n): at
        for stream, at, public in entries.values_list("stream", "at", "public")
        for n in public.get("statements", ())
    }


def _notice(one: Statement, at: datetime, now: datetime) -> Notice:
    matter = one.hall.matter
    return Notice(
        title=" ".join([_("编号 %(number)s") % {"number": number(matter)}, matter.title]).strip(),
        url=f"{reverse('portal:hall', args=[matter.pk])}#own",
        said=_("您在议事厅写的一条意见收起来了，只有您看得到这一条。为什么：%(reason)s") % {"reason": one.reason},
        when=when(at, now), at=at, unread=not one.reason_read,
    )  # fmt: skip


def own_data(person: UUID) -> list[dict[str, Any]]:
    """What halls that still know the person hold of him: his words, and what he said of others'."""
    written, answered = mine.own_words(person)
    halls: dict[UUID, dict[str, Any]] = {}

    def of(hall: Hall) -> dict[str, Any]:
        closes = hall.closes_at.astimezone(ZONE).isoformat()
        return halls.setdefault(
            hall.pk, {"matter": hall.matter.number, "closes": closes, "written": [], "answered": []}
        )

    for one in written:
        of(one.hall)["written"].append({"n": one.n, "words": one.words, "state": one.state, "reason": one.reason})
    for stance in answered:
        one = stance.statement
        of(one.hall)["answered"].append({"n": one.n, "words": one.words, "said": said_words(stance.said)})
    return list(halls.values())
