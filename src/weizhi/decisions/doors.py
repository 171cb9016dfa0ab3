"""The doors of the ballot box as stories and the API knock at them: a matter, a verb, plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from weizhi.decisions.actions.cast import Cast, cast
from weizhi.decisions.actions.end_speaker import end_speaker
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.models import Candidate, Entitlement, Vote
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock


def vote_of(matter_id: UUID, by: Person, at: datetime, data: Mapping[str, Any]) -> Vote:
    """The open vote of a matter that this person may see; `step` must name it where two stand open. Raises Refused."""
    found = Vote.objects.visible_to(standing(by, at)).filter(matter=matter_id).order_by("-opens_at", "-id")
    if step := data.get("step"):
        found = found.filter(step__key=step)
    votes = list(found.filter(counted_at__isnull=True)[:2]) or list(found[:1])
    if len(votes) > 1:
        raise Refused("bad-data", "这件事现在有不止一个投票，请选一下投的是哪一个。", field="step")
    if not votes:
        seen = Matter.objects.visible_to(standing(by, at)).filter(pk=matter_id).exists()
        raise Refused("closed" if seen else "not-found", "这件事现在没有投票，或者您看不到它。")
    return votes[0]


def line_of(vote: Vote, data: Mapping[str, Any]) -> UUID | None:
    """The entitlement that `line` names: its number on the roll, the home's code, or whose it is."""
    named = data.get("line")
    if named is None:
        return None
    lines = Entitlement.objects.filter(roll=vote.roll_id)
    if isinstance(named, UUID):
        lines = lines.filter(person=named)
    elif isinstance(named, int):
        lines = lines.filter(n=named)
    else:
        lines = lines.filter(label=named)
    found = lines.first()
    if found is None:
        raise Refused("bad-data", "名册上没有这一户。请对着名册再看一遍。", field="line")
    return found.pk


def cast_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Cast:
    """`cast`: {choice, line?, step?}; with `channel` and `evidence`, and `of`, it is written down for somebody."""
    now = the_clock(at)
    vote = vote_of(matter_id, by, now, data)
    line, chosen = line_of(vote, data), _chosen(vote, data)
    if "evidence" in data:
        if line is None:
            raise Refused("bad-data", "请写是哪一户的票。", field="line")
        return record_ballot(
            vote.pk, chosen, by=by, entitlement=line, channel=data.get("channel", "paper"),
            evidence=data["evidence"], of=_person(data.get("of")), is_signed=data.get("signed", True), key=key, at=now,
        )  # fmt: skip
    return cast(vote.pk, chosen, by=by, entitlement=line, key=key, at=now)


def speaker_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Entry:
    """`speaker`: {line, person, evidence, proxy?, of?}; with `ends` a proxy is taken back."""
    now = the_clock(at)
    vote = vote_of(matter_id, by, now, data)
    line, person = line_of(vote, data), _person(data.get("person"))
    if line is None or person is None:
        raise Refused("bad-data", "请写是哪一户、由谁来投。", field="line")
    if data.get("ends"):
        return end_speaker(vote.pk, line, person, by=by, at=now)
    return name_speaker(
        vote.pk, line, person, by=by, of=_person(data.get("of")), proxy=data.get("proxy", True),
        evidence=data.get("evidence", ""), at=now,
    )  # fmt: skip


def _chosen(vote: Vote, data: Mapping[str, Any]) -> list[str]:
    """The options chosen, by their keys; candidates also by who they are."""
    choice = data.get("choice", [])
    chosen = [choice] if isinstance(choice, str | UUID) else list(choice)
    people = {one for one in chosen if isinstance(one, UUID)}
    standing = Candidate.objects.filter(matter=vote.matter_id, person__in=people) if people else ()
    numbers = {str(one.person_id): str(one.number) for one in standing}
    return [numbers.get(str(one), str(one)) for one in chosen]


def _person(pk: Any) -> Person | None:
    return Person.objects.get(pk=pk) if pk else None
