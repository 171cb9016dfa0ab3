"""The work table: what waits for us by due date, what is under way, what is over; filters from the address."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.steps import Procedure
from weizhi.charters.steps import Step as Rule
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.reads import seen_by
from weizhi.matters.registry import specs
from weizhi.matters.rules import owner_of
from weizhi.matters.sending import asked_names
from weizhi.people.access import Standing
from weizhi.places.models import Place
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.forms import categories
from weizhi.portal.queries.asked import RAISER, Asked, ends_today, narrowed_matters, narrowed_waits
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.lists import WHOLE_PLACE, matter_columns, state_chip
from weizhi.portal.saying import due_chip, matter_url, number, place_words, when

PAGE: Final = 25
BUILDINGS_AT_MOST: Final = 200
PLACES: Final = ("estate", "building", "grid", "space")


def desk(standing: Standing, asked: Asked, now: datetime) -> p.WorkTable:
    """Six queries at most: counts, the page's steps and their matters, the filters' places and charter."""
    counts = _counts(standing, now)
    rows, older = _waiting(standing, asked, now) if asked.ours else _matters(standing, asked, now)
    community = standing.posts[0].community_id if standing.posts else next(iter(standing.communities), None)
    charter = charter_in_force(community, now) if community else None
    return p.WorkTable(
        rows=tuple(rows),
        tabs=_tabs(asked, counts),
        filters=_filters(community, charter, asked),
        filtered=asked.filtered,
        pager=_pager(asked, len(rows), older),
        empty=_empty(asked),
        hidden=(("view", asked.view),) if asked.view != "waiting" else (),
        begin=following_url(asked) if asked.ours and rows else "",
        rules=_rules_url(standing, charter),
    )


def _rules_url(standing: Standing, charter: Charter | None) -> str:
    """The rules of dispatch, for those who may look after them."""
    owners = f"body:{owner_of(charter)}@" if charter and charter.dispatch else None
    mine = owners is not None and any(key.startswith(owners) for key in standing.keys)
    return reverse("portal:routing") if mine else ""


def _waits(standing: Standing) -> QuerySet[Party]:
    return Party.objects.waiting().for_keys(standing.keys)


def following_url(asked: Asked) -> str:
    """Where the first matter of a list opens, and after each act the next."""
    return f"{reverse('portal:desk-next')}?queue={quote(asked.queue())}"


def _counts(standing: Standing, now: datetime) -> dict[str, int]:
    rows = _counted(standing.keys, now, ends_today(now))  # a step belongs to one community: the sums are exact
    return {name: sum(row[n] for row in rows) for n, name in enumerate(("waiting", "late", "today"))}


def _count(keys: Iterable[str], now: datetime, tomorrow: datetime) -> QuerySet[Any, Any]:
    late, today = Q(due__lt=now), Q(due__gte=now, due__lt=tomorrow)
    found = (
        Party.objects.waiting()
        .for_keys(keys)
        .order_by()
        .values("community_id")
        .annotate(
            waiting=Count("step", distinct=True),
            late=Count("step", distinct=True, filter=late),
            today=Count("step", distinct=True, filter=today),
        )
    )
    return found.values_list("waiting", "late", "today")


_counted: Prepared[tuple[int, int, int]] = Prepared(_count)


def _tabs(asked: Asked, counts: Mapping[str, int]) -> tuple[p.Tab, ...]:
    words = {
        "waiting": _("等我们办"), "late": _("晚了"), "today": _("今天到期"), "open": _("在办的"), "ended": _("办完的"),
    }  # fmt: skip
    return tuple(
        p.Tab(
            word,
            asked.url(view=view, page=1),
            counts.get(view),
            current=view == asked.view,
            late=view == "late" and bool(counts["late"]),
        )
        for view, word in words.items()
    )


def waiting_steps(standing: Standing, asked: Asked, now: datetime) -> QuerySet[Party, Any]:
    """Steps that wait for us, by due date. A step waits for many keys: grouped, it is one line."""
    return _by_due(_due_between(_waits(standing), *_span(asked, now)).filter(narrowed_waits(asked, now)))


def _span(asked: Asked, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when until when something is due, for the view that is asked for."""
    if asked.view == "late":
        return None, now
    return (now, ends_today(now)) if asked.view == "today" else (None, None)


