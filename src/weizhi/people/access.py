"""Who may do and see what: one idea, keys.

Everything a person *is* at a moment is a set of keys: `person:<id>`, `post:grid-officer@xfl/g3`,
`body:committee@xfl`, `status:owner@xfl/1/1-2`, `signed-in`. Everything that may be done asks for keys.
`may` is the intersection of the two sets; lists of matters ask the same question in SQL.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from weizhi.people.models import Person, Residence
from weizhi.places.models import uuid_parameter
from weizhi.places.prepared import columns_of, cursor_by_key

SIGNED_IN = "signed-in"
EVERYBODY = "*"  # the audience of what is public
# A tenant lives where he rents; an owner need not live in what he owns.
LIVES_THERE = {Residence.Status.TENANT}


def person_key(person_id: UUID) -> str:
    return f"person:{person_id}"


def post_key(post: str, path: str) -> str:
    return f"post:{post}@{path}"


def body_key(body: str, path: str) -> str:
    return f"body:{body}@{path}"


def status_key(status: str, path: str) -> str:
    return f"status:{status}@{path}"


@dataclass(frozen=True)
class Post:
    """A post held now, as the person sees it."""

    holding_id: UUID
    post: str
    title: str
    body: str
    path: str
    community_id: UUID


@dataclass(frozen=True)
class Standing:
    """What a person is at a moment: keys that open doors, paths of places he belongs to, communities, posts."""

    person_id: UUID | None
    keys: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    communities: frozenset[UUID] = frozenset()
    posts: tuple[Post, ...] = ()
    homes: tuple[str, ...] = ()

    def works_in(self, community: UUID) -> bool:
        """Whether one of the posts is held in this community."""
        return any(post.community_id == community for post in self.posts)

    def holding_for(self, keys: Iterable[str]) -> Post | None:
        """The post in which this person does what `keys` ask for, or None where he does it for himself."""
        asked = set(keys)
        for post in self.posts:
            if {post_key(post.post, post.path), body_key(post.body, post.path)} & asked:
                return post
        return next((post for post in self.posts if any(k.startswith(f"body:{post.body}@") for k in asked)), None)


NOBODY = Standing(person_id=None)


# Asked at every request. As one prepared text, because Django's building of this union cost ten times its running.
_HELD_AND_LIVED = """
SELECT 1, h.post, h.title, b.key, o.path, p.path, p.levels, h.community_id, h.id {whole}
FROM people_person q
JOIN people_holding h ON h.person_id = q.id
JOIN places_place p ON p.id = h.place_id
JOIN people_body b ON b.id = h.body_id
JOIN places_place o ON o.id = b.place_id
WHERE {who} AND h.since <= %s AND (h.until IS NULL OR h.until > %s)
UNION ALL
SELECT 0, r.status, p.name, '', '', p.path, p.levels, r.community_id, r.id {whole}
FROM people_person q
JOIN people_residence r ON r.person_id = q.id
JOIN places_place p ON p.id = r.household_id
WHERE {who} AND r.since <= %s AND (r.until IS NULL OR r.until > %s)
"""
# Whoever holds nothing and lives nowhere is still somebody.
_THEMSELVES = """
UNION ALL
SELECT 2, '', '', '', '', '', NULL, NULL, NULL {whole} FROM people_person q WHERE {who}
"""
_COLUMNS = 9


@dataclass(frozen=True)
class _Row:
    """A post held or a household lived in."""

    held: bool
    word: str  # the post, or the status in the household
    title: str
    body: str
    body_path: str
    path: str
    levels: dict[str, str]
    community: UUID
    id: UUID


def standing(person: Person, at: datetime) -> Standing:
    """What `person` is at `at`. One query."""
    rows = _asked(_HELD_AND_LIVED.format(who="q.id = %s", whole=""), [uuid_parameter(person.pk)], at, arms=2)
    return _standing(person.id, [_row(*row) for row in rows])


def people_where(who: str, values: Sequence[object], at: datetime) -> list[tuple[Person, Standing]]:
    """The people of whom the condition `who` (SQL about `q`) holds, and what each is at `at`. One query for both."""
    text = (_HELD_AND_LIVED + _THEMSELVES).format(who=f"({who})", whole=f", {_whole().columns}")
    found: dict[UUID, tuple[Person, list[_Row]]] = {}
    for row in _asked(text, values, at, arms=3):
        person = _whole().read(row[_COLUMNS:])
        _person, rows = found.setdefault(person.pk, (person, []))
        if row[0] != 2:
            rows.append(_row(*row[:_COLUMNS]))
    return [(person, _standing(pk, rows)) for pk, (person, rows) in found.items()]


def person_with_standing(pk: UUID, at: datetime) -> tuple[Person, Standing] | None:
    """Whose session it is, and what that person is now: both are asked at every request."""
    return next(iter(people_where("q.id = %s", [uuid_parameter(pk)], at)), None)


def _asked(text: str, who: Sequence[Any], at: datetime, arms: int) -> list[Sequence[Any]]:
    instants: list[Any] = [connection.ops.adapt_datetimefield_value(at)] * 2
    with cursor_by_key() as cursor:
        cursor.execute(text, [*[*who, *instants] * 2, *(who if arms == 3 else ())])
        return list(cursor.fetchall())


@dataclass(frozen=True)
class _Whole:
    """The columns of a person, and how a row of them becomes one."""

    columns: str
    read: Callable[[Sequence[Any]], Person]


@cache
def _whole() -> _Whole:
    return _Whole(*columns_of(Person, "q"))


def _row(
    held: int, word: str, title: str, body: str, body_path: str, path: str, levels: str, community: object, pk: object
) -> _Row:
    return _Row(bool(held), word, title, body, body_path, path, json.loads(levels), UUID(str(community)), UUID(str(pk)))


def _standing(person_id: UUID, found: list[_Row]) -> Standing:
    rows = sorted(found, key=lambda row: row.id)
    keys = {SIGNED_IN, person_key(person_id)}
    paths: set[str] = set()
    posts, homes = [], []
    for row in rows:
        if row.held:
            keys |= {post_key(row.word, row.path), body_key(row.body, row.body_path)}
            # Whoever works for a place belongs to its community, not to the levels above it.
            paths |= {row.path, row.levels.get("community", row.path)}
            posts.append(Post(row.id, row.word, row.title, row.body, row.path, row.community))
            continue
        homes.append(row.path)
        statuses = {row.word, "resident"} if row.word in LIVES_THERE else {row.word}
        enclosing = {row.path, *row.levels.values()}
        paths |= enclosing
        keys |= {status_key(status, place) for status in statuses for place in enclosing}
    communities = frozenset(row.community for row in rows)
    return Standing(person_id, frozenset(keys), frozenset(paths), communities, tuple(posts), tuple(homes))


def may(who: Standing, keys: Iterable[str]) -> bool:
    """Whether `who` holds one of the keys that are asked for."""
    return not who.keys.isdisjoint(keys)
