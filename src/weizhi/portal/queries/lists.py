"""Lists of matters as cards: waiting for me, what changed in mine, what is on near by, what everybody may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters import reads
from weizhi.matters.models import Matter, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.queries import around, concerning, waits
from weizhi.matters.reads import seen_by
from weizhi.matters.sentences import OUTCOMES
from weizhi.matters.story import Reader
from weizhi.people.access import Standing, person_key
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.saying import due_chip, end_chip, matter_url, number, place_words, when
from weizhi.portal.storytelling import who_piece, without_subject
from weizhi.record.models import Delivery, Payload

SHORT: Final = 4
FRESH_AT_MOST: Final = 200
WHOLE_PLACE: Final = "place__parent__parent"
PLACE_SAYS: Final = ("name", "kind", "path", "levels")  # not its drawn outline, which is long
OWN_PAGE: Final = 8


def place_columns(prefix: str) -> list[str]:
    """What words about a place need, of it and of the two that enclose it."""
    up = ("", "parent__", "parent__parent__")
    return [f"{prefix}{step}{name}" for step in up for name in (*PLACE_SAYS, "parent")]


def matter_columns(of_stream: bool = True) -> list[str]:
    """A matter whole, what words about its place need, and the number of its newest entry."""
    whole = [field.name for field in Matter._meta.concrete_fields]
    return [*whole, *place_columns("place__"), *(["stream__head"] if of_stream else [])]


@dataclass(frozen=True)
class Home:
    waiting: p.Cards
    mine: p.Cards
    near: p.Cards
    first_time: bool
    unseen: int | None = None  # how many notices are not opened yet, where it was learned beside something else


def home(standing: Standing, now: datetime) -> Home:
    """Five queries: what waits, what is mine with its news, what is near, and the first photos."""
    waiting = [step for step in _waiting(standing.keys) if step.matter.community_id in standing.communities]
    me = person_key(standing.person_id) if standing.person_id else ""
    own = _mine(me, 0, SHORT)
    near = _near(me, standing.communities, standing.paths)
    news = newest([*own, *near], standing, now)
    unseen = _fresh(standing.person_id) if standing.person_id else []
    fresh = frozenset(unseen)
    first = p.Empty(
        _("还没有报过事"),
        _("看到什么坏了、脏了、不方便，拍张照告诉我们。走到哪一步、谁在办，都会在这里。"),
        reverse("portal:report"),
        _("报一件事"),
    )
    calm = p.Empty(_("附近很安静"), _("邻居报了事、社区有了新安排，会在这里出现。"))
    return Home(
        waiting=p.Cards(_("等您办"), tuple(waiting_card(step, now) for step in waiting), "waiting", warm=True),
        mine=p.Cards(
            _("我的事有变化"),
            tuple(card(matter, news, now, fresh) for matter in own),
            "mine",
            first,
            more=reverse("portal:mine") if own else "",
            more_words=_("全部"),
        ),
        near=p.Cards(
            _("附近"),
            tuple(card(matter, news, now) for matter in near),
            "near",
            calm,
            more=reverse("portal:common") if near else "",
            more_words=_("更多"),
        ),
        first_time=not own,
        unseen=len(unseen) if len(unseen) < FRESH_AT_MOST else None,
    )


def with_photo(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """Note the first photo of each, without another query."""
    photo = Payload.objects.filter(entry__stream=OuterRef("pk"), part="file:1", grade__lt=2).order_by("entry__n")
    found = matters.select_related(WHOLE_PLACE, "stream").only(*matter_columns())
    return found.annotate(photo=Subquery(photo.values("pk")[:1]))


def _waits(keys: Iterable[str]) -> QuerySet[Step]:
    found = waits(seen_by(keys, ())).select_related(f"matter__{WHOLE_PLACE}")
    columns = ("key", "due", *(f"matter__{name}" for name in matter_columns(of_stream=False)))
    return found.only(*columns)[: SHORT * 2]


_waiting: Prepared[Step] = Prepared(_waits)
_mine: Prepared[Matter] = Prepared(lambda me, first, last: with_photo(concerning(me))[first:last])
_near: Prepared[Matter] = Prepared(lambda me, communities, paths: with_photo(around(me, communities, paths))[:SHORT])
_fresh: Prepared[UUID] = Prepared(
    lambda person: Delivery.objects.filter(to=person, channel="page", seen_at__isnull=True).values_list(
        "entry__stream_id", flat=True
    )[:FRESH_AT_MOST]
)


def waiting_card(step: Step, now: datetime) -> p.Card:
    matter = step.matter
    rule = charter_by_hash(matter.charter_id).procedure_of(matter.kind).steps[step.key]
    return p.Card(
        title=matter.title,
        url=matter_url(matter.pk),
        where=f"{place_words(matter.place)} · {_('编号')} {number(matter)}",
        news=rule.title,
        chips=(due_chip(step.due, now),),
    )


def card(matter: Matter, news: dict[UUID, str], now: datetime, fresh: frozenset[UUID] = frozenset()) -> p.Card:
    photo = getattr(matter, "photo", None)
    return p.Card(
        title=matter.title,
        url=matter_url(matter.pk),
        where=f"{place_words(matter.place)} · {when(matter.changed_at, now)}",
        news=news.get(matter.pk, ""),
        chips=(state_chip(matter),),
        photo=reverse("portal:photo-small", args=[photo]) if photo else "",
        unread=matter.pk in fresh,
    )


def state_chip(matter: Matter) -> p.Chip:
    return p.Chip(_("正在办"), "moving") if matter.ended_at is None else end_words(matter)


def end_words(matter: Matter) -> p.Chip:
    """How an ended matter ended, in its charter's word."""
    end = charter_by_hash(matter.charter_id).procedure_of(matter.kind).ends.get(matter.ended_as)
    title = end.title if end and end.title else str(OUTCOMES.get(matter.ended_as, _("结束了")))
    return end_chip(matter.counts, title)


