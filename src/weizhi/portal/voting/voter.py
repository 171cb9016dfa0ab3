"""One vote as a voter meets it: the question, the ballots that are mine, what I handed in already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.decisions import urns
from weizhi.decisions.actions.cast import voice_of
from weizhi.decisions.choices import Paper
from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.counters import counters_of, waiting
from weizhi.decisions.interests import charter_line, sitting_out
from weizhi.decisions.models import Channel, Entitlement, Envelope, Speaker, Vote
from weizhi.decisions.naming import named
from weizhi.decisions.receipts import shown
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.portal import pieces as p
from weizhi.portal.budgeting.page import BudgetPage, Project, budget_page
from weizhi.portal.queries.notices import unseen_count
from weizhi.portal.saying import matter_url, number, when
from weizhi.portal.voting import words
from weizhi.portal.voting.result import Result, result_of
from weizhi.portal.voting.turnout import Turnout, turnout_of

WHOLE = ("roll", "step", "matter", "matter__place", "matter__place__parent")


@dataclass(frozen=True)
class Choice:
    """One thing that may be chosen, as a card."""

    key: str
    title: str
    sub: str = ""
    checked: bool = False


@dataclass(frozen=True)
class ProjectChoice:
    """A project that may be chosen."""

    key: str
    project: Project
    checked: bool = False


@dataclass(frozen=True)
class Rank:
    """One place of a ranking: the first, the second …"""

    n: int
    chosen: str = ""


@dataclass(frozen=True)
class Kept:
    """What lies in the box in my name: its receipt, when and how it came."""

    code: str
    when: str
    channel: str
    by: str = ""


@dataclass(frozen=True)
class Ballot:
    """One entitlement that I may speak for."""

    id: str
    n: int
    title: str
    sub: str
    notes: tuple[str, ...] = ()
    kept: Kept | None = None
    choices: tuple[Choice, ...] = ()
    ranks: tuple[Rank, ...] = ()
    error: str = ""
    opens: bool = True  # whether the form stands open
    budget: tuple[ProjectChoice, ...] = ()
    in_urn: bool = False  # a paper of a secret vote: it cannot be taken out again

    @property
    def fresh(self) -> bool:
        return self.kept is None


@dataclass(frozen=True)
class Counter:
    """One of the two posts that open the box: who may come for it, whether somebody has, whether I may."""

    title: str
    names: str
    came: bool
    mine: bool


@dataclass(frozen=True)
class VotePage:
    vote: Vote
    question: str
    text: tuple[str, ...]
    number: str
    matter: str
    state: str
    chip: p.Chip
    until: str
    asked: str
    rule: str
    abstaining: list[str]
    ballots: tuple[Ballot, ...]
    form: str
    at_most: int
    secret: bool
    turnout: Turnout | None
    result: Result | None
    clerk: bool
    told: Ballot | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    papers: int = 0  # that wait in the urn to be read
    budget: BudgetPage | None = None  # where a sum is shared out among projects
    recused: tuple[str, ...] = ()  # deputies who declared an interest
    recused_by: str = ""  # the charter's line on them
    sits_out: bool = False  # the reader is one of them
    counters: tuple[Counter, ...] = ()  # who opens the box together, where one does not open by itself
    opens: bool = False  # the reader is one of them, and the time has come


@dataclass(frozen=True)
class Tried:
    """A ballot that was refused: what was chosen is still there, with why."""

    line: str = ""
    chosen: tuple[str, ...] = ()
    error: str = ""


def seen(vote_id: UUID, standing: Standing) -> Vote | None:
    """The vote as people read it, for whoever may see it; never its key; with the dock's number. One query, three
    for an election."""
    found = Vote.objects.visible_to(standing).select_related(*WHOLE).shown().annotate(unseen=unseen_count(standing))
    row = found.filter(pk=vote_id).first()
    return named(row) if row else None


def vote_page(vote: Vote, standing: Standing, now: datetime, tried: Tried, told: str = "") -> VotePage:
    """Six queries beside the vote: what I may speak for, as what, what lies in the box, the clerks, the turnout."""
    state = words.state_of(vote, now)
    clerk = is_clerk(vote, standing)
    ballots = tuple(_ballots(vote, standing, now, tried)) if state in (words.OPEN, words.COUNTING) else ()
    counters = _counters(vote, standing) if state != words.COUNTED and counters_of(vote) else ()
    recused = {} if state == words.COUNTED else sitting_out(vote)
    mine_too, ballots = ballots, tuple(one for one in ballots if one.n not in recused)
    budget = budget_page(vote, standing)
    if budget is not None:
        ballots = tuple(_with_projects(ballot, budget) for ballot in ballots)
    return VotePage(
        vote=vote,
        question=words.question_of(vote),
        text=tuple(line for line in str(vote.brief.get("text", "")).splitlines() if line.strip()),
        number=number(vote.matter),
        matter=matter_url(vote.matter_id),
        state=state,
        chip=words.state_chip(vote, now),
        until=words.until(vote, now),
        asked=words.asked_words(vote),
        rule=budget.how if budget else words.rule_words(vote),
        budget=budget,
        abstaining=words.abstaining(vote) if state == words.OPEN else [],
        ballots=ballots,
        form=str(vote.brief.get("form", "yes-no")),
        at_most=int(vote.brief.get("at_most", 1)),
        secret=vote.secret,
        turnout=turnout_of(vote) if state == words.OPEN and vote.brief.get("shows") else None,
        result=result_of(vote, recounts=clerk or _recounts(vote, standing)) if state == words.COUNTED else None,
        clerk=clerk,
        papers=urns.waits_to_be_read(vote) if state == words.COUNTING else 0,
        told=next((one for one in ballots if str(one.n) == told and one.kept), None),
        links={"roll": reverse("portal:vote-roll", args=[vote.pk])},
        recused=tuple(vote.result.get("recused", ()) if state == words.COUNTED else recused.values()),
        sits_out=not ballots and bool(mine_too),
        recused_by=charter_line(vote),
        counters=counters,
        opens=state == words.COUNTING and any(one.mine and not one.came for one in counters),
    )


def _counters(vote: Vote, standing: Standing) -> tuple[Counter, ...]:
    """One query, where two open the box."""
    return tuple(Counter(one.title, one.names, one.came, standing.person_id in one.people) for one in waiting(vote))


def _recounts(vote: Vote, standing: Standing) -> bool:
    """As `decisions.readers`: what each home said is for those on the roll; ballots without a name are for all."""
    return (
        vote.secret or Entitlement.objects.filter(roll=vote.roll_id).of(Person(pk=standing.person_id), vote.pk).exists()
    )


def mine(vote: Vote, person: UUID) -> list[tuple[Entitlement, Speaker | None, Envelope | None]]:
    """Each line I may speak for, as what, and what lies in the box in that voice. Three queries."""
    spoken: dict[UUID, Speaker] = {}
    rows = Speaker.objects.speaking(vote.pk).filter(entitlement__roll=vote.roll_id, person=person)
    for row in rows.select_related("of_person").order_by("as_what"):
        spoken.setdefault(row.entitlement_id, row)  # an owner before a proxy
    lines = list(
        Entitlement.objects.filter(roll=vote.roll_id).standing()
        .filter(Q(person=person) | Q(pk__in=list(spoken))).order_by("n")
    )  # fmt: skip
    held = Envelope.objects.filter(vote=vote, entitlement__in=[line.pk for line in lines]).defer("sealed")
    boxed = {(one.entitlement_id, one.voice): one for one in held.select_related("recorded_by")} if lines else {}
    found = []
    for line in lines:
        speaker = None if line.person_id == person else spoken[line.pk]
        found.append((line, speaker, boxed.get((line.pk, _voice(line, speaker, person)))))
    return found


def _voice(line: Entitlement, speaker: Speaker | None, person: UUID) -> str:
    """As `actions.cast` says whose word it is."""
    if speaker is None:
        return voice_of(line)
    return voice_of(line, person if speaker.as_what == Speaker.As.OWNER else speaker.of_person_id)


def _ballots(vote: Vote, standing: Standing, now: datetime, tried: Tried) -> list[Ballot]:
    if standing.person_id is None:
        return []
    found = [_ballot(vote, *one, now, tried) for one in mine(vote, standing.person_id)]
    waiting = next((n for n, one in enumerate(found) if one.opens), None)
    if tried.line or waiting is None or len(found) == 1:
        return found
    return [replace(one, opens=one.opens and n == waiting) for n, one in enumerate(found)]


def _ballot(
    vote: Vote, line: Entitlement, speaker: Speaker | None, held: Envelope | None, now: datetime, tried: Tried
) -> Ballot:
    again = tried.line == str(line.pk)
    choices, ranks = _paper(vote, tried.chosen if again else ())
    return Ballot(
        id=str(line.pk),
        n=line.n,
        title=_("您") if _is_me(line, speaker) else line.label,
        sub=" · ".join(part for part in (_as_what(line, speaker), _area(line)) if part),
        notes=tuple(_notes(vote, line, speaker, held)),
        kept=_kept(held, now) if held else None,
        choices=choices,
        ranks=ranks,
        error=tried.error if again else "",
        opens=again or held is None,
        in_urn=vote.secret and held is not None and held.channel == Channel.PAPER,
    )


def _is_me(line: Entitlement, speaker: Speaker | None) -> bool:
    """Nobody's own ballot is called by a masked name."""
    return speaker is None and line.kind == Entitlement.Kind.PERSON


