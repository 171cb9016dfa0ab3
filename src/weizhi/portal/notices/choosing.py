"""The page on which a person chooses what comes by which channel, when it is quiet, and how often a digest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.matters.refused import Refused
from weizhi.people.models import NoticeChoice, Person
from weizhi.people.wishes import (
    ASKED,
    DAILY,
    DIGEST,
    EMAIL,
    NEWS,
    NOW,
    OFF,
    OFFERED,
    TEXT,
    WAITS,
    WAYS,
    WEIGHTS,
    Quiet,
    Wishes,
    wishes_of,
)
from weizhi.portal.pieces import Choice, Errors, Field

WEIGHT_WORDS: Final[Mapping[str, Promise]] = {
    WAITS: gettext_lazy("等您办的"), ASKED: gettext_lazy("请您过问的"), NEWS: gettext_lazy("有了进展的"),
}  # fmt: skip
WEIGHT_HINTS: Final[Mapping[str, Promise]] = {
    WAITS: gettext_lazy("有一步轮到您，有期限"), ASKED: gettext_lazy("过了期限，或要您知道"),
    NEWS: gettext_lazy("您报的、关注的事动了"),
}  # fmt: skip
HOW_WORDS: Final[Mapping[str, Promise]] = {
    NOW: gettext_lazy("马上"), DIGEST: gettext_lazy("攒着"), OFF: gettext_lazy("不发"),
}  # fmt: skip
HOURS: Final = tuple(f"{hour:02}:00" for hour in range(24))
QUIET: Final = ("quiet_from", "quiet_to")


@dataclass(frozen=True)
class Way:
    """A channel beside the page, with one question for each weight of news."""

    title: str
    reaches: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class ChoicesPage:
    ways: tuple[Way, ...]
    quiet: tuple[Field, ...]
    digest: Field
    errors: Errors | None


def wishes_now(person: Person) -> Wishes:
    return wishes_of(NoticeChoice.objects.filter(person=person).first())


def choices_page(person: Person, wishes: Wishes, refused: Refused | None = None) -> ChoicesPage:
    ways = tuple(
        Way(title, reaches, tuple(_asked(way, weight, wishes) for weight in WEIGHTS))
        for way, title, reaches in _reached(person)
    )
    since, until = (wishes.quiet.since, wishes.quiet.until) if wishes.quiet else (None, None)
    hours = (Choice("", _("不用")), *(Choice(hour, hour) for hour in HOURS))
    quiet = (
        Field("quiet_from", "choice", _("从几点起不打扰？"), value=_hour(since), choices=hours, required=True),
        Field("quiet_to", "choice", _("到几点？"), value=_hour(until), choices=hours, required=True),
    )
    every = tuple(Choice(value, str(label)) for value, label in NoticeChoice.Every.choices)
    digest = Field("digest", "choice", _("“攒着”的什么时候发？"), value=wishes.every, choices=every, required=True)
    fields = (*(field for way in ways for field in way.fields), *quiet, digest)
    wrong = next((field.id for field in fields if refused and field.key == refused.field), "")
    return ChoicesPage(ways, quiet, digest, Errors(((refused.message, wrong),)) if refused else None)


def _reached(person: Person) -> list[tuple[str, str, str]]:
    """The channels by which this person can be reached; the number itself is not shown."""
    email = [(EMAIL, _("邮件"), person.email)] if person.email else []
    return [*email, *([(TEXT, _("短信"), _("您登记的手机号"))] if person.phone_blind else [])]


def _asked(way: str, weight: str, wishes: Wishes) -> Field:
    choices = tuple(Choice(how, str(HOW_WORDS[how])) for how in OFFERED[way])
    field = Field(f"{way}_{weight}", "choice", str(WEIGHT_WORDS[weight]), str(WEIGHT_HINTS[weight]), True)
    return replace(field, value=wishes.how(way, weight), choices=choices)


def _hour(at: time | None) -> str:
    return f"{at.hour:02}:00" if at is not None else ""


def chosen(sent: Mapping[str, str], before: Wishes) -> Wishes:
    """What the form says; a channel that it does not show stays as it was. Raises Refused."""
    ways = {way: {weight: before.how(way, weight) for weight in WEIGHTS} for way in WAYS}
    for way in WAYS:
        for weight in WEIGHTS:
            name = f"{way}_{weight}"
            if name in sent:
                ways[way][weight] = _one_of(sent, name, OFFERED[way])
    since, until = (_one_of(sent, name, ("", *HOURS)) for name in QUIET)
    if bool(since) != bool(until):
        raise Refused("bad-data", _("不打扰的时间，从几点、到几点都要选；不要就都选“不用”。"), field="quiet_to")
    quiet = Quiet(time(int(since[:2])), time(int(until[:2]))) if since and until else None
    return Wishes(ways, quiet, _one_of(sent, "digest", tuple(NoticeChoice.Every.values)))


def _one_of(sent: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    value = sent.get(name, "")
    if value not in known:
        raise Refused("bad-data", _("请从给出的选项里选。"), field=name)
    return value


def keep(person: Person, wishes: Wishes) -> None:
    quiet = {"quiet_from": wishes.quiet.since, "quiet_to": wishes.quiet.until} if wishes.quiet else dict.fromkeys(QUIET)
    NoticeChoice.objects.update_or_create(
        person=person, defaults={"ways": wishes.ways, "digest": wishes.every or DAILY, **quiet}
    )
