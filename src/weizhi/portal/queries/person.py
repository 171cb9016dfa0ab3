"""What is held about me, in words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.recorded import CHANNEL, CLAIM
from weizhi.people import vault
from weizhi.people.models import Holding, Person, Residence
from weizhi.portal.pieces import Facts
from weizhi.portal.saying import place_words
from weizhi.record.models import Entry, Payload


def my_data(person: Person | None, now: datetime) -> Facts | None:
    """Name, login, homes and posts; sensitive numbers are only said to be there. Two queries."""
    if person is None:
        return None
    homes = (
        Residence.objects.open_at(now).filter(person=person).select_related("household__parent__parent", "community")
    )
    posts = Holding.objects.open_at(now).filter(person=person).select_related("place", "community")
    rows = [
        (_("姓名"), person.name),
        (_("登录名"), person.login),
        (_("邮箱"), person.email or _("没有登记")),
        (_("电话"), _("登记过（加密保存，这里不显示）") if person.phone_blind else _("没有登记")),
        *((home.get_status_display(), f"{home.community.name} {place_words(home.household)}") for home in homes),
        *(
            (post.title, _("%(place)s，从%(day)s起") % {"place": post.place.name, "day": _day(post.since)})
            for post in posts
        ),
    ]
    return Facts(tuple((str(name), str(value)) for name, value in rows))


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return _("%(year)s年%(month)s月%(day)s日") % {"year": local.year, "month": local.month, "day": local.day}


def everything_about(person: Person, now: datetime) -> dict[str, Any]:
    """All that is held about this person, in clear, for this person alone: the register, and what the person said."""
    homes = Residence.objects.filter(person=person).select_related("community", "household").order_by("since")
    posts = Holding.objects.filter(person=person).select_related("community", "body", "place").order_by("since")
    return {
        "made": now.isoformat(),
        "person": {
            "id": str(person.pk), "login": person.login, "name": person.name, "email": person.email,
            "phone": vault.get(person, vault.PHONE), "id_number": vault.get(person, vault.ID_NUMBER),
        },
        "homes": [
            {
                "community": home.community.name, "home": home.household.path, "as": home.status, "share": home.share,
                "proof": home.proof, "since": home.since.isoformat(), "until": _iso(home.until),
            }
            for home in homes
        ],
        "posts": [
            {
                "community": post.community.name, "body": post.body.name, "post": post.title, "at": post.place.path,
                "since": post.since.isoformat(), "until": _iso(post.until),
            }
            for post in posts
        ],
        "said": _said(person),
    }  # fmt: skip


def _said(person: Person) -> list[dict[str, Any]]:
    """Every act in a matter that was the person's own word. Two queries.

    What an officer wrote down for others is theirs, and stands in what they are given: to whom it was said by name,
    and to whoever claimed it with the slip.
    """
    claimed = Entry.objects.filter(actor=person, verb=CLAIM).values("stream")
    own = Q(actor=person, on_behalf_of__isnull=True) | Q(on_behalf_of=person) | Q(stream__in=claimed, n=1)
    entries = Entry.objects.filter(own, stream__kind="matter").select_related("stream__matter", "community")
    rows = [entry for entry in entries.order_by("at", "id") if _own_word(entry, person)]
    parts: dict[UUID, dict[str, Any]] = {}
    for part in Payload.objects.filter(entry__in=[entry.pk for entry in rows]):
        parts.setdefault(part.entry_id, {})[part.part] = part.read()
    return [
        {
            "at": entry.at.isoformat(), "community": entry.community.name, "verb": entry.verb,
            "matter": entry.stream.matter.number, "parts": parts.get(entry.pk, {}),
        }
        for entry in rows
    ]  # fmt: skip


def _own_word(entry: Entry, person: Person) -> bool:
    """An officer's pen is not his word; the caller's is, once claimed."""
    written = CHANNEL in entry.public and entry.on_behalf_of_id is None
    return entry.actor_id != person.pk if written else True


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