def newest(matters: Sequence[Matter], standing: Standing, now: datetime) -> dict[UUID, str]:
    """The last sentence of each matter: who, and what. One query for all of them."""
    by_id = {matter.pk: matter for matter in matters}
    if not by_id:
        return {}
    found = {}
    for entry in reads.newest(tuple(by_id)):
        reader = Reader(by_id[entry.stream_id], standing)
        reader.parties = []  # a list tells nobody's name but officials' and one's own
        line = reader.line(entry, ())
        who = who_piece(reader, line)
        said = _("说了一句话") if entry.verb == "comment" else without_subject(line)
        found[entry.stream_id] = _("%(who)s：%(said)s") % {"who": who.name, "said": said} if who else line.text
    return found


def unseen_matters(standing: Standing) -> frozenset[UUID]:
    if standing.person_id is None:
        return frozenset()
    return frozenset(_fresh(standing.person_id))


def page_of(page: int, size: int) -> tuple[int, int]:
    """From where to where; one more than is shown, to know whether there is an older page without counting."""
    return (page - 1) * size, page * size + 1


def all_mine(standing: Standing, page: int, now: datetime) -> tuple[p.Cards, p.Pager | None]:
    found = _mine(person_key(standing.person_id), *page_of(page, OWN_PAGE)) if standing.person_id else []
    rows, older = found[:OWN_PAGE], len(found) > OWN_PAGE
    news = newest(rows, standing, now)
    fresh = unseen_matters(standing)
    first = p.Empty(
        _("还没有报过事"), _("您报的事、走到哪一步、谁在办，都会在这里。"), reverse("portal:report"), _("报一件事")
    )
    cards = tuple(card(matter, news, now, fresh) for matter in rows)
    return p.Cards(_("我报的和关注的"), cards, "mine", first), pager(reverse("portal:mine"), page, older)


def pager(url: str, page: int, older: bool) -> p.Pager | None:
    if page == 1 and not older:
        return None
    newer_url = (f"{url}?page={page - 1}" if page > 2 else url) if page > 1 else ""
    return p.Pager(_("第 %(n)s 页") % {"n": page}, newer_url, f"{url}?page={page + 1}" if older else "")
