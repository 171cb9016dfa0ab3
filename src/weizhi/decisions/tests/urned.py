"""A secret vote of ten residents, run by two, with papers: what the tests of the urn stand on."""

from typing import Any
from uuid import UUID

from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.read_urn import UrnRead, UrnSaid, read_urn
from weizhi.decisions.models import Vote
from weizhi.decisions.paper_numbers import LOWEST, completed
from weizhi.decisions.tests.homes import Estate
from weizhi.matters.actions.wake import run_due
from weizhi.people.models import Body
from weizhi.record.actions.appoint import appoint

VOTERS = 10


def secret_vote(estate: Estate) -> Vote:
    """Residents o1 to o10; wang and li run it."""
    estate.homes(VOTERS, status="resident")
    second_clerk(estate)
    return estate.open("secret")


def second_clerk(estate: Estate) -> None:
    body = Body.objects.get(key="committee")
    where = estate.places["xfl"]
    appoint(estate.community, estate.person("li"), body, "committee-director", "副主任", place=where, at=estate.now)


def line_of(estate: Estate, vote: Vote, who: str) -> UUID:
    """By the person, or by the home's code."""
    lines = vote.roll.entitlements
    return (lines.get(label=who) if who.isdecimal() else lines.get(person=estate.people[who])).pk


def marked(estate: Estate, vote: Vote, who: str, **rest: Any) -> Any:
    values: dict[str, Any] = {"by": estate.people["wang"], "at": rest.pop("at", None) or estate.later()} | rest
    return hand_in(vote.pk, entitlement=line_of(estate, vote, who), **values)


def number(vote: Vote, n: int) -> str:
    return completed(vote.pk, str(LOWEST + n))


def reads(estate: Estate, vote: Vote, n: int, *choice: str, by: str = "wang", **how: bool) -> UrnRead:
    said = UrnSaid(choice, **how)
    return read_urn(vote.pk, said, by=estate.people[by], number=number(vote, n), at=estate.later())


def both_read(estate: Estate, vote: Vote, n: int, *choice: str, **how: bool) -> str:
    reads(estate, vote, n, *choice, **how)
    return reads(estate, vote, n, *choice, by="li", **how).receipt


def time_is_over(estate: Estate, vote: Vote) -> Vote:
    estate.now = vote.closes_at
    run_due(estate.now)
    vote.refresh_from_db()
    return vote


def read_out(estate: Estate, vote: Vote, why: str = "") -> Vote:
    assert not empty_urn(vote.pk, by=estate.people["wang"], why=why, at=estate.later())
    assert empty_urn(vote.pk, by=estate.people["li"], at=estate.later())
    vote.refresh_from_db()
    return vote
