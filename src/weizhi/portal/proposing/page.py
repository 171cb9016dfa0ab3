"""What a proposal is handed to: until when, how much there is, and what others have proposed already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter, MatterKind
from weizhi.decisions.sharing import yuan
from weizhi.matters.holding import held_in, open_intakes, values_of
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import end_words
from weizhi.portal.saying import due_chip, matter_url, number, place_words

LISTED: Final = 60
Intakes = Mapping[str, tuple[tuple[Matter, StepRow], ...]]


@dataclass(frozen=True)
class Holder:
    """The matter that takes it in. `kind`: as the holder's own charter has it, which its proposals follow."""

    id: str
    title: str
    url: str
    chip: p.Chip
    sum: str
    projects: p.Cards
    kind: MatterKind
    charter: Charter


def intakes_for(kinds: Iterable[MatterKind], who: Standing, community: UUID) -> Intakes:
    """Which matters take in each of these kinds now. One query a kind; a charter has one such kind or none."""
    found = {kind.key: tuple(open_intakes(kind, who, community)) for kind in kinds}
    return {key: rows for key, rows in found.items() if rows}


def holder_of(rows: tuple[tuple[Matter, StepRow], ...], named: str, key: str, who: Standing, now: datetime) -> Holder:
    """The one that is named, else the newest. Two queries: the sum, and what was proposed."""
    matter, row = next((one for one in rows if str(one[0].pk) == named), rows[0])
    charter = charter_by_hash(matter.charter_id)
    return Holder(
        id=str(matter.pk),
        title=matter.title,
        url=matter_url(matter.pk),
        chip=due_chip(row.due, now),
        sum=_sum(matter, charter),
        projects=projects_of(matter, who),
        kind=charter.kinds[key],
        charter=charter,
    )


def _sum(matter: Matter, charter: Charter) -> str:
    """The sum to be shared out, where a budget step names it."""
    steps = charter.procedure_of(matter.kind).steps.values()
    field = next((str(step.params["amount"]) for step in steps if step.kind == "budget"), "")
    found = values_of([matter], field).get(matter.pk) if field else None
    return yuan(found) if isinstance(found, int) else ""


def projects_of(holder: Matter, who: Standing) -> p.Cards:
    """What was proposed, in the order of the numbers, each with where it stands. One query."""
    step = StepRow.objects.open().filter(matter=OuterRef("pk")).order_by("opened_at").values("key")[:1]
    seen = Matter.objects.visible_to(who).filter(pk__in=held_in(holder).values("pk")).order_by("number")
    rows = seen.select_related("place__parent__parent").annotate(stands=Subquery(step))[:LISTED]
    cards = tuple(
        p.Card(
            title=one.title,
            url=matter_url(one.pk),
            where=f"{number(one)} · {place_words(one.place)}",
            chips=(_chip(one),),
        )
        for one in rows
    )
    none = p.Empty(_("还没有人提"), _("有人提了，会一件一件排在这里，看得到走到哪一步。"))
    return p.Cards(_("提了哪些"), cards, "projects", none)


def _chip(one: Matter) -> p.Chip:
    if one.ended_at is not None:
        return end_words(one)
    steps = charter_by_hash(one.charter_id).procedure_of(one.kind).steps
    key = str(getattr(one, "stands", "") or "")
    waits = key in steps and steps[key].waits_for_choice
    return p.Chip(steps[key].title if key in steps else _("正在办"), "done" if waits else "moving")


def propose_url(holder: Matter, kind: str) -> str:
    return f"{reverse('portal:report')}?{urlencode({'kind': kind, 'to': str(holder.pk)})}"
