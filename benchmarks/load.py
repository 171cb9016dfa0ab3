"""Fill a demo database with many matters: ``python -m benchmarks.load 100000``.

The demo community's own matters, which went through the real doors, are copied row by row with new keys, so that
every list, filter and story has what it has in life: steps, parties, entries, words. The copies are spread over
the two years before.
"""

import random
import sys
import time
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from typing import Any

import django
from django.db import connection, models, transaction

BATCH = 500  # matters written at once
PATTERNS = 60  # the demo's own matters; copies made before are not copied again
DAYS = 730
OPEN_SHARE = 0.03  # of the copies still stand open; a community with 100,000 matters has closed nearly all


def tables() -> list[type[models.Model]]:
    """What belongs to one matter, in an order in which keys exist before they are pointed at."""
    from django.apps import apps

    from weizhi.matters.models import Matter, Party, Step
    from weizhi.record.models import Delivery, Entry, Leaf, Payload, Stream

    first = [Stream, Matter, Step, Entry, Payload, Party]
    left_out = {*first, Delivery, Leaf}
    own = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("weizhi.") and model not in left_out and points_to_matter(model, Matter)
    ]
    return [*first, *own]


def points_to_matter(model: type[models.Model], matter: type[models.Model]) -> bool:
    return any(field.related_model is matter for field in model._meta.concrete_fields if field.is_relation)


class Template:
    """One matter with all its rows, ready to be copied."""

    def __init__(self, matter: Any) -> None:
        from weizhi.matters.models import Matter, Step
        from weizhi.record.models import Entry, Stream

        self.rows: list[list[Any]] = []
        kept: dict[type[models.Model], set[Any]] = {Stream: {matter.stream_id}, Matter: {matter.pk}}
        for model in tables():
            where = models.Q()
            if model in kept:
                where = models.Q(pk__in=kept[model])
            else:
                for field in model._meta.concrete_fields:
                    if field.related_model in kept and field.related_model in (Matter, Stream, Step, Entry):
                        where |= models.Q(**{f"{field.name}__in": kept[field.related_model]})
            found = list(model._default_manager.filter(where))
            kept[model] = {row.pk for row in found}
            self.rows.append(found)
        self.ended = matter.ended_at is not None

    def copied(self, number: int, back: timedelta) -> Iterator[list[Any]]:
        from uuid_utils.compat import uuid7

        new: dict[Any, Any] = {}
        for rows in self.rows:
            for row in rows:
                if row.pk not in new:
                    new[row.pk] = uuid7()
        for rows in self.rows:
            yield [self._copy(row, new, number, back) for row in rows]

    @staticmethod
    def _copy(row: Any, new: dict[Any, Any], number: int, back: timedelta) -> Any:
        from weizhi.matters.models import Matter
        from weizhi.record.models import Entry

        made = copy(row)
        made._state = copy(row._state)
        made._state.adding = True
        made._state.fields_cache = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if (field.primary_key or field.is_relation) and value in new:
                setattr(made, field.attname, new[value])
            elif isinstance(field, models.DateTimeField) and value is not None and field.name not in OPEN_DATES:
                setattr(made, field.attname, value - back)
        if isinstance(made, Matter):
            made.number = number
            made.title = f"{row.title[:70]} {number}"
        elif isinstance(made, Entry):
            made.key = None  # a key names one request of one person
        return made


OPEN_DATES = {"due", "wakes_at"}  # an open copy is still due when its pattern is: nothing wakes during the measuring


def load(wanted: int) -> None:
    from weizhi.matters.models import Matter
    from weizhi.places.models import Community

    chance = random.Random(20261121)
    alone = Matter.objects.filter(opened_by=None, follows=None, steps__opened_matters=None).distinct()
    patterns = [Template(matter) for matter in alone.order_by("number")[:PATTERNS]]
    ended, standing = [p for p in patterns if p.ended], [p for p in patterns if not p.ended]
    if not ended or not standing:
        sys.exit("The demo community needs matters that have ended and matters that have not.")
    community = Community.objects.get(pk=patterns[0].rows[1][0].community_id)
    number = community.matters
    start = time.monotonic()
    for first in range(0, wanted, BATCH):
        batches: list[list[Any]] = [[] for _ in tables()]
        for _ in range(min(BATCH, wanted - first)):
            number += 1
            is_open = chance.random() < OPEN_SHARE
            pattern = chance.choice(standing if is_open else ended)
            back = timedelta(0) if is_open else timedelta(seconds=chance.randrange(DAYS * 86_400))
            for batch, rows in zip(batches, pattern.copied(number, back), strict=True):
                batch.extend(rows)
        with transaction.atomic():
            for model, batch in zip(tables(), batches, strict=True):
                model._default_manager.bulk_create(batch, batch_size=1000)
            Community.objects.filter(pk=community.pk).update(matters=number)
        done = first + BATCH
        if done % 10_000 == 0:
            print(f"    {done:,} matters, {done / (time.monotonic() - start):,.0f} a second", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    django.setup()
    load(int(sys.argv[1]))
