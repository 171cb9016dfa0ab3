"""A survey as a page: for whoever is asked, for everybody who sees the matter, for whoever runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.surveying import PICKS, Question
from weizhi.deliberation.asked import may_speak
from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.collecting import back, enough, remark_identity, response
from weizhi.deliberation.models import Answer, Asked, Remark, Survey
from weizhi.people.access import Standing
from weizhi.people.vault import keyring
from weizhi.portal import pieces as p
from weizhi.portal.queries.notices import unseen_count
from weizhi.portal.saying import due_chip, matter_url, number, place_words, when
from weizhi.portal.surveying import words
from weizhi.portal.surveying.result import Part, Result, response_parts, result_of

TWO_KEYS = 10  # so many options, and one needs two keys
NAME = "q."  # before a question's key in a form
WHOLE = ("matter__place__parent__parent", "step", "community")


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    checked: bool


@dataclass(frozen=True)
class Asking:
    """One question as a form asks it."""

    n: int
    of: int
    name: str
    title: str
    form: str
    hint: str
    required: bool
    options: tuple[Option, ...]
    words: str
    typed: str  # at the desk: what the keys gave
    error: str


@dataclass(frozen=True)
class Mine:
    """One home (or oneself) that is asked, and whether something came already."""

    id: str
    title: str
    came: str
    form: bool  # whether one may answer here


@dataclass(frozen=True)
class SurveyPage:
    survey: Survey
    title: str
    number: str
    url: str
    chip: p.Chip
    until: str
    open: bool
    why: list[str]
    mine: tuple[Mine, ...]
    questions: tuple[Asking, ...]
    progress: p.Progress | None
    result: Result | None
    clerk: bool
    desk: str


@dataclass(frozen=True)
class DeskPage:
    """What whoever runs it needs: the next slip, how many came back, and after the end the free words."""

    whole: SurveyPage
    grids: tuple[Part, ...]
    channels: tuple[Part, ...]
    ways: tuple[Option, ...]
    of: str
    ends: bool
    paper: str
    remarks: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Tried:
    """An answer that was refused: what was said is still there, with why."""

    said: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    channel: str = Answer.Channel.PAPER.value
    error: str = ""
    field: str = ""


def seen(matter_id: UUID, who: Standing, step: str = "") -> Survey | None:
    """The survey of a matter for whoever may see it: the open one, else the newest. One query."""
    rows = Survey.objects.visible_to(who).shown().select_related(*WHOLE).annotate(unseen=unseen_count(who))
    rows = rows.filter(matter=matter_id, **({"step__key": step} if step else {}))
    return min(rows.order_by("-opens_at", "-id")[:9], key=lambda one: one.closed_at is not None, default=None)


def survey_page(survey: Survey, who: Standing, now: datetime, tried: Tried) -> SurveyPage:
    is_open = survey.closed_at is None and survey.step.closed_at is None and now < survey.closes_at
    mine = _mine(survey, who, now, is_open)
    clerk = is_clerk(survey, who)
    return SurveyPage(
        survey=survey, title=words.title_of(survey), number=number(survey.matter), url=matter_url(survey.matter_id),
        chip=due_chip(survey.closes_at, now) if is_open else p.Chip(_("问卷收完了"), "done"),
        until=when(survey.closes_at, now), open=is_open, why=words.why_me(survey, bool(mine)), mine=mine,
        questions=tuple(asking(survey, tried)) if is_open else (),
        progress=_progress(survey) if is_open else None, result=result_of(survey), clerk=clerk,
        desk=reverse("portal:survey-desk", args=[survey.matter_id]) if clerk else "",
    )  # fmt: skip


def _mine(survey: Survey, who: Standing, now: datetime, is_open: bool) -> tuple[Mine, ...]:
    """Three queries at most; none for whoever is nobody."""
    if who.person_id is None:
        return ()
    rows = may_speak(survey, who.person_id, now)
    came = {one.asked_id: one for one in Answer.objects.filter(asked__in=rows).defer("sealed")} if rows else {}
    return tuple(_one(survey, row, came.get(row.pk), who, now, is_open) for row in rows)


def _one(survey: Survey, row: Asked, there: Answer | None, who: Standing, now: datetime, is_open: bool) -> Mine:
    homes = survey.asks == Survey.Asks.HOUSEHOLDS
    title = place_words(row.place) if homes else _("您本人")
    if there is None:
        return Mine(str(row.pk), title, "", is_open)
    told = {"when": when(there.at, now), "channel": there.get_channel_display()}
    another = homes and there.channel == Answer.Channel.PHONE and there.by_id != who.person_id
    if another:
        return Mine(str(row.pk), title, _("%(when)s 您家里人已经答过了，一户一份") % told, form=False)
    return Mine(str(row.pk), title, _("%(when)s 收到了（%(channel)s）") % told, is_open)


def _progress(survey: Survey) -> p.Progress:
    came = back(survey)
    return p.Progress(_("到现在回了多少"), came, survey.asked, words.so_far(survey, came))


def asking(survey: Survey, tried: Tried) -> Sequence[Asking]:
    questions = survey.question_list
    return [_asking(n, len(questions), question, tried) for n, question in enumerate(questions, 1)]


def _asking(n: int, of: int, question: Question, tried: Tried) -> Asking:
    said = tried.said.get(question.key)
    chosen = {str(one) for one in said} if isinstance(said, list) else {str(said)}
    hint = _("最多选 %(n)s 个") % {"n": question.at_most} if question.at_most else ""
    if question.form == "choices" and not hint:
        hint = _("可以选几个")
    picks = question.form in PICKS or question.form == words.SCALE
    return Asking(
        n=n, of=of, name=NAME + question.key, title=question.title, form=question.form, hint=hint,
        required=question.required,
        options=tuple(Option(key, one, key in chosen) for key, one in words.options_of(question)) if picks else (),
        words=str(said or "") if question.form == "text" else "", typed=tried.typed.get(question.key, ""),
        error=tried.error if tried.field == question.key else "",
    )  # fmt: skip


def said_in(survey: Survey, sent: QueryDict) -> dict[str, Any]:
    """What a form says, as the door takes it."""
    found: dict[str, Any] = {}
    for question in survey.question_list:
        many = sent.getlist(NAME + question.key)
        found[question.key] = many if question.form == "choices" else (many or [""])[0].strip()
    return found


def typed_in(survey: Survey, sent: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """What a clerk typed by keys: "1", of several choices "13" or "1 3"; and the keys themselves, for another try."""
    said, typed = {}, {}
    for question in survey.question_list:
        keys = sent.get(NAME + question.key, "").strip()
        typed[question.key] = keys
        said[question.key] = _several(keys, len(question.choices)) if question.form == "choices" else keys
    return said, typed


def _several(keys: str, options: int) -> list[str]:
    apart = keys.replace("，", " ").replace(",", " ").replace("、", " ").split()
    return list(apart[0]) if len(apart) == 1 and options < TWO_KEYS else apart


def desk_page(survey: Survey, who: Standing, now: datetime, tried: Tried) -> DeskPage:
    whole = survey_page(survey, who, now, tried)
    came = survey.result or response(survey)
    parts = response_parts(came, words.unit_of(survey))
    return DeskPage(
        whole=whole, **parts,
        ways=tuple(
            Option(one.value, str(one.label), one.value == tried.channel)
            for one in Answer.Channel if one != Answer.Channel.PHONE
        ),
        of=tried.asked, ends=whole.open and enough(survey, came["back"]),
        paper=reverse("portal:survey-paper", args=[survey.matter_id]), remarks=_remarks(survey),
    )  # fmt: skip


def _remarks(survey: Survey) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The free words by question, in no order that tells of anybody. One query."""
    if survey.closed_at is None:
        return ()
    found: dict[str, list[str]] = {}
    for one in Remark.objects.filter(survey=survey).order_by("pk"):
        opened = keyring().decrypt(bytes(one.sealed), remark_identity(survey.pk, one.question))
        found.setdefault(one.question, []).append(opened)
    titles = {question.key: question.title for question in survey.question_list}
    return tuple((titles[key], tuple(said)) for key, said in found.items())
