"""Note when the calendar of a charter falls next: from its adoption on, and again after each date."""

from datetime import datetime

from django.db.models import Q

from weizhi.charters.falls import Fall, next_after
from weizhi.charters.models import Charter
from weizhi.charters.workdays import state_calendar
from weizhi.people.models import NextDate
from weizhi.places.models import Community


def plan_dates(community: Community, charter: Charter, now: datetime) -> None:
    """Note the next date of each entry that opens something, in place of what the charter before had noted.

    A date that is still to come opens at once where its matter should stand already; one that has passed is not
    repeated. What came due and could not be opened yet is kept, for the new charter may be what it waited for.
    """
    found = first_dates(charter, now)
    rows = NextDate.objects.filter(community=community)
    kept = rows.filter(Q(wakes_at__lte=now) | ~Q(why_not=""), entry__in=found)
    rows.exclude(pk__in=kept.values_list("pk", flat=True)).delete()
    kept.update(wakes_at=now)
    left = found.keys() - set(rows.values_list("entry", flat=True))
    NextDate.objects.bulk_create(planned(NextDate(community=community, entry=key), found[key], now) for key in left)


def first_dates(charter: Charter, now: datetime) -> dict[str, Fall]:
    """The next date of each entry that opens something."""
    opening = {key: entry for key, entry in charter.calendar.items() if entry.opens in charter.kinds}
    found = {key: next_after(charter, entry, now, state_calendar()) for key, entry in opening.items()}
    return {key: fall for key, fall in found.items() if fall is not None}


def planned(row: NextDate, fall: Fall, now: datetime) -> NextDate:
    """Write a date into the row, unsaved. Nothing opens before `now`."""
    row.rule_day, row.day, row.wakes_at = fall.rule_day, fall.day, max(fall.opens_at, now)
    row.calendar, row.provisional, row.why_not = fall.calendar_version, fall.provisional, ""
    return row
