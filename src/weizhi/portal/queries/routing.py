"""The rules of dispatch as a page: each rule, what it would have done with past reports, and who had them in fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.people_tables import Dispatch
from weizhi.charters.titles import who_titles
from weizhi.matters.refused import Refused
from weizhi.matters.rules import owner_of
from weizhi.people.access import Standing
from weizhi.places.models import Community
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import matter_url, number
from weizhi.reports.routing import Tally, Tried, tried

NEWEST: Final = 300
SHOWN: Final = 50


@dataclass(frozen=True)
class RuleRow:
    """One rule: what it is about, to whom, why, and what became of the reports that it would have taken."""

    n: int
    about: str
    to: str
    because: str
    taken: int
    same: int
    other: int
    url: str
    current: bool


@dataclass(frozen=True)
class TriedRow:
    number: str
    title: str
    url: str
    category: str
    guessed: bool
    rule: str
    had: str
    other: bool


@dataclass(frozen=True)
class RoutingPage:
    charter: str
    seen: int
    rules: tuple[RuleRow, ...]
    rows: tuple[TriedRow, ...]
    shown: str
    left: int
    all_url: str


def may_try(standing: Standing, charter: Charter, community: Community) -> bool:
    """Rules belong to whoever owns what has no owner: the committee, in most charters."""
    return f"body:{owner_of(charter)}@{community.slug}" in standing.keys


def routing_page(standing: Standing, asked: str, now: datetime) -> RoutingPage | None:
    """Five queries. `asked` is the number of one rule, 0 for what no rule takes, "" for all. Raises Refused."""
    community = community_of(standing)
    charter = charter_in_force(community.pk, now) if community else None
    if community is None or charter is None:
        return None
    if not may_try(standing, charter, community):
        title = who_titles([owner_of(charter)], charter)
        raise Refused(
            "not-yours",
            _("派单规则由%(who)s来看和改。") % {"who": title},
            line=f"{charter.name}: levels.owner = {owner_of(charter)}",
        )
    tally, found = Tally(), []
    chosen = int(asked) if asked.isdecimal() and len(asked) < 4 else None
    for one in tried(community, charter, newest=NEWEST):
        tally.add(one)
        if chosen is None or one.n == chosen:
            found.append(one)
    return RoutingPage(
        charter=charter.title,
        seen=tally.seen,
        rules=_rules(charter, tally, chosen),
        rows=tuple(_row(charter, one) for one in found[:SHOWN]),
        shown=_shown(chosen),
        left=max(0, len(found) - SHOWN),
        all_url=reverse("portal:routing") if chosen is not None else "",
    )


def _rules(charter: Charter, tally: Tally, chosen: int | None) -> tuple[RuleRow, ...]:
    url = reverse("portal:routing")
    rows = [
        RuleRow(
            n, _about(charter, rule), who_titles(rule.to, charter), rule.because, tally.taken[n], tally.same[n],
            tally.other[n], f"{url}?rule={n}", n == chosen,
        )
        for n, rule in enumerate(charter.dispatch.values(), start=1)
    ]  # fmt: skip
    rest = RuleRow(0, _("没有规则管得到的"), _("由分类的人定"), "", tally.taken[0], 0, 0, f"{url}?rule=0", chosen == 0)
    return (*rows, rest)


def _about(charter: Charter, rule: Dispatch) -> str:
    said: Sequence[str] = [charter.categories[key].title for key in rule.categories if key in charter.categories]
    sizes = {"big": _("大事"), "small": _("小事"), "private": _("私事")}
    said = [*said, *(str(sizes.get(key, key)) for key in rule.classes)]
    return "、".join(said) or _("其余的一切")


def _row(charter: Charter, one: Tried) -> TriedRow:
    category = charter.categories.get(one.category)
    return TriedRow(
        number=number(one.matter),
        title=one.matter.title,
        url=matter_url(one.matter.pk),
        category=category.title if category else _("看不出是哪一类"),
        guessed=one.guessed and category is not None,
        rule=_("第 %(n)s 条") % {"n": one.n} if one.n else _("没有规则"),
        had=one.had,
        other=one.same is False,
    )


def _shown(chosen: int | None) -> str:
    if chosen is None:
        return _("最近的报事")
    return _("第 %(n)s 条会管的") % {"n": chosen} if chosen else _("没有规则管得到的")
