"""Who stands behind keys of access, by name: "网格员 小周" and not "post:grid-officer@xfl/g2"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from weizhi.matters.story import Reader
from weizhi.people.access import person_key
from weizhi.people.models import Holding
from weizhi.places.prepared import Prepared

NAMED_AT_MOST: Final = 2
Holders = Mapping[str, Sequence[str]]
HoldsRow = tuple[str, str, str, str, str]


def _holding(now: datetime, posts: Sequence[str], bodies: Sequence[str]) -> QuerySet[Holding, HoldsRow]:
    """Holdings of posts and of seats in bodies; each asked for by its name and, next to it, the path of its place."""
    wanted = Q(pk__in=())
    for name, path in zip(posts[::2], posts[1::2], strict=True):
        wanted |= Q(post=name, place__path=path)
    for name, path in zip(bodies[::2], bodies[1::2], strict=True):
        wanted |= Q(body__key=name, body__place__path=path)
    rows = Holding.objects.open_at(now).filter(wanted).order_by("since", "id")
    return rows.values_list("post", "place__path", "body__key", "body__place__path", "person__name")


_held: Prepared[HoldsRow] = Prepared(_holding, by_key=True)


def holders(keys: Iterable[str], now: datetime) -> Holders:
    """The names of those who hold posts and seats behind `keys`. One query, none where nobody is asked for."""
    asked: dict[str, list[str]] = {"post": [], "body": []}
    for key in dict.fromkeys(keys):
        kind, _sep, rest = key.partition(":")
        name, _at, path = rest.rpartition("@")
        asked.get(kind, []).extend((name, path))
    found: dict[str, list[str]] = {}
    for post, path, body, body_path, person in _held(now, asked["post"], asked["body"]):
        for key in (f"post:{post}@{path}", f"body:{body}@{body_path}"):
            names = found.setdefault(key, [])
            if person not in names:
                names.append(person)
    return found


def say_hands(reader: Reader, keys: Sequence[str], held: Holders) -> str:
    """Whom an open step waits for, in words."""
    said: list[str] = []
    me = person_key(reader.who.person_id) if reader.who.person_id else ""
    for key in keys:
        kind, _sep, rest = key.partition(":")
        if kind == "person":
            said.append(_("您") if key == me else _("报事的人"))
            continue
        title = reader.name_title(rest.rpartition("@")[0])
        names = held.get(key, ())
        said.append(f"{title} {names[0]}" if len(names) == 1 else title)
    said = list(dict.fromkeys(said))
    shown = "、".join(said[:NAMED_AT_MOST])
    return _("%(who)s等") % {"who": shown} if len(said) > NAMED_AT_MOST else shown
