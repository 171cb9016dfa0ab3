"""A review as a page: each point with its answer, and what is open to the reader, expert or author."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from weizhi.charters.deliberating import DELIBERATING, ReviewParams
from weizhi.deliberation import reviewing
from weizhi.deliberation.kinds.review import POINT, REPLY, REVIEW, TAKE_BACK_POINT, points_of
from weizhi.deliberation.reviewing import Point
from weizhi.deliberation.versions import body_of
from weizhi.deliberation.wording import reply_words, severity_words
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.queries import Offer, offers, scene_of
from weizhi.matters.reads import SAID, told
from weizhi.matters.scene import token_of
from weizhi.matters.story import Reader, name_of
from weizhi.methods.text.articles import articles
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import UNHAPPY, drafted
from weizhi.portal.forms import Draft
from weizhi.portal.saying import due_chip, matter_url, number, when
from weizhi.portal.texts.page import text_url
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Entry, Payload

LOOKS: Final = {"must": "late", "should": "soon", "note": "ok"}
REPLIES: Final = {"accept": "done", "change": "moving", "decline": "refused"}


@dataclass(frozen=True)
class PointLine:
    n: int
    severity: p.Chip
    article: str
    who: str
    words: str
    reply: p.Chip | None
    answer: str
    answered: str
    act: p.Action | None  # what is open to the reader on this point


@dataclass(frozen=True)
class Round:
    """One time that the experts looked at it."""

    title: str
    ended: str
    points: tuple[PointLine, ...]
    empty: str


@dataclass(frozen=True)
class ReviewPage:
    matter: Matter
    number: str
    url: str
    title: str
    chip: p.Chip
    text: str  # where the version stands that is looked at
    text_words: str
    waiting: str
    rounds: tuple[Round, ...]
    acts: tuple[p.Action, ...]


@dataclass
class Panel:
    """The review of a matter, read for one person."""

    matter: Matter
    who: Standing
    now: datetime
    draft: Draft

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.matter, self.who, "desk" if self.who.posts else "resident")

    @cached_property
    def rows(self) -> list[StepRow]:
        """Every review of it, the newest first."""
        return sorted((row for row in self.reader.steps if row.kind == REVIEW), key=lambda row: row.opened_at)[::-1]

    @cached_property
    def offer(self) -> Offer | None:
        return next((one for one in offers(self.reader) if one.step_id == self.rows[0].pk), None)

    @cached_property
    def params(self) -> ReviewParams:
        found: ReviewParams = self.reader.procedure.steps[self.rows[0].key].parsed(DELIBERATING[REVIEW])
        return found

    def _holds(self, names: tuple[str, ...]) -> bool:
        row, scene = self.rows[0], scene_of(self.reader)
        keys = scene.keys(names, self.reader.procedure.steps[row.key], token_of(row))
        return self.offer is not None and not self.who.keys.isdisjoint(keys)

    @cached_property
    def expert(self) -> bool:
        return self._holds(self.reader.procedure.steps[self.rows[0].key].by)

    @cached_property
    def author(self) -> bool:
        return self._holds(self.params.answers)

    @cached_property
    def said(self) -> dict[tuple[str, int, int], tuple[Entry, str]]:
        """(verb, round, point) → its entry and words. Two queries."""
        rows = told().filter(stream=self.matter.stream_id, step=self.rows[0].key, verb__in=(POINT, REPLY))
        rows = rows.only(*SAID, "round")
        entries = list(rows.order_by("n"))  # who answers a second time means the second
        parts = Payload.objects.filter(entry__in=entries, part=WORDS)
        if not self.reader.involved:
            parts = parts.filter(grade__lt=HOUSEHOLD)
        words = {part.entry_id: str(part.read()) for part in parts}
        return {
            (entry.verb, entry.round, int(entry.public["point"])): (entry, words.get(entry.pk, "")) for entry in entries
        }


def review_page(panel: Panel) -> ReviewPage:
    """Five queries: the matter, steps, parties, what was said; one more for an expert, who names articles."""
    row, matter = panel.rows[0], panel.matter
    version = int(row.brief.get("version") or 0)
    acts = [drafted(form, n, panel.draft) for n, form in enumerate(_acts(panel))]
    left = reviewing.waiting(points_of(row)) if row.closed_at is None else ()
    return ReviewPage(
        matter=matter,
        number=number(matter),
        url=matter_url(matter.pk),
        title=panel.reader.title_of(row.key),
        chip=_chip(panel, row),
        text=text_url(matter.pk, panel.params.about, version) if version else "",
        text_words=_("看审的文本：第 %(n)s 版") % {"n": version},
        waiting=_("还有 %(n)s 条意见等着答复。") % {"n": len(left)} if left else "",
        rounds=tuple(_round(panel, one) for one in panel.rows),
        acts=tuple(acts),
    )


def _chip(panel: Panel, row: StepRow) -> p.Chip:
    if row.closed_at is None:
        return due_chip(row.due, panel.now) if row.due else p.Chip(_("正在审"), "moving")
    end = panel.reader.procedure.ends.get(panel.reader.procedure.steps[row.key].outcomes.get(row.outcome, ""))
    return p.Chip(
        panel.reader.outcome_words(panel.reader.procedure.steps[row.key], row.outcome),
        "refused" if end and end.counts in UNHAPPY else "done",
    )


def _round(panel: Panel, row: StepRow) -> Round:
    points = points_of(row)
    open_now = row.closed_at is None
    ended = ""
    if row.closed_at is not None:
        outcome = panel.reader.outcome_words(panel.reader.procedure.steps[row.key], row.outcome)
        ended = _("结论：%(outcome)s（%(when)s）") % {"outcome": outcome, "when": when(row.closed_at, panel.now)}
    version = row.brief.get("version")
    title = _("第 %(n)s 次审查") % {"n": row.round}
    if version:
        title = _("第 %(n)s 次审查，第 %(version)s 版") % {"n": row.round, "version": version}
    empty = _("还没有意见。") if open_now else _("没有意见。")
    return Round(title, ended, tuple(_point(panel, row, one) for one in points), "" if points else empty)


def _point(panel: Panel, row: StepRow, point: Point) -> PointLine:
    entry, words = panel.said.get((POINT, row.round, point.n), (None, ""))
    reply, answer = panel.said.get((REPLY, row.round, point.n), (None, ""))
    return PointLine(
        n=point.n,
        severity=p.Chip(severity_words(point.severity), LOOKS[point.severity]),
        article=point.article,
        who=_by(panel, entry),
        words=words or _("（已经删除）"),
        reply=p.Chip(reply_words(point.reply), REPLIES[point.reply]) if point.reply else None,
        answer=answer if point.reply else "",
        answered=_by(panel, reply) if point.reply else "",
        act=_on_point(panel, row, point) if row.closed_at is None else None,
    )


def _by(panel: Panel, entry: Entry | None) -> str:
    """Experts and authors act in their posts, and stand by their names."""
    if entry is None:
        return ""
    name = name_of(entry.actor, panel.who)
    post = f"{entry.holding.title} " if entry.holding else ""
    return f"{post}{name} · {when(entry.at, panel.now)}"


# --- the forms -------------------------------------------------------------------------------------------


def _acts(panel: Panel) -> Iterator[p.Action]:
    """What an expert does: one more point, and the conclusion once every point is answered."""
    if not panel.expert or panel.rows[0].closed_at is not None:
        return
    points = points_of(panel.rows[0])
    left = reviewing.waiting(points)
    if not left:
        yield _concluding(panel, points)
    yield _pointing(panel, folded=bool(points) and not left)


def _pointing(panel: Panel, *, folded: bool) -> p.Action:
    found = _articles(panel)
    article = p.Field("article", "choice", _("是哪一条？"), _("说的是全文，就不选。"), choices=found, compact=True)
    fields = (
        p.Field("words", "text", _("哪里不妥？为什么？怎么改？"), required=True),
        p.Field(
            "severity", "choice", _("有多要紧？"), required=True,
            choices=tuple(p.Choice(key, severity_words(key)) for key in LOOKS),
        ),
        *([article] if found else []),
    )  # fmt: skip
    ways = (p.Outcome("", _("提出这一条"), "plain" if folded else "primary"),)
    title = _("再提一条意见") if points_of(panel.rows[0]) else _("提一条意见")
    return p.Action(title, "", "", POINT, ways, str(panel.rows[0].pk), fields, folded=folded)


def _articles(panel: Panel) -> tuple[p.Choice, ...]:
    """The articles of the version that is looked at. One query."""
    version = int(panel.rows[0].brief.get("version") or 0)
    body = body_of(panel.matter.pk, panel.params.about, version, closed=panel.reader.involved)
    return tuple(p.Choice(one.name, one.name) for one in articles(body))


def _concluding(panel: Panel, points: list[Point]) -> p.Action:
    """Only the ways that the points allow: what is refused is not offered."""
    step = panel.reader.procedure.steps[panel.rows[0].key]
    ways: list[p.Outcome] = []
    for choice in panel.offer.choices if panel.offer else ():
        if choice.allowed and not reviewing.hinders(choice.key, points):
            end = panel.reader.procedure.ends.get(step.outcomes.get(choice.key, ""))
            weight: p.Weight = "refuse" if end and end.counts in UNHAPPY else "plain" if ways else "primary"
            ways.append(p.Outcome(choice.key, choice.title, weight))
    words = p.Field("words", "text", _("结论说一句"), _("大家看得到。不通过的，要写为什么。"))
    hint = _("意见都答复了，可以下结论。") if points else _("没有意见，就可以通过。")
    return p.Action(_("下结论"), "", "", REVIEW, tuple(ways), str(panel.rows[0].pk), (words,), hint)


def _on_point(panel: Panel, row: StepRow, point: Point) -> p.Action | None:
    """The authors answer; whoever gave it may take it back."""
    step = f"{row.pk}/{point.n}"
    if panel.author and point.reply is None:
        form = _replying(step, point)
    elif panel.expert and point.by == str(panel.who.person_id):
        ways = (p.Outcome("", _("撤回这一条"), "refuse"),)
        form = p.Action(_("撤回第 %(n)s 条") % {"n": point.n}, "", "", TAKE_BACK_POINT, ways, step, folded=True)
    else:
        return None
    form = drafted(form, 0, panel.draft)
    return replace(form, fields=tuple(replace(field, prefix=f"p{point.n}") for field in form.fields))


def _replying(step: str, point: Point) -> p.Action:
    words = p.Field("words", "text", _("怎么改？或者为什么不改？"), _("照改可以不写。专家会收到。"))
    ways = (
        p.Outcome(reviewing.ACCEPT, reply_words("accept"), "primary"),
        p.Outcome(reviewing.CHANGE, reply_words("change"), "plain"),
        p.Outcome(reviewing.DECLINE, reply_words("decline"), "refuse"),
    )
    return p.Action(_("答复第 %(n)s 条") % {"n": point.n}, "", "", REPLY, ways, step, (words,), folded=True)
