"""An empty database for each case: migrated once, copied for every case, gone afterwards.

Beside SQLite a file in a temporary folder, on PostgreSQL a database of its own next to the one that DATABASE_URL
names; photos and keys lie in the same temporary folder. The real database is never touched.
"""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import override_settings


class FreshDatabases:
    """``with FreshDatabases() as fresh: with fresh.one(): …``"""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._name = f"weizhi_case_{os.getpid()}_{secrets.token_hex(4)}"
        self._real = ""

    def __enter__(self) -> "FreshDatabases":
        self._folder = Path(
            self._stack.enter_context(tempfile.TemporaryDirectory(prefix=f"weizhi-cases-{os.getpid()}-"))
        )
        self._real = str(connection.settings_dict["NAME"])
        self._stack.callback(self._point_at, self._real)
        keys = {"KEYS_FILE": self._folder / "keys.json", "FILES": self._folder / "files"}
        self._stack.enter_context(override_settings(**keys))
        self._make(self._name)
        self._stack.callback(self._drop, self._name)
        self._point_at(self._path(self._name))
        call_command("migrate", verbosity=0, interactive=False)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @contextmanager
    def one(self) -> Iterator[None]:
        """An empty, migrated database, for as long as the block lasts."""
        name = f"{self._name}_{secrets.token_hex(4)}"
        self._point_at(self._real)  # a template must have no connection
        self._make(name, template=self._name)
        self._point_at(self._path(name))
        try:
            yield
        finally:
            self._point_at(self._real)
            self._drop(name)

    def _path(self, name: str) -> str:
        return str(self._folder / f"{name}.sqlite3") if connection.vendor == "sqlite" else name

    def _point_at(self, name: str) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = name

    def _make(self, name: str, template: str = "") -> None:
        if connection.vendor == "sqlite":
            if template:
                _copy(self._path(template), self._path(name))
            return
        of = f' TEMPLATE "{template}"' if template else ""
        self._administer(f'CREATE DATABASE "{name}"{of}')

    def _drop(self, name: str) -> None:
        if connection.vendor == "sqlite":
            return  # it goes with the folder
        self._point_at(self._real)
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _administer(self, sql: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql)


def _copy(source: str, target: str) -> None:
    """SQLite's own copy: complete also where the write-ahead log was not folded in yet."""
    old, new = sqlite3.connect(source), sqlite3.connect(target)
    try:
        old.backup(new)
    finally:
        old.close()
        new.close()
