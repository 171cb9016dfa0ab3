"""The generic step kinds, each by a small charter of its own: what it writes, where it leads, what it refuses."""

from datetime import timedelta
from fractions import Fraction

import pytest

from weizhi.matters.actions.wake import run_due
from weizhi.matters.kinds.check import combined
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key, standing
from weizhi.people.models import Body, Person
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.set_grid import set_grid
from weizhi.record.models import Entry

HEAD = """
[charter]
language = 1
name = "kinds"
title = "步骤"
extends = ["base"]
[kinds.thing]
title = "一件事"
procedure = "thing"
visible = "community"
relations = ["works-supervisor"]
[procedures.thing.steps.say]
kind = "raise"
by = ["resident", "grid-officer"]
"""
ENDS = """
[procedures.thing.ends]
done = { counts = "solved" }
no = { counts = "refused" }
"""


def adopt(stage: Stage, body: str) -> None:
    stage.adopt(HEAD + body + ENDS)


def thing(stage: Stage, **rest: object) -> object:
    return stage.report(kind="thing", words="一件事", **rest)  # type: ignore[arg-type]


FORK = """
then = "both"
[procedures.thing.steps.both]
kind = "fork"
branches = { first = "property-part", second = "committee-part" }
need = "NEED"
rest = "REST"
outcomes = { met = "done", unmet = "no" }
[procedures.thing.steps.property-part]
kind = "handle"
by = ["property"]
outcomes = { done = "both.yes", cannot = "both.no" }
[procedures.thing.steps.committee-part]
kind = "handle"
by = ["committee"]
outcomes = { done = "both.yes", cannot = "both.no" }
"""


def fork(need: str = "all", rest: str = "cancel") -> str:
    return FORK.replace("NEED", need).replace("REST", rest)


def test_a_fork_ends_when_every_branch_has_done_its_part(stage: Stage) -> None:
    adopt(stage, fork())
    it = thing(stage)
    assert stage.stands_at(it) == ["both", "committee-part", "property-part"]
    stage.act(it, "handle", "chen", "done", step="property-part")
    assert stage.stands_at(it) == ["both", "committee-part"]
    stage.act(it, "handle", "wang", "done")
    assert stage.matter(it).ended_as == "done"


def test_one_refusal_decides_a_fork_that_needs_all_and_cancels_the_rest(stage: Stage) -> None:
    adopt(stage, fork())
    it = thing(stage)
    stage.act(it, "handle", "chen", "cannot")
    assert stage.matter(it).ended_as == "no"
    assert Step.objects.get(matter=it.matter_id, key="committee-part").outcome == "cancelled"
    with pytest.raises(Refused, match="已经结束"):
        stage.act(it, "handle", "wang", "done")


def test_any_branch_is_enough_where_the_charter_says_so(stage: Stage) -> None:
    adopt(stage, fork("any"))
    it = thing(stage)
    stage.act(it, "handle", "chen", "cannot")
    assert stage.stands_at(it) == ["both", "committee-part"]
    stage.act(it, "handle", "wang", "done")
    assert stage.matter(it).ended_as == "done"


EACH = """
fields = [{ key = "where", type = "places", title = "涉及哪里", required = true }]
then = "how-many"
[procedures.thing.steps.how-many]
kind = "route"
routes = [
  { when = [{ gate = "grids-concerned", at_least = 2 }], to = "each", because = "涉及两个以上网格" },
  { to = "one" },
]
[procedures.thing.steps.each]
kind = "fork"
for_each = "grids-concerned"
first = "grid-part"
need = "all"
outcomes = { met = "done", unmet = "no" }
[procedures.thing.steps.grid-part]
kind = "handle"
at = "grid"
by = ["grid-officer"]
outcomes = { done = "each.yes", cannot = "each.no" }
[procedures.thing.steps.one]
kind = "handle"
by = ["grid-officer"]
outcomes = { done = "done", cannot = "no" }
"""


def test_a_route_says_why_and_a_branch_stands_in_each_grid_concerned(stage: Stage) -> None:
    adopt(stage, EACH)
    made = add_places(stage.community, [NewPlace("building", "5", "5 号楼", "e1")], at=stage.now)
    set_grid(stage.community, stage.places["g2"], [made["5"]], since=stage.now.date(), at=stage.now)
    qian = Person.objects.create_user("qian", "小钱")
    station = Body.objects.get(community=stage.community, key="station")
    appoint(stage.community, qian, station, "grid-officer", "网格员", place=stage.places["g2"], at=stage.now)
    stage.people["qian"] = qian
    it = thing(stage, data={"where": [str(stage.places["3"].pk), str(made["5"].pk)]})
    entry = Entry.objects.get(stream=it.matter_id, n=1)
    assert entry.public["because"] == ["涉及两个以上网格"]
    parts = Step.objects.open().filter(matter=it.matter_id, key="grid-part")
    assert set(parts.values_list("path", flat=True)) == {"xfl/g1", "xfl/g2"}
    stage.act(it, "handle", "zhou", "done")
    with pytest.raises(Refused, match="网格员"):
        stage.act(it, "handle", "zhou", "done")  # the other grid's part is not his
    stage.act(it, "handle", "qian", "done")
    assert stage.matter(it).ended_as == "done"


