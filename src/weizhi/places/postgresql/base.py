"""Django's PostgreSQL backend (ENGINE: postgresql), with statements that are planned once a connection."""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from psycopg.pq import ConnStatus

STATEMENTS_AT_MOST = 300  # kept by one connection, of some 40 prepared reads in the shapes that people's keys give

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
        return super().execute(query, params, prepare=True)  # type: ignore[misc]  # the stubs do not know psycopg 3's cursors


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
        made.prepare_threshold, made.prepared_max = 0, STATEMENTS_AT_MOST  # Django's own cursors never prepare
        return made

    def planned_once(self) -> CursorWrapper:
        """A cursor for a prepared read; the query log sees it as any other."""
        self.ensure_connection()
        cursor = PlannedOnce(self.connection)  # type: ignore[call-arg]  # as above
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]  # which is how Django's own are wrapped

    def is_usable(self) -> bool:
        """Whether the connection still stands, without a question to the database.

        Django asks `SELECT 1` before each request. A server that went away has closed its end, which the socket
        knows; what it does not know (a cable pulled without a word) the request's first query would tell too.
        """
        raw = self.connection
        if raw is None or raw.closed or raw.pgconn.status != ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(raw.fileno(), select.POLLIN)
        return not waiting.poll(0)  # what nobody asked for: the end, or a word before it
