"""Lead: the chair's phone says what stands on the wall. A narrow door beside the matter's lock, without an entry: a
speaker's minutes are no act, and what was decided is in the record by `meet`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.models import Attendance, Sitting, Wall
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.origin import the_clock

MOST_MINUTES = 30


@dataclass(frozen=True)
class Shown:
    """What is to stand there. `minutes`: the speaker's time begins now; None: no time runs."""

    item: int | None = None
    speaker: UUID | None = None
    following: UUID | None = None
    minutes: int | None = None
    rule: int | None = None


def lead(sitting_id: UUID, shown: Shown, *, by: Person, rules: int = 0, at: datetime | None = None) -> Wall:
    """Put it on the wall. `rules`: how many the charter has. Raises Refused."""
    now = the_clock(at)
    who = standing(by, now)
    sitting = Sitting.objects.visible_to(who).select_related("matter__place", "step").filter(pk=sitting_id).first()
    if sitting is None:
        raise Refused("not-found", "没有这次会议，或者您看不到它。")
    if not is_clerk(sitting, who):
        raise Refused("not-yours", "大屏由主持会议的一方来管。")
    if sitting.opened_at is None or sitting.closed_at is not None:
        raise Refused("not-yet", "会还没有开，或者已经散了。开会时再用大屏。")
    _check(sitting, shown, rules)
    with transaction.atomic():
        Wall.objects.get_or_create(sitting=sitting)
        wall = Wall.objects.select_for_update().get(sitting=sitting)
        wall.turn += 1
        wall.item, wall.rule = shown.item, shown.rule
        wall.speaker_id, wall.following_id = shown.speaker, shown.following
        wall.until = now + timedelta(minutes=shown.minutes) if shown.minutes and shown.speaker else None
        wall.save()
    return wall


def _check(sitting: Sitting, shown: Shown, rules: int) -> None:
    if shown.item is not None and not sitting.items.filter(n=shown.item).exists():
        raise Refused("bad-data", "议程上没有这一件。请刷新看看。", field="item")
    for field, given in (("speaker", shown.speaker), ("following", shown.following)):
        if given is not None and not Attendance.objects.there().filter(pk=given, sitting=sitting).exists():
            raise Refused("bad-data", "签到表上没有这个人，或者已经离开了。", field=field)
    if shown.minutes is not None and not 1 <= shown.minutes <= MOST_MINUTES:
        raise Refused("bad-data", f"发言时间在 1 到 {MOST_MINUTES} 分钟之间。", field="minutes")
    if shown.rule is not None and not 1 <= shown.rule <= rules:
        raise Refused("bad-data", "没有这一条规则。", field="rule")
