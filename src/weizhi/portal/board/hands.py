"""In whose hands open matters are, and since when: one query for a list."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.titles import who_titles
from weizhi.matters.models import Matter, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.sending import asked_names
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import card
from weizhi.portal.saying import due_chip, place_words, when

_open_steps: Prepared[Step] = Prepared(
    lambda matters: (
        Step.objects.open()
        .filter(matter__in=matters)
        .only("key", "due", "opened_at", "brief", "matter_id")
        .order_by("due", "id")
    )
)


def open_steps(matters: Iterable[Matter]) -> dict[UUID, list[Step]]:
    """The steps at which these matters stand, the most urgent first."""
    found: dict[UUID, list[Step]] = {}
    ids = tuple(matter.pk for matter in matters if matter.ended_at is None)
    for step in _open_steps(ids) if ids else ():
        found.setdefault(step.matter_id, []).append(step)
    return found


def hands(matter: Matter, steps: Iterable[Step]) -> str:
    """Who has it: posts and bodies by their titles, never a person's name."""
    charter = charter_by_hash(matter.charter_id)
    procedure = charter.procedure_of(matter.kind)
    names = (name for step in steps for name in asked_names(procedure.steps[step.key], step.brief))
    return who_titles(dict.fromkeys(names), charter)


def held_card(matter: Matter, steps: list[Step], now: datetime) -> p.Card:
    """A matter on the board: who has it now and since when; of an ended one how it ended."""
    shown = card(matter, {}, now)
    if not steps:
        return shown
    since = when(min(step.opened_at for step in steps), now)
    who = hands(matter, steps)
    said = _("在%(who)s手里,从%(since)s起") if who else _("等着,从%(since)s起")
    due = next((step.due for step in steps if step.due), None)
    chips = (due_chip(due, now),) if due else shown.chips
    return replace(shown, news=said % {"who": who, "since": since}, chips=chips, where=place_words(matter.place))
