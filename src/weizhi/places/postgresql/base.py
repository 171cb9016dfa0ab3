"""Django's PostgreSQL backend (ENGINE: postgresql), with statements that are planned once a connection."""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from psycopg.errors import FeatureNotSupported
from psycopg.pq import ConnStatus, TransactionStatus

STATEMENTS_AT_MOST = 300  # kept by one connection, of some 40 prepared reads in the shapes that people's keys give

HERE = ("", "localhost", "127.0.0.1", "::1")
SESSION = (
    "plan_cache_mode=force_generic_plan",  # of `PlannedOnce` alone: other statements carry their values
    "jit=off",  # compiling took 106 of the 135 ms in which the neighbours' open matters are read for a report
)


class PlannedOnce(base.ServerBindingCursor):
    """The database reads and plans each text once and is then sent the values alone.

    Only for what reads by key: a plan is made for any values, and for a list (whose best plan depends on who asks)
    such a plan read 97,000 matters to show 25.
    """

    def execute(self, query: Any, params: Any = None, **_others: Any) -> Any:
        raw: Any = self.connection  # type: ignore[attr-defined]  # the stubs do not know psycopg 3's cursors
        # Between our own reads the driver keeps no statement, and so no words and names of others in its memory.
        raw.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True)  # type: ignore[misc]  # as above
        except FeatureNotSupported:
            # A migration gave a column another type while this connection stood: its plans are of the old one.
            if raw.info.transaction_status != TransactionStatus.IDLE:
                raise
            raw.execute("DEALLOCATE ALL")
            return super().execute(query, params, prepare=False)  # type: ignore[misc]  # as above
        finally:
            raw.prepare_threshold = None


class Operations(DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """For the query log: of a kept plan the driver sends the name, not the text."""
        if isinstance(cursor, PlannedOnce):
            return str(self.compose_sql(sql, params))
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations

    def get_connection_params(self) -> dict[str, Any]:
        asked = super().get_connection_params()
        asked["options"] = " ".join(filter(None, [asked.get("options"), *(f"-c {one}" for one in SESSION)]))
        return asked

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepared_max = STATEMENTS_AT_MOST
        return made

    def planned_once(self) -> CursorWrapper:
        """A cursor for a prepared read; the query log sees it as any other."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        cursor = PlannedOnce(self.connection)  # type: ignore[call-arg]  # as above
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]  # which is how Django's own are wrapped

    def is_usable(self) -> bool:
        """Whether the connection still stands; without a question where the server is on this machine.

        Django asks `SELECT 1` before each request. A server here that went away has closed its end, which the socket
        knows. On the way to another machine a line can be forgotten without a word: there it is asked.
        """
        raw = self.connection
        if raw is None or raw.closed or raw.pgconn.status != ConnStatus.OK:
            return False
        unasked = select.poll()
        unasked.register(raw.fileno(), select.POLLIN)
        if unasked.poll(0):  # the end, or a word before it
            return False
        host = str(self.settings_dict["HOST"])
        return host.startswith("/") or host in HERE or bool(super().is_usable())
