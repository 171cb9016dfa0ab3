"""What the page of the charter shows: the charter in force with its figures, its posts and its dates."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from weizhi.charters.lists import FORBIDS, speaks_of
from weizhi.charters.models import Charter
from weizhi.charters.workdays import state_calendar
from weizhi.matters.deciding import may_decide
from weizhi.matters.duties import ZONE, Performance, due_steps, performances, waiting
from weizhi.matters.models import Matter
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.rules import COMMUNITY
from weizhi.people.access import Standing
from weizhi.people.models import CharterAdoption, CharterDraft, Holding
from weizhi.places.models import Community
from weizhi.portal.charter import dates, telling
from weizhi.portal.charter.history import Version, versions
from weizhi.portal.queries.lists import WHOLE_PLACE
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import number

HOLDERS_AT_MOST: Final = 200
OWN_LEVELS: Final = ("community", "estate", "street", "district", "city")  # said by the body's name already
ABOVE: Final = ("street", "district", "city")
BEHIND_AT_MOST: Final = 200


@dataclass(frozen=True)
class Holders:
    """A body or post and who holds it now."""

    title: str
    people: tuple[tuple[str, str], ...]  # (name, post and where)
    phone: str = ""


@dataclass(frozen=True)
class DutyShown:
    told: telling.DutyTold
    figure: Performance | None


@dataclass(frozen=True)
class ListShown:
    title: str
    negative: bool
    lines: tuple[DutyShown, ...]


@dataclass(frozen=True)
class MineShown:
    """A line of the lists that is mine, by my posts, and how many acts of it wait for us now."""

    title: str
    negative: bool
    waiting: int


@dataclass(frozen=True)
class CharterPage:
    community: Community
    charter: Charter
    versions: list[Version]  # the newest first
    kinds: SafeString
    lists: tuple[ListShown, ...]
    holders: tuple[Holders, ...]
    dates: list[dates.DateTold]
    month: date
    may_change: bool
    waiting: int  # changes that wait for a second person
    mine: tuple[MineShown, ...]


def charter_page(standing: Standing, now: datetime) -> CharterPage | None:
    """Five queries at most: the versions, who holds the posts, the month's figures, what waits, changes that wait."""
    community = community_of(standing)
    past = versions(community, now) if community else []
    if community is None or not past:
        return None
    charter = charter_by_hash(past[0].digest)
    told = telling.tell(charter.hash, get_language() or "")
    month = now.astimezone(ZONE).date()
    figures = {one.duty: one for one in performances(community.pk, charter, month, now)}
    may = may_decide(standing, community, charter)
    return CharterPage(
        community=community,
        charter=charter,
        versions=past,
        kinds=kinds_in_words(charter.hash, get_language() or ""),
        lists=tuple(
            ListShown(
                one.title,
                one.key == telling.NEGATIVE,
                tuple(DutyShown(line, figures.get(line.key)) for line in one.lines),
            )
            for one in told.lists
        ),
        holders=tuple(_holders(community, charter, now)),
        dates=dates.dates(charter, month, state_calendar()),
        month=month,
        may_change=may,
        waiting=CharterDraft.objects.filter(community=community, settled_at__isnull=True).count() if may else 0,
        mine=tuple(_mine(standing, community, charter)),
    )


def _mine(standing: Standing, community: Community, charter: Charter) -> list[MineShown]:
    """The lines that speak of my posts and bodies; nothing for whoever holds none here."""
    held = {name for post in standing.posts if post.community_id == community.pk for name in (post.post, post.body)}
    duties = [duty for duty in charter.duties.values() if held and speaks_of(charter, duty, held)]
    if not duties:
        return []
    waits = waiting(community.pk, charter, duties, standing.keys)
    return [
        MineShown(duty.title, duty.sort == FORBIDS, 0 if duty.sort == FORBIDS else waits[duty.key]) for duty in duties
    ]


