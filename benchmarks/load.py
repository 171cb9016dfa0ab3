"""Fill a demo database with many matters: ``python -m benchmarks.load 100000``.

The demo community's own matters, which went through the real doors, are copied by the database itself with new
keys, so that every list, filter and story has what it has in life: steps, parties, entries, words. The copies of
ended matters are spread over the two years before.
"""

import hashlib
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django
from django.db import connection, models, transaction
from django.db.models import Q

ENDED, STANDING = 30, 15  # of the demo's own reports are copied; copies made before are not copied again
SPREAD = 730 * 86_400  # seconds
PACE = 7919 * 3600  # from one copy to the next: no two days of the spread are left out
OPEN_SHARE = 0.03  # of the copies still stand open; a community with 100,000 matters has closed nearly all
ROUND = 200  # copies of each pattern at once
Kept = Mapping[type[models.Model], list[Any]]


def load(wanted: int) -> None:
    from weizhi.matters.models import Matter
    from weizhi.places.models import Community

    if connection.vendor == "sqlite":
        teach_sqlite()
    alone = Matter.objects.filter(kind="report", opened_by=None, follows=None, steps__opened_matters=None).distinct()
    over, open_ones = alone.exclude(ended_at=None), alone.filter(ended_at=None)
    patterns = [*over.order_by("number")[:ENDED], *open_ones.order_by("number")[:STANDING]]
    stride = Matter.objects.aggregate(models.Max("number"))["number__max"] + 1
    ended = [matter.pk for matter in patterns if matter.ended_at]
    standing = [matter.pk for matter in patterns if not matter.ended_at]
    if not ended or not standing:
        sys.exit("The demo community needs matters that have ended and matters that have not.")
    start = time.monotonic()
    copy_all(ended, round(wanted * (1 - OPEN_SHARE) / len(ended)), stride, spread=True)
    copies = round(wanted * OPEN_SHARE / len(standing))
    copy_all(standing, copies, stride, spread=False)
    highest = Matter.objects.aggregate(models.Max("number"))["number__max"]
    Community.objects.filter(pk=patterns[0].community_id).update(matters=highest)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"    {Matter.objects.count():,} matters after {time.monotonic() - start:.0f} s", flush=True)


def copy_all(matters: list[Any], copies: int, stride: int, *, spread: bool) -> None:
    kept = rows_of(matters)
    for first in range(1, copies + 1, ROUND):
        last = min(first + ROUND - 1, copies)
        with transaction.atomic(), connection.cursor() as cursor:
            for model, keys in kept.items():
                statement = copying(model, kept, stride, spread)
                marks = ", ".join(["%s"] * len(keys))
                if keys:
                    cursor.execute(f"{statement} ({marks})", [first, last, *map(adapted, keys)])


def rows_of(matters: list[Any]) -> Kept:
    """The keys of everything that belongs to these matters, by table; tables in an order in which keys exist first."""
    from django.apps import apps

    from weizhi.matters.models import Matter, Party, Step
    from weizhi.record.models import Delivery, Entry, Leaf, Payload, Stream

    kept: dict[type[models.Model], list[Any]] = {Stream: matters, Matter: matters}
    own = [model for model in apps.get_models() if model.__module__.startswith("weizhi.")]
    for model in [Step, Entry, Payload, Party, *own]:
        if model in kept or model in (Delivery, Leaf):
            continue
        where = Q()
        for field in model._meta.concrete_fields:
            if field.related_model in (Stream, Matter, Step, Entry):
                where |= Q(**{f"{field.name}__in": kept.get(field.related_model, [])})
        if where:
            kept[model] = list(model._default_manager.filter(where).values_list("pk", flat=True))
    return kept


def copying(model: type[models.Model], kept: Kept, stride: int, spread: bool) -> str:
    """INSERT … SELECT of the rows with given keys, once for each number of a series."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    columns = [quote(field.column) for field in model._meta.concrete_fields]
    values = [value_of(model, field, kept, stride, spread) for field in model._meta.concrete_fields]
    key = quote(model._meta.pk.column)
    return (
        "WITH RECURSIVE series(nth) AS "
        "(SELECT CAST(%s AS integer) UNION ALL SELECT nth + 1 FROM series WHERE nth < %s) "
        f"INSERT INTO {quote(table)} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {quote(table)} AS old CROSS JOIN series WHERE old.{key} IN"
    )


def value_of(model: type[models.Model], field: Any, kept: Kept, stride: int, spread: bool) -> str:
    column = f"old.{connection.ops.quote_name(field.column)}"
    name = f"{model.__name__}.{field.name}"
    if name == "Matter.number":
        return f"{column} + nth * {stride}"
    if name == "Searchable.row":
        return f"{column} + nth"
    if name == "Matter.title":
        return f"substr({column}, 1, 70) || ' ' || nth"
    if name == "Entry.key":
        return "NULL"  # a key names one request of one person
    if field.related_model in kept or (field.primary_key and not field.is_relation):
        return f"copied({column}, nth)" if connection.vendor == "sqlite" else f"md5({column}::text || nth)::uuid"
    if spread and isinstance(field, models.DateTimeField):
        if connection.vendor == "sqlite":
            return f"earlier({column}, nth)"
        # Two per cent signs: one reaches the database.
        return f"{column} - (nth::bigint * {PACE} %% {SPREAD}) * interval '1 second'"
    return column


def adapted(key: Any) -> Any:
    return key.hex if connection.vendor == "sqlite" and hasattr(key, "hex") else key


def teach_sqlite() -> None:
    connection.ensure_connection()
    create = connection.connection.create_function
    create("copied", 2, copied, deterministic=True)
    create("earlier", 2, earlier, deterministic=True)
    with connection.cursor() as cursor:
        # Only while loading: new keys fall all over the indexes, which must fit into memory.
        cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("PRAGMA synchronous = OFF")


def copied(key: str | None, number: int) -> str | None:
    return key and hashlib.md5(f"{key}{number}".encode(), usedforsecurity=False).hexdigest()


def earlier(moment: str | None, number: int) -> str | None:
    if moment is None:
        return None
    back = timedelta(seconds=number * PACE % SPREAD)
    return str(datetime.fromisoformat(moment) - back)


if __name__ == "__main__":
    django.setup()
    load(int(sys.argv[1]))
