"""Before something moves each home's way is measured; those that would walk too far are asked; silence is no."""

from collections.abc import Sequence
from datetime import timedelta
from math import cos, degrees, radians

import pytest

from weizhi.charters.loading import parse_text
from weizhi.deliberation.models import Walker, Walking
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Party
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.walking import EARTH
from weizhi.people.access import person_key, standing
from weizhi.places.models import Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Entry, Payload

CENTRE = (119.48, 31.43)
CHARTER = """
[charter]
language = 1
name = "far"
title = "走多远"
extends = ["base"]
[kinds.move]
title = "挪地方"
procedure = "move"
visible = "community"
[procedures.move.steps.plan]
kind = "raise"
by = ["property"]
fields = [
  { key = "words", type = "text" },
  { key = "old", type = "places", title = "原来在哪", required = true },
  { key = "new", type = "place", title = "要挪到哪", required = true },
]
then = "ask"
[procedures.move.steps.ask]
kind = "distance"
title = "量一量、问一问"
at = "estate"
by = ["interested", "committee"]
open_for = "14 days"
from = "plan.old"
to = "plan.new"
limit = 150
%s
outcomes = { near = "moved", agreed = "moved", not-agreed = "stays" }
[procedures.move.ends]
moved = { counts = "solved", title = "可以挪" }
stays = { counts = "refused", title = "不挪" }
"""


def at(east: float, north: float) -> tuple[float, float]:
    return (
        CENTRE[0] + degrees(east / (EARTH * cos(radians(CENTRE[1])))),
        CENTRE[1] + degrees(north / EARTH),
    )


def draw(stage: Stage, code: str, east: float, north: float) -> None:
    lon, lat = at(east, north)
    Place.objects.filter(code=code).update(longitude=lon, latitude=lat)


@pytest.fixture
def estate(stage: Stage) -> Stage:
    return drawn(stage)


def drawn(stage: Stage) -> Stage:
    """Building 3 at the old bins, building 4 between them and the new ones, which lie 250 m to the north."""
    more = [
        NewPlace("building", "4", "4 号楼", "e1"),
        NewPlace("household", "4-101", "101 室", "4"),
        NewPlace("household", "4-201", "201 室", "4"),
        NewPlace("space", "old-bins", "楼前投放点"),
        NewPlace("space", "new-bins", "北门投放点"),
        NewPlace("space", "undrawn", "没画的地方"),
    ]
    add_places(stage.community, more, at=stage.now)
    for code, spot in {"3": (0, 10), "4": (0, 130), "old-bins": (0, 0), "new-bins": (0, 250)}.items():
        draw(stage, code, *spot)
    stage.places = {place.code: place for place in Place.objects.all()}
    return stage


def planned(stage: Stage, words: str = "", old: Sequence[str] = ("old-bins",), new: str = "new-bins") -> Done:
    stage.adopt(CHARTER % words)
    data = {"old": [stage.places[code].pk for code in old], "new": stage.places[new].pk}
    return stage.report("chen", "并成一个投放点", "3", kind="move", data=data)


def answer(stage: Stage, done: Done, by: str, said: str, **data: object) -> Done:
    return stage.act(done, "distance", by, data={"answer": said, **data})


def last(stage: Stage, done: Done) -> Entry:
    return stage.matter(done).stream.entries.order_by("-n")[0]


def test_ways_are_measured_once_and_only_those_who_would_walk_too_far_are_asked(estate: Stage):
    done = planned(estate)
    walking = Walking.objects.get(matter=done.matter_id)
    assert [(row["name"], row["homes"], row["before"], row["after"]) for row in walking.table] == [
        ("3 号楼", 2, 10, 240), ("4 号楼", 2, 130, 120),
    ]  # fmt: skip
    assert set(walking.walkers.values_list("home__code", flat=True)) == {"3-1-101", "3-2-301"}
    entry = last(estate, done)
    assert (entry.verb, entry.public["homes"], entry.public["asked"], entry.public["limit"]) == ("measured", 4, 2, 150)
    assert Payload.objects.get(entry=entry, part="ways").read() == walking.table
    waits = set(Party.objects.filter(matter=done.matter_id, step__key="ask").values_list("who", flat=True))
    assert {person_key(estate.people[login].pk) for login in ("lin", "zhao")} <= waits
    draw(estate, "new-bins", 0, 20)
    assert Walking.objects.get(matter=done.matter_id).table == walking.table, "frozen: nobody moves the goal afterwards"


def test_nobody_is_asked_where_nobody_must_walk_far(estate: Stage):
    draw(estate, "new-bins", 0, 100)
    done = planned(estate)
    assert estate.matter(done).ended_as == "moved"
    assert not Walker.objects.exists()


def test_the_nearest_of_several_counts(estate: Stage):
    draw(estate, "undrawn", 0, 240)
    done = planned(estate, old=("old-bins", "undrawn"))
    assert [(row["before"], row["after"]) for row in Walking.objects.get(matter=done.matter_id).table] == [
        (10, 240), (110, 120),
    ]  # fmt: skip


