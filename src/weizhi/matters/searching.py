"""Search by two characters or more: in the title, in the names of the place, in the words with which it was raised.

Only what everybody who sees a matter may read is kept here: nothing the charter shows to fewer, no personal number.
What was said later is not searched: it would cost each act a query more. Neither database cuts Chinese into words, so
pairs of characters are kept (`methods.text.search_text`), in an index that the database itself holds in step: FTS5 on
SQLite, a GIN index on PostgreSQL.
"""

from collections.abc import Iterable, Sequence
from typing import Final, cast
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, MatterQuerySet, Searchable
from weizhi.matters.reads import first_words, seen_by
from weizhi.matters.refused import Refused
from weizhi.methods.text.search_text import Query, search_query, search_text
from weizhi.people.access import Standing
from weizhi.places.models import Place
from weizhi.places.prepared import Prepared
from weizhi.record.actions.append import HOUSEHOLD, Part

KEPT_AT_MOST: Final = 60_000  # characters: a longer story is found by its start
YEAR_2020: Final = 1_577_836_800_000  # in milliseconds; 41 bits last until 2089
# For each database: the table joined, how the index is asked, and by what its rows stand in order.
MATCHES: Final = {
    "sqlite": (
        ["matters_search"],
        "matters_search.rowid = matters_searchable.row AND matters_search MATCH %s",
        "matters_search.rowid",  # read off the index backwards: a common word stops after a page
    ),
    "postgresql": ([], "matters_searchable.terms @@ to_tsquery('simple', %s)", "matters_searchable.row"),
}


def search(who: Standing, asked: str) -> MatterQuerySet:
    """The matters in which everything asked stands, as far as `who` may see them, the latest raised first.

    What is typed with a space between is two things, both of which must stand there; in any order, anywhere.
    Raises Refused where no two characters stand together.
    """
    return holding(Matter.objects.visible_to(who), asked_of_index(asked))


def search_page(who: Standing, asked: str, first: int = 0, last: int = 25) -> list[Matter]:
    """The same from place `first` to before `last`, prepared: one question a page, nothing built anew."""
    return _page(who.keys, who.paths, asked_of_index(asked), first, last)


def asked_of_index(asked: str) -> str:
    """What was typed as this database's index takes it."""
    query = query_of(asked)
    if query is None:
        raise Refused("bad-data", "一个字太多了，请至少输入两个字。", field="q")
    return query.fts5() if connection.vendor == "sqlite" else query.tsquery()


def query_of(asked: str) -> Query | None:
    """What somebody typed; None where nothing of two characters stands in it."""
    pieces = [query for piece in asked.split() if (query := search_query(piece))]
    if len(pieces) < len(asked.split()):
        return search_query(asked)  # 物 业 管理: typed with a space after each character
    return Query(tuple(dict.fromkeys(phrase for query in pieces for phrase in query.phrases))) if pieces else None


def holding(rows: MatterQuerySet, said: str) -> MatterQuerySet:
    """Those of `rows` in which it stands, the latest raised first; `said` is what `asked_of_index` gives."""
    tables, condition, order = MATCHES[connection.vendor]
    # What is said is a parameter, the rest stands above; no other way joins a table that no model has.
    joined = rows.filter(searchable__isnull=False)
    found = joined.extra(tables=tables, where=[condition], params=[said])  # noqa: S610 — see above
    return cast(MatterQuerySet, found.order_by(RawSQL(order, ()).desc()))  # noqa: S611 — see above


_page: Prepared[Matter] = Prepared(
    lambda keys, paths, said, first, last: holding(Matter.objects.visible_to(seen_by(keys, paths)), said)[first:last]
)


def remember(matter: Matter, parts: Iterable[Part]) -> None:
    """Keep what a new matter, not saved yet, is found by: no query, the database moves it on as the matter is saved."""
    said = [str(part.body) for part in parts if part.name == WORDS and part.grade < HOUSEHOLD]
    matter.found_by = f"{row_of(matter.pk):020}{words_of(matter, said)}"


def words_of(matter: Matter, said: Iterable[str]) -> str:
    """The column's words for a matter and what was said when it was raised."""
    return search_text(matter.title, *place_names(matter.place), *said)[:KEPT_AT_MOST]


def remember_anew(matters: Sequence[UUID]) -> None:
    """After something was erased or a title changed: from what still stands there."""
    said = {matter: [words] for matter, words in first_words(matters)}
    for matter in Matter.objects.filter(pk__in=matters).select_related("place__parent__parent"):
        known = {"words": words_of(matter, said.get(matter.pk, ())), "row": row_of(matter.pk)}
        Searchable.objects.update_or_create(matter=matter, defaults=known)


def place_names(place: Place) -> list[str]:
    """Its own name and those of what it lies in, as far as two places up."""
    enclosing = getattr(place, "within", None)  # the column that `pinned.place_with_charter` adds
    if enclosing is not None:
        return [place.name, *str(enclosing).split("\n")]
    above = [one for one in (place.parent, place.parent and place.parent.parent) if one]
    return [place.name, *(one.name for one in above)]


def row_of(matter: UUID) -> int:
    """A number for the index, in the order in which matters were raised: 41 bits of milliseconds, 22 of chance.

    FTS5 knows rows by number only, and a community that moves to another database must not meet its numbers there.
    """
    milliseconds = ((matter.int >> 80) - YEAR_2020) % 2**41
    return milliseconds << 22 | matter.int & (2**22 - 1)
