"""My homes as a page, the form for a letter's code, and the letters themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.refused import Refused
from weizhi.people.models import Person, Residence
from weizhi.places.models import Community, Place
from weizhi.portal import pieces as p
from weizhi.portal.accounts.home_codes import code_for, holds_until, homes_under, said
from weizhi.portal.accounts.joining import STATUSES
from weizhi.portal.saying import place_words
from weizhi.portal.signs import drawn

PRINTED: Final = 400
ABOVE: Final = ("estate", "building", "stairwell")


@dataclass(frozen=True)
class Home:
    place: str
    community: str
    status: str
    since: str
    leave: str


def my_homes(person: Person, now: datetime) -> tuple[Home, ...]:
    """One query."""
    rows = Residence.objects.open_at(now).filter(person=person).order_by("since", "id")
    found = rows.select_related("community", "household__parent__parent")
    return tuple(
        Home(
            place_words(home.household), home.community.name, home.get_status_display(),
            day_of(home.since.astimezone(ZONE).date()), reverse("portal:home-leave", args=[home.pk]),
        )
        for home in found
    )  # fmt: skip


@dataclass(frozen=True)
class JoinForm:
    fields: tuple[p.Field, ...]
    errors: tuple[tuple[str, str], ...]


def join_form(sent: Mapping[str, str], refused: Refused | None, new: bool = False) -> JoinForm:
    words = {Residence.Status.RESIDENT: _("住在这里"), Residence.Status.TENANT: _("租住在这里")}
    statuses = tuple(p.Choice(str(status), words[status]) for status in STATUSES)
    fields = [
        p.Field("home", "text", _("门牌号"), _("信上写的，例如 3-2-301"), True, compact=True),
        p.Field("code", "text", _("信上的码"), _("八个数字"), True, compact=True),
        p.Field("status", "choice", _("您和这一户？"), required=True, choices=statuses, value=str(statuses[0].value)),
    ]
    if new:
        fields += [
            p.Field("name", "text", _("您的名字"), required=True, compact=True),
            p.Field("phone", "text", _("手机号"), _("用它收登录的验证码。加密保存。"), True, compact=True),
        ]
    filled = tuple(_filled(field, sent, refused) for field in fields)
    wrong = next((field.id for field in filled if field.error), "")
    return JoinForm(filled, ((refused.message, wrong),) if refused else ())


def _filled(field: p.Field, sent: Mapping[str, str], refused: Refused | None) -> p.Field:
    error = refused.message if refused and refused.field == field.key else ""
    return replace(field, value=sent.get(field.key, "") or field.value, error=error)


@dataclass(frozen=True)
class Letter:
    place: str
    home: str
    code: str
    qr: SafeString


@dataclass(frozen=True)
class LettersPage:
    community: str
    until: str
    choose: tuple[p.Choice, ...]
    under: str
    letters: tuple[Letter, ...]


def letters_of(community: Community, under: str, day: date) -> LettersPage:
    """Two queries: the buildings to choose from, and the homes of the one chosen."""
    rows = Place.objects.filter(community=community, kind__in=ABOVE).select_related("parent__parent").order_by("path")
    places = {place.code: place for place in rows}
    chosen = places.get(under)
    homes = homes_under(chosen.path, PRINTED) if chosen else ()
    return LettersPage(
        community=community.name,
        until=day_of(holds_until(day)),
        choose=tuple(p.Choice(code, place_words(place)) for code, place in places.items()),
        under=under if chosen else "",
        letters=tuple(_letter(home, day) for home in homes),
    )


def _letter(home: Place, day: date) -> Letter:
    code = code_for(home, day)
    return Letter(place_words(home), home.code, said(code), drawn(f"{reverse('portal:join')}#{home.path}:{code}"))


def day_of(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