def test_a_route_takes_the_other_way_for_one_grid(stage: Stage) -> None:
    adopt(stage, EACH)
    it = thing(stage, data={"where": [str(stage.places["3"].pk)]})
    assert stage.stands_at(it) == ["one"]
    with pytest.raises(Refused, match="涉及哪里"):
        thing(stage)


def test_places_that_people_named_are_told_by_their_names(stage: Stage) -> None:
    adopt(stage, EACH)
    it = thing(stage, data={"where": [str(stage.places[code].pk) for code in ("3", "3-2")]})
    told = Reader(stage.matter(it), standing(stage.people["lin"], stage.now)).story().lines[0].fields
    assert told == (("涉及哪里", "、".join(stage.places[code].called for code in ("3", "3-2"))),)
    assert stage.places["3-2"].called.startswith(stage.places["3"].name)


OPEN = """
then = "ask-them"
[procedures.thing.steps.ask-them]
kind = "open"
opens = "sub"
outcomes = { agreed = "done", refused = "no", withdrawn = "no", merged = "no" }
[kinds.sub]
title = "小事"
procedure = "sub"
visible = "community"
[procedures.sub.steps.begin]
kind = "raise"
by = ["resident"]
then = "work"
[procedures.sub.steps.work]
kind = "handle"
by = ["committee"]
outcomes = { yes = "agreed", no = "turned-down" }
[procedures.sub.ends]
agreed = { counts = "solved" }
turned-down = { counts = "refused" }
"""


@pytest.mark.parametrize(("outcome", "ended"), [("yes", "done"), ("no", "no")])
def test_a_matter_opens_another_and_goes_on_with_how_it_ended(stage: Stage, outcome: str, ended: str) -> None:
    adopt(stage, OPEN)
    it = thing(stage)
    child = Matter.objects.get(opened_by__matter=it.matter_id)
    assert child.top_id == it.matter_id
    assert stage.stands_at(it) == ["ask-them"]
    assert Party.objects.waiting().filter(matter=it.matter_id).exists(), "a waiting step has an owner too"
    stage.act(child.pk, "handle", "wang", outcome)
    assert stage.matter(it).ended_as == ended
    assert [e.verb for e in Entry.objects.filter(stream=it.matter_id).order_by("n")] == ["raise", "returned"]


ASSIGN = """
then = "people"
[procedures.thing.steps.people]
kind = "assign"
by = ["raiser"]
relations = { works-supervisor = 1 }
then = "watch"
[procedures.thing.steps.watch]
kind = "check"
by = ["works-supervisor"]
not_by = ["raiser"]
criteria = ["合格证", "清理干净"]
outcomes = { passed = "done", failed = "no" }
"""


TITLED = HEAD.replace("relations = [", 'relation_titles = { works-supervisor = "监工" }\nrelations = [')


def test_a_part_is_given_to_a_person_who_then_checks_by_criteria(stage: Stage) -> None:
    stage.adopt(TITLED + ASSIGN + ENDS)
    it = thing(stage)
    zhao, guo = stage.people["zhao"], stage.people["guo"]
    with pytest.raises(Refused, match="不属于本社区"):
        stage.act(it, "assign", "lin", data={"people": {"works-supervisor": [str(guo.pk)]}})
    with pytest.raises(Refused, match="要选 1 个人"):
        stage.act(it, "assign", "lin", data={"people": {}})
    stage.act(it, "assign", "lin", data={"people": {"works-supervisor": [str(zhao.pk)]}})
    assert Party.objects.filter(matter=it.matter_id, relation="works-supervisor", who=person_key(zhao.pk)).exists()
    for audience, told in (("resident", "林姨定了由谁来办：监工"), ("desk", "林姨指定了人：监工")):
        lines = Reader(stage.matter(it), standing(zhao, stage.now), audience).story().lines
        assert [line.text for line in lines if line.verb == "assign"] == [told], "to whom, and nobody's name"
    with pytest.raises(Refused, match="还没有确认：清理干净"):
        stage.act(it, "check", "zhao", "passed", data={"met": ["合格证"]})
    stage.act(it, "check", "zhao", "passed", data={"met": ["合格证", "清理干净"]})
    assert stage.matter(it).ended_as == "done"


