"""In whose hands open matters are, and since when: one query for a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.titles import who_title
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import card
from weizhi.portal.saying import due_chip, place_words, when

_waited: Prepared[tuple[UUID, UUID, str, datetime, datetime | None, str | None]] = Prepared(
    lambda matters: (
        Step.objects.open()
        .filter(matter__in=matters)
        .order_by(F("due").asc(nulls_last=True), "id", "waits__id")
        .values_list("matter_id", "id", "key", "opened_at", "due", "waits__who")
    )
)


@dataclass
class Held:
    """A step at which a matter stands: since when, until when, and the keys of those for whom it waits."""

    key: str
    opened_at: datetime
    due: datetime | None
    who: list[str] = field(default_factory=list)


def open_steps(matters: Iterable[Matter]) -> dict[UUID, list[Held]]:
    """The steps at which these matters stand, the most urgent first."""
    found: dict[UUID, dict[UUID, Held]] = {}
    ids = tuple(matter.pk for matter in matters if matter.ended_at is None)
    for matter, step, key, opened_at, due, who in _waited(ids) if ids else ():
        held = found.setdefault(matter, {}).setdefault(step, Held(key, opened_at, due))
        if who:
            held.who.append(who)
    return {matter: list(steps.values()) for matter, steps in found.items()}


def hands(matter: Matter, steps: Sequence[Held]) -> str:
    """Who has it: posts and bodies by their titles, never a person's name."""
    charter = charter_by_hash(matter.charter_id)
    return "、".join(dict.fromkeys(_title(who, step, matter, charter) for step in steps for who in step.who))


def _title(who: str, step: Held, matter: Matter, charter: Charter) -> str:
    """What a key is called: `post:grid-officer@…` is 网格员. A person is what he is to the matter."""
    sort, _colon, rest = who.partition(":")
    if sort != "person":
        return who_title(rest.partition("@")[0], charter)
    asked = charter.procedure_of(matter.kind).steps[step.key].by
    return who_title(Party.RAISER, charter) if Party.RAISER in asked else _("经办的人")


def held_card(matter: Matter, steps: Sequence[Held], now: datetime) -> p.Card:
    """A matter on the board: who has it now and since when; of an ended one how it ended."""
    shown = card(matter, {}, now)
    if not steps:
        return shown
    since = when(min(step.opened_at for step in steps), now)
    who = hands(matter, steps)
    said = _("在%(who)s手里，从%(since)s 起") if who else _("等着，从%(since)s 起")
    chips = (due_chip(steps[0].due, now),) if steps[0].due else shown.chips
    return replace(shown, news=said % {"who": who, "since": since}, chips=chips, where=place_words(matter.place))
