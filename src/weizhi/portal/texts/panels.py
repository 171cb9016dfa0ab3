"""What the page of a matter says of its texts, its reviews and the objections to what is on the board."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.conventions import ENACT, IN_FORCE
from weizhi.deliberation.kinds.review import REVIEW, points_of
from weizhi.deliberation.reviewing import waiting
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.conventions.page import convention_url
from weizhi.portal.objecting.page import NOTICE
from weizhi.portal.saying import due_chip
from weizhi.portal.texts.page import steps_with_texts, text_url
from weizhi.portal.voting.panels import Panel


def texts(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query: the steps say all of it."""
    return (*_texts(reader, now), *_notices(reader, now), *_reviews(reader, now), *_in_force(reader))


def _texts(reader: Reader, now: datetime) -> list[Panel]:
    found = []
    for key in steps_with_texts(reader):
        row = max((row for row in reader.steps if row.key == key), key=lambda row: row.opened_at)
        open_now = row.closed_at is None
        waits = any(party.step_id == row.pk and party.who in reader.who.keys for party in reader.parties)
        chip = due_chip(row.due, now) if open_now else p.Chip(_("定稿了"), "done")
        does = _("去写、去改") if open_now and waits else _("看文本，看改了什么")
        found.append(Panel(reader.title_of(key), chip, text_url(reader.matter.pk, key), does, open_now and waits))
    return found


def _in_force(reader: Reader) -> list[Panel]:
    """The convention that this matter made or changed."""
    done = [row for row in reader.steps if row.kind == ENACT and row.outcome == IN_FORCE]
    titles = reader.charter.conventions
    keys = [str(reader.procedure.steps[row.key].params["convention"]) for row in done]
    return [
        Panel(titles[key].title, p.Chip(_("施行了"), "done"), convention_url(key), _("看每一条"), False) for key in keys
    ]


def _notices(reader: Reader, now: datetime) -> list[Panel]:
    """The newest notice; how many objections wait the story has counted."""
    rows = [row for row in reader.steps if row.kind == NOTICE]
    if not rows:
        return []
    row = max(rows, key=lambda row: row.opened_at)
    open_now, left = row.closed_at is None, reader.objections
    chip = due_chip(row.due, now) if open_now else p.Chip(_("公示完了"), "done")
    if open_now and left:
        chip = p.Chip(_("%(n)s 条异议等答复") % {"n": left}, "waiting")
    does = _("去看，有不同意见就提") if open_now else _("看异议和答复")
    return [
        Panel(reader.title_of(row.key), chip, reverse("portal:objections", args=[reader.matter.pk]), does, open_now)
    ]


def _reviews(reader: Reader, now: datetime) -> list[Panel]:
    rows = [row for row in reader.steps if row.kind == REVIEW]
    if not rows:
        return []
    row = max(rows, key=lambda row: row.opened_at)
    open_now = row.closed_at is None
    left = len(waiting(points_of(row)))
    chip = due_chip(row.due, now) if open_now else p.Chip(_("审过了"), "done")
    if open_now and left:
        chip = p.Chip(_("%(n)s 条意见等答复") % {"n": left}, "waiting")
    waits = any(party.step_id == row.pk and party.who in reader.who.keys for party in reader.parties)
    does = _("去提意见、去答复") if open_now and waits else _("看意见和答复")
    url = reverse("portal:review", args=[reader.matter.pk])
    return [Panel(reader.title_of(row.key), chip, url, does, open_now and waits)]
