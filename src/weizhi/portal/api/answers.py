"""What a program gets: a matter in a list, its story, and what an act answers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema

from weizhi.matters import queries
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.story import Line, Reader
from weizhi.matters.taking_back import TAKE_BACK
from weizhi.portal.acting import actions
from weizhi.portal.forms import Draft, fields_for, fields_of
from weizhi.portal.picking.asking import PlacesOf
from weizhi.portal.pieces import Field

OUTCOME: Final = "outcome"  # sent beside `data`, not in it


class Receipt(Schema):
    """The same for the same act, however often it is sent."""

    entry: UUID
    matter: UUID
    number: int
    verb: str
    n: int
    at: datetime


class Brief(Schema):
    id: UUID
    number: int
    kind: str
    title: str
    community: str
    place: str
    raised_at: datetime
    changed_at: datetime
    ended_as: str
    ended_at: datetime | None


class Page(Schema):
    """`next` is the word for the following page, null on the last."""

    items: list[Brief]
    next: str | None


class Told(Schema):
    """One entry as a sentence."""

    n: int
    verb: str
    at: datetime
    who: str
    post: str
    text: str
    words: str
    photos: list[str]
    on_behalf_of: str


class Comes(Schema):
    """What comes next, who must do it, by when."""

    step: UUID
    key: str
    title: str
    who: list[str]
    due: datetime | None
    due_words: str


class Way(Schema):
    outcome: str
    title: str
    allowed: bool


class Asked(Schema):
    """One thing of `data`: its key (a dot stands inside a table), its type, whether it is a list, and the values to
    choose from where it is a choice."""

    key: str
    type: str
    title: str
    required: bool
    many: bool
    choices: list[str]


class Open(Schema):
    """An act that is open to the reader: verb and step to send, the outcomes to choose from, what is asked."""

    step: UUID
    verb: str
    title: str
    due: datetime | None
    outcomes: list[Way]
    fields: list[Asked]


class Beside(Schema):
    """An act that is open beside the steps (a remark, withdrawing), or for somebody else (`on_behalf_of`)."""

    verb: str
    step: UUID | None
    title: str
    outcomes: list[str]
    fields: list[Asked]
    on_behalf_of: UUID | None


class Whole(Brief):
    story: list[Told]
    coming: list[Comes]
    open_to_me: list[Open]
    beside: list[Beside]


def receipt(done: Done) -> Receipt:
    return Receipt(entry=done.entry_id, matter=done.matter_id, number=done.number, verb=done.verb, n=done.n, at=done.at)


def brief(matter: Matter) -> Brief:
    return Brief(
        id=matter.pk,
        number=matter.number,
        kind=matter.kind,
        title=matter.title,
        community=matter.community.slug,
        place=matter.place.path,
        raised_at=matter.raised_at,
        changed_at=matter.changed_at,
        ended_as=matter.ended_as,
        ended_at=matter.ended_at,
    )


def whole(reader: Reader) -> Whole:
    story = reader.story()
    offers = queries.offers(reader)
    return Whole(
        **brief(reader.matter).dict(),
        story=[_told(line, reader) for line in story.lines],
        coming=[
            Comes(step=c.step_id, key=c.key, title=c.title, who=list(c.who), due=c.due, due_words=c.due_words)
            for c in story.coming
        ],
        open_to_me=[_open(offer, reader) for offer in offers],
        beside=list(_beside(reader, offers)),
    )


def _beside(reader: Reader, offers: list[queries.Offer]) -> Iterator[Beside]:
    """The same forms as on the page, without those of the open steps."""
    at_steps = {str(offer.step_id) for offer in offers}
    for form in actions(reader, offers, Draft()):
        if form.step not in at_steps or form.verb == TAKE_BACK or form.behalf:
            yield Beside(
                verb=form.verb,
                step=UUID(form.step) if form.step else None,
                title=form.title,
                outcomes=[one.value for one in form.outcomes if one.value],
                fields=[_asked(field) for field in form.fields],
                on_behalf_of=UUID(form.behalf) if form.behalf else None,
            )


def _told(line: Line, reader: Reader) -> Told:
    """As on the page: a neighbour's name is for those who have to do with the matter."""
    named = line.mine or reader.involved or not line.by_resident
    who = line.who if named else _("一位居民")
    return Told(
        n=line.n,
        verb=line.verb,
        at=line.at,
        who=who,
        post=line.post,
        text=line.text if named else line.text.replace(line.who, who, 1),
        words=line.words,
        photos=[reverse("api-1:read_photo", args=[photo.id]) for photo in line.photos],
        on_behalf_of=(line.on_behalf_of if reader.involved else _("一位居民")) if line.on_behalf_of else "",
    )


def _open(offer: queries.Offer, reader: Reader) -> Open:
    places = PlacesOf(reader.matter.community_id)
    asked = {field.key: field for field in fields_of(offer, reader, places)}
    for way in offer.choices:  # what only one of the outcomes asks for
        own = fields_for(offer, way.key, places) if offer.stands_apart(way.key) else ()
        asked |= {field.key: field for field in own}
    return Open(
        step=offer.step_id,
        verb=offer.verb,
        title=offer.title,
        due=offer.due,
        outcomes=[Way(outcome=way.key, title=way.title, allowed=way.allowed) for way in offer.choices],
        fields=[_asked(field) for field in asked.values() if field.key != OUTCOME],
    )


def _asked(field: Field) -> Asked:
    return Asked(
        key=field.key.removesuffix("[]"),
        type=field.type,
        title=field.label,
        required=field.required,
        many=field.key.endswith("[]"),
        choices=[one.value for one in field.choices],
    )
