"""What an application sends and asks for, read and checked; what cannot be read is said in the format's own way."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from weizhi.matters.fields import WORDS_AT_MOST
from weizhi.matters.recorded import BY_PROGRAM, NAME_AT_MOST, Recorded
from weizhi.places.models import Community
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.api.bodies import KEY_HEADER
from weizhi.portal.instants import of_our_time
from weizhi.portal.open311.services import Service
from weizhi.portal.open311.whereabouts import place_at, place_called, place_said

SPAN: Final = timedelta(days=90)
PAGE, PAGE_AT_MOST = 50, 200
IDS_AT_MOST: Final = 100
STATES: Final = ("open", "closed")
ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
ADDRESS_AT_MOST: Final = 300


class Bad(Exception):
    """An answer of the format's own: a status and what to do."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


@dataclass(frozen=True)
class Asked:
    """Which requests are asked for."""

    ids: tuple[tuple[str, int], ...]
    codes: tuple[str, ...]
    states: tuple[str, ...]
    raised: Q
    changed: Q
    first: int
    last: int


def asked_for(given: QueryDict, community: Community | None, now: datetime) -> Asked:
    page, size = _count(given, "page", 1, 100_000), _count(given, "page_size", PAGE, PAGE_AT_MOST)
    states = tuple(word for word in given.get("status", "").split(",") if word)
    if not set(states) <= set(STATES):
        raise Bad(400, _("status 只能是 open 或 closed。"))
    ids = [word for word in given.get("service_request_id", "").split(",") if word][:IDS_AT_MOST]
    after, before = _instant(given, "updated_after"), _instant(given, "updated_before")
    changed = (Q(changed_at__gte=after) if after else Q()) & (Q(changed_at__lte=before) if before else Q())
    return Asked(
        ids=tuple(found for word in ids if (found := id_said(word, community))) or ((("", 0),) if ids else ()),
        codes=tuple(word for word in given.get("service_code", "").split(",") if word),
        states=states,
        raised=_span(given, now, bool(after)),
        changed=changed,
        first=(page - 1) * size,
        last=page * size,
    )


def _span(given: QueryDict, now: datetime, unbounded: bool) -> Q:
    """At most ninety days, by default the last; who asks for what changed since gets older ones as well."""
    start, end = _instant(given, "start_date"), _instant(given, "end_date")
    if unbounded and start is None and end is None:
        return Q()
    last = end or (min(now, start + SPAN) if start else now)
    return Q(raised_at__gte=max(start, last - SPAN) if start else last - SPAN, raised_at__lte=last)


def id_said(word: str, community: Community | None) -> tuple[str, int] | None:
    """`xfl-17` names a matter anywhere; `17` one of the jurisdiction that is asked."""
    slug, _dash, number = word.rpartition("-")
    slug = slug or (community.slug if community else "")
    return (slug, int(number)) if slug and number.isascii() and number.isdecimal() and len(number) < 10 else None


def _count(given: QueryDict, name: str, usual: int, most: int) -> int:
    word = given.get(name, "")
    if not word:
        return usual
    if not (word.isascii() and word.isdecimal() and len(word) < 8 and int(word) >= 1):
        raise Bad(400, _("%(name)s 要写一个正整数。") % {"name": name})
    return min(int(word), most)


def _instant(given: QueryDict, name: str) -> datetime | None:
    """W3C form; without a zone it is taken as universal time, as the format's examples are."""
    word = given.get(name, "")
    if not word:
        return None
    try:
        day = parse_date(word) if len(word) == len("2026-03-02") else None
        at = datetime(day.year, day.month, day.day) if day else parse_datetime(word.replace(" ", "+"))  # noqa: DTZ001
        if at is None:
            raise ValueError(word)
        return of_our_time(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        raise Bad(400, _("%(name)s 要写成 2026-03-02T09:00:00Z 的样子。") % {"name": name}) from None


# --- a report that is filed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filed:
    data: dict[str, object]
    place: UUID | None
    caller: Recorded
    key: str | None


def filed(request: HttpRequest, service: Service, community: Community) -> Filed:
    """What the application sends. Raises Bad."""
    sent = request.POST
    words = sent.get("description", "").strip()
    if not words:
        raise Bad(400, _("还没有写是什么事。请把话放进 description。"))
    media = sent.get("media_url", "").strip()
    if media.startswith(("http://", "https://")) and len(media) <= ADDRESS_AT_MOST:
        words = f"{words}\n{_('照片在：')}{media}"
    if len(words) > WORDS_AT_MOST:
        raise Bad(400, _("description 太长了，最多 %(n)s 个字。") % {"n": WORDS_AT_MOST})
    key = request.headers.get(KEY_HEADER)
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,80}", key):
        raise Bad(400, _("%(name)s 只能用英文字母、数字和符号，最多 80 个。") % {"name": KEY_HEADER})
    return Filed({"words": words} | _attributes(sent, service), _place(sent, community, words), _caller(sent), key)


def _attributes(sent: QueryDict, service: Service) -> dict[str, object]:
    many = {field.key for field in service.asks if field.type == "places"}
    found: dict[str, object] = {}
    for name in sent:
        if match := ATTRIBUTE.fullmatch(name):
            key = match[1]
            found[key] = sent.getlist(name) if key in many else sent.get(name, "")
    return found


def _place(sent: QueryDict, community: Community, words: str) -> UUID | None:
    """What an address says is surer than a position: inside a house a telephone is off by a building or two."""
    called, address = sent.get("address_id", "").strip(), sent.get("address_string", "").strip()
    position = _position(sent)
    if not called and not address and position is None:
        raise Bad(400, _("还没有说在哪里。请写 address_string、address_id，或 lat 和 long。"))
    if called:
        place = place_called(community, called)
        if place is None:
            raise Bad(400, _("这里没有 address_id 说的地方。请检查后再发。"))
        return place.pk
    found = place_said(community, address[:ADDRESS_AT_MOST])
    found = found or (place_at(community, *position) if position else None) or place_said(community, words)
    return found.pk if found else None


def _position(sent: QueryDict) -> tuple[float, float] | None:
    latitude, longitude = sent.get("lat", "").strip(), sent.get("long", "").strip()
    if not latitude and not longitude:
        return None
    try:
        east, north = float(longitude), float(latitude)
    except ValueError:
        raise Bad(400, _("lat 和 long 要写成度数，比如 30.5928 和 114.3055。")) from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Bad(400, _("lat 要在 -90 到 90 之间，long 要在 -180 到 180 之间。"))
    return east, north


def _caller(sent: QueryDict) -> Recorded:
    """Who says it, as far as the application knows; for those who handle the matter alone."""
    first, last = (" ".join(sent.get(name, "").split()) for name in ("first_name", "last_name"))
    name = f"{first} {last}".strip() if f"{first}{last}".isascii() else f"{last}{first}"
    typed = sent.get("phone", "").strip()
    number = as_number(typed) if typed else ""
    if number is None:
        raise Bad(400, _("phone 不像一个电话号码。请再看一遍，或者空着。"))
    return Recorded(BY_PROGRAM, name[:NAME_AT_MOST], number)
