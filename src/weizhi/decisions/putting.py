"""The writing of one ballot: envelope and receipt go in together, by one statement that is made once a process."""

from functools import cache

from django.db import connection
from django.db.models import Model

from weizhi.decisions.models import Envelope, Receipt
from weizhi.places.prepared import Prepared, cursor_by_key
from weizhi.places.writing import insert_one, values_of

lying: Prepared[Envelope] = Prepared(
    lambda vote, line, voice: Envelope.objects.filter(vote=vote, entitlement=line, voice=voice),
    by_key=True,
    lock="FOR UPDATE",
)


def put_first(envelope: Envelope, receipt: Receipt) -> bool:
    """Whether it is the voice's first: then envelope and receipt are in, else nothing was written.

    The database's own constraint decides between two at once, and the second waits for the first's transaction.
    """
    with cursor_by_key() as cursor:
        if connection.vendor == "postgresql":  # in one round trip
            cursor.execute(_both(), [*values_of(envelope), *values_of(receipt)])
            return bool(cursor.rowcount)
        cursor.execute(_envelope_once(), values_of(envelope))
        first = bool(cursor.rowcount)
    if first:
        insert_one(receipt)
    return first


@cache
def _both() -> str:
    return f"WITH first AS ({_envelope_once()} RETURNING 1) {_insert(Receipt)} SELECT {_marks(Receipt)} FROM first"  # noqa: S608  # names of columns and marks


@cache
def _envelope_once() -> str:
    once = "ON CONFLICT (vote_id, entitlement_id, voice) DO NOTHING"
    return f"{_insert(Envelope)} VALUES ({_marks(Envelope)}) {once}"


def _insert(model: type[Model]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in model._meta.concrete_fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns})"


def _marks(model: type[Model]) -> str:
    return ", ".join(["%s"] * len(model._meta.concrete_fields))