def _with_projects(ballot: Ballot, budget: BudgetPage) -> Ballot:
    rows = [ProjectChoice(one.key, budget.projects[one.key], one.checked) for one in ballot.choices]
    return replace(ballot, budget=tuple(rows))


def _area(line: Entitlement) -> str:
    return words.area_words(line.area) if line.area else ""


def _as_what(line: Entitlement, speaker: Speaker | None) -> str:
    if speaker is None:
        return ""
    if speaker.as_what == Speaker.As.OWNER:
        return _("您是共有人") if line.kind != Entitlement.Kind.HOUSEHOLD else ""
    return _("受%(name)s委托") % {"name": speaker.of_person.name if speaker.of_person else line.name}


def _notes(vote: Vote, line: Entitlement, speaker: Speaker | None, held: Envelope | None) -> list[str]:
    if speaker is None:
        return []
    if speaker.as_what == Speaker.As.PROXY:
        if held is not None and held.rank:
            return [_("本人已经投过了。受托的票不能代替本人的票。")]
        return [_("请按委托人的意思投。本人自己投了，以本人的为准。")]
    if line.kind == Entitlement.Kind.HOUSEHOLD:
        return [_("一户一票：家里谁先投，就由谁来改。请先商量好。")]
    if line.person_id is not None:
        return [_("这一处推选了代表，以代表投的为准。")]
    return [_("这一处有几位业主。投得不一样，又没有推选代表，这一处就不算参加，请先商量好。")]


