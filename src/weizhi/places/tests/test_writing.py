"""Rows written at once are the rows that Django writes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from weizhi.places.models import Community, Place
from weizhi.places.writing import AT_ONCE, _columns, insert, insert_one, kept_as

pytestmark = pytest.mark.django_db


class Word(models.TextChoices):
    BUILDING = "building", "楼"


NOW = datetime(2026, 11, 22, 10, 30, 1, 5, tzinfo=UTC)
VALUES: "dict[type[models.Field[Any, Any]], list[object]]" = {
    models.UUIDField: [UUID(int=7)],
    models.CharField: ["", "幸福里", Word.BUILDING],
    models.TextField: ["三号楼\n灯坏了"],
    models.BooleanField: [True, False],
    models.DateTimeField: [NOW],
    models.DateField: [date(2026, 2, 28)],
    models.TimeField: [time(8, 30)],
    models.IntegerField: [0, 7],
    models.FloatField: [0.5],
    models.BinaryField: [b"\x00\xff"],
    models.JSONField: [{"words": ["灯"], "n": 1}, []],
}


def written_by_us() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("weizhi") and not isinstance(model._meta.pk, models.AutoField):
            yield model


def samples(field: "models.Field[Any, Any]") -> list[object]:
    found = next(found for kind, found in VALUES.items() if isinstance(kept_as(field), kind))
    return [*found, None]


def values_of(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def plain(bound: object) -> str:
    """What the driver is given, to be compared: a memoryview shows only where it lies."""
    return repr(bytes(bound) if isinstance(bound, memoryview) else bound)


@pytest.mark.parametrize("model", [*written_by_us()], ids=lambda model: model._meta.label)
def test_each_column_of_each_model_is_stored_as_its_field_stores_it(model: type[models.Model]) -> None:
    for field, read in zip(model._meta.concrete_fields, _columns(model, connection.vendor), strict=True):
        for value in samples(field):
            row = model()
            setattr(row, field.attname, value)
            told, wanted = read(row), field.get_db_prep_save(field.pre_save(row, True), connection)
            assert (type(told), plain(told)) == (type(wanted), plain(wanted)), (field, value)


def test_an_instant_without_a_zone_is_refused() -> None:
    residence = apps.get_model("people", "Residence")
    names = [field.attname for field in residence._meta.concrete_fields]
    columns = dict(zip(names, _columns(residence, connection.vendor), strict=True))
    with pytest.raises(ValueError, match="time zone"):
        columns["since"](residence(since=NOW.replace(tzinfo=None)))


class TestInsert:
    def test_rows_come_back_as_they_went_in(self) -> None:
        here = insert_one(Community(slug="xfl", name="幸福里"))
        places = insert([Place(community=here, kind="building", code=f"b{n}", path=f"xfl/b{n}") for n in range(3)])
        assert [(place._state.adding, place._state.db) for place in places] == [(False, "default")] * 3
        for made, read in zip(places, Place.objects.order_by("path"), strict=True):
            assert values_of(made) == values_of(read)
        here.name = "幸福里二期"
        here.save()
        assert Community.objects.get().name == "幸福里二期", "written over, not written anew"

    def test_one_query_however_many(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            insert([Community(slug=f"c{n}", name="甲") for n in range(AT_ONCE)])
            insert([])
        assert len(asked) == 1

    def test_more_than_that_django_writes(self) -> None:
        insert([Community(slug=f"c{n}", name="甲") for n in range(AT_ONCE + 1)])
        assert Community.objects.count() == AT_ONCE + 1

    def test_a_second_of_its_kind_is_refused_or_left_out(self) -> None:
        insert_one(Community(slug="xfl", name="幸福里"))
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_one(Community(slug="xfl", name="又一个"))
        insert([Community(slug="xfl", name="又一个"), Community(slug="hh", name="荷花")], ignore_conflicts=True)
        assert list(Community.objects.order_by("slug").values_list("name", flat=True)) == ["荷花", "幸福里"]

    def test_after_a_refusal_the_transaction_takes_nothing_more(self) -> None:
        insert_one(Community(slug="xfl", name="幸福里"))
        with transaction.atomic():
            with pytest.raises(IntegrityError):
                insert_one(Community(slug="xfl", name="又一个"))
            with pytest.raises(transaction.TransactionManagementError):
                Community.objects.count()


def test_a_key_that_the_database_makes_is_left_to_django() -> None:
    from django.contrib.contenttypes.models import ContentType

    with pytest.raises(TypeError, match="ContentType"):
        _columns(ContentType, connection.vendor)
