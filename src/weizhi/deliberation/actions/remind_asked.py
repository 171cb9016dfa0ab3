"""Remind those of a survey from whom nothing came yet: that it is open and until when, never how anybody answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.charters.periods import ZONE
from weizhi.deliberation.actions.fill_in import held
from weizhi.deliberation.asked import keys_asked
from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.models import Survey
from weizhi.matters.actions.tell import ask_all
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

REMINDED: Final = "survey-reminded"


def remind(survey_id: UUID, *, by: Person, at: datetime | None = None) -> int:
    """Tell everybody who may answer for a home, or for himself, of which nothing came. At most once a day, by whoever
    runs it. Returns how many were told. Raises Refused."""
    now = the_clock(at)
    who = standing(by, now)
    matter = Matter.objects.preloaded().filter(surveys=survey_id).first()
    if matter is None:
        raise Refused("not-found", "没有这份问卷，或者您看不到它。")
    with transaction.atomic():
        lock([matter.top_id])
        matter = Matter.objects.preloaded().get(pk=matter.pk)
        survey = held(survey_id, who)
        if not is_clerk(survey, who):
            raise Refused("not-yours", "提醒没有答的人，要由负责这次问卷的人来做。")
        if survey.closed_at is not None or survey.step.closed_at is not None or now >= survey.closes_at:
            raise Refused("closed", "问卷已经截止，不用再提醒了。")
        if reminded_on(survey, now):
            raise Refused("too-often", "今天已经提醒过了，明天再提醒。天天催、一天催几次，人就不看了。")
        keys = keys_asked(survey, now, silent=True)
        if not keys:
            raise Refused("not-yet", "能提醒到的人都答过了。其余的请上门或打电话。")
        deed = Deed(
            at=now, actor=by, charter_hash=matter.charter_id, step=survey.step.key, public={"people": len(keys)}
        )  # fmt: skip
        ask_all(append(matter.stream, REMINDED, deed), keys, now)
    return len(keys)


def reminded_on(survey: Survey, now: datetime) -> bool:
    """Whether a reminder went on this day already. One query."""
    found = Entry.objects.filter(stream__matter=survey.matter_id, verb=REMINDED, step=survey.step.key)
    last = found.order_by("-n").first()
    return last is not None and last.at.astimezone(ZONE).date() == now.astimezone(ZONE).date()