def test_who_is_simply_asked_to_do_it_leaves_no_empty_place_in_the_sentence(stage: Stage) -> None:
    adopt(stage, ASSIGN.replace("works-supervisor = 1", "assignee = 1").replace("works-supervisor", "assignee"))
    it = thing(stage)
    stage.act(it, "assign", "lin", data={"people": {"assignee": [str(stage.people["zhao"].pk)]}})
    lines = Reader(stage.matter(it), standing(stage.people["wang"], stage.now), "desk").story().lines
    assert [line.text for line in lines if line.verb == "assign"] == ["林姨指定了人"]


FOUR_EYES = """
then = "count"
[procedures.thing.steps.count]
kind = "check"
by = ["property"]
second_person = "committee-director"
outcomes = { passed = "done", failed = "no" }
"""


def test_four_eyes_need_a_second_person_of_the_named_post(stage: Stage) -> None:
    adopt(stage, FOUR_EYES)
    it = thing(stage)
    stage.act(it, "check", "chen", "passed")
    assert stage.stands_at(it) == ["count"]
    with pytest.raises(Refused, match="还要等别人"):
        stage.act(it, "check", "chen", "passed")
    stage.act(it, "check", "wang", "passed")
    assert stage.matter(it).ended_as == "done"


def test_a_tie_of_voices_goes_to_the_outcome_listed_last(stage: Stage) -> None:
    adopt(stage, FOUR_EYES)
    it = thing(stage)
    stage.act(it, "check", "chen", "passed")
    stage.act(it, "check", "wang", "failed")
    assert stage.matter(it).ended_as == "no"


@pytest.mark.parametrize(
    ("how", "totals", "result"),
    [("mean", [90, 80, 85], Fraction(85)), ("median", [1, 2, 9, 100], Fraction(11, 2)),
     ("drop-extremes", [0, 80, 90, 100], Fraction(85)), ("drop-extremes", [70, 90], Fraction(80))],
)  # fmt: skip
def test_scores_combine_exactly(how: str, totals: list[int], result: Fraction) -> None:
    assert combined(totals, how) == result


WAIT = """
then = "answer"
[procedures.thing.steps.answer]
kind = "wait"
for = "statement"
by = ["committee"]
within = "10 days"
when_due = "board"
then = "board"
[procedures.thing.steps.board]
kind = "publish"
what = ["result"]
for_days = 7
marks = "answered"
then = "done"
"""


def test_a_statement_is_awaited_and_the_board_stands_its_days(stage: Stage) -> None:
    stage.adopt(HEAD + WAIT + ENDS.replace('no = { counts = "refused" }', ""))
    said, silent = thing(stage), thing(stage)
    with pytest.raises(Refused, match="还没有写内容"):
        stage.act(said, "wait", "wang")
    stage.act(said, "wait", "wang", data={"words": "说明如下"})
    assert stage.stands_at(said) == ["board"]
    run_due(stage.now + timedelta(days=8))
    assert stage.matter(said).ended_as == "done"
    assert Step.objects.get(matter=said.matter_id, key="board").mark == "answered"
    run_due(stage.now + timedelta(days=11))
    assert stage.stands_at(silent) == ["board"]
    assert Step.objects.get(matter=silent.matter_id, key="answer").outcome == ">board"


CLOCK = """
then = "work"
[procedures.thing.steps.work]
kind = "handle"
by = ["property"]
within = "5 days"
stops_clock = ["ask"]
outcomes = { done = "done", unclear = "ask" }
[procedures.thing.steps.ask]
kind = "wait"
for = "statement"
by = ["raiser"]
within = "10 days"
when_due = "no"
then = "work"
"""


def test_the_clock_stands_still_while_the_reporter_is_asked(stage: Stage) -> None:
    adopt(stage, CLOCK)
    it = thing(stage)
    first = Step.objects.get(matter=it.matter_id, key="work")
    stage.act(it, "handle", "chen", "unclear", at=stage.now + timedelta(days=1))
    stage.act(it, "wait", "lin", data={"words": "是三单元"}, at=stage.now + timedelta(days=4))
    second = Step.objects.get(matter=it.matter_id, key="work", round=2)
    assert first.due is not None
    assert second.due is not None
    # Five days from Monday the 2nd end on Saturday, so on Monday the 9th; with three days' pause on Tuesday the 10th:
    # the weekend is not added twice.
    assert (first.due.date().day, second.due.date().day) == (9, 10)


def test_a_step_outside_every_grid_has_an_owner(stage: Stage) -> None:
    it = stage.report(place="square")
    waits = Party.objects.waiting().filter(matter=it.matter_id).values_list("who", flat=True)
    assert list(waits) == ["body:committee@xfl"]
    stage.act(it, "sort", "wang", "ours")
