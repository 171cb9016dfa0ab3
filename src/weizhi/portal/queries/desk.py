"""The work table: what waits for us by due date, what is under way, what is over; filters from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import Standing
from weizhi.places.models import Place
from weizhi.portal import pieces as p
from weizhi.portal.forms import categories
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.lists import WHOLE_PLACE, state_chip
from weizhi.portal.saying import due_chip, number, place_words, when

PAGE: Final = 25
ZONE: Final = ZoneInfo("Asia/Shanghai")
VIEWS: Final = ("waiting", "late", "today", "open", "ended")
BUILDINGS_AT_MOST: Final = 200
PLACES: Final = ("estate", "building", "grid", "space")


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    view: str = "waiting"
    q: str = ""
    category: str = ""
    place: str = ""
    page: int = 1
    sent: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Asked":
        page = sent.get("page", "1")
        view = sent.get("view", "")
        return cls(
            view=view if view in VIEWS else "waiting",
            q=sent.get("q", "").strip()[:60],
            category=sent.get("category", "")[:60],
            place=sent.get("place", "")[:200],
            page=max(1, int(page)) if page.isdecimal() and len(page) < 5 else 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.category or self.place)

    def url(self, **changes: object) -> str:
        """This page's address with changes; what is usual is left out, so that addresses stay short."""
        said = {"view": self.view, "q": self.q, "category": self.category, "place": self.place, "page": self.page}
        said |= changes
        usual = {"view": "waiting", "page": 1}
        kept = {name: value for name, value in said.items() if value and usual.get(name) != value}
        return f"{reverse('portal:desk')}?{urlencode(kept)}" if kept else reverse("portal:desk")


def desk(standing: Standing, asked: Asked, now: datetime) -> p.WorkTable:
    """Six queries at most: counts, the page's steps and their matters, the filters' places and charter."""
    counts = _counts(standing, now)
    waiting = asked.view in ("waiting", "late", "today")
    rows, older = _waiting(standing, asked, now) if waiting else _matters(standing, asked, now)
    return p.WorkTable(
        rows=tuple(rows),
        tabs=_tabs(asked, counts),
        filters=_filters(standing, asked, now),
        filtered=asked.filtered,
        pager=_pager(asked, len(rows), older),
        empty=_empty(asked),
        hidden=(("view", asked.view),) if asked.view != "waiting" else (),
    )


def _waits(standing: Standing) -> QuerySet[Party]:
    return Party.objects.waiting().for_keys(standing.keys)


def _ends(now: datetime) -> datetime:
    """When today is over, as civil days go here."""
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _counts(standing: Standing, now: datetime) -> dict[str, int]:
    late, today = Q(due__lt=now), Q(due__gte=now, due__lt=_ends(now))
    return _waits(standing).aggregate(
        waiting=Count("step", distinct=True),
        late=Count("step", distinct=True, filter=late),
        today=Count("step", distinct=True, filter=today),
    )


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


def _waiting(standing: Standing, asked: Asked, now: datetime) -> tuple[list[p.Row], bool]:
    """Steps that wait for us. A step waits for many keys: grouped, it is one line."""
    waits = _waits(standing)
    if asked.view == "late":
        waits = waits.filter(due__lt=now)
    elif asked.view == "today":
        waits = waits.filter(due__gte=now, due__lt=_ends(now))
    waits = waits.filter(_narrowed(asked, "matter__"))
    found = waits.values("step").annotate(first=Min("due")).order_by(F("first").asc(nulls_last=True), "step")
    ids = [row["step"] for row in found[(asked.page - 1) * PAGE : asked.page * PAGE + 1]]
    steps = Step.objects.select_related(f"matter__{WHOLE_PLACE}").in_bulk(ids[:PAGE]) if ids else {}
    return [replace(_row(steps[pk].matter, [steps[pk]], now), hands="") for pk in ids[:PAGE]], len(ids) > PAGE


