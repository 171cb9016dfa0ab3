"""What the page of a matter says of its votes: the question, how it stands, the way there."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.checks.holding import takes_in
from weizhi.decisions.models import Candidate, Roll, Vote
from weizhi.decisions.results import COUNTERS
from weizhi.matters.queries import scene_of
from weizhi.matters.rules import keys_for
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.proposing.page import propose_url
from weizhi.portal.saying import due_chip
from weizhi.portal.voting import words
from weizhi.portal.voting.listing import vote_url

ROLL, NOMINATE, INTAKE = "roll", "nominate", "intake"


@dataclass(frozen=True)
class Panel:
    title: str
    chip: p.Chip
    url: str
    does: str
    open: bool


def panels(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query for a matter that has no such step; one for its votes, one more for a roll that waits for its vote,
    one for whether the reader is asked to stand."""
    kinds = {row.kind for row in reader.steps}
    nominations = [_of_candidates(reader, now)] if NOMINATE in kinds else []
    nominations += _of_intake(reader, now) if INTAKE in kinds else []
    if kinds.isdisjoint({*COUNTERS, ROLL}):
        return tuple(nominations)
    rows = Vote.objects.filter(matter=reader.matter.pk).shown().defer("result")
    found = [_of_vote(vote, now) for vote in rows.select_related("matter").order_by("opens_at", "id")]
    if not found and ROLL in kinds:
        rolls = Roll.objects.filter(matter=reader.matter.pk).order_by("drawn_at", "id")
        found = [_of_roll(roll) for roll in rolls]
    return (*nominations, *found)


def _of_candidates(reader: Reader, now: datetime) -> Panel:
    """First of all what is asked of the nominee himself."""
    row = max((row for row in reader.steps if row.kind == NOMINATE), key=lambda row: row.opened_at)
    url, open_now = reverse("portal:candidates", args=[reader.matter.pk]), row.closed_at is None
    chip = due_chip(row.due, now) if open_now else p.Chip(_("提名结束了"), "done")
    asked = Candidate.objects.filter(
        matter=reader.matter.pk, step=row.key, person=reader.who.person_id, state=Candidate.State.PROPOSED
    )
    if open_now and asked.exists():
        return Panel(_("有人提名您做候选人"), p.Chip(_("等您决定"), "waiting"), url, _("看看，接受还是不接受"), True)
    does = _("去看看，提名") if open_now else _("看候选人")
    return Panel(reader.title_of(row.key), chip, url, does, open_now)


def _of_intake(reader: Reader, now: datetime) -> list[Panel]:
    """The way to propose, as long as the matter takes in. No query."""
    found = []
    for row in reader.steps:
        rule = reader.procedure.steps[row.key]
        kind = reader.charter.kinds.get(str(rule.params.get("of", "")))
        if row.closed_at is None and row.kind == INTAKE and kind and takes_in(rule, kind.key):
            start = reader.charter.procedure_of(kind.key).start
            here = scene_of(reader).here
            keys = keys_for(start.by, charter=reader.charter, here=here, relations={}, at=start.at)
            if not reader.who.keys.isdisjoint(keys):
                url = propose_url(reader.matter, kind.key)
                found.append(Panel(kind.title, due_chip(row.due, now), url, start.title or _("提一个"), True))
    return found


def _of_vote(vote: Vote, now: datetime) -> Panel:
    state = words.state_of(vote, now)
    does = {words.OPEN: _("去投票"), words.COUNTED: _("看结果")}.get(state, _("看投票"))
    chip = words.state_chip(vote, now)
    return Panel(words.question_of(vote), chip, vote_url(vote.pk), does, state == words.OPEN)


def _of_roll(roll: Roll) -> Panel:
    chip = p.Chip(_("名册在公示"), "moving") if roll.frozen_at is None else p.Chip(_("名册定下来了"), "done")
    does = _("看名册，有错就说") if roll.frozen_at is None else _("看名册")
    return Panel(_("名册"), chip, reverse("portal:roll", args=[roll.pk]), does, False)
