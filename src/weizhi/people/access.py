"""Who may do and see what: one idea, keys.

Everything a person *is* at a moment is a set of keys: `person:<id>`, `post:grid-officer@xfl/g3`,
`body:committee@xfl`, `status:owner@xfl/1/1-2`, `signed-in`. Everything that may be done asks for keys.
`may` is the intersection of the two sets; lists of matters ask the same question in SQL.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value

from weizhi.people.models import Holding, Person, Residence

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

    def holding_for(self, keys: Iterable[str]) -> Post | None:
        """The post in which this person does what `keys` ask for, or None where he does it for himself."""
        asked = set(keys)
        for post in self.posts:
            if {post_key(post.post, post.path), body_key(post.body, post.path)} & asked:
                return post
        return next((post for post in self.posts if any(k.startswith(f"body:{post.body}@") for k in asked)), None)


NOBODY = Standing(person_id=None)


def standing(person: Person, at: datetime) -> Standing:
    """What `person` is at `at`. One query."""
    columns = ("held", "word", "title", "body_key", "body_path", "path", "levels", "community", "row")
    holdings = (
        Holding.objects.open_at(at)
        .filter(person=person)
        .order_by()
        .annotate(
            held=Value(1),
            word=F("post"),
            body_key=F("body__key"),
            body_path=F("body__place__path"),
            path=F("place__path"),
            levels=F("place__levels"),
            row=F("id"),
        )
        .values_list("held", "word", "title", "body_key", "body_path", "path", "levels", "community_id", "row")
    )
    residences = (
        Residence.objects.open_at(at)
        .filter(person=person)
        .order_by()
        .annotate(
            held=Value(0),
            word=F("status"),
            title=F("household__name"),
            body_key=Value(""),
            body_path=Value(""),
            path=F("household__path"),
            levels=F("household__levels"),
            row=F("id"),
        )
        .values_list("held", "word", "title", "body_key", "body_path", "path", "levels", "community_id", "row")
    )
    rows = [dict(zip(columns, row, strict=True)) for row in holdings.union(residences, all=True)]
    return _standing(person.id, sorted(rows, key=lambda row: str(row["row"])))


def _standing(person_id: UUID, rows: list[dict[str, object]]) -> Standing:
    keys = {SIGNED_IN, person_key(person_id)}
    paths: set[str] = set()
    posts, homes = [], []
    for row in rows:
        levels = row["levels"] if isinstance(row["levels"], dict) else {}
        word, path = str(row["word"]), str(row["path"])
        if row["held"]:
            keys |= {post_key(word, path), body_key(str(row["body_key"]), str(row["body_path"]))}
            # Whoever works for a place belongs to its community, not to the levels above it.
            paths |= {path, str(levels.get("community", path))}
            posts.append(_post(row))
            continue
        homes.append(path)
        statuses = {word, "resident"} if word in LIVES_THERE else {word}
        enclosing = {path, *map(str, levels.values())}
        paths |= enclosing
        keys |= {status_key(status, place) for status in statuses for place in enclosing}
    communities = frozenset(row["community"] for row in rows if isinstance(row["community"], UUID))
    return Standing(person_id, frozenset(keys), frozenset(paths), communities, tuple(posts), tuple(homes))


def _post(row: dict[str, object]) -> Post:
    holding_id, community = row["row"], row["community"]
    assert isinstance(holding_id, UUID) and isinstance(community, UUID)
    return Post(holding_id, str(row["word"]), str(row["title"]), str(row["body_key"]), str(row["path"]), community)


def may(who: Standing, keys: Iterable[str]) -> bool:
    """Whether `who` holds one of the keys that are asked for."""
    return not who.keys.isdisjoint(keys)
