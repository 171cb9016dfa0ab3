"""Founding, places, grids, posts, households, charters: each verb leaves its row and its entry, or refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from weizhi.charters.loading import load
from weizhi.people.access import standing
from weizhi.people.models import Body, CharterAdoption, CharterText, Holding, Person
from weizhi.places.models import Community, Cover, Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint, dismiss
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.set_grid import recover, set_grid
from weizhi.record.models import Entry, Origin, Stream
from weizhi.record.origin import ClockRefused, made_as, the_clock

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOMES = [
    NewPlace("building", "3", "3 号楼"),
    NewPlace("household", "3-301", "301 室", "3"),
    NewPlace("grid", "g1", "第一网格"),
    NewPlace("grid", "g2", "第二网格"),
]


@pytest.fixture
def community(db: None) -> Community:
    made_as("test", NOW)
    return found_community("xfl", "幸福里", at=NOW)


def entries(community: Community, kind: str) -> list[Entry]:
    return list(Entry.objects.filter(stream__community=community, stream__kind=kind).order_by("n"))


def test_a_community_is_founded_with_its_registers(community: Community) -> None:
    assert set(Stream.objects.values_list("kind", flat=True)) == {"registry", "people", "ledger", "charter"}
    assert Place.objects.get().levels == {"community": "xfl"}
    assert [e.verb for e in entries(community, "registry")] == ["found"]


def test_a_street_stands_above_and_its_level_is_known_below(community: Community) -> None:
    street = found_community("linjiang", "临江街道", level="street", at=NOW)
    below = found_community("jiangwan", "江湾", parent=street, at=NOW)
    assert Place.objects.get(path="jiangwan").levels == {"street": "linjiang", "community": "jiangwan"}
    assert below.parent == street


def test_a_grid_covers_from_a_day_and_another_takes_over(community: Community) -> None:
    places = add_places(community, HOMES, at=NOW)
    set_grid(community, places["g1"], [places["3"]], since=date(2026, 1, 1), at=NOW)
    assert Place.objects.get(code="3-301").at_level("grid") == "xfl/g1"
    set_grid(community, places["g2"], [places["3"]], since=date(2026, 4, 1), at=NOW)
    assert Place.objects.get(code="3-301").at_level("grid") == "xfl/g1", "the new cover begins in April"
    assert recover(community, date(2026, 4, 1)) == 2
    assert Place.objects.get(code="3-301").at_level("grid") == "xfl/g2"
    assert Cover.objects.get(area=places["g1"]).until == date(2026, 4, 1)


def test_a_post_opens_doors_while_it_is_held(community: Community) -> None:
    person = Person.objects.create_user("wang", "王主任")
    committee = Body.objects.create(community=community, key="committee", name="居委会", place=Place.objects.get())
    holding = appoint(community, person, committee, "committee-director", "居委会主任", single=True, at=NOW)
    keys = standing(person, NOW).keys
    assert {"post:committee-director@xfl", "body:committee@xfl"} <= keys
    assert entries(community, "people")[0].id == holding.by_entry
    dismiss(holding, at=NOW + timedelta(days=1))
    dismiss(Holding.objects.get(pk=holding.pk), at=NOW + timedelta(days=2))
    assert Holding.objects.get(pk=holding.pk).until == NOW + timedelta(days=1), "done twice it is done once"
    assert standing(person, NOW).posts
    assert not standing(person, NOW + timedelta(days=2)).posts
    assert [e.verb for e in entries(community, "people")] == ["appoint", "dismiss"]


def test_a_single_seat_has_one_holder(community: Community) -> None:
    one, two = (Person.objects.create_user(login, login) for login in ("one", "two"))
    committee = Body.objects.create(community=community, key="committee", name="居委会", place=Place.objects.get())
    appoint(community, one, committee, "committee-director", "居委会主任", single=True, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        appoint(community, two, committee, "committee-director", "居委会主任", single=True, at=NOW)
    assert len(entries(community, "people")) == 1


def test_a_tenant_lives_where_he_rents_and_an_owner_need_not(community: Community) -> None:
    home = add_places(community, HOMES, at=NOW)["3-301"]
    tenant, owner = (Person.objects.create_user(login, login) for login in ("tenant", "owner"))
    enrol(community, tenant, home, ["tenant"], at=NOW)
    enrol(community, owner, home, ["owner"], share="1/2", at=NOW)
    assert "status:resident@xfl" in standing(tenant, NOW).keys
    assert "status:resident@xfl" not in standing(owner, NOW).keys
    assert "status:owner@xfl/3" in standing(owner, NOW).keys
    assert entries(community, "people")[0].parts.get().grade == 2


def test_a_charter_is_kept_for_ever_and_adopted_from_a_moment(community: Community) -> None:
    charter = load("base")
    adopt_charter(community, charter, at=NOW)
    adopt_charter(community, charter, at=NOW + timedelta(days=1))
    assert CharterText.objects.get().hash == charter.hash
    assert CharterAdoption.objects.count() == 2
    assert entries(community, "charter")[0].public == {"charter": "base", "hash": charter.hash}


def test_the_clock_of_a_live_database_cannot_be_set(db: None) -> None:
    made_as(Origin.MadeAs.LIVE, NOW)
    with pytest.raises(ClockRefused):
        the_clock(NOW)
    with pytest.raises(ClockRefused):
        made_as(Origin.MadeAs.DEMO)
