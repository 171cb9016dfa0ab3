"""What the page of a matter, and the home page, say of surveys."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation.kinds.survey import SURVEY
from weizhi.deliberation.models import Answer, Survey
from weizhi.deliberation.models.surveys import asked_of
from weizhi.matters.story import Reader
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import Home
from weizhi.portal.saying import due_chip, place_words
from weizhi.portal.surveying import words
from weizhi.portal.voting.panels import Panel

AT_HOME = 4


def surveys(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query for a matter that has none; else one."""
    if all(row.kind != SURVEY for row in reader.steps):
        return ()
    rows = Survey.objects.shown().defer("result").select_related("matter", "step").filter(matter=reader.matter.pk)
    return tuple(_panel(one, now) for one in rows.order_by("opens_at", "id"))


def _panel(survey: Survey, now: datetime) -> Panel:
    is_open = survey.closed_at is None
    chip = due_chip(survey.closes_at, now) if is_open else p.Chip(_("问卷收完了"), "done")
    does = _("去答问卷，看回了多少") if is_open else _("看结果")
    return Panel(words.title_of(survey), chip, _url(survey), does, is_open)


def waiting_for(who: Standing, now: datetime) -> Sequence[Survey]:
    """Open surveys that ask me or a home of mine, where nothing came yet. One query."""
    if who.person_id is None or not who.communities:
        return []
    silent = asked_of(who).filter(~Exists(Answer.objects.filter(asked=OuterRef("pk"))))
    rows = Survey.objects.open(now).filter(Exists(silent), community__in=who.communities).shown().defer("result")
    return list(rows.select_related("matter__place__parent__parent", "step").order_by("step__due", "id")[:AT_HOME])


def with_surveys(home: Home, who: Standing, now: datetime) -> Home:
    """The home page with the surveys that wait for me before what else does. One query."""
    cards = tuple(_card(one, now) for one in waiting_for(who, now))
    return replace(home, waiting=replace(home.waiting, cards=(*cards, *home.waiting.cards))) if cards else home


def _card(survey: Survey, now: datetime) -> p.Card:
    return p.Card(
        title=survey.matter.title, url=_url(survey), where=place_words(survey.matter.place),
        news=_("问卷 · 想听听您的意见"), chips=(due_chip(survey.closes_at, now),),
    )  # fmt: skip


def _url(survey: Survey) -> str:
    url = reverse("portal:survey", args=[survey.matter_id])
    return url if survey.closed_at is None else f"{url}?step={survey.step.key}"
