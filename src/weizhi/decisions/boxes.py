"""The lock of one ballot box: many cast at once, one counts when nobody casts.

A ballot takes the vote's row shared, the count takes it alone. So an evening's ballots do not wait for one another,
and none slips in after the count began. On SQLite the IMMEDIATE transaction is both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import FilteredRelation, Q, QuerySet

from weizhi.decisions.choices import Paper
from weizhi.decisions.models import Entitlement, Vote
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.places.prepared import Prepared
from weizhi.places.rows import maker

PAPERS_KEPT = 64
SHARED = "FOR SHARE OF decisions_vote"
# What a ballot needs of the vote; question, rule and result are read where somebody asks for them.
OF_VOTE = (
    "id", "community_id", "matter_id", "step_id", "roll_id", "kind", "secret", "phone", "revote", "opens_at",
    "closes_at", "counted_at", "public_key", "envelope_size",
)  # fmt: skip
OF_STEP = ("id", "closed_at")
OF_LINE = ("id", "n", "kind", "person_id")
ROWS_AT_MOST = 4  # of one line there are at most three, a co-owner's and a proxy's of two kinds: a second line is seen


@dataclass(frozen=True)
class Mine:
    """A line that a person may speak for. as_what: None where he stands on the roll himself."""

    line: Entitlement
    as_what: str | None
    of_person: UUID | None


def _lines(vote: UUID, person: UUID) -> QuerySet[Entitlement, Any]:
    given = Q(speakers__vote=None) | Q(speakers__vote=vote)  # as `Speaker.objects.speaking`
    speaks = FilteredRelation("speakers", condition=given & Q(speakers__person=person, speakers__until__isnull=True))
    return (
        Entitlement.objects.filter(roll__votes=vote)
        .of(person, vote)
        .annotate(speaks=speaks)
        .values_list(
            *(f"roll__votes__{name}" for name in OF_VOTE), *(f"roll__votes__step__{name}" for name in OF_STEP),
            *OF_LINE, "speaks__as_what", "speaks__of_person_id",
        )
    )  # fmt: skip


_vote: Prepared[Vote] = Prepared(
    lambda vote: Vote.objects.filter(pk=vote).select_related("step").only(*OF_VOTE, "step__closed_at"),
    by_key=True,
    lock=SHARED,
)
_first_lines: Prepared[Any] = Prepared(lambda *asked: _lines(*asked)[:ROWS_AT_MOST], by_key=True, lock=SHARED)
_one_line: Prepared[Any] = Prepared(
    lambda vote, person, line: _lines(vote, person).filter(pk=line), by_key=True, lock=SHARED
)
_made_vote = maker(Vote, DEFAULT_DB_ALIAS, OF_VOTE)
_made_step = maker(Step, DEFAULT_DB_ALIAS, OF_STEP)
_made_line = maker(Entitlement, DEFAULT_DB_ALIAS, OF_LINE)


def hold(vote: UUID) -> Vote:
    """The vote while a ballot goes in. Raises Refused."""
    assert transaction.get_connection().in_atomic_block
    found = _vote.first(vote)
    if found is None:
        raise Refused("not-found", "没有这次投票，或者您看不到它。")
    return found


def hold_for(vote: UUID, person: UUID, line: UUID | None = None) -> tuple[Vote, list[Mine]]:
    """The vote while a ballot of this person goes in, with the line that is asked for, else his first few. One query,
    where he has any: what an evening asks for most. Raises Refused."""
    assert transaction.get_connection().in_atomic_block
    rows = _one_line(vote, person, line) if line else _first_lines(vote, person)
    if not rows:
        return hold(vote), []
    return _held_vote(rows[0]), [_mine(row[len(OF_VOTE) + len(OF_STEP) :]) for row in rows]


def _held_vote(row: Sequence[Any]) -> Vote:
    ends = len(OF_VOTE)
    vote = _made_vote(row[:ends])
    vote.step = _made_step(row[ends : ends + len(OF_STEP)])
    return vote


def _mine(row: Sequence[Any]) -> Mine:
    *line, as_what, of_person = row
    return Mine(_made_line(line), as_what, of_person)


def take(vote: UUID) -> Vote:
    """The vote alone, to count it."""
    assert transaction.get_connection().in_atomic_block
    return Vote.objects.select_for_update(of=("self",)).select_related("roll").get(pk=vote)


@lru_cache(maxsize=PAPERS_KEPT)
def paper_of(vote: UUID) -> Paper:
    """The ballot paper of a vote, read once a process: what is asked never changes once the vote is open."""
    return Paper.from_brief(Vote.objects.values_list("brief", flat=True).get(pk=vote))
