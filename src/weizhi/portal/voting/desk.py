"""The polling desk: who has not voted yet, what came in how, and the form that takes in a paper in a few seconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.decisions.actions.enter_paper import Entered, Reading
from weizhi.decisions.actions.remind import reminded_on, silent_lines
from weizhi.decisions.choices import Paper
from weizhi.decisions.models import Channel, Entitlement, Envelope, PaperEntry, Speaker, Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import pager
from weizhi.portal.saying import place_words, when
from weizhi.portal.voting import words
from weizhi.portal.voting.marks import Marks, marks_of
from weizhi.portal.voting.turnout import Turnout, by_channel, turnout_of
from weizhi.portal.voting.voter import Rank, ranks_of

RECENT: Final = 12
PERSON: Final = "person:"  # a voice of its own name
DOORS: Final = 400
SPEAKER, MARKS = "speaker", "marks"  # forms of the page beside the taking
LINE_AT_MOST: Final = 200  # a scanned ballot says its whole address, as long as the field takes
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
    "signatures": gettext_lazy("领票签名册"),
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
    boxed: tuple[str, ...]  # a sentence for each
    owners: tuple[p.Choice, ...]
    waiting: str
    proxies: str = ""  # who may bring the paper of a secret vote


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
    of: str = ""
    beside: str = ""  # in which of the page's other forms
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, beside: str, sent: QueryDict, refused: Refused) -> "Draft":
        """What one of the other forms was sent with, and why not."""
        return cls(beside=beside, typed={name: str(sent.get(name)) for name in sent} | {"error": refused.message})

    @property
    def speaking(self) -> Mapping[str, str]:
        return self.typed if self.beside == SPEAKER else {}

    @property
    def marking(self) -> Mapping[str, str]:
        return self.typed if self.beside == MARKS else {}


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
    ranks: tuple[Rank, ...]
    form: str
    readings: tuple[tuple[str, str], ...]
    recent: tuple[Recorded, ...]
    waiting: tuple[Waiting, ...]
    reminded: bool
    silent: int
    papers: tuple[tuple[str, str], ...]
    marks: Marks
    found: Found | None = None  # the line of a draft that comes back, with whose paper it is where several own it
    urn: bool = False  # the time is over, and papers wait to be read


def desk_page(vote: Vote, person: UUID, draft: Draft, now: datetime) -> DeskPage:
    """Five queries; of a secret vote up to three more for its marks."""
    paper = Paper.from_brief(vote.brief)
    turnout = turnout_of(vote)
    line = line_meant(vote, draft.line) if draft.line else None
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
        ranks=ranks_of(paper, draft.choice),
        form=paper.form,
        readings=tuple(_readings(paper, draft.differs)),
        recent=_recent(vote, person, now),
        waiting=_waiting(vote),
        reminded=reminded_on(vote, now),
        silent=max(vote.roll.size - turnout.cast, 0),
        papers=tuple(
            (str(said), reverse("portal:vote-paper", args=[vote.pk, what]))
            for what, said in PAPERS.items()
            if vote.secret or what != "signatures"
        ),
        marks=marks_of(vote, person, now),
        found=found_line(vote, line, now) if line else None,
        urn=vote.secret and words.state_of(vote, now) == words.COUNTING,
    )


def one_paper(others: Sequence[int]) -> str:
    """That one paper speaks for several homes of one head."""
    if not others:
        return ""
    return _("名下的 %(n)s 号合为一人，就这一张纸票，也一起记了。") % {"n": "、".join(map(str, others))}


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
    """One query, and one more for whose paper it is where several own the home."""
    rows = list(PaperEntry.objects.filter(vote=vote).select_related("entitlement", "by").defer("sealed"))
    several = [row.voice.removeprefix(PERSON) for row in rows if row.entitlement.person_id is None and _by_name(row)]
    names = {str(pk): name for pk, name in Person.objects.filter(pk__in=several).values_list("pk", "name")}
    found = []
    for _key, group in groupby(sorted(rows, key=_paper_key), key=_paper_key):
        readings = sorted(group, key=lambda row: row.at)
        line, whose = readings[0].entitlement, names.get(readings[0].voice.removeprefix(PERSON), "")
        label = _("%(label)s，%(name)s的") % {"label": line.label, "name": whose} if whose else line.label
        found.append(Waiting(line.n, label, "、".join(row.by.name for row in readings), len(readings) > 1))
    return tuple(found)


def _paper_key(row: PaperEntry) -> tuple[int, str]:
    return row.entitlement.n, row.voice


def _by_name(row: PaperEntry) -> bool:
    return row.voice.startswith(PERSON)


def line_meant(vote: Vote, typed: str) -> Entitlement | None:
    """The line of a number on the roll, or of a home's code, or of what a hand scanner reads from the ballot's code
    (…?line=12); "" and the unknown are none. One query."""
    said = typed.strip().rpartition("line=")[2].removeprefix("#")
    rows = Entitlement.objects.filter(roll=vote.roll_id).standing()
    if said.isdecimal() and len(said) < 9 and (found := rows.filter(n=int(said)).first()):
        return found
    exact = list(rows.filter(label__iexact=said)[:2]) if said else []
    return exact[0] if len(exact) == 1 else None


def owner_meant(vote: Vote, line: Entitlement, typed: str) -> Person | None:
    """The one of several owners who signed, by name; None where nobody was typed. One query. Raises Refused."""
    name = typed.strip()
    if not name:
        return None
    rows = Speaker.objects.speaking(vote.pk).filter(entitlement=line, as_what=Speaker.As.OWNER, person__name=name)
    found = [row.person for row in rows.select_related("person")[:2]]
    if line.person is not None and line.person.name == name:
        found = [line.person]
    if len(found) != 1:
        raise Refused(
            "bad-data", _("%(label)s登记的业主里没有“%(name)s”，或者有同名的。") % {"label": line.label, "name": name}
        )
    return found[0]


def found_line(vote: Vote, line: Entitlement, now: datetime) -> Found:
    """Three queries: what lies in the box, the owners, and who has read its paper."""
    boxed = Envelope.objects.filter(vote=vote, entitlement=line).defer("sealed")
    speakers = Speaker.objects.speaking(vote.pk).filter(entitlement=line).select_related("person").order_by("since")
    papers = PaperEntry.objects.filter(vote=vote, entitlement=line).select_related("by").defer("sealed")
    owners = [row for row in speakers if row.as_what == Speaker.As.OWNER]
    return Found(
        line.n,
        line.label,
        "" if line.name == line.label else line.name,
        words.area_words(line.area) if line.area else "",
        tuple(_boxed(vote, row, now) for row in boxed),
        tuple(p.Choice(str(row.person_id), row.person.name) for row in owners),
        "、".join(row.by.name for row in papers),
        "、".join(row.person.name for row in speakers if row.as_what == Speaker.As.PROXY) if vote.secret else "",
    )


def _boxed(vote: Vote, row: Envelope, now: datetime) -> str:
    how = f"{words.channel_words(row.channel)}，{when(row.cast_at, now)}"
    if not vote.secret:
        return _("票箱里已经有一票（%(how)s）。再记，同一个人的以后来的为准。") % {"how": how}
    if row.channel == Channel.PAPER:
        return _("记过交了纸票（%(how)s），不能再记。") % {"how": how}
    return _("用手机投过（%(how)s）。记了交纸票，就以纸票为准，不能再改。") % {"how": how}


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
