"""The projects of a budget vote as a voter reads them, and, once counted, why each won or what it was short of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.words import yuan
from weizhi.decisions.models import Vote
from weizhi.decisions.results import gone_of
from weizhi.decisions.sharing import IN_WORDS
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter
from weizhi.matters.story import name_of
from weizhi.people.access import Standing
from weizhi.portal.saying import matter_url
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload

KIND: Final = "budget"


@dataclass(frozen=True)
class Project:
    """One project on the paper. fen: for the running sum."""

    key: str
    number: str
    title: str
    fen: int
    cost: str
    place: str
    by: str
    words: str
    url: str
    gone: bool = False  # withdrawn or merged while people vote: whoever chooses it chooses nothing


@dataclass(frozen=True)
class Row:
    """One project in the result: how much of what it costs its supporters had."""

    title: str
    url: str
    cost: str
    votes: str
    plain: str
    won: bool
    had: int
    fen: int


@dataclass(frozen=True)
class BudgetPage:
    amount: str
    fen: int
    how: str
    projects: Mapping[str, Project]
    rows: tuple[Row, ...]
    spent: str = ""
    left: str = ""

    @property
    def winners(self) -> list[Row]:
        return [row for row in self.rows if row.won]

    @property
    def losers(self) -> list[Row]:
        return [row for row in self.rows if not row.won]


def budget_page(vote: Vote, standing: Standing) -> BudgetPage | None:
    """None for every other kind of vote. Two queries."""
    if vote.kind != KIND:
        return None
    terms, found = vote.rule[KIND], vote.result.get(KIND) or {}
    projects = _projects(vote, standing)
    return BudgetPage(
        amount=yuan(terms["amount"]), fen=terms["amount"], how=IN_WORDS[terms["method"]], projects=projects,
        rows=tuple(_row(row, projects) for row in found.get("projects", ())),
        spent=yuan(found["spent"]) if found else "", left=yuan(found["left"]) if found else "",
    )  # fmt: skip


def _projects(vote: Vote, standing: Standing) -> dict[str, Project]:
    """Title, cost and place as they were frozen; who proposed it and in which words, for whoever may see the matter."""
    rows = vote.brief["projects"]
    seen = Matter.objects.visible_to(standing).filter(pk__in=[row["matter"] for row in rows]).values("pk")
    said = Payload.objects.filter(entry__stream__in=seen, entry__n=1, part=WORDS, grade__lt=HOUSEHOLD)
    by: dict[UUID, str] = {}
    words: dict[UUID, str] = {}
    for part in said.select_related("entry__actor", "entry__on_behalf_of"):
        pk = part.entry.stream_id
        by[pk], words[pk] = name_of(part.entry.on_behalf_of or part.entry.actor, standing), str(part.read())
    gone = gone_of(vote) if vote.counted_at is None else {}  # the result itself says of each what became of it
    return {str(row["key"]): _project(row, by, words, gone=str(row["key"]) in gone) for row in rows}


def _project(row: Mapping[str, Any], by: Mapping[UUID, str], words: Mapping[UUID, str], *, gone: bool) -> Project:
    pk = UUID(str(row["matter"]))
    said = words.get(pk, "")
    return Project(
        key=str(row["key"]), number=f"{row['n']:04d}", title=str(row["title"]), fen=int(row["cost"]),
        cost=yuan(int(row["cost"])), place=str(row["place"]), by=by.get(pk, ""),
        words="" if said.rstrip("。") == row["title"] else said, url=matter_url(pk) if pk in by else "",
        gone=gone,
    )  # fmt: skip


def _row(row: Mapping[str, Any], projects: Mapping[str, Project]) -> Row:
    project = projects[str(row["key"])]
    return Row(
        title=project.title, url=project.url, cost=project.cost, votes=_("%(n)s 人选") % {"n": f"{row['votes']:,}"},
        plain=str(row["plain"]), won=row["place"] is not None, had=int(row["had"]), fen=project.fen,
    )  # fmt: skip
