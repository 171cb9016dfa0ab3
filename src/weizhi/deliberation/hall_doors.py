"""The doors of the hall as stories and the API knock at them: a matter, a verb, plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.actions.speak import Spoken, speak
from weizhi.deliberation.models import Channel, Hall, Statement
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Door
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock


def hall_of(matter_id: UUID, who: Standing, step: str | None = None) -> Hall:
    """The newest hall of a matter that somebody of this standing may see. Raises Refused."""
    rows = Hall.objects.visible_to(who).filter(matter=matter_id)
    found = (rows.filter(step__key=step) if step else rows).order_by("-opens_at", "-id").only("pk").first()
    if found is None:
        seen = Matter.objects.visible_to(who).filter(pk=matter_id).exists()
        raise Refused("closed" if seen else "not-found", "这件事现在没有议事厅，或者您看不到它。")
    return found


def stance_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Spoken:
    """`stance`: {statement, said} or {answers: {number: said}}; with `person` and `channel` for somebody else."""
    now = the_clock(at)
    hall = hall_of(matter_id, standing(by, now), data.get("step"))
    answers = data.get("answers") or {str(data.get("statement", "")): str(data.get("said", ""))}
    if not isinstance(answers, Mapping) or not all(str(n).isdecimal() for n in answers):
        raise Refused("bad-data", "请写是第几条意见。", field="statement")
    told = {int(n): str(said) for n, said in answers.items()}
    return speak(hall.pk, told, by=by, of=_of(data), channel=_channel(data), key=key, at=now)


def state_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Statement:
    """`state`: {words}; with `person` and `channel` for somebody else."""
    now = the_clock(at)
    hall, words = hall_of(matter_id, standing(by, now), data.get("step")), str(data.get("words", ""))
    return add_statement(hall.pk, words, by=by, of=_of(data), channel=_channel(data), key=key, at=now)


def moderate_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Entry | None:
    """`moderate`: {statement or statements, state: open or hidden, reason?}."""
    now = the_clock(at)
    hall = hall_of(matter_id, standing(by, now), data.get("step"))
    numbers = data.get("statements") or [data.get("statement")]
    if not isinstance(numbers, list) or not all(isinstance(n, int) for n in numbers):
        raise Refused("bad-data", "请写是第几条意见。", field="statement")
    return moderate(hall.pk, numbers, str(data.get("state", "")), by=by, reason=str(data.get("reason", "")), at=now)


def _of(data: Mapping[str, Any]) -> Person | None:
    return Person.objects.get(pk=data["person"]) if data.get("person") else None


def _channel(data: Mapping[str, Any]) -> str:
    return str(data.get("channel", Channel.PHONE))


HALL_DOORS: Final[Mapping[str, Door]] = {"stance": stance_door, "state": state_door, "moderate": moderate_door}