def _due_between(waits: QuerySet[Party], since: datetime | None, until: datetime | None) -> QuerySet[Party]:
    waits = waits.filter(due__gte=since) if since else waits
    return waits.filter(due__lt=until) if until else waits


def _by_due(waits: QuerySet[Party]) -> QuerySet[Party, Any]:
    return waits.values("step").annotate(first=Min("due")).order_by(F("first").asc(nulls_last=True), "step")


def _ids(keys: Iterable[str], since: datetime | None, until: datetime | None, page: int) -> QuerySet[Party, UUID]:
    found = _by_due(_due_between(Party.objects.waiting().for_keys(keys), since, until))
    return _cut(found.values_list("step", flat=True), page)


_waiting_ids: Prepared[UUID] = Prepared(_ids)


def _waiting(standing: Standing, asked: Asked, now: datetime) -> tuple[list[p.Row], bool]:
    if asked.filtered:
        ids = [row["step"] for row in _cut(waiting_steps(standing, asked, now), asked.page)]
    else:
        ids = _waiting_ids(standing.keys, *_span(asked, now), asked.page)
    steps = {step.pk: step for step in _steps_whole(tuple(ids[:PAGE]))}
    queue = f"?queue={quote(asked.queue())}"
    rows = [_row(steps[pk].matter, [steps[pk]], now) for pk in ids[:PAGE]]
    return [replace(row, hands="", url=row.url + queue) for row in rows], len(ids) > PAGE


def _whole(ids: Iterable[UUID]) -> QuerySet[Step]:
    columns = ("key", "due", "brief", *(f"matter__{name}" for name in matter_columns(of_stream=False)))
    return Step.objects.select_related(f"matter__{WHOLE_PLACE}").filter(pk__in=ids).only(*columns)


_steps_whole: Prepared[Step] = Prepared(_whole, by_key=True)
_open_steps: Prepared[Step] = Prepared(
    lambda matters: (
        Step.objects.open().filter(matter__in=matters).only("key", "due", "brief", "matter_id").order_by("due", "id")
    ),
    by_key=True,
)


def _listed(keys: Iterable[str], paths: Iterable[str], communities: Iterable[UUID], ended: bool) -> QuerySet[Matter]:
    found = Matter.objects.visible_to(seen_by(keys, paths)).filter(
        community__in=communities, ended_at__isnull=not ended
    )
    return found.select_related(WHOLE_PLACE).only(*matter_columns(of_stream=False)).order_by("-changed_at")


def _cut(found: QuerySet[Any, Any], page: int) -> QuerySet[Any, Any]:
    return found[(page - 1) * PAGE : page * PAGE + 1]


_pages: Prepared[Matter] = Prepared(lambda page, *seen: _cut(_listed(*seen), page))


def _matters(standing: Standing, asked: Asked, now: datetime) -> tuple[list[p.Row], bool]:
    """Matters under way or over, the newest change first, with the steps at which they stand."""
    seen = (standing.keys, standing.paths, standing.communities, asked.view == "ended")
    if asked.filtered:
        rows = list(_cut(_listed(*seen).filter(narrowed_matters(asked, now)), asked.page))
    else:
        rows = _pages(asked.page, *seen)
    steps: dict[UUID, list[Step]] = {}
    for step in _open_steps(tuple(row.pk for row in rows[:PAGE])) if asked.view == "open" else ():
        steps.setdefault(step.matter_id, []).append(step)
    return [_row(row, steps.get(row.pk, []), now) for row in rows[:PAGE]], len(rows) > PAGE


def _row(matter: Matter, steps: list[Step], now: datetime) -> p.Row:
    charter = charter_by_hash(matter.charter_id)
    procedure = charter.procedure_of(matter.kind)
    rules = [procedure.steps[step.key] for step in steps]
    due = steps[0].due if steps else None
    category = charter.categories.get(matter.category)
    return p.Row(
        number=number(matter),
        title=matter.title,
        url=matter_url(matter.pk),
        place=place_words(matter.place),
        step="、".join(rule.title or rule.key for rule in rules),
        raised=when(matter.raised_at, now),
        due=state_chip(matter) if matter.ended_at else due_chip(due, now),
        hands="、".join(dict.fromkeys(_title(charter, name) for step in steps for name in _who(procedure, step))),
        kind=category.title if category else "",
    )