@lru_cache(maxsize=16)
def kinds_in_words(digest: str, language: str) -> SafeString:
    """The kinds of a charter never change under its hash: drawn once in a process and language."""
    drawn = get_template("portal/charter/kinds.html").render({"kinds": telling.tell(digest, language).kinds})
    return SafeString(drawn)  # a template's own, already escaped


def newest_adoption(community: Community, now: datetime) -> CharterAdoption | None:
    return (
        CharterAdoption.objects.filter(community=community, since__lte=now).defer("source").order_by("-since").first()
    )


def _holders(community: Community, charter: Charter, now: datetime) -> list[Holders]:
    """Each body with its people, those of the levels above too; one that must act here and has nobody is told."""
    here = Q(community=community) | Q(community__children=community) | Q(community__children__children=community)
    rows = Holding.objects.open_at(now).filter(here).select_related("person", "body", "place")
    found: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for row in rows.order_by("body__key", "place__path", "person__name")[:HOLDERS_AT_MOST]:
        where = _("（%(place)s）") % {"place": row.place.name} if row.place.kind not in OWN_LEVELS else ""
        found.setdefault(row.body.key, []).append((row.person.name, f"{row.title}{where}"))
        names[row.body.key] = row.body.name
    acts = {name for procedure in charter.procedures.values() for step in procedure.steps.values() for name in step.by}
    needed = {key for key, body in charter.bodies.items() if key in acts and (body.at or COMMUNITY) not in ABOVE}
    order = [*(key for key in charter.bodies if key in found or key in needed), *(found.keys() - charter.bodies.keys())]
    return [
        Holders(body.title, tuple(found.get(key, ())), body.phone)
        if (body := charter.bodies.get(key))
        else Holders(names[key], tuple(found[key]))
        for key in order
    ]


@dataclass(frozen=True)
class Behind:
    """One act owed in the month, behind a figure."""

    number: str
    title: str
    matter: UUID | None
    step: str
    state: str
    words: str


@dataclass(frozen=True)
class DutyPage:
    title: str
    who: str
    month: date
    figure: Performance
    rows: tuple[Behind, ...]
    hidden: int
    earlier: date
    later: date | None


def duty_page(standing: Standing, key: str, month: date, now: datetime) -> DutyPage | None:
    """The acts behind a figure; matters that this person may not read are counted and not named."""
    community = community_of(standing)
    adoption = newest_adoption(community, now) if community else None
    charter = charter_by_hash(adoption.text_id) if adoption else None
    duty = charter.duties.get(key) if charter else None
    if community is None or charter is None or duty is None:
        return None
    steps = due_steps(community.pk, charter, [duty], month, now)
    owed = list(steps.select_related(f"matter__{WHOLE_PLACE}").order_by("due")[:BEHIND_AT_MOST])
    seen = set(
        Matter.objects.visible_to(standing)
        .filter(pk__in={step.matter_id for step in owed})
        .values_list("pk", flat=True)
    )
    rows = []
    for step in owed:
        if step.matter_id not in seen:
            continue
        state, words = _state(step.due, step.closed_at, step.outcome)
        rule = charter.procedure_of(step.matter.kind).steps.get(step.key) if step.matter.kind in charter.kinds else None
        title = (rule.title if rule else "") or step.key
        rows.append(Behind(number(step.matter), step.matter.title, step.matter_id, title, state, words))
    figure = next((one for one in performances(community.pk, charter, month, now) if one.duty == key), Performance(key))
    first = month.replace(day=1)
    after = telling.month_after(first)
    return DutyPage(
        title=duty.title,
        who=telling.who_titles(duty.of, charter),
        month=first,
        figure=figure,
        rows=tuple(rows),
        hidden=len(owed) - len(rows),
        earlier=telling.month_before(first),
        later=after if after <= now.astimezone(ZONE).date() else None,
    )


def _state(due: datetime | None, closed: datetime | None, outcome: str) -> tuple[str, str]:
    if closed is None or outcome.startswith(">"):
        return "late", _("没有办")
    return ("done", _("按时办了")) if due is None or closed <= due else ("late", _("办了，晚了"))
