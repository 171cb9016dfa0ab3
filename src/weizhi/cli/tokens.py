"""``weizhi tokens list | give | revoke``: tokens for programs. A new one is printed once and kept nowhere."""

import argparse
import sys
from typing import Any


def register(sub: Any) -> None:
    tokens = sub.add_parser("tokens", help="Give programs tokens for the API, list and revoke them")
    verbs = tokens.add_subparsers(required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="who has one, what it may do, until when")
    listed.add_argument("--community", metavar="SLUG", help="only of this community")
    listed.set_defaults(run=run, verb="list")
    give = verbs.add_parser("give", help="give one to a service account in a post, or to somebody's own post")
    give.add_argument("name", help="who will use it, such as 路灯监控")
    give.add_argument("--community", metavar="SLUG", required=True)
    give.add_argument(
        "--scope", action="append", required=True, choices=["read", "report", "act"], help="may be repeated"
    )
    give.add_argument("--post", required=True, help="the post in which it stands, such as community-worker")
    give.add_argument("--place", metavar="PATH", help="where (default: the place of the post's body)")
    give.add_argument("--login", help="the person who holds the post (default: a service account is made)")
    give.add_argument("--days", type=int, default=180)
    give.add_argument("--per-minute", type=int, default=60)
    give.set_defaults(run=run, verb="give")
    revoke = verbs.add_parser("revoke", help="end one now")
    revoke.add_argument("hint", help="its last four letters, or its id")
    revoke.set_defaults(run=run, verb="revoke")


def run(arguments: argparse.Namespace) -> int:
    from weizhi.record.actions.issue_token import TokenRefused

    try:
        {"list": _list, "give": _give, "revoke": _revoke}[arguments.verb](arguments)
    except TokenRefused as refused:
        print(f"weizhi tokens {arguments.verb}：{refused}", file=sys.stderr)
        return 1
    return 0


def _list(arguments: argparse.Namespace) -> None:
    from django.utils import timezone

    from weizhi.people.models import MachineToken

    rows = MachineToken.objects.select_related("community", "holding__person", "holding__place").order_by("made_at")
    for row in rows.filter(community__slug=arguments.community) if arguments.community else rows:
        state = "收回了" if row.revoked_at else "到期了" if row.expires_at <= timezone.now() else "能用"
        where = f"{row.holding.post}@{row.holding.place.path}"
        until = timezone.localtime(row.expires_at).date()
        print(f"{row.hint}\t{state}\t{until}\t{','.join(row.scopes)}\t{where}\t{row.holding.person.name}\t{row.name}")


def _give(arguments: argparse.Namespace) -> None:
    from django.db import transaction

    from weizhi.record.actions.issue_token import issue_token

    with transaction.atomic():
        issued = issue_token(
            _holding(arguments), arguments.name, arguments.scope, days=arguments.days, per_minute=arguments.per_minute
        )
    print("只显示这一次，请现在抄走：", file=sys.stderr)
    print(issued.token)


def _holding(arguments: argparse.Namespace) -> Any:
    """The holding that the token stands for: somebody's own, or that of a new service account."""
    from django.utils import timezone

    from weizhi.people.models import Holding
    from weizhi.record.actions.issue_token import TokenRefused, open_account

    held = Holding.objects.open_at(timezone.now()).filter(
        community__slug=arguments.community, post=arguments.post, person__is_machine=False
    )
    if arguments.place:
        held = held.filter(place__path=arguments.place)
    if arguments.login:
        own = held.select_related("community").filter(person__login=arguments.login).first()
        if own is None:
            raise TokenRefused(f"{arguments.login} 在这里没有担任“{arguments.post}”。请检查后再试。")
        return own
    body, title, place = _seat(arguments)
    return open_account(body, arguments.name, arguments.post, title, place=place)


def _seat(arguments: argparse.Namespace) -> tuple[Any, str, Any]:
    """The body, the post's title and the place where a service account takes a seat, by the charter in force."""
    from django.utils import timezone

    from weizhi.matters.pinned import charter_by_hash, hash_in_force
    from weizhi.people.models import Body
    from weizhi.places.models import Community, Place
    from weizhi.record.actions.issue_token import TokenRefused

    community = Community.objects.filter(slug=arguments.community).first()
    if community is None:
        raise TokenRefused(f"没有“{arguments.community}”这个社区。请检查后再试。")
    charter = charter_by_hash(hash_in_force(community.pk, timezone.now()))
    post = charter.posts.get(arguments.post)
    if post is None or post.single:
        raise TokenRefused(f"章程里没有“{arguments.post}”这个职务，或者它只能由一个人担任。请换一个。")
    keys = [key for key, rule in charter.bodies.items() if any(seat.post == post.key for seat in rule.seats)]
    found = Body.objects.filter(community=community, key__in=keys).select_related("place", "community")
    place = Place.objects.filter(community=community, path=arguments.place).first() if arguments.place else None
    if arguments.place and place is None:
        raise TokenRefused(f"没有“{arguments.place}”这个地方。请检查后再试。")
    within = [body for body in found if place is None or f"{place.path}/".startswith(f"{body.place.path}/")]
    if len(within) != 1:
        raise TokenRefused(f"担任“{arguments.post}”的机构有 {len(within)} 个。请用 --place 说明在哪里。")
    return within[0], post.title or post.key, place


def _revoke(arguments: argparse.Namespace) -> None:
    from uuid import UUID

    from weizhi.people.models import MachineToken
    from weizhi.record.actions.issue_token import TokenRefused, revoke_token

    related = ("community", "holding__person", "holding__community", "holding__body")
    rows = MachineToken.objects.select_related(*related).filter(revoked_at__isnull=True)
    try:
        found = list(rows.filter(pk=UUID(arguments.hint)))
    except ValueError:
        found = list(rows.filter(hint=arguments.hint))
    if len(found) != 1:
        raise TokenRefused(f"这样的令牌有 {len(found)} 个。请用 weizhi tokens list 看一看。")
    revoke_token(found[0])
    print(f"收回了 {found[0].name} …{found[0].hint}")
