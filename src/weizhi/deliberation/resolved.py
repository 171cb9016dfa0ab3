"""What earlier meetings of a body resolved, and what became of it: it comes back by itself until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, OuterRef, Subquery

from weizhi.charters.periods import ZONE
from weizhi.deliberation import rules
from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.rules import Fate
from weizhi.matters.models import Step
from weizhi.people.access import NOBODY, Standing

DONE = "done"  # the mark by which a charter says that something was done
LOOKS_BACK = timedelta(days=400)
AT_MOST = 60


@dataclass(frozen=True)
class Resolved:
    """A matter as an earlier meeting decided it, and how it stands today."""

    item: Item
    fate: Fate
    on: date | None  # the day on which it was done


def resolved_before(sitting: Sitting, now: datetime, who: Standing = NOBODY) -> Sequence[Resolved]:
    """Of the last meeting all, of those before what is still open; the newest first, each with whether `who` may see
    it. One query.

    After a meeting was closed the answer stays what it was then.
    """
    at = min(now, sitting.closed_at) if sitting.closed_at else now
    earlier = Item.objects.filter(
        sitting__community=sitting.community_id, sitting__body=sitting.body, sitting__path=sitting.path,
        sitting__calendar=sitting.calendar, sitting__starts_at__lt=sitting.starts_at,
        sitting__starts_at__gt=sitting.starts_at - LOOKS_BACK, at__lt=at,
    ).exclude(outcome="")  # fmt: skip
    rows = earlier.seen_by(who).annotate(done_at=done_after(at)).select_related("step__matter__place", "sitting")
    found = [_read(item, at) for item in rows.order_by("-sitting__starts_at", "n")[:AT_MOST]]
    last = found[0].item.sitting_id if found else None
    return [one for one in found if one.item.sitting_id == last or one.fate in rules.OPEN_FATES]


def done_after(until: datetime) -> Subquery:
    """When a step that the charter marks as done was closed in the item's matter after the meeting."""
    closed = Step.objects.filter(
        matter=OuterRef("step__matter"), mark__contains=DONE, closed_at__gte=OuterRef("at"), closed_at__lte=until
    )
    return Subquery(closed.order_by().values("matter").annotate(first=Min("closed_at")).values("first"))


def _read(item: Item, at: datetime) -> Resolved:
    matter = item.step.matter
    ended = matter.ended_at if matter.ended_at and matter.ended_at <= at else None
    done = item.done_at or (ended if matter.counts == "solved" else None)  # type: ignore[attr-defined]  # annotated
    today = at.astimezone(ZONE).date()
    fate = rules.fate(done=done is not None, ended=ended is not None, until=item.until, today=today)
    return Resolved(item, fate, done.astimezone(ZONE).date() if done else None)
