"""What a program gets: a matter in a list, its story, and what an act answers."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema

from weizhi.matters import queries
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.story import Line, Reader


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
    key: str
    type: str
    title: str
    required: bool


class Open(Schema):
    """An act that is open to the reader: verb and step to send, the outcomes to choose from, what is asked."""

    step: UUID
    verb: str
    title: str
    due: datetime | None
    outcomes: list[Way]
    fields: list[Asked]


class Whole(Brief):
    story: list[Told]
    coming: list[Comes]
    open_to_me: list[Open]
    beside: list[str]


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
    return Whole(
        **brief(reader.matter).dict(),
        story=[_told(line, reader) for line in story.lines],
        coming=[
            Comes(step=c.step_id, key=c.key, title=c.title, who=list(c.who), due=c.due, due_words=c.due_words)
            for c in story.coming
        ],
        open_to_me=[_open(offer) for offer in queries.offers(reader)],
        beside=queries.beside_verbs(reader),
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
        photos=[reverse("portal:photo", args=[photo.id]) for photo in line.photos],
        on_behalf_of=(line.on_behalf_of if reader.involved else _("一位居民")) if line.on_behalf_of else "",
    )


def _open(offer: queries.Offer) -> Open:
    return Open(
        step=offer.step_id,
        verb=offer.verb,
        title=offer.title,
        due=offer.due,
        outcomes=[Way(outcome=way.key, title=way.title, allowed=way.allowed) for way in offer.choices],
        fields=[Asked(key=f.key, type=f.type, title=f.title or f.key, required=f.required) for f in offer.fields],
    )
