"""Search in Chinese on both databases: one function makes the column, one makes the query.

The column holds overlapping pairs of characters (垃圾桶 → 垃圾 圾桶) for SQLite FTS5 (``unicode61``) and for
PostgreSQL's stored ``tsvector('simple')``. Neither cuts Chinese into words, FTS5's ``trigram`` finds no word of two
characters, and ``pg_trgm`` scans the table for them. The same pairs in the same order are a phrase: what is asked is
what is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from weizhi.methods.text.folding import fold

BREAK = "0"  # between runs: one character, so no pair; a phrase cannot reach over it


@dataclass(frozen=True)
class Query:
    """Phrases that must all occur, each a row of pairs side by side. Pairs are letters and digits."""

    phrases: tuple[tuple[str, ...], ...]

    def fts5(self) -> str:
        """For ``MATCH ?``."""
        return " AND ".join('"' + " ".join(pairs) + '"' for pairs in self.phrases)

    def tsquery(self) -> str:
        """For ``to_tsquery('simple', ?)``."""
        return " & ".join("(" + " <-> ".join(f"'{pair}'" for pair in pairs) + ")" for pairs in self.phrases)


def search_text(*texts: str) -> str:
    """The column's value for a row's texts (title, words, place …). No pair reaches from one text into the next."""
    rows = (" ".join(pairs_of(word)) for text in texts for word in words(text) if len(word) > 1)
    return f" {BREAK} ".join(rows)


def search_query(asked: str) -> Query | None:
    """What somebody typed; None where no two characters stand together (then say: 请至少输入两个字)."""
    phrases = dict.fromkeys(pairs_of(word) for word in words(asked) if len(word) > 1)
    return Query(tuple(phrases)) if phrases else None


def words(text: str) -> Iterator[str]:
    """Runs of letters and digits, folded. Spaces and line breaks do not part: people type 物业 管理 for 物业管理."""
    word: list[str] = []
    for one in fold(text).text.casefold():
        if one.isalnum():
            word.append(one)
        elif word and not one.isspace():
            yield "".join(word)
            word = []
    if word:
        yield "".join(word)


def pairs_of(word: str) -> tuple[str, ...]:
    return tuple(word[place : place + 2] for place in range(len(word) - 1))
