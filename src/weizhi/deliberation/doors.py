"""The doors of this room as stories and the API knock at them: a matter, a verb, plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from weizhi.deliberation.actions.answer_invitation import answer
from weizhi.deliberation.actions.check_in import check_in
from weizhi.deliberation.actions.fill_in import Filled, enter, fill_in
from weizhi.deliberation.models import Answer, Attendance, Invitation, Sitting, Survey
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.origin import the_clock


def check_in_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Attendance:
    """`check-in`: {} for oneself; {person} or {name}, with seat? and channel?, for the clerk."""
    now = the_clock(at)
    found = Sitting.objects.visible_to(standing(by, now)).filter(matter=matter_id).order_by("-starts_at", "-id").first()
    if found is None:
        raise Refused("not-found", "没有这次会议，或者您看不到它。")
    person, channel = data.get("person"), data.get("channel", Attendance.Channel.CLERK)
    if channel == Attendance.Channel.CODE:  # only the page behind the code may say so
        channel = Attendance.Channel.SELF
    return check_in(
        found.pk, by=by, person=Person.objects.get(pk=person) if person else None, name=data.get("name", ""),
        seat=data.get("seat"), channel=channel, at=now,
    )  # fmt: skip


def fill_in_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Filled:
    """`fill-in`: {answers, asked?, step?} for oneself; with `of` and `channel`, for the officer who types it in."""
    now = the_clock(at)
    survey = survey_of(matter_id, by, now, data)
    said = data.get("answers")
    if not isinstance(said, Mapping):
        raise Refused("bad-data", "请把答案写在 answers 里：题目的 key 对着答案。", field="answers")
    if "of" in data:
        return enter(
            survey.pk, said, by=by, of=data["of"], channel=data.get("channel", Answer.Channel.PAPER), key=key, at=now
        )
    return fill_in(survey.pk, said, by=by, asked=data.get("asked"), key=key, at=now)


def survey_of(matter_id: UUID, by: Person, at: datetime, data: Mapping[str, Any]) -> Survey:
    """The open survey of a matter that this person may see; `step` names it where two stand open. Raises Refused."""
    who = standing(by, at)
    found = Survey.objects.shown().visible_to(who).filter(matter=matter_id).order_by("-opens_at", "-id")
    if step := data.get("step"):
        found = found.filter(step__key=step)
    surveys = list(found.filter(closed_at__isnull=True)[:2]) or list(found[:1])
    if len(surveys) > 1:
        raise Refused("bad-data", "这件事现在有不止一份问卷，请选一下答的是哪一份。", field="step")
    if not surveys:
        seen = Matter.objects.visible_to(who).filter(pk=matter_id).exists()
        raise Refused("closed" if seen else "not-found", "这件事现在没有问卷，或者您看不到它。")
    return surveys[0]


def answer_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Invitation:
    """`answer-invitation`: {comes: yes or no, words?} for oneself; {line} too for whoever invites."""
    comes, line = data.get("comes"), data.get("line")
    if comes not in ("yes", "no"):
        raise Refused("bad-data", "来还是不来？请选一项。", field="comes")
    return answer(
        matter_id, by=by, comes=comes == "yes", words=str(data.get("words", "")),
        line=int(line) if line else None, at=at,
    )  # fmt: skip
