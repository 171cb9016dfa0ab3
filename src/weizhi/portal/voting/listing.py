"""Lists of votes: what waits for my voice, what is open, what was decided; and the same for the home page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.decisions.models import Entitlement, Envelope, Speaker, Vote
from weizhi.people.access import Standing, person_key
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.queries.lists import Home, page_of, pager
from weizhi.portal.saying import place_words
from weizhi.portal.voting import words

PAGE: Final = 20
OPEN_AT_MOST: Final = 50
AT_HOME: Final = 4


@dataclass(frozen=True)
class VotesPage:
    waiting: p.Cards
    open: p.Cards | None
    closed: p.Cards
    pager: p.Pager | None


def _waits(me: UUID, voice: str, communities: Sequence[UUID], now: datetime) -> QuerySet[Vote]:
    """Open votes in which somebody has a ballot that he has not handed in."""
    # A household has one voice, its line's, whoever of it speaks.
    mine = Envelope.objects.filter(Q(voice=voice) | Q(cast_by=me) | Q(voice__startswith="line:"))
    mine = mine.filter(vote=OuterRef(OuterRef("pk")))
    own = Entitlement.objects.standing().filter(roll=OuterRef("roll"), person=me)
    own = own.filter(~Exists(mine.filter(entitlement=OuterRef("pk"))))
    spoken = Speaker.objects.speaking(OuterRef("pk")).filter(entitlement__roll=OuterRef("roll"), person=me)
    spoken = spoken.filter(entitlement__struck_at__isnull=True).filter(
        ~Exists(mine.filter(entitlement=OuterRef("entitlement")))
    )
    found = Vote.objects.open(now).filter(community__in=communities).filter(Exists(own) | Exists(spoken))
    return _listed(found).order_by("closes_at", "id")[:AT_HOME]


def _listed(found: QuerySet[Vote]) -> QuerySet[Vote]:
    rows = found.select_related("matter__place__parent")
    return rows.only(
        "brief", "opens_at", "closes_at", "counted_at", "outcome", "urn", "phone", "matter__title", "matter__number",
        "matter__place__name", "matter__place__kind", "matter__place__parent__name", "matter__place__parent__kind",
        "matter__place__parent__parent",
    )  # fmt: skip


_waiting: Prepared[Vote] = Prepared(_waits)


def waiting_for(standing: Standing, now: datetime) -> list[Vote]:
    """One query; none for whoever lives nowhere here."""
    if standing.person_id is None or not standing.communities:
        return []
    return _waiting(standing.person_id, person_key(standing.person_id), standing.communities, now)


def waiting_card(vote: Vote, now: datetime) -> p.Card:
    """For the home page, among what waits for me."""
    if asked := _asked(vote):
        how = _("%(question)s您的票还没投") if vote.phone else _("%(question)s请到投票的地方去投")
        return replace(_card(vote, now), news=how % {"question": asked})
    how = _("投票 · 您的票还没投") if vote.phone else _("投票 · 请到投票的地方去投")
    return replace(_card(vote, now), news=how)


def with_votes(home: Home, standing: Standing, now: datetime) -> Home:
    """The home page with the votes that wait for me before what else does. One query."""
    cards = tuple(waiting_card(vote, now) for vote in waiting_for(standing, now))
    return replace(home, waiting=replace(home.waiting, cards=(*cards, *home.waiting.cards))) if cards else home


def votes_page(standing: Standing, page: int, now: datetime) -> VotesPage:
    """Three queries: what waits for me, what is open, what is over."""
    waiting = waiting_for(standing, now)
    ids = {vote.pk for vote in waiting}
    seen = _listed(Vote.objects.visible_to(standing))
    open_now = list(seen.filter(counted_at__isnull=True).order_by("closes_at", "id")[:OPEN_AT_MOST])
    others = [vote for vote in open_now if vote.pk not in ids]
    first, last = page_of(page, PAGE)
    closed = list(seen.filter(counted_at__isnull=False).order_by("-counted_at", "-id")[first:last])
    none = p.Empty(_("没有等您投的票"), _("社区有事要大家决定，会在这里请您投票，首页也会提醒。"))
    calm = p.Empty(_("还没有结束的投票"), _("投完的票，结果、票数和能不能自己重算，都在这里。"))
    return VotesPage(
        waiting=p.Cards(_("等您投"), tuple(waiting_card(vote, now) for vote in waiting), "waiting", none, warm=True),
        open=p.Cards(_("正在投的"), tuple(_card(vote, now) for vote in others), "open") if others else None,
        closed=p.Cards(_("投完的"), tuple(_card(vote, now) for vote in closed[:PAGE]), "closed", calm, whole=False),
        pager=pager(reverse("portal:votes"), page, len(closed) > PAGE),
    )


def _card(vote: Vote, now: datetime) -> p.Card:
    """What it is about stands first: a charter asks the same question of every matter (“您家同意吗？”)."""
    return p.Card(
        title=vote.matter.title, url=vote_url(vote.pk), where=place_words(vote.matter.place), news=_asked(vote),
        chips=(words.state_chip(vote, now),),
    )  # fmt: skip


def _asked(vote: Vote) -> str:
    question = words.question_of(vote)
    return "" if question == vote.matter.title else question


def vote_url(pk: UUID) -> str:
    return reverse("portal:vote", args=[pk])