def _kept(held: Envelope, now: datetime) -> Kept:
    by = held.recorded_by.name if held.recorded_by else ""
    return Kept(shown(held.receipt), when(held.cast_at, now), words.channel_words(held.channel), by)


def _paper(vote: Vote, chosen: Sequence[str]) -> tuple[tuple[Choice, ...], tuple[Rank, ...]]:
    paper = Paper.from_brief(vote.brief)
    subs = card_words(vote.brief)
    choices = tuple(
        Choice(option.key, option.title, subs.get(option.key, ""), option.key in chosen) for option in paper.options
    )
    return choices, ranks_of(paper, chosen)


def ranks_of(paper: Paper, chosen: Sequence[str]) -> tuple[Rank, ...]:
    """The places of a ranking, with what was put there; none on any other paper."""
    if paper.form != "ranking":
        return ()
    places = [*chosen, *[""] * (len(paper.options) - len(chosen))]
    return tuple(Rank(n, key) for n, key in enumerate(places, 1))


def card_words(brief: Mapping[str, Any]) -> dict[str, str]:
    """What stands below a candidate: what he declared."""
    return {str(card["key"]): card["declaration"] for card in brief.get("cards", ()) if card.get("declaration")}


def chosen_of(vote: Vote, sent: Any) -> list[str]:
    """The choice as the form sent it: boxes and circles as `choice`, a ranking as one list a place."""
    if vote.brief.get("form") == "ranking":
        many = len(vote.brief.get("options", ()))
        return [key for n in range(1, many + 1) if (key := sent.get(f"rank{n}", ""))]
    return [str(one) for one in sent.getlist("choice")]
