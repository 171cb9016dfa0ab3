"""Who is on stage in a rehearsal: one person for each key of access that a step asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from weizhi.charters.models import Charter
from weizhi.matters.refused import Refused
from weizhi.matters.rules import owner_of
from weizhi.people.models import Body, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol

NTH = "甲乙丙丁戊己庚辛"


@dataclass
class Cast:
    """People by the key that they stand for; the first of them raised the matter."""

    community: Community
    charter: Charter
    home: Place
    people: dict[tuple[str, int], Person] = field(default_factory=dict)

    @property
    def first(self) -> Person:
        return next(iter(self.people.values()))

    def one_of(self, keys: Sequence[str], which: int = 0, *, at: datetime) -> Person:
        """Somebody with one of these keys; `which` counts those who act together."""
        if not keys:
            raise Refused("not-yet", _("这一步现在没有人能办。"))
        known = next((self.people[key, which] for key in keys if (key, which) in self.people), None)
        if known is None:
            known = self.people[keys[0], which] = self.come_on(keys[0], which, at)
        return known

    def come_on(self, key: str, which: int, at: datetime) -> Person:
        kind, _colon, rest = key.partition(":")
        name, _sign, path = rest.partition("@")
        if kind == "person":
            return Person.objects.get(pk=UUID(rest))
        if kind == "post":
            return self.holder(name, self.body_of(name), path, which, at)
        if kind == "body":
            return self.holder(self.seat_of(name), name, path, which, at)
        return self.resident(_("林姨（试）"), name or "resident", at)

    def resident(self, called: str, status: str, at: datetime) -> Person:
        person = Person.objects.create_user(f"try-{uuid7()}", called)
        enrol(self.community, person, self.home, [status], at=at)
        return person

    def neighbour(self, at: datetime) -> Person:
        return self.resident(_("邻居"), "resident", at)

    def stranger(self) -> Person:
        return Person.objects.create_user(f"try-{uuid7()}", _("别的社区的人"))

    def holder(self, post: str, body: str, path: str, which: int, at: datetime) -> Person:
        """Somebody who holds the post in the body, both at this place."""
        title = self.charter.posts[post].title if post in self.charter.posts else post
        person = Person.objects.create_user(f"try-{uuid7()}", f"{title}{NTH[which % len(NTH)]}（试）")
        place = Place.objects.select_related("community").get(path=path)
        named = self.charter.bodies[body].title if body in self.charter.bodies else body
        found, _made = Body.objects.get_or_create(
            community=place.community, key=body, place=place, defaults={"name": named or body}
        )
        appoint(place.community, person, found, post, title or post, place=place, at=at)
        return person

    def body_of(self, post: str) -> str:
        """The body that has a seat for the post."""
        seated = (key for key, body in self.charter.bodies.items() if any(seat.post == post for seat in body.seats))
        return next(seated, owner_of(self.charter))

    def seat_of(self, body: str) -> str:
        """A post with a seat in the body, or in a body that sits in it."""
        seats = self.charter.bodies[body].seats if body in self.charter.bodies else ()
        own = next((seat.post for seat in seats if seat.post), None)
        inner = (self.seat_of(seat.body) for seat in seats if seat.body)
        return own or next(inner, "member")
