"""Objections and answers as a page: one's own first; for the desk, what is likely the same, with one answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deciding import DECIDING, NoticeParams
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Objection
from weizhi.matters.models import Step as StepRow
from weizhi.matters.objecting import ANSWER, OBJECT
from weizhi.matters.queries import beside_verbs
from weizhi.matters.story import Reader
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import drafted
from weizhi.portal.forms import Draft
from weizhi.portal.saying import due_chip, matter_url, number, when
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload

NOTICE: Final = "notice"
HALL: Final = "hall"  # one of the places that a charter names
A_PAGE: Final = 25
GROUPS_AT_ONCE: Final = 3
GROUPED_UP_TO: Final = 5_000
OF_A_GROUP: Final = 400  # in one form: a browser sends no thousand ticks; the others come after these
SHORT: Final = 60
ANSWERED: Final = ("answer__holding__title", "answer__actor__name", "answer__actor__erased_at", "answer__at")
KEPT: Final = 24 * 3600


@dataclass(frozen=True)
class Row:
    """An objection as the database has it."""

    entry: UUID
    n: int
    at: datetime
    whose: UUID | None
    answer: UUID | None
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Line:
    n: int
    who: str
    when: str
    words: str
    answer: str
    answered: str
    act: p.Action | None


@dataclass(frozen=True)
class ObjectionsPage:
    matter: Matter
    number: str
    url: str
    title: str
    chip: p.Chip
    progress: p.Progress | None
    waits: str
    paper: str
    wall: str  # where the charter hangs it in the hall too
    groups: tuple[p.Action, ...]
    mine: tuple[Line, ...]
    lines: tuple[Line, ...]
    acts: tuple[p.Action, ...]
    tabs: tuple[p.Tab, ...]
    pager: p.Pager | None


@dataclass
class Board:
    """The notice of a matter, read for one person."""

    matter: Matter
    who: Standing
    now: datetime
    draft: Draft
    show: str = ""
    sheet: int = 1

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.matter, self.who, "desk" if self.who.posts else "resident")

    @cached_property
    def row(self) -> StepRow | None:
        """The newest notice of it."""
        rows = [row for row in self.reader.steps if row.kind == NOTICE]
        return max(rows, key=lambda row: row.opened_at, default=None)

    @property
    def open(self) -> bool:
        return self.row is not None and self.row.closed_at is None

    @cached_property
    def rows(self) -> list[Row]:
        """All objections to it, the oldest first."""
        found = Objection.objects.filter(matter=self.matter).order_by("n")
        columns = ("entry", "n", "entry__at", "entry__on_behalf_of", "entry__actor", "answer", *ANSWERED)
        return [
            Row(entry, n, at, behalf or actor, answer, _named(post, name, erased), answered)
            for entry, n, at, behalf, actor, answer, post, name, erased, answered in found.values_list(*columns)
        ]

    @cached_property
    def left(self) -> list[Row]:
        return [row for row in self.rows if row.answer is None]

    @cached_property
    def verbs(self) -> list[str]:
        """What the reader may do: object, answer."""
        self.reader.objections = len(self.left)
        return beside_verbs(self.reader)

    @property
    def clerk(self) -> bool:
        return ANSWER in self.verbs

    @cached_property
    def shown(self) -> list[Row]:
        """What this page lists: what waits for the desk, or all of them."""
        wanted = {"open": self.left, "all": self.rows}.get(self.show, self.left if self.clerk else self.rows)
        return wanted[(self.sheet - 1) * A_PAGE : self.sheet * A_PAGE]

    @cached_property
    def mine(self) -> list[Row]:
        me = self.who.person_id
        return [row for row in self.rows if me is not None and row.whose == me]

    @cached_property
    def words(self) -> dict[UUID, str]:
        """What was said, as far as this page shows or compares it."""
        here = (*self.shown, *self.mine)
        wanted = {pk for row in here for pk in (row.entry, row.answer) if pk}
        wanted |= {row.entry for row in self.left if self.clerk}
        rows = Payload.objects.filter(entry__in=wanted, part=WORDS)
        if not self.reader.involved:
            rows = rows.filter(grade__lt=HOUSEHOLD)
        return {part.entry_id: str(part.read()) for part in rows} if wanted else {}


def objections_page(board: Board) -> ObjectionsPage:
    """Six at most, however many there are: matter, steps, parties, objections, words, what was found alike."""
    assert board.row is not None, "fetched with permission"
    matter, total, left = board.matter, len(board.rows), len(board.left)
    said = _("答复了 %(done)s 条，一共 %(total)s 条") % {"done": f"{total - left:,}", "total": f"{total:,}"}
    grouped = _groups(board) if board.clerk else []
    return ObjectionsPage(
        matter=matter,
        number=number(matter),
        url=matter_url(matter.pk),
        title=board.reader.title_of(board.row.key),
        chip=due_chip(board.row.due, board.now) if board.open else p.Chip(_("公示完了"), "done"),
        progress=p.Progress(_("异议的答复"), total - left, total, said) if total else None,
        waits=_("每一条都答复了，公示才能结束。") if board.open and left else "",
        paper=reverse("portal:notice-paper", args=[matter.pk]),
        wall=reverse("portal:notice-wall", args=[matter.pk]) if in_the_hall(board) else "",
        groups=tuple(drafted(form, n, board.draft) for n, form in enumerate(_group(board, one) for one in grouped)),
        mine=tuple(_line(board, row, own=True) for row in board.mine),
        lines=tuple(_line(board, row, own=False) for row in board.shown),
        acts=tuple(drafted(form, 90 + n, board.draft) for n, form in enumerate(_acts(board))),
        tabs=_tabs(board),
        pager=_pager(board),
    )


def in_the_hall(board: Board) -> bool:
    """Whether the charter names the hall among the places of this notice."""
    assert board.row is not None, "fetched with permission"
    params: NoticeParams = board.reader.procedure.steps[board.row.key].parsed(DECIDING[NOTICE])
    return HALL in params.places


def _named(post: str | None, name: str | None, erased: datetime | None) -> str:
    """Who answered, in which post: a name in office, unless it was erased."""
    return f"{post or ''} {name if name and erased is None else ''}".strip()


def _groups(board: Board) -> list[list[Row]]:
    """What waits and is likely the same, the largest groups first. Worked out once for so many objections."""
    if len(board.left) < 2 or len(board.left) > GROUPED_UP_TO:
        return []
    key = f"objections:{board.matter.pk}:{board.left[-1].n}:{len(board.left)}"
    found: list[list[int]] | None = cache.get(key)
    if found is None:
        found = _alike(board.left, board.words)
        cache.set(key, found, KEPT)
    waiting = {row.n: row for row in board.left}
    return [[waiting[n] for n in one if n in waiting][:OF_A_GROUP] for one in found][:GROUPS_AT_ONCE]


def _alike(rows: Sequence[Row], words: Mapping[UUID, str]) -> list[list[int]]:
    from weizhi.methods.text.duplicates import topics  # numbers by the thousand: only where a desk needs them
    from weizhi.methods.text.features import Message

    said = [
        Message(str(row.n), words.get(row.entry, "")[:SHORT], words.get(row.entry, ""), str(row.whose)) for row in rows
    ]
    return [[int(key) for key in topic.keys] for topic in topics([one for one in said if one.title])]


def _line(board: Board, row: Row, *, own: bool) -> Line:
    mine = row.whose is not None and row.whose == board.who.person_id
    act = None
    if board.clerk and row.answer is None and not own:
        form = drafted(_answering(board, row), 0, board.draft)
        act = replace(form, fields=tuple(replace(field, prefix=f"o{row.n}") for field in form.fields))
    return Line(
        n=row.n,
        who=_("您") if mine else _("一位居民"),
        when=when(row.at, board.now),
        words=board.words.get(row.entry) or _("（已经删除）"),
        answer=board.words.get(row.answer, _("（已经删除）")) if row.answer else "",
        answered=f"{row.answered_by} · {when(row.answered_at, board.now)}" if row.answered_at else "",
        act=act,
    )


def _tabs(board: Board) -> tuple[p.Tab, ...]:
    shown = board.show or ("open" if board.clerk else "all")
    return (
        p.Tab(_("等答复的"), "?show=open", len(board.left), current=shown == "open"),
        p.Tab(_("全部"), "?show=all", len(board.rows), current=shown == "all"),
    )


def _pager(board: Board) -> p.Pager | None:
    shown = board.show or ("open" if board.clerk else "all")
    total = len(board.left if shown == "open" else board.rows)
    last = max(1, -(-total // A_PAGE))
    if last == 1:
        return None
    words = _("第 %(n)s 页，共 %(last)s 页") % {"n": board.sheet, "last": last}
    return p.Pager(words, _at(shown, board.sheet - 1, last), _at(shown, board.sheet + 1, last))


def _at(show: str, sheet: int, last: int) -> str:
    return f"?{urlencode({'show': show, 'page': sheet})}" if 1 <= sheet <= last else ""


# --- the forms -------------------------------------------------------------------------------------------


def _acts(board: Board) -> Iterator[p.Action]:
    if OBJECT in board.verbs and board.open:
        words = p.Field("words", "text", _("您不同意什么？为什么？"), _("大家看得到，请不要写电话。"), required=True)
        ways = (p.Outcome("", _("提出"), "plain" if board.clerk else "primary"),)
        yield p.Action(_("提出异议"), "", "", OBJECT, ways, OBJECT, (words,), folded=board.clerk)


def _answer_fields(board: Board) -> tuple[p.Field, ...]:
    upheld = p.Field(
        "upheld", "choice", _("异议成立吗？"), required=True,
        choices=(p.Choice("yes", _("成立，退回去改")), p.Choice("no", _("不成立"))),
    )  # fmt: skip
    words = p.Field("words", "text", _("怎么答复？"), _("提的人都会收到。"), required=True)
    return (upheld, words) if board.open else (words,)


def _answering(board: Board, row: Row) -> p.Action:
    ways = (p.Outcome("", _("答复"), "primary"),)
    return p.Action(_("答复这一条"), "", "", ANSWER, ways, str(row.entry), _answer_fields(board), folded=True)


def _group(board: Board, rows: Sequence[Row]) -> p.Action:
    """Several with one word. Who does not belong there is ticked off, and waits for an answer of his own."""
    choices = tuple(p.Choice(str(row.entry), _shortened(board.words.get(row.entry, ""))) for row in rows)
    which = p.Field(
        "objections[]", "places", _("答复哪些？"), _("不是同一回事的，去掉勾，另外答复。"), required=True,
        value=tuple(choice.value for choice in choices), choices=choices,
    )  # fmt: skip
    title = _("%(n)s 条像是说同一件事，一起答复") % {"n": len(rows)}
    ways = (p.Outcome("", _("一起答复"), "primary"),)
    return p.Action(title, "", "", ANSWER, ways, f"group-{rows[0].n}", (*_answer_fields(board), which))


def _shortened(words: str) -> str:
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"
