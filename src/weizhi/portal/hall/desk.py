"""The desk of a hall: what waits to be let out, what was put away, and the entry of paper and voice."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from weizhi.deliberation.models import Channel, Statement
from weizhi.portal import pieces as p
from weizhi.portal.hall.page import state_chip
from weizhi.portal.hall.reading import Room

LISTED = 50


@dataclass(frozen=True)
class Waiting:
    n: int
    words: str
    how: str
    chip: p.Chip
    reason: str


@dataclass(frozen=True)
class Entering:
    """What the clerk typed, where it could not be written down."""

    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class DeskPage:
    room: Room
    waiting: tuple[Waiting, ...]
    more_waiting: int
    open: tuple[Waiting, ...]
    hidden: tuple[Waiting, ...]
    channels: tuple[p.Choice, ...]
    entering: Entering
    error: str


def desk_page(room: Room, entering: Entering, error: str = "") -> DeskPage:
    """One query."""
    rows = list(Statement.objects.filter(hall=room.hall).order_by("n"))
    by_state: dict[str, list[Waiting]] = {state: [] for state in Statement.State.values}
    for one in rows:
        how = str(Channel(one.channel).label)
        by_state[one.state].append(Waiting(one.n, one.words, how, state_chip(one.state), one.reason))
    ways = {Channel.PAPER: _("纸上"), Channel.VOICE: _("口头"), Channel.MEETING: _("会上")}
    waiting = by_state[Statement.State.WAITING]
    return DeskPage(
        room=room, waiting=tuple(waiting[:LISTED]), more_waiting=max(0, len(waiting) - LISTED),
        open=tuple(by_state[Statement.State.OPEN]), hidden=tuple(by_state[Statement.State.HIDDEN]),
        channels=tuple(p.Choice(key, words) for key, words in ways.items()),
        entering=entering, error=error,
    )  # fmt: skip