def _who(procedure: Procedure, step: Step) -> tuple[str, ...]:
    return asked_names(procedure.steps[step.key], step.brief)


def _title(charter: Charter, name: str) -> str:
    found = charter.posts.get(name) or charter.bodies.get(name)
    return found.title if found and found.title else _("报事的人")


_places: Prepared[tuple[str, str]] = Prepared(
    lambda community: (
        Place.objects.filter(community=community, kind__in=PLACES)
        .order_by("path")
        .values_list("path", "name")[:BUILDINGS_AT_MOST]
    )
)


def _filters(community: UUID | None, charter: Charter | None, asked: Asked) -> tuple[p.Field, ...]:
    """Choices of the community where this person holds a post; the words are searched in titles and places."""
    found = [p.Field("q", "search", _("找"), value=asked.q, placeholder=_("字、编号、地方"), compact=True)]
    if community is None:
        return tuple(found)
    kinds = categories(charter) if charter else ()
    choices = tuple(p.Choice(path, name) for path, name in _places(community))
    if kinds:
        found.append(_select("category", _("类别"), kinds, asked.category))
    if choices:
        found.append(_select("place", _("在哪里"), choices, asked.place))
    if charter and asked.view != "ended":
        found.append(_select("step", _("到了哪一步"), tuple(_steps(charter)), asked.step))
        if not asked.ours:
            found.append(_select("hands", _("等谁"), tuple(_hands(charter)), asked.hands))
            found.append(_select("due", _("期限"), _dues(), asked.due))
    return tuple(found)


def _steps(charter: Charter) -> Iterator[p.Choice]:
    """Steps at which a matter can wait for a person, under their matter kind; a key said twice is listed once."""
    met: set[str] = set()
    for kind in charter.kinds.values():
        for rule in charter.procedure_of(kind.key).steps.values():
            if rule.key not in met and _waits_here(rule):
                met.add(rule.key)
                yield p.Choice(rule.key, rule.title or rule.key, group=kind.title)


def _waits_here(rule: Rule) -> bool:
    spec = specs().get(rule.kind)
    return rule.kind != "raise" and bool(rule.by) and spec is not None and not spec.automatic


def _hands(charter: Charter) -> Iterator[p.Choice]:
    """Who is waited for by any step."""
    names: dict[str, None] = {RAISER: None}
    for kind in charter.kinds.values():
        for rule in charter.procedure_of(kind.key).steps.values():
            names |= dict.fromkeys(rule.by if rule.kind != "raise" else ())
    for name in names:
        if name == RAISER or name in charter.posts or name in charter.bodies:
            yield p.Choice(name, _title(charter, name))


def _dues() -> tuple[p.Choice, ...]:
    return (p.Choice("late", _("晚了")), p.Choice("today", _("今天到期")), p.Choice("week", _("七天之内到期")))


def _select(key: str, label: str, choices: tuple[p.Choice, ...], value: str) -> p.Field:
    return p.Field(key, "choice", label, value=value, choices=choices, compact=True, placeholder=_("全部"))


def _pager(asked: Asked, shown: int, older: bool) -> p.Pager | None:
    if asked.page == 1 and not older:
        return None
    first = (asked.page - 1) * PAGE + 1
    words = _("第 %(first)s–%(last)s 件") % {"first": first, "last": first + shown - 1}
    newer = asked.url(page=asked.page - 1) if asked.page > 1 else ""
    return p.Pager(words, newer, asked.url(page=asked.page + 1) if older else "")


def _empty(asked: Asked) -> p.Empty:
    if asked.filtered:
        return p.Empty(_("没有找到"), _("换个词，或者去掉条件再看看。"), Asked(asked.view).url(), _("去掉条件"))
    if asked.view == "waiting":
        return p.Empty(_("都办完了"), _("现在没有等着我们办的事。居民一报事，这里就会出现。"))
    return p.Empty(_("这里还没有事"), _("有了就会按时间排在这里。"))
