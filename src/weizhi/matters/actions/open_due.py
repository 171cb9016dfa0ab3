"""What the calendars of charters open when their time comes: one row for each, looked at by `run_due`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from weizhi.charters.falls import Fall, fall_of, following
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.charters.rhythm import CalendarEntry
from weizhi.charters.workdays import state_calendar
from weizhi.matters.actions.open_by_calendar import open_all
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, NextDate
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.plan_dates import planned
from weizhi.record.actions.registers import lock_register
from weizhi.record.models import Stream

AGAIN_AFTER: Final = timedelta(days=1)
SKIPPED, MOVED, HINDERED = "date-skipped", "date-moved", "date-hindered"  # what the charter's register says of dates


def next_due(limit: datetime, failed: Collection[UUID] = ()) -> NextDate | None:
    """The first date that time must look at: it has come, or another calendar of holidays is installed. One query."""
    due = Q(wakes_at__lte=limit)
    outdated = Q(provisional=True) & ~Q(calendar=state_calendar().version)
    rows = NextDate.objects.filter(due | outdated).select_related("community").order_by("wakes_at", "id")
    return (rows.exclude(pk__in=failed) if failed else rows).first()


def open_due(row: NextDate, now: datetime) -> None:
    """Let time act on one date; whoever else looks at it meanwhile changes nothing."""
    with transaction.atomic():
        register = lock_register(row.community, "charter")
        found, plan = _again(row, now)
        if found is None or plan is None:
            return
        charter, entry, _ = plan
        fall = _current(register, found, charter, entry, now)
        if found.wakes_at > now:
            return
        if entry.late == "skip" and now.astimezone(ZONE).date() > fall.day:
            _tell(register, SKIPPED, found, charter, now, day=fall.day.isoformat())
            _advance(found, plan)
            return
    _, refused = open_all(row.community, charter, entry, fall, now)
    with transaction.atomic():
        register = lock_register(row.community, "charter")
        found, plan = _again(row, now)
        if found is None or plan is None:
            return
        if refused is None:
            _advance(found, plan)
        else:
            _put_off(register, found, plan, now, refused)


Plan = tuple[Charter, CalendarEntry, datetime]


def _again(row: NextDate, now: datetime) -> tuple[NextDate | None, Plan | None]:
    """The date and its plan, read under the lock; a date whose entry is gone goes too."""
    found = NextDate.objects.filter(pk=row.pk, rule_day=row.rule_day).first()
    plan = _plan(row.community, row.entry, now)
    if found is not None and plan is None:
        found.delete()
    return found, plan


def _plan(community: Community, key: str, now: datetime) -> Plan | None:
    """The charter in force, its entry of this name, and since when it is in force."""
    adopted = CharterAdoption.objects.filter(community=community, since__lte=now).order_by("-since")
    text, since = adopted.values_list("text_id", "since")[0]
    charter = charter_by_hash(text)
    entry = charter.calendar.get(key)
    return (charter, entry, since) if entry and entry.opens in charter.kinds else None


def _current(register: Stream, row: NextDate, charter: Charter, entry: CalendarEntry, now: datetime) -> Fall:
    """How the date falls by the calendar installed now; where holidays announced since move it, the record says so."""
    fall = fall_of(charter, entry, row.rule_day, state_calendar())
    if row.calendar == fall.calendar_version or not row.provisional:
        return fall
    before, row.day = row.day, fall.day
    row.calendar, row.provisional = fall.calendar_version, fall.provisional
    if not row.why_not:
        row.wakes_at = max(fall.opens_at, now)
    row.save(update_fields=["day", "calendar", "provisional", "wakes_at"])
    if before != fall.day:
        _tell(register, MOVED, row, charter, now, day=fall.day.isoformat(), before=before.isoformat())
    return fall


def _advance(row: NextDate, plan: Plan) -> None:
    charter, entry, since = plan
    fall = following(charter, entry, row.rule_day, since, state_calendar())
    if fall is None:
        row.delete()
        return
    planned(row, fall, since).save()


def _put_off(register: Stream, row: NextDate, plan: Plan, now: datetime, refused: Refused) -> None:
    """It is tried again every day until the next date comes; what hinders it is said once."""
    charter, entry, since = plan
    after = following(charter, entry, row.rule_day, since, state_calendar())
    if row.why_not != refused.message:
        _tell(register, HINDERED, row, charter, now, day=row.day.isoformat(), why=refused.code)
    if after is not None and after.opens_at <= now + AGAIN_AFTER:
        _advance(row, plan)
        return
    row.why_not, row.wakes_at = refused.message, now + AGAIN_AFTER
    row.save(update_fields=["why_not", "wakes_at"])


def _tell(register: Stream, verb: str, row: NextDate, charter: Charter, now: datetime, **public: Any) -> None:
    append(register, verb, Deed(at=now, charter_hash=charter.hash, public={"calendar": row.entry, **public}))
