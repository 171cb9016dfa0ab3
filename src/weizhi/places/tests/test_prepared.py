"""What is prepared answers as the queryset itself would, with other values than those it was made with."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from weizhi.places.models import Community, Cover, Place
from weizhi.places.prepared import SHAPES_AT_MOST, Prepared

pytestmark = pytest.mark.django_db
Build = Callable[..., QuerySet[Any, Any]]


@pytest.fixture
def here() -> list[Place]:
    community = Community.objects.create(slug="xfl", name="幸福里")
    parent = None
    made = []
    for code in ("e1", "b3", "u2", "301"):
        path = f"{parent.path if parent else 'xfl'}/{code}"
        levels = {"community": "xfl", "here": path}
        parent = Place.objects.create(
            community=community, parent=parent, kind="place", code=code, name=f"{code}室", path=path, levels=levels
        )
        made.append(parent)
    Cover.objects.create(community=community, area=made[0], unit=made[1], level="grid", since=date(2026, 1, 1))
    return made


def by_paths(paths: tuple[str, ...]) -> QuerySet[Place]:
    return Place.objects.filter(path__in=paths).select_related("parent__parent", "community").order_by("path")


def by_id(pk: UUID) -> QuerySet[Place]:
    return Place.objects.filter(Q(pk=pk) | Q(parent=pk)).order_by("path")


def counted(path: str, least: int | None) -> QuerySet[Any, Any]:
    found = Place.objects.filter(path__gte=path, floor=least).annotate(many=Count("children"), up=F("parent__name"))
    return found.order_by("path").values_list("code", "many", "levels", "up", "id")


def test_rows_with_what_they_point_to(here: list[Place]) -> None:
    prepared = Prepared(by_paths)
    for paths in (["xfl/e1", "xfl/e1/b3/u2"], ["xfl/e1/b3", "nowhere"], ["no", "no"]):
        got = prepared(frozenset(paths))
        wanted = list(by_paths(tuple(paths)))
        assert got == wanted
        for one, other in zip(got, wanted, strict=True):
            assert one.__dict__.keys() == other.__dict__.keys()
            assert (one.levels, one.community.name) == (other.levels, other.community.name)
            assert one.parent == other.parent
            assert (one.parent and one.parent.parent) == (other.parent and other.parent.parent)


def test_rows_that_point_to_nothing_ask_nothing_more(here: list[Place]) -> None:
    prepared = Prepared(by_paths)
    with CaptureQueriesContext(connection) as asked:
        (first,) = prepared(("xfl/e1",))
        assert first.parent is None and first.community.slug == "xfl"
    assert len(asked) == 1


def test_one_hole_may_stand_in_two_places(here: list[Place]) -> None:
    prepared = Prepared(by_id)
    assert [place.code for place in prepared(here[0].pk)] == ["e1", "b3"]
    assert [place.code for place in prepared(here[2].pk)] == ["u2", "301"]


@pytest.mark.parametrize("values", [("xfl", None), ("xfl/e1/b3/u2", None), ("xfl", 3)])
def test_columns_and_counts(here: list[Place], values: tuple[str, int | None]) -> None:
    prepared = Prepared(counted)
    prepared("xfl/e", None)
    assert prepared(*values) == list(counted(*values))
    assert all(isinstance(row[4], UUID) and isinstance(row[2], dict) for row in prepared(*values))


def test_one_column_alone(here: list[Place]) -> None:
    prepared = Prepared(lambda kind: Place.objects.filter(kind=kind).order_by("path").values_list("code", flat=True))
    assert prepared("place") == ["e1", "b3", "u2", "301"]
    assert prepared("' OR 1=1 --") == []


def test_instants(here: list[Place]) -> None:
    from django.contrib.sessions.models import Session

    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    Session.objects.create(session_key="k", session_data="", expire_date=now)
    prepared = Prepared(lambda at: Session.objects.filter(expire_date__gt=at))
    assert [row.expire_date for row in prepared(now - timedelta(microseconds=1))] == [now]
    assert prepared(now) == []


def test_some_columns_of_a_row(here: list[Place]) -> None:
    prepared = Prepared(
        lambda path: Place.objects.filter(path=path).select_related("parent").only("code", "parent__name")
    )
    place = prepared.first("xfl/e1/b3")
    assert place is not None and place.parent is not None
    assert (place.code, place.parent.name, place.get_deferred_fields() >= {"levels"}) == ("b3", "e1室", True)


def test_nothing_asked_for_asks_nothing(here: list[Place]) -> None:
    prepared = Prepared(by_paths)
    with CaptureQueriesContext(connection) as asked:
        assert prepared(()) == []
        assert prepared.first(()) is None
    assert len(asked) == 0


def test_the_sql_is_made_once(here: list[Place]) -> None:
    made = []

    def build(path: str) -> QuerySet[Place]:
        made.append(path)
        return Place.objects.filter(path=path)

    prepared = Prepared(build)
    assert [len(prepared(place.path)) for place in here] == [1, 1, 1, 1]
    assert len(made) == 1


def test_shapes_are_bounded(here: list[Place]) -> None:
    prepared = Prepared(by_paths)
    for many in range(1, SHAPES_AT_MOST + 20):
        prepared(["xfl/e1"] + [f"no{n}" for n in range(many)])
    assert len(prepared._made) <= SHAPES_AT_MOST


@pytest.mark.parametrize(
    "build",
    [
        lambda word: Place.objects.filter(name__icontains=word),
        lambda word: Place.objects.filter(path__gte=f"{word}/"),
        lambda word: Place.objects.all(),
        lambda word: Place.objects.filter(path=word).values("id"),
    ],
)
def test_what_cannot_be_prepared_is_refused(build: Build) -> None:
    with pytest.raises(ValueError, match=r"prepared|as it is"):
        Prepared(build)("e1")


def test_rows_are_locked_in_the_words_that_django_lacks_where_rows_are_locked(here: list[Place]) -> None:
    shared = Prepared(lambda path: Place.objects.filter(path=path), lock="FOR SHARE OF places_place")
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        assert [place.code for place in shared("xfl/e1")] == ["e1"]
    [read] = [query["sql"] for query in asked.captured_queries if "places_place" in query["sql"]]
    assert read.endswith("FOR SHARE OF places_place") is connection.features.has_select_for_update
