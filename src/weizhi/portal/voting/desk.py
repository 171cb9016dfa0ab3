"""The polling desk: who has not voted yet, what came in how, and the form that takes in a paper in a few seconds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.decisions.actions.enter_paper import Entered, Reading
from weizhi.decisions.actions.remind import reminded_on, silent_lines
from weizhi.decisions.choices import Paper
from weizhi.decisions.models import Channel, Entitlement, Envelope, PaperEntry, Speaker, Vote
from weizhi.decisions.receipts import shown
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import pager
from weizhi.portal.saying import place_words, when
from weizhi.portal.voting import words
from weizhi.portal.voting.turnout import Turnout, by_channel, turnout_of

RECENT: Final = 12
DOORS: Final = 400
CHANNELS: Final = {
    Channel.PAPER: gettext_lazy("纸票"),
    Channel.TELEPHONE: gettext_lazy("电话"),
    Channel.DOOR: gettext_lazy("上门"),
    Channel.MEETING: gettext_lazy("会上"),
    Channel.PROXY: gettext_lazy("委托"),
}
EVIDENCE: Final = {
    Channel.PAPER: gettext_lazy("纸票编号，不填就用名册号"),
    Channel.TELEPHONE: gettext_lazy("录音编号，或者在旁边听的人"),
    Channel.DOOR: gettext_lazy("上门登记表第几行，或者同去的人"),
    Channel.MEETING: gettext_lazy("会议记录第几页"),
    Channel.PROXY: gettext_lazy("委托书编号"),
}

PAPERS: Final = {
    "notice": gettext_lazy("表决公告"),
    "ballots": gettext_lazy("纸票"),
    "roll": gettext_lazy("名册"),
    "door-list": gettext_lazy("上门登记表"),
    "proxy": gettext_lazy("委托书"),
}


@dataclass(frozen=True)
class Key:
    """A choice with the number key that presses it."""

    n: int
    key: str
    title: str
    checked: bool = False


@dataclass(frozen=True)
class Recorded:
    n: int
    label: str
    how: str
    code: str
    when: str


@dataclass(frozen=True)
class Waiting:
    """A paper that one person has read, or that two have read differently."""

    n: int
    label: str
    by: str
    differs: bool


@dataclass(frozen=True)
class Found:
    """A line as the clerk checks it before choosing: is it the right home, is there something in the box?"""

    n: int
    label: str
    name: str
    area: str
    boxed: tuple[str, ...]
    owners: tuple[p.Choice, ...]
    waiting: str


@dataclass(frozen=True)
class Draft:
    """What was typed, to be shown again."""

    channel: str = Channel.PAPER
    line: str = ""
    choice: tuple[str, ...] = ()
    evidence: str = ""
    unsigned: bool = False
    error: str = ""
    differs: Entered | None = None


@dataclass(frozen=True)
class DeskPage:
    vote: Vote
    question: str
    chip: p.Chip
    open: bool
    until: str
    turnout: Turnout
    channels: tuple[tuple[str, int], ...]
    ways: tuple[p.Choice, ...]
    draft: Draft
    evidence_hint: str
    evidence_hints: Mapping[str, str]
    keys: tuple[Key, ...]
    ranks: tuple[int, ...]
    form: str
    readings: tuple[tuple[str, str], ...]
    recent: tuple[Recorded, ...]
    waiting: tuple[Waiting, ...]
    reminded: bool
    silent: int
    papers: tuple[tuple[str, str], ...]


def desk_page(vote: Vote, person: UUID, draft: Draft, now: datetime) -> DeskPage:
    """Five queries."""
    paper = Paper.from_brief(vote.brief)
    turnout = turnout_of(vote)
    return DeskPage(
        vote=vote,
        question=words.question_of(vote),
        chip=words.state_chip(vote, now),
        open=words.state_of(vote, now) == words.OPEN,
        until=words.until(vote, now),
        turnout=turnout,
        channels=tuple((words.channel_words(name), many) for name, many in by_channel(vote.pk)),
        ways=tuple(p.Choice(str(key), str(title)) for key, title in CHANNELS.items()),
        draft=draft,
        evidence_hint=str(EVIDENCE.get(Channel(draft.channel), "")),
        evidence_hints={str(key): str(hint) for key, hint in EVIDENCE.items()},
        keys=tuple(
            Key(n, option.key, option.title, option.key in draft.choice) for n, option in enumerate(paper.options, 1)
        ),
        ranks=tuple(range(1, len(paper.options) + 1)) if paper.form == "ranking" else (),
        form=paper.form,
        readings=tuple(_readings(paper, draft.differs)),
        recent=_recent(vote, person, now),
        waiting=_waiting(vote),
        reminded=reminded_on(vote, now),
        silent=max(vote.roll.size - turnout.cast, 0),
        papers=tuple((str(said), reverse("portal:vote-paper", args=[vote.pk, what])) for what, said in PAPERS.items()),
    )


def _readings(paper: Paper, differs: Entered | None) -> Iterable[tuple[str, str]]:
    """Who read what, the others before oneself."""
    if differs is None or differs.mine is None:
        return
    for name, said in differs.others:
        yield name, _reading(paper, said)
    yield _("您"), _reading(paper, differs.mine)


def _reading(paper: Paper, said: Reading) -> str:
    return paper.words(said.choice) + ("" if said.signed else _("（没有签名）"))


def _recent(vote: Vote, person: UUID, now: datetime) -> tuple[Recorded, ...]:
    rows = Envelope.objects.filter(vote=vote, recorded_by=person).select_related("entitlement").defer("sealed")
    return tuple(
        Recorded(
            row.entitlement.n, row.entitlement.label, words.channel_words(row.channel), shown(row.receipt),
            when(row.cast_at, now),
        )
        for row in rows.order_by("-cast_at", "-id")[:RECENT]
    )  # fmt: skip


def _waiting(vote: Vote) -> tuple[Waiting, ...]:
    rows = PaperEntry.objects.filter(vote=vote).select_related("entitlement", "by").defer("sealed")
    found = []
    for _pk, group in groupby(rows.order_by("entitlement__n", "at"), key=lambda row: row.entitlement_id):
        readings = list(group)
        line = readings[0].entitlement
        found.append(Waiting(line.n, line.label, "、".join(row.by.name for row in readings), len(readings) > 1))
    return tuple(found)


def line_meant(vote: Vote, typed: str) -> Entitlement | None:
    """The line of a number on the roll, or of a home's code, or of what a hand scanner reads from the ballot's code
    (…?line=12); "" and the unknown are none. One query."""
    said = typed.strip().rpartition("line=")[2].removeprefix("#")
    rows = Entitlement.objects.filter(roll=vote.roll_id).standing()
    if said.isdecimal() and len(said) < 9 and (found := rows.filter(n=int(said)).first()):
        return found
    exact = list(rows.filter(label__iexact=said)[:2]) if said else []
    return exact[0] if len(exact) == 1 else None


def found_line(vote: Vote, line: Entitlement, now: datetime) -> Found:
    """Three queries: what lies in the box, the owners, and who has read its paper."""
    boxed = Envelope.objects.filter(vote=vote, entitlement=line).defer("sealed")
    speakers = Speaker.objects.filter(entitlement=line, until__isnull=True).select_related("person").order_by("since")
    papers = PaperEntry.objects.filter(vote=vote, entitlement=line).select_related("by").defer("sealed")
    owners = [row for row in speakers if row.as_what == Speaker.As.OWNER]
    return Found(
        line.n,
        line.label,
        "" if line.name == line.label else line.name,
        words.area_words(line.area) if line.area else "",
        tuple(f"{words.channel_words(row.channel)}，{when(row.cast_at, now)}" for row in boxed),
        tuple(p.Choice(str(row.person_id), row.person.name) for row in owners),
        "、".join(row.by.name for row in papers),
    )


@dataclass(frozen=True)
class Door:
    n: int
    label: str
    name: str


@dataclass(frozen=True)
class DoorsPage:
    question: str
    groups: tuple[tuple[str, tuple[Door, ...]], ...]
    many: int
    pager: p.Pager | None


def doors_page(vote: Vote, page: int) -> DoorsPage:
    """Those of whom nothing lies in the box, by building. One query."""
    rows = silent_lines(vote).select_related("place__parent__parent").order_by("place__path", "n")
    found = list(rows[(page - 1) * DOORS : page * DOORS + 1])
    groups = [
        (where, tuple(Door(row.n, row.label, "" if row.name == row.label else row.name) for row in group))
        for where, group in groupby(found[:DOORS], key=_building)
    ]
    url = reverse("portal:vote-doors", args=[vote.pk])
    return DoorsPage(
        words.question_of(vote), tuple(groups), min(len(found), DOORS), pager(url, page, len(found) > DOORS)
    )


def _building(line: Entitlement) -> str:
    place = line.place
    if place is None:
        return _("没有门牌的")
    return place_words(place.parent) if place.parent else place.name
