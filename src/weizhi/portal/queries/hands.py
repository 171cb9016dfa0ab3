"""Who stands behind keys of access, by name: "网格员 小周" and not "post:grid-officer@xfl/g2"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from weizhi.matters.story import Reader
from weizhi.people.access import person_key
from weizhi.people.models import Holding

NAMED_AT_MOST: Final = 2
Holders = Mapping[str, Sequence[str]]


def holders(keys: Iterable[str], now: datetime) -> Holders:
    """The names of those who hold posts and seats behind `keys`. One query, none where nobody is asked for."""
    wanted = Q()
    for key in keys:
        kind, _sep, rest = key.partition(":")
        name, _at, path = rest.rpartition("@")
        if kind == "post":
            wanted |= Q(post=name, place__path=path)
        elif kind == "body":
            wanted |= Q(body__key=name, body__place__path=path)
    if not wanted:
        return {}
    found: dict[str, list[str]] = {}
    rows = Holding.objects.open_at(now).filter(wanted).order_by("since", "id")
    columns = ("post", "place__path", "body__key", "body__place__path", "person__name")
    for post, path, body, body_path, person in rows.values_list(*columns):
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
