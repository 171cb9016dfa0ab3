"""The urn at the desk: papers read by number after closing, what is still missing, and that none is left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.decisions import paper_numbers, urns
from weizhi.decisions.actions.read_urn import UrnRead, UrnSaid
from weizhi.decisions.choices import Paper
from weizhi.decisions.models import UrnReading, Vote
from weizhi.people.models import Person
from weizhi.portal import pieces as p
from weizhi.portal.saying import when
from weizhi.portal.voting import voter, words

LAST_KEY = 9


@dataclass(frozen=True)
class Key:
    """A choice with the key that presses it: digits, and on the same pad 0 for a blank paper and . for a spoilt one."""

    press: str
    value: str
    title: str
    checked: bool = False
    alone: bool = False  # a blank or a spoilt paper is that and nothing beside


@dataclass(frozen=True)
class Draft:
    """What was typed, to be shown again."""

    number: str = ""
    chosen: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()
    error: str = ""
    why: str = ""
    why_error: str = ""
    differs: UrnRead | None = None


@dataclass(frozen=True)
class Once:
    """A paper that one person has read, or that two have read differently."""

    number: str
    by: str
    differs: bool


@dataclass(frozen=True)
class UrnPage:
    vote: Vote
    question: str
    chip: p.Chip
    state: str
    until: str
    urn: urns.Urn
    missing: int
    over: int
    form: str
    keys: tuple[Key, ...]
    ranks: tuple[voter.Rank, ...]
    options: tuple[tuple[str, str], ...]
    draft: Draft
    readings: tuple[tuple[str, str], ...]
    once: tuple[Once, ...]
    said_by: str
    said_by_me: bool
    why: str

    @property
    def reading(self) -> bool:
        """Also where the only mark was taken back: two say that the urn is empty."""
        lies = self.urn.marked or self.urn.found or self.urn.once or urns.URN in self.vote.step.memory
        return self.state == words.COUNTING and bool(lies)


def urn_page(vote: Vote, person: UUID, draft: Draft, now: datetime) -> UrnPage:
    """Five queries beside the vote."""
    paper, urn = Paper.from_brief(vote.brief), urns.urn_of(vote)
    first = str(vote.urn.get("by", ""))
    name = Person.objects.filter(pk=first).values_list("name", flat=True).first() if first else ""
    due = vote.step.due if vote.step.due and vote.step.due > vote.closes_at else None
    ranks = tuple(voter.Rank(n) for n in range(1, len(paper.options) + 1)) if paper.form == "ranking" else ()
    return UrnPage(
        vote=vote,
        question=words.question_of(vote),
        chip=words.state_chip(vote, now),
        state=words.state_of(vote, now),
        until=when(due, now) if due else "",
        urn=urn,
        missing=max(urn.marked - urn.found, 0),
        over=max(urn.found - urn.marked, 0),
        form=paper.form,
        keys=tuple(_keys(paper, draft)),
        ranks=tuple(
            replace(one, chosen=key) for one, key in zip(ranks, _padded(draft.ranked, len(ranks)), strict=True)
        ),
        options=tuple((option.key, option.title) for option in paper.options) if ranks else (),
        draft=draft,
        readings=tuple(_readings(paper, draft.differs)),
        once=_once(vote),
        said_by=name or "",
        said_by_me=first == str(person),
        why=draft.why or str(vote.urn.get("why", "")),
    )


def _padded(keys: tuple[str, ...], length: int) -> tuple[str, ...]:
    return (*keys, *[""] * length)[:length]


def _keys(paper: Paper, draft: Draft) -> Iterable[Key]:
    if paper.form != "ranking":
        for n, option in enumerate(paper.options, 1):
            yield Key(str(n) if n <= LAST_KEY else "", option.key, option.title, option.key in draft.chosen)
    yield Key("0", urns.BLANK, _("空白票"), urns.BLANK in draft.chosen, alone=True)
    yield Key(".", urns.SPOILT, _("作废"), urns.SPOILT in draft.chosen, alone=True)


def _readings(paper: Paper, differs: UrnRead | None) -> Iterable[tuple[str, str]]:
    """Who read what, the others before oneself."""
    if differs is None or differs.mine is None:
        return
    for name, said in differs.others:
        yield name, read_words(paper, said)
    yield _("您"), read_words(paper, differs.mine)


def read_words(paper: Paper, said: UrnSaid) -> str:
    if said.spoilt:
        return _("作废")
    return _("空白票") if said.blank else paper.words(said.choice)


def _once(vote: Vote) -> tuple[Once, ...]:
    rows = UrnReading.objects.filter(vote=vote).select_related("by").defer("sealed").order_by("number", "pk")
    found = []
    for number, group in groupby(rows, key=lambda row: row.number):
        names = [row.by.name for row in group]
        found.append(Once(paper_numbers.shown(number), "、".join(names), len(names) > 1))
    return tuple(found)