def _matters(standing: Standing, asked: Asked, now: datetime) -> tuple[list[p.Row], bool]:
    """Matters under way or over, the newest change first, with the steps at which they stand."""
    matters = Matter.objects.visible_to(standing).filter(community__in=standing.communities)
    matters = matters.filter(ended_at__isnull=asked.view == "open").filter(_narrowed(asked))
    page = matters.select_related(WHOLE_PLACE).order_by("-changed_at")[(asked.page - 1) * PAGE : asked.page * PAGE + 1]
    rows = list(page)
    steps: dict[UUID, list[Step]] = {}
    for step in Step.objects.open().filter(matter__in=[row.pk for row in rows[:PAGE]]).order_by("due", "id"):
        steps.setdefault(step.matter_id, []).append(step)
    return [_row(row, steps.get(row.pk, []), now) for row in rows[:PAGE]], len(rows) > PAGE


def _narrowed(asked: Asked, prefix: str = "") -> Q:
    found = Q()
    if asked.q:
        words = Q(**{f"{prefix}title__icontains": asked.q}) | Q(**{f"{prefix}place__name__icontains": asked.q})
        found &= words | Q(**{f"{prefix}number": int(asked.q)}) if asked.q.isdecimal() and len(asked.q) < 9 else words
    if asked.category:
        found &= Q(**{f"{prefix}category": asked.category})
    if asked.place:
        path = f"{prefix}place__path"
        found &= Q(**{path: asked.place}) | Q(**{f"{path}__gte": f"{asked.place}/", f"{path}__lt": f"{asked.place}0"})
    return found


def _row(matter: Matter, steps: list[Step], now: datetime) -> p.Row:
    charter = charter_by_hash(matter.charter_id)
    procedure = charter.procedure_of(matter.kind)
    rules = [procedure.steps[step.key] for step in steps]
    due = steps[0].due if steps else None
    category = charter.categories.get(matter.category)
    return p.Row(
        number=number(matter),
        title=matter.title,
        url=reverse("portal:matter", args=[matter.pk]),
        place=place_words(matter.place),
        step="、".join(rule.title or rule.key for rule in rules),
        raised=when(matter.raised_at, now),
        due=state_chip(matter) if matter.ended_at else due_chip(due, now),
        hands="、".join(dict.fromkeys(_title(charter, name) for rule in rules for name in rule.by)),
        kind=category.title if category else "",
    )


def _title(charter: Charter, name: str) -> str:
    found = charter.posts.get(name) or charter.bodies.get(name)
    return found.title if found and found.title else _("报事的人")


def _filters(standing: Standing, asked: Asked, now: datetime) -> tuple[p.Field, ...]:
    """Choices of the community where this person holds a post; the words are searched in titles and places."""
    community = standing.posts[0].community_id if standing.posts else next(iter(standing.communities), None)
    found = [p.Field("q", "search", _("找"), value=asked.q, placeholder=_("字、编号、地方"), compact=True)]
    if community is None:
        return tuple(found)
    charter = charter_in_force(community, now)
    kinds, places = categories(charter) if charter else (), Place.objects.filter(community=community, kind__in=PLACES)
    named = places.order_by("path").values_list("path", "name")[:BUILDINGS_AT_MOST]
    choices = tuple(p.Choice(path, name) for path, name in named)
    if kinds:
        found.append(_select("category", _("类别"), kinds, asked.category))
    if choices:
        found.append(_select("place", _("在哪里"), choices, asked.place))
    return tuple(found)


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
        return p.Empty(
            _("没有找到"),
            _("换个词,或者去掉条件再看看。"),
            asked.url(q="", category="", place="", page=1),
            _("去掉条件"),
        )
    if asked.view == "waiting":
        return p.Empty(_("都办完了"), _("现在没有等着我们办的事。居民一报事,这里就会出现。"))
    return p.Empty(_("这里还没有事"), _("有了就会按时间排在这里。"))
