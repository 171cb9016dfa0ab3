"""What the page of tokens shows, and to whom: the director of the body that looks after the whole community."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.matters.refused import Refused
from weizhi.matters.rules import owner_of
from weizhi.people.access import Post, Standing, body_key
from weizhi.people.models import Body, Holding, MachineToken, Person
from weizhi.places.models import Community
from weizhi.portal import pieces as p
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import when
from weizhi.record.actions.issue_token import (
    DAYS,
    PER_MINUTE,
    Issued,
    TokenRefused,
    check,
    issue_token,
    open_account,
)

AT_MOST: Final = 60
OWN: Final = "own"


@dataclass(frozen=True)
class Director:
    """Who gives tokens here, and by which charter."""

    community: Community
    charter: Charter
    post: Post


@dataclass(frozen=True)
class Line:
    pk: UUID
    name: str
    hint: str
    who: str
    may: str
    until: str
    used: str
    chip: p.Chip
    open: bool


@dataclass(frozen=True)
class MachinesPage:
    place: str
    lines: tuple[Line, ...]
    fields: tuple[p.Field, ...]
    errors: p.Errors | None


def director_of(standing: Standing, charter: Charter | None) -> Director | None:
    """Whoever holds the one seat at the head of the body that the charter names as owner."""
    community = community_of(standing)
    if community is None or charter is None:
        return None
    body = owner_of(charter)
    if body_key(body, community.slug) not in standing.keys:
        return None
    for post in standing.posts:
        known = charter.posts.get(post.post)
        if post.body == body and post.community_id == community.pk and known is not None and known.single:
            return Director(community, charter, post)
    return None


def machines_page(
    head: Director, sent: Mapping[str, str] | QueryDict, refused: Refused | None, now: datetime
) -> MachinesPage:
    """Two queries: the tokens with whom they stand for, and the posts in which an account may stand."""
    rows = MachineToken.objects.filter(community=head.community).select_related("holding__person", "holding__place")
    lines = tuple(_line(row, now) for row in rows.order_by("-made_at")[:AT_MOST])
    fields = tuple(_fields(head, sent, refused))
    wrong = next((field.id for field in fields if field.error), "") if refused else ""
    errors = p.Errors(((refused.message, wrong),)) if refused else None
    return MachinesPage(head.community.name, lines, fields, errors)


def _line(row: MachineToken, now: datetime) -> Line:
    ended = row.holding.until is not None and row.holding.until <= now
    living = row.revoked_at is None and row.expires_at > now and not ended
    chip = p.Chip(_("能用"), "moving") if living else p.Chip(_("收回了") if row.revoked_at else _("到期了"), "paused")
    who = row.holding.person.name
    return Line(
        pk=row.pk,
        name=row.name,
        hint=row.hint,
        who=f"{who} · {row.holding.title} · {row.holding.place.name}" if who != row.name else row.holding.title,
        may="、".join(str(MachineToken.Scope(scope).label) for scope in row.scopes),
        until=when(row.expires_at, now),
        used=when(row.minute, now) if row.minute else "",
        chip=chip,
        open=row.revoked_at is None,
    )


def _fields(head: Director, sent: Mapping[str, str] | QueryDict, refused: Refused | None) -> list[p.Field]:
    def wrong(key: str) -> str:
        return refused.message if refused and refused.field == key else ""

    scopes = tuple(p.Choice(scope.value, str(scope.label), SAYS[scope.value]()) for scope in MachineToken.Scope)
    chosen = tuple(sent.getlist("scopes")) if isinstance(sent, QueryDict) else ()
    who = _("比如：路灯监控、街道 12345 转办")
    post_hint = _("它看得到、办得到的，和这个职务一样多。办的事记在它的名下。")
    asked = [
        p.Field("name", "line", _("给谁用？"), who),
        p.Field("scopes", "places", _("可以做什么？"), _("够用就好。以后要多，再给一个。"), choices=scopes),
        p.Field("post", "choice", _("以什么身份？"), post_hint, choices=posts_for(head), compact=True),
        p.Field("days", "count", _("用多久？"), _("到期自动失效，最长一年。"), value=str(DAYS), unit=_("天")),
        p.Field("per_minute", "count", _("一分钟最多来几次？"), value=str(PER_MINUTE), unit=_("次")),
    ]
    typed = {field.key: chosen if field.key == "scopes" else sent.get(field.key, field.value) for field in asked}
    return [replace(field, required=True, value=typed[field.key], error=wrong(field.key)) for field in asked]


SAYS: Final = {
    "read": lambda: _("看这个职务看得到的事"),
    "report": lambda: _("报新的事，带照片"),
    "act": lambda: _("办、说明、评论，和这个职务的人一样"),
}


def posts_for(head: Director) -> tuple[p.Choice, ...]:
    """The director's own post, and every post of a body here in which a service account may stand: no single seats."""
    own = p.Choice(OWN, _("我自己的职务：%(title)s") % {"title": head.post.title})
    found = [own]
    for body in Body.objects.filter(community=head.community).select_related("place").order_by("name", "key"):
        rule = head.charter.bodies.get(body.key)
        if rule is None:
            continue
        for seat in rule.seats:
            post = head.charter.posts.get(seat.post or "")
            if post and not post.single and (post.at or rule.at) == rule.at:
                words = _("一个新的服务账号，在%(body)s") % {"body": rule.title or body.name}
                found.append(p.Choice(f"{body.pk}:{post.key}", post.title or post.key, body.place.name, words))
    return tuple(found)


def give(head: Director, sent: QueryDict, by: Person) -> Issued:
    """Give the token that the form asks for. Raises Refused."""
    chosen = sent.get("post", "")
    days, per_minute = _number(sent, "days"), _number(sent, "per_minute")
    name, scopes = sent.get("name", ""), sent.getlist("scopes")
    try:
        check(name, scopes, days, per_minute)
        if chosen not in {choice.value for choice in posts_for(head)}:
            raise TokenRefused(_("请选它以什么身份来。"), "post")
        return _issue(head, name, scopes, days, per_minute, None if chosen == OWN else chosen, by)
    except TokenRefused as refused:
        raise Refused("bad-data", str(refused), field=refused.field) from None


def _number(sent: QueryDict, name: str) -> int:
    typed = sent.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0  # 0 is refused with its words


def _issue(
    head: Director, name: str, scopes: list[str], days: int, per_minute: int, account: str | None, by: Person
) -> Issued:
    """One transaction: where the token is refused, no account is left behind."""
    with transaction.atomic():
        if account is None:
            holding = Holding.objects.select_related("community").get(pk=head.post.holding_id)
        else:
            body_id, _colon, post = account.partition(":")
            body = Body.objects.select_related("community", "place").get(pk=body_id)
            holding = open_account(body, name.strip() or "?", post, head.charter.posts[post].title or post, by=by)
        return issue_token(holding, name, scopes, days=days, per_minute=per_minute, by=by)
