"""A small community with a record, made through the doors that the house uses."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from weizhi.people.models import Body, Holding, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.append import SENSITIVE, Deed, Part, append, lock
from weizhi.record.actions.found_community import found_community
from weizhi.record.leaves import new_salt
from weizhi.record.models import Entry, Stream

NOW = datetime.now(UTC)


@dataclass
class Ground:
    community: Community
    lin: Person
    zhou: Person
    wang: Person
    guo: Person
    streams: list[Stream]

    def say(self, words: str, stream: int = 0, **more: Any) -> Entry:
        """林姨 says something in a matter."""
        with transaction.atomic():
            locked = lock([self.streams[stream].pk])[self.streams[stream].pk]
            parts = [Part("words", words), Part("health", {"need": "轮椅"}, SENSITIVE)]
            deed = Deed(at=datetime.now(UTC), actor=self.lin, step="say", public={"outcome": "yes"})
            return append(locked, "comment", deed, [*parts, *(Part(name, body) for name, body in more.items())])

    def live(self, acts: int, chance: random.Random) -> None:
        """Let a number of things happen in its matters."""
        for turn in range(acts):
            self.say(f"第 {turn} 句", chance.randrange(len(self.streams)))


def make_ground() -> Ground:
    community = found_community("xfl", "幸福里")
    people = {
        login: Person.objects.create_user(login, name)
        for login, name in (("lin", "林姨"), ("zhou", "小周"), ("wang", "王主任"), ("guo", "郭先生"))
    }
    place = Place.objects.get(path="xfl")
    body = Body.objects.create(community=community, key="committee", name="居委会", place=place)
    for login, post in (("zhou", "grid-officer"), ("wang", "committee-director")):
        Holding.objects.create(
            community=community, person=people[login], body=body, post=post, title=post, place=place,
            since=NOW - timedelta(days=30),
        )  # fmt: skip
    streams = [Stream.objects.create(community=community, kind="matter", salt=new_salt()) for _ in range(3)]
    return Ground(community, **people, streams=streams)
