"""An instance made at once is what Django's own constructor makes."""

from collections.abc import Iterator

import pytest
from django.db.models.signals import post_init

from weizhi.places.models import Community
from weizhi.places.rows import converting, maker
from weizhi.places.sqlite3.base import Operations, _with_question_marks

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> tuple[list[str], list[object]]:
    made = Community.objects.create(slug="xfl", name="幸福里")
    names = [field.attname for field in Community._meta.concrete_fields]
    return names, [getattr(made, name) for name in names]


def test_an_instance_is_as_django_makes_it(row: tuple[list[str], list[object]]) -> None:
    names, values = row
    made, wanted = maker(Community, "default", names)(values), Community.from_db("default", names, values)
    assert {**made.__dict__, "_state": None} == {**wanted.__dict__, "_state": None}
    assert (made._state.adding, made._state.db) == (False, "default")
    made.name = "幸福里二期"
    made.save()
    assert list(Community.objects.values_list("name", flat=True)) == ["幸福里二期"], "written over, not written anew"


def test_a_column_that_was_not_read_is_read_when_asked_for(row: tuple[list[str], list[object]]) -> None:
    names, values = row
    made = maker(Community, "default", names[:2])(values[:2])
    assert made.get_deferred_fields() == set(names[2:])
    assert made.name == "幸福里"


@pytest.fixture
def listening() -> Iterator[list[object]]:
    heard: list[object] = []

    def hear(instance: object, **_more: object) -> None:
        heard.append(instance)

    post_init.connect(hear, sender=Community)
    yield heard
    post_init.disconnect(hear, sender=Community)


def test_who_listens_is_told(row: tuple[list[str], list[object]], listening: list[object]) -> None:
    names, values = row
    assert listening == [maker(Community, "default", names)(values)]


def test_values_are_converted_column_by_column_and_null_stays() -> None:
    def double(value: int, _column: object, _connection: object) -> int:
        return value * 2

    def shown(value: int, _column: object, _connection: object) -> str:
        return f"{value}!"

    converted = converting({1: ([double, shown], None)}, None)
    assert converted([("a", 2), ("b", None)]) == [["a", "4!"], ["b", None]]
    assert converting({}, None)([]) == []


def test_sqlite_is_given_question_marks_and_gives_ids() -> None:
    assert _with_question_marks("a = %s AND b LIKE '5%%' AND c = %s") == "a = ? AND b LIKE '5%' AND c = ?"
    operations = Operations(None)
    text = "019abc00000070008000000000000001"
    assert str(operations.convert_uuidfield_value(text, None, None)) == "019abc00-0000-7000-8000-000000000001"
    assert operations.convert_uuidfield_value(None, None, None) is None
