"""One person's page: the statement that is asked now, what is left, and what he said, for nobody else's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from weizhi.deliberation.models import Statement
from weizhi.deliberation.opinions import AGREE, DISAGREE, PASS
from weizhi.deliberation.turns import Turn, near, turn
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.hall.reading import Room

RECENT = 12


@dataclass(frozen=True)
class Answered:
    """What I said of a statement."""

    n: int
    words: str
    said: str
    icon: str


@dataclass(frozen=True)
class Own:
    """A statement of my own, and what became of it."""

    n: int
    words: str
    chip: p.Chip
    reason: str
    unread: bool


@dataclass(frozen=True)
class Near:
    n: int
    words: str


@dataclass(frozen=True)
class Writing:
    """What I am about to add, and what stands there already."""

    words: str = ""
    error: str = ""
    near: tuple[Near, ...] = ()


@dataclass(frozen=True)
class Page:
    room: Room
    ask: Statement | None
    before: str  # what I said of it so far, where I say it again
    left: int
    progress: p.Progress | None
    mine: tuple[Answered, ...]
    own: tuple[Own, ...]
    writing: Writing
    error: str


def said_words(said: int) -> str:
    return {AGREE: _("同意"), DISAGREE: _("不同意"), PASS: _("说不准")}[said]


ICONS = {AGREE: "good", DISAGREE: "bad", PASS: "why"}


def page_of(room: Room, chosen: int | None, writing: Writing, error: str = "") -> Page:
    """Four queries for whoever takes part, none beside the hall itself for others."""
    person = room.who.person_id
    if person is None or not (room.takes_part or room.adds):
        return Page(room, None, "", 0, None, (), (), writing, error)
    found = turn(room.hall, person, chosen)
    before = next((said_words(one.said) for one in found.mine if one.n == chosen), "")
    return Page(
        room=room, ask=found.ask if room.open and room.takes_part else None, before=before, left=found.left,
        progress=_progress(found) if room.takes_part else None, mine=_mine(found), own=_own(room, found),
        writing=writing, error=error,
    )  # fmt: skip


def _progress(found: Turn) -> p.Progress:
    words = (_("还剩 %(left)s 条，说几条都行") if found.left else _("现有的意见您都说过了")) % {"left": found.left}
    return p.Progress(_("您说了 %(n)s 条") % {"n": found.answered}, found.answered, found.answered + found.left, words)


def _mine(found: Turn) -> tuple[Answered, ...]:
    return tuple(Answered(one.n, one.words, said_words(one.said), ICONS[one.said]) for one in found.mine[:RECENT])


def _own(room: Room, found: Turn) -> tuple[Own, ...]:
    return tuple(
        Own(one.n, one.words, state_chip(one.state), one.reason, bool(one.reason) and not one.reason_read)
        for one in _written(room.hall.pk, found.who)
    )


_written: Prepared[Statement] = Prepared(
    lambda hall, who: Statement.objects.filter(hall=hall, author__who=who).order_by("-n"), by_key=True
)


def state_chip(state: str) -> p.Chip:
    return {
        "waiting": p.Chip(_("主持人还没看"), "waiting"),
        "open": p.Chip(_("大家看得到"), "done"),
        "hidden": p.Chip(_("收起来了"), "refused"),
    }[state]


def alike(room: Room, words: str) -> tuple[Near, ...]:
    """Statements that say nearly this, to be answered instead."""
    found: Sequence[Statement] = near(room.hall, words)
    return tuple(Near(one.n, one.words) for one in found)
