"""What a reader may know of a walking table, read once for the form and the panel of a page."""

from dataclasses import dataclass
from typing import Final

from weizhi.deliberation.models import Walker, Walking
from weizhi.matters.models import Step as StepRow
from weizhi.matters.story import Reader
from weizhi.people.access import person_key

DISTANCE: Final = "distance"


@dataclass(frozen=True)
class Walked:
    """The newest table of a matter, and of the homes asked those that concern the reader."""

    walking: Walking
    row: StepRow
    mine: tuple[Walker, ...] = ()
    others: tuple[Walker, ...] = ()  # those whose word whoever runs the step may still write down


def walked(reader: Reader) -> Walked | None:
    """No query for a matter that measures nothing; else one."""
    if DISTANCE not in reader.kept:
        reader.kept[DISTANCE] = _read(reader)
    found: Walked | None = reader.kept[DISTANCE]
    return found


def _read(reader: Reader) -> Walked | None:
    rows = [row for row in reader.steps if row.kind == DISTANCE]
    if not rows:
        return None
    row = max(rows, key=lambda one: one.opened_at)
    runs = bool(reader.who.posts) and reader.handles
    me = person_key(reader.who.person_id) if reader.who.person_id else ""
    waits = any(party.who == me and party.step_id == row.pk for party in reader.parties)
    if row.closed_at is None and (runs or waits):
        asked = Walker.objects.filter(walking__step=row.pk).order_by("home__path")
        found = asked.select_related("walking", "home__parent__parent")
        seen = list(found if runs else found.filter(home__path__in=reader.who.homes))
        if seen:
            mine = tuple(one for one in seen if waits and one.home.path in reader.who.homes)
            open_ones = (one for one in seen if one not in mine and one.channel != Walker.Channel.SELF)
            return Walked(seen[0].walking, row, mine, tuple(open_ones) if runs else ())
    walking = Walking.objects.filter(step=row.pk).first()
    return Walked(walking, row) if walking else None
