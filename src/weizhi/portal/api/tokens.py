"""How a program is let in: by a token, within its scopes, so many times a minute, as the holding and nothing more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer, django_auth

from weizhi.matters.refused import Refused
from weizhi.people.access import SIGNED_IN, Post, Standing, body_key, person_key, post_key
from weizhi.people.models import MachineToken
from weizhi.places.prepared import Prepared
from weizhi.portal.visitor import keep_standing
from weizhi.record import clock
from weizhi.record.actions.issue_token import digest_of

READ, REPORT, ACT = MachineToken.Scope.READ, MachineToken.Scope.REPORT, MachineToken.Scope.ACT


def _found(digest: str) -> QuerySet[MachineToken]:
    related = ("community", "holding__person", "holding__place", "holding__body__place")
    drawn = ("holding__place__geometry", "holding__body__place__geometry")
    return MachineToken.objects.filter(hash=digest).select_related(*related).defer(*drawn)


_by_hash: Prepared[MachineToken] = Prepared(_found, by_key=True)


def admit(token: str, scopes: Sequence[str], now: datetime) -> MachineToken:
    """The token's row, if one of its scopes opens this door now. Two queries. Raises Refused."""
    row = _by_hash.first(digest_of(token))
    if row is None or not _is_good(row, now):
        raise Refused("bad-token", _("令牌不对，或者已经过期、收回。请找居委会要一个新的。"))
    if set(scopes).isdisjoint(row.scopes):
        said = {"scope": MachineToken.Scope(scopes[0]).label}
        raise Refused("out-of-scope", _("这个令牌不能用来“%(scope)s”。请找居委会换一个。") % said)
    _count(row, now)
    return row


def _is_good(row: MachineToken, now: datetime) -> bool:
    holding = row.holding
    held = holding.since <= now and (holding.until is None or holding.until > now)
    person = holding.person
    living = person.is_active and person.erased_at is None
    return row.revoked_at is None and now < row.expires_at and held and living


def _count(row: MachineToken, now: datetime) -> None:
    """One use more in this minute, or a refusal: counted by the database, so that several processes are one."""
    minute = now.replace(second=0, microsecond=0)
    again = When(minute=minute, then=F("in_minute") + 1)
    room = MachineToken.objects.filter(~Q(minute=minute) | Q(minute__isnull=True) | Q(in_minute__lt=row.per_minute))
    if not room.filter(pk=row.pk).update(in_minute=Case(again, default=Value(1)), minute=minute):
        raise Refused("too-many", _("一分钟里来得太多了（最多 %(n)s 次）。请过一会儿再来。") % {"n": row.per_minute})


def standing_of_token(row: MachineToken) -> Standing:
    """What the holding is, and nothing of the private person behind it; a service account is nobody else."""
    holding = row.holding
    person, place, body = holding.person, holding.place, holding.body
    keys = {SIGNED_IN, post_key(holding.post, place.path), body_key(body.key, body.place.path)}
    if person.is_machine:
        keys.add(person_key(person.pk))
    post = Post(holding.pk, holding.post, holding.title, body.key, place.path, holding.community_id)
    paths = {place.path, place.levels.get("community", place.path)}
    return Standing(person.pk, frozenset(keys), frozenset(paths), frozenset({holding.community_id}), (post,))


class Token(HttpBearer):
    """`Authorization: Bearer wz_…`"""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> MachineToken:
        row = admit(token, self.scopes, clock.now())
        enter(request, row)
        return row


def enter(request: HttpRequest, row: MachineToken) -> None:
    """From here on the request is the holding's."""
    request.user = row.holding.person
    keep_standing(request, standing_of_token(row))


def doors(*scopes: str) -> list[Callable[[HttpRequest], Any]]:
    """By a token of one of these scopes, or as a person who is signed in."""
    return [Token(*scopes), django_auth]


def by_token(request: HttpRequest) -> bool:
    """Whether a program asks, by its token, and no person who is signed in."""
    return isinstance(getattr(request, "auth", None), MachineToken)
