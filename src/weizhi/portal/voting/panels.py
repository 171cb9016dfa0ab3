"""What the page of a matter says of its votes: the question, how it stands, the way there."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.decisions.models import Roll, Vote
from weizhi.decisions.results import COUNTERS
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.voting import words
from weizhi.portal.voting.listing import vote_url

ROLL = "roll"


@dataclass(frozen=True)
class Panel:
    title: str
    chip: p.Chip
    url: str
    does: str
    open: bool


def panels(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query for a matter that has no such step; one for its votes, one more for a roll that waits for its vote."""
    kinds = {row.kind for row in reader.steps}
    if kinds.isdisjoint({*COUNTERS, ROLL}):
        return ()
    rows = Vote.objects.filter(matter=reader.matter.pk).defer("private_key", "public_key", "result")
    found = [_of_vote(vote, now) for vote in rows.select_related("matter").order_by("opens_at", "id")]
    if not found and ROLL in kinds:
        rolls = Roll.objects.filter(matter=reader.matter.pk).order_by("drawn_at", "id")
        found = [_of_roll(roll) for roll in rolls]
    return tuple(found)


def _of_vote(vote: Vote, now: datetime) -> Panel:
    state = words.state_of(vote, now)
    does = {words.OPEN: _("去投票"), words.COUNTED: _("看结果")}.get(state, _("看投票"))
    chip = words.state_chip(vote, now)
    return Panel(words.question_of(vote), chip, vote_url(vote.pk), does, state == words.OPEN)


def _of_roll(roll: Roll) -> Panel:
    chip = p.Chip(_("名册在公示"), "moving") if roll.frozen_at is None else p.Chip(_("名册定下来了"), "done")
    return Panel(_("名册"), chip, reverse("portal:roll", args=[roll.pk]), _("看名册"), False)
