"""Remind those who have not voted. Says that a vote is open and until when; nobody's choice is known to anybody."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from weizhi.charters.periods import ZONE
from weizhi.decisions.actions.cast import check_open
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Entitlement, EntitlementQuerySet, Envelope, Speaker, Vote
from weizhi.matters.actions.tell import ask_all
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

REMINDED: Final = "vote-reminded"


def remind(vote_id: UUID, *, by: Person, at: datetime | None = None) -> int:
    """Tell everybody who may speak for a line that has no ballot. At most once a day. Returns how many were told."""
    now = the_clock(at)
    matter = Matter.objects.preloaded().get(votes=vote_id)
    with transaction.atomic():
        lock([matter.top_id])
        matter = Matter.objects.preloaded().get(pk=matter.pk)
        vote = Vote.objects.select_related("step").get(pk=vote_id)
        check_open(vote, now)
        may_record(vote, by, now)
        if reminded_on(vote, now):
            raise Refused("too-often", "今天已经提醒过了，明天再提醒。天天催、一天催几次，人就不看了。")
        people = silent_people(vote)
        if not people:
            raise Refused("not-yet", "能提醒到的人都投过了。其余的请上门或打电话。")
        deed = Deed(
            at=now, actor=by, charter_hash=matter.charter_id, step=vote.step.key, public={"people": len(people)}
        )  # fmt: skip
        entry = append(matter.stream, REMINDED, deed)
        ask_all(entry, [person_key(pk) for pk in people], now)
    return len(people)


def reminded_on(vote: Vote, now: datetime) -> bool:
    """Whether a reminder went on this day already. One query."""
    last = Entry.objects.filter(stream__matter=vote.matter_id, verb=REMINDED, step=vote.step.key).order_by("-n").first()
    return last is not None and last.at.astimezone(ZONE).date() == now.astimezone(ZONE).date()


def silent_people(vote: Vote) -> list[UUID]:
    """Who stands on the roll, or speaks for a line, of which nothing lies in the box. Two queries."""
    lines = silent_lines(vote)
    own = lines.filter(person__isnull=False).values_list("person", flat=True)
    spoken = Speaker.objects.speaking(vote.pk).filter(entitlement__in=lines.values("pk"))
    return sorted({*(pk for pk in own if pk), *spoken.values_list("person", flat=True)})


def silent_lines(vote: Vote) -> EntitlementQuerySet:
    """The lines of which nothing lies in the box yet."""
    boxed = Envelope.objects.filter(vote=vote.pk, entitlement=OuterRef("pk"))
    return Entitlement.objects.filter(roll=vote.roll_id).standing().filter(~Exists(boxed))
