"""The doors of the ballot box as stories knock at them: a matter, a verb, plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions.actions.cast import Cast, cast
from weizhi.decisions.actions.correct_mark import Corrected, Wanted, correct_mark
from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.end_speaker import end_speaker
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.actions.open_box import open_box
from weizhi.decisions.actions.read_urn import UrnRead, UrnSaid, read_urn
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.actions.set_counting_key import set_counting_key
from weizhi.decisions.models import Candidate, CountingKey, Entitlement, Vote
from weizhi.decisions.paper_numbers import LOWEST, completed
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Door
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock


def vote_of(matter_id: UUID, by: Person, at: datetime, data: Mapping[str, Any]) -> Vote:
    """The open vote of a matter that this person may see; `step` must name it where two stand open. Raises Refused."""
    who = standing(by, at)
    found = Vote.objects.visible_to(who).filter(matter=matter_id).order_by("-opens_at", "-id")
    if step := data.get("step"):
        found = found.filter(step__key=step)
    votes = list(found.filter(counted_at__isnull=True)[:2]) or list(found[:1])
    if len(votes) > 1:
        raise Refused("bad-data", "这件事现在有不止一个投票，请选一下投的是哪一个。", field="step")
    if not votes:
        seen = Matter.objects.visible_to(who).filter(pk=matter_id).exists()
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
    """`speaker`: {line, person, evidence, proxy?, of?, lasts?}; with `ends` a proxy is taken back."""
    now = the_clock(at)
    vote = vote_of(matter_id, by, now, data)
    line, person = line_of(vote, data), _person(data.get("person"))
    if line is None or person is None:
        raise Refused("bad-data", "请写是哪一户、由谁来投。", field="line")
    if data.get("ends"):
        return end_speaker(vote.pk, line, person, by=by, at=now)
    return name_speaker(
        vote.pk, line, person, by=by, of=_person(data.get("of")), proxy=data.get("proxy", True),
        evidence=data.get("evidence", ""), lasts=bool(data.get("lasts")), at=now,
    )  # fmt: skip


def open_box_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Vote:
    """`open-box`: {passphrase, step?}; one counter's half, and with the second the count."""
    now = the_clock(at)
    return open_box(vote_of(matter_id, by, now, data).pk, str(data.get("passphrase", "")), by=by, at=now)


def counting_key_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> CountingKey:
    """`counting-key`: {passphrase}; for all boxes that open from now on, whatever matter it is said at."""
    return set_counting_key(str(data.get("passphrase", "")), by=by, at=at)


def hand_in_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> list[Cast]:
    """`hand-in`: {lines, of?, proxy?, step?}: of each of these lines a paper went into the urn."""
    now = the_clock(at)
    vote, done = vote_of(matter_id, by, now, data), list[Cast]()
    with transaction.atomic():
        for named in data.get("lines", ()):
            line = line_of(vote, {"line": named})
            assert line is not None, "a name was given"
            done.append(
                hand_in(
                    vote.pk, by=by, entitlement=line, of=_person(data.get("of")), proxy=bool(data.get("proxy")),
                    key=key, at=now,
                )
            )  # fmt: skip
    return done


def correct_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> Corrected:
    """`correct-mark`: {what, line, words?, of?, proxy?, step?}: a mark taken back, or put on late; by one, then by
    another."""
    now = the_clock(at)
    vote = vote_of(matter_id, by, now, data)
    line = line_of(vote, data)
    if line is None:
        raise Refused("bad-data", "请写是哪一户的票。", field="line")
    wanted = Wanted(
        str(data.get("what", "")), line, str(data.get("words", "")), _person(data.get("of")), bool(data.get("proxy"))
    )
    return correct_mark(vote.pk, wanted, by=by, at=now)


def urn_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> list[UrnRead]:
    """`read-urn`: {papers, first?, step?}: what stands on each, a choice or `blank` or `spoilt`. A story has no
    printed papers: they are numbered from `first` on."""
    now = the_clock(at)
    vote, first, done = vote_of(matter_id, by, now, data), int(data.get("first", 1)), []
    with transaction.atomic():
        for n, paper in enumerate(data.get("papers", ()), first):
            said = UrnSaid(blank=paper == "blank", spoilt=paper == "spoilt")
            if not (said.blank or said.spoilt):
                said = UrnSaid(tuple(_chosen(vote, {"choice": paper})))
            number = completed(vote.pk, str(LOWEST + n))
            done.append(read_urn(vote.pk, said, by=by, number=number, at=now))
    return done


def empty_door(
    matter_id: UUID, *, by: Person, data: Mapping[str, Any], at: datetime | None = None, key: str = ""
) -> bool:
    """`empty-urn`: {words?, step?}: no paper is left; the second who says so lets the count begin."""
    now = the_clock(at)
    return empty_urn(vote_of(matter_id, by, now, data).pk, by=by, why=str(data.get("words", "")), at=now)


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


DOORS: Final[Mapping[str, Door]] = {
    "cast": cast_door, "speaker": speaker_door, "open-box": open_box_door, "counting-key": counting_key_door,
    "hand-in": hand_in_door, "correct-mark": correct_door, "read-urn": urn_door, "empty-urn": empty_door,
}  # fmt: skip