def test_a_wall_with_its_gate_makes_the_way_longer(estate: Stage):
    wall = {"type": "LineString", "coordinates": [at(-200, 200), at(60, 200)]}
    add_places(estate.community, [NewPlace("wall", "wall", "北围墙", geometry=wall)], at=estate.now)
    done = planned(estate)
    assert Walking.objects.get(matter=done.matter_id).walkers.count() == 4, "building 4 walks round the wall"


def test_all_agree_and_it_may_move(estate: Stage):
    done = planned(estate)
    answer(estate, done, "lin", "yes")
    assert estate.stands_at(done) == ["ask"]
    assert last(estate, done).public == {"asked": 2, "answered": 1} | {
        key: value for key, value in last(estate, done).public.items() if key not in ("asked", "answered")
    }
    assert "yes" not in last(estate, done).public, "what one home said is not everybody's to read"
    answer(estate, done, "zhao", "yes")
    assert estate.matter(done).ended_as == "moved"


def test_one_no_is_enough_where_all_must_agree_and_an_answer_may_be_changed(estate: Stage):
    done = planned(estate)
    answer(estate, done, "lin", "yes")
    answer(estate, done, "lin", "no")
    answer(estate, done, "zhao", "yes")
    assert estate.matter(done).ended_as == "stays"
    assert (last(estate, done).public["yes"], last(estate, done).public["no"]) == (1, 1)


def test_with_a_share_most_are_enough(estate: Stage):
    done = planned(estate, 'need = "1/2"')
    answer(estate, done, "lin", "no")
    answer(estate, done, "zhao", "yes")
    assert estate.matter(done).ended_as == "moved"


def test_who_says_nothing_has_not_agreed(estate: Stage):
    done = planned(estate)
    answer(estate, done, "lin", "yes")
    run_due(estate.now + timedelta(days=20))
    assert (estate.matter(done).ended_as, last(estate, done).verb) == ("stays", "lapse")


def test_the_committee_writes_down_what_a_home_said_at_the_door_and_the_home_itself_has_the_last_word(estate: Stage):
    done = planned(estate)
    home = estate.places["3-1-101"].pk
    answer(estate, done, "wang", "yes", home=home, channel="visit")
    assert Walker.objects.get(home=home).channel == "visit"
    answer(estate, done, "zhao", "no")
    with pytest.raises(Refused) as refused:
        answer(estate, done, "wang", "yes", home=home)
    assert refused.value.code == "too-often"
    assert Walker.objects.get(home=home).said == "no"


def test_who_is_not_asked_answers_for_nobody(estate: Stage):
    done = planned(estate)
    enrol(estate.community, estate.people["zhou"], estate.places["4-101"], ["resident"], at=estate.now)
    for by, data, code in (
        ("zhou", {}, "not-yours"),
        ("lin", {"home": estate.places["3-1-101"].pk}, "not-yours"),
        ("wang", {"home": estate.places["4-101"].pk}, "bad-data"),
        ("guo", {}, "not-found"),
    ):
        with pytest.raises(Refused) as refused:
            answer(estate, done, by, "yes", **data)
        assert refused.value.code == code, by
    with pytest.raises(Refused) as refused:
        estate.act(done, "distance", "lin")
    assert refused.value.field == "answer"


def test_a_place_that_nobody_drew_is_refused_with_what_to_do(estate: Stage):
    with pytest.raises(Refused) as refused:
        planned(estate, new="undrawn")
    assert (refused.value.code, refused.value.field) == ("bad-data", "new")
    assert "没画的地方" in refused.value.message


def test_homes_that_nobody_drew_are_named_in_the_record(estate: Stage):
    Place.objects.filter(code="4").update(longitude=None, latitude=None)
    done = planned(estate)
    assert last(estate, done).public["unmeasured"] == 2


def test_who_moved_in_since_does_not_take_the_word_of_the_home(estate: Stage):
    done = planned(estate)
    assert standing(estate.people["lin"], estate.now).homes
    enrol(estate.community, estate.people["guo"], estate.places["3-1-101"], ["resident"], at=estate.now)
    with pytest.raises(Refused) as refused:
        answer(estate, done, "guo", "yes")
    assert refused.value.code == "not-yours", "he is not among those who were told; the committee writes it down"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('from = "plan.old"', 'from = "plan.words"', "不是地方"),
        ('title = "要挪到哪", required = true', 'title = "要挪到哪"', "可以不填"),
        ('by = ["interested", "committee"]', 'by = ["committee"]', "interested"),
        ("limit = 150", 'limit = 150\nwhen_due = "moved"', "when_due"),
    ],
)
def test_the_checker_says_what_is_missing(old: str, new: str, says: str):
    text = (CHARTER % "").replace(old, new)
    assert any(says in str(finding) for finding in parse_text(text, "far.toml").findings)
    assert parse_text(CHARTER % "", "far.toml").findings == ()
