"""One person's turn in a hall: which statement comes next, and what stands there already of what is being typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weizhi.deliberation.models import Hall, Stance, Statement
from weizhi.deliberation.opinions import lot, next_of
from weizhi.deliberation.taking_part import voice_of
from weizhi.places.models import uuid_parameter
from weizhi.places.prepared import Prepared, columns_of, cursor_by_key

if TYPE_CHECKING:
    from weizhi.methods.text.duplicates import Known

NEAR_AT_MOST = 3


@dataclass(frozen=True)
class Mine:
    """What one person said of a statement that is open."""

    n: int
    words: str
    said: int


@dataclass(frozen=True)
class Turn:
    """`who`: the person's hash in this hall. `ask` None: has answered all that is there. `mine`: the newest first."""

    who: str
    ask: Statement | None
    left: int
    answered: int
    mine: tuple[Mine, ...]


_said: Prepared[tuple[Any, ...]] = Prepared(
    lambda hall, who: (
        Stance.objects.filter(voice__hall=hall, voice__who=who)
        .order_by("-statement__n")
        .values_list("statement__n", "said", "statement__words", "statement__state")
    ),
    by_key=True,
)
_open: Prepared[tuple[Any, ...]] = Prepared(
    lambda hall: (
        Statement.objects.filter(hall=hall, state=Statement.State.OPEN).order_by("n").values_list("n", "priority")
    ),
    by_key=True,
)


def turn(hall: Hall, person: UUID, chosen: int | None = None) -> Turn:
    """Whose turn it is and what is asked; `chosen` names a statement to say again. Three queries.

    What each statement deserves was reckoned when the map was last drawn; here one is only drawn by lot.
    """
    who = voice_of(hall.pk, person)
    said = _said(hall.pk, who)
    mine = tuple(Mine(n, words, word) for n, word, words, state in said if state == Statement.State.OPEN)
    met = {one.n for one in mine}
    left = [one for one in _open(hall.pk) if one[0] not in met]
    asked = chosen if chosen is not None else next_of(left, lot(who, len(said)))
    return Turn(who, _numbered(hall.pk, asked) if asked is not None else None, len(left), len(said), mine)


def _numbered(hall: UUID, n: int) -> Statement | None:
    """By hand: a number would be a text of its own to what is prepared."""
    columns, read = _columns()
    where = "s.hall_id = %s AND s.state = %s AND s.n = %s"
    with cursor_by_key() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM deliberation_statement s WHERE {where}",  # noqa: S608  # names of columns
            [uuid_parameter(hall), str(Statement.State.OPEN), n],
        )
        row = cursor.fetchone()
    return None if row is None else read(row)


@cache
def _columns() -> tuple[str, Callable[[Sequence[Any]], Statement]]:
    return columns_of(Statement, "s")


def near(hall: Hall, words: str) -> list[Statement]:
    """What stands there already and may mean the same; the nearest first. Two queries."""
    from weizhi.methods.text.duplicates import likely_from
    from weizhi.methods.text.features import Message

    seen = Statement.objects.filter(hall=hall, state=Statement.State.OPEN)
    known, texts = _known(hall.pk, tuple(seen.order_by("n").values_list("n", "words")))
    found = known.near(Message("", words), most=NEAR_AT_MOST) if texts else ()
    likely = [int(one.key) for one in found if one.cosine >= likely_from(min(len(words), len(texts[int(one.key)])))]
    rows = {one.n: one for one in seen.filter(n__in=likely)}
    return [rows[n] for n in likely if n in rows]


@lru_cache(maxsize=4)
def _known(hall: UUID, statements: Sequence[tuple[int, str]]) -> "tuple[Known, dict[int, str]]":
    from weizhi.methods.text.duplicates import Known
    from weizhi.methods.text.features import Message

    return Known([Message(str(n), words) for n, words in statements]), dict(statements)
