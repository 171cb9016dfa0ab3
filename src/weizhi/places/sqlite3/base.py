"""Django's SQLite backend (ENGINE: sqlite3), which works out once what it meets at every request."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations

TEXTS_AT_MOST = 500  # some 40 prepared reads in the shapes that people's keys give, and what Django writes itself
IDS_AT_MOST = 4000  # a page names the same matter, person and place in most of its rows


@lru_cache(maxsize=IDS_AT_MOST)
def uuid_of(text: str) -> UUID:
    return UUID(text)


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """SQLite's question marks in place of Django's marks: looked for once in each text, which carries no values."""
        return (
            _with_question_marks(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )


@lru_cache(maxsize=TEXTS_AT_MOST)
def _with_question_marks(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class Operations(DatabaseOperations):
    def convert_uuidfield_value(self, value: str | None, _expression: Any, _connection: Any) -> UUID | None:
        return None if value is None else uuid_of(value)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)
