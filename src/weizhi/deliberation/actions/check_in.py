"""Check in: somebody came to a meeting, by his own phone, by the clerk at the door, or on the paper sheet.

A narrow door beside the matter's lock: forty people come within ten minutes. The database gives a seat once.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.deliberation import rules
from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.models import Attendance, Sitting
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.record.origin import the_clock

NAME_AT_MOST = 40


def check_in(
    sitting_id: UUID,
    *,
    by: Person,
    person: Person | None = None,
    name: str = "",
    seat: int | None = None,
    channel: str = Attendance.Channel.SELF,
    at: datetime | None = None,
) -> Attendance:
    """Write down that `by`, or for the clerk `person` or somebody of this `name`, is there.

    Whoever may take a seat of the body gets the first that is free, or the one that the clerk names; others are
    guests. Done twice, it answers with the first. Raises Refused.
    """
    now = the_clock(at)
    who = standing(by, now)
    with transaction.atomic():
        sitting = taken(sitting_id, who)
        _is_time(sitting, now)
        whose, shown = _whose(sitting, by, who, person, name, now)
        same = {"person": whose} if whose is not None else {"person": None, "name": shown}
        if there := sitting.attendances.there().select_related("person").filter(**same).first():
            return there
        own = whose is not None and whose.pk == by.pk
        return Attendance.objects.create(
            sitting=sitting, person=whose, name=shown, seat=_seat(sitting, whose, who, own, seat, now), came_at=now,
            channel=_channel(channel, own), recorded_by=None if own else by,
        )  # fmt: skip


def leave(sitting_id: UUID, attendance: UUID, *, by: Person, at: datetime | None = None) -> None:
    """Write down that somebody went before the end: from now on the seat is empty. Raises Refused."""
    now = the_clock(at)
    who = standing(by, now)
    with transaction.atomic():
        sitting = taken(sitting_id, who)
        if sitting.closed_at is not None:
            raise Refused("closed", "会已经开完了，签到表不能再改。")
        row = sitting.attendances.there().filter(pk=attendance).first()
        if row is None:
            raise Refused("bad-data", "签到表上没有这个人，或者已经离开了。", field="attendance")
        if row.person_id != by.pk and not is_clerk(sitting, who):
            raise Refused("not-yours", "签到和离场由本人或者会议的工作人员来记。")
        row.left_at = now
        row.save(update_fields=["left_at"])


def _channel(said: str, own: bool) -> str:
    """Whoever came himself did so by his phone, or by the code on the wall; the clerk wrote down, or copied a sheet."""
    by_oneself = (Attendance.Channel.SELF, Attendance.Channel.CODE)
    if own:
        return said if said in by_oneself else Attendance.Channel.SELF
    return Attendance.Channel.CLERK if said in by_oneself else said


def taken(sitting_id: UUID, who: Standing) -> Sitting:
    """The meeting's row alone, in a transaction. Raises Refused where there is none that `who` may see."""
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("matter__place", "step")
    sitting = rows.visible_to(who).filter(pk=sitting_id).first()
    if sitting is None:
        raise Refused("not-found", "没有这次会议，或者您看不到它。")
    return sitting


def _is_time(sitting: Sitting, now: datetime) -> None:
    if sitting.closed_at is not None or sitting.step.closed_at is not None:
        raise Refused("closed", "会已经开完了，不能再签到。")
    if now < sitting.starts_at - rules.DOORS_OPEN:
        raise Refused("not-yet", "还没到签到的时候。开会前一小时开始签到。")


def _whose(
    sitting: Sitting, by: Person, who: Standing, person: Person | None, name: str, now: datetime
) -> tuple[Person | None, str]:
    if (person is None and not name.strip()) or (person is not None and person.pk == by.pk):
        return by, ""
    if not is_clerk(sitting, who):
        raise Refused("not-yours", "替别人签到，要由会议的工作人员来做。")
    if person is None:
        return None, name.strip()[:NAME_AT_MOST]
    if not belongs_to(Person.objects.filter(pk=person.pk), sitting.community_id, now).exists():
        raise Refused("bad-data", "这个人不属于本社区。没有账号的来宾，请写姓名。", field="person")
    return person, ""


def _seat(
    sitting: Sitting, whose: Person | None, who: Standing, own: bool, wanted: int | None, now: datetime
) -> int | None:
    seats = sitting.seat_list
    filled = {n for n in sitting.attendances.there().values_list("seat", flat=True) if n is not None}
    keys = (who if own else standing(whose, now)).keys if whose is not None else frozenset()
    if wanted is None:
        found = rules.seat_for(seats, filled, keys, sitting.path)
        return found.n if found else None
    if not 1 <= wanted <= len(seats):
        raise Refused("bad-data", f"这个会一共 {len(seats)} 个席位，没有第 {wanted} 席。", field="seat")
    if wanted in filled:
        raise Refused("meanwhile", f"第 {wanted} 席已经有人坐了。请看看签到表。", field="seat")
    if whose is not None and not seats[wanted - 1].is_for(keys, sitting.path):
        raise Refused("bad-data", f"第 {wanted} 席是“{seats[wanted - 1].title}”的，这个人不能坐。", field="seat")
    if whose is None and own:
        raise Refused("not-yours", "没有席位的人请作为列席签到。", field="seat")
    return wanted
