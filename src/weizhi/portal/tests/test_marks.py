"""What was marked on a walk: on the map and as a list, while it takes in and after; for whoever sees the walk."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from weizhi.charters.loading import parse_text
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.places.models import Place
from weizhi.portal.tests.conftest import Enter
from weizhi.record import clock

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[kinds.walk]
title = "边走边看"
procedure = "walk"
visible = "community"
holds = ["mark"]
[kinds.mark]
title = "标一处"
procedure = "mark"
held_by = "walk"
visible = "community"
[procedures.walk.steps.plan]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "走哪里" }]
then = "walking"
[procedures.walk.steps.walking]
kind = "intake"
title = "边走边标"
of = "mark"
sorts = "say.how"
within = "3 days"
then = "walked"
[procedures.walk.ends]
walked = { counts = "solved" }
[procedures.mark.steps.say]
kind = "raise"
by = ["resident"]
fields = [
  { key = "how", type = "choice", title = "怎么样", required = true, choices = [
    { key = "good", title = "好" },
    { key = "bad", title = "不好" },
  ] },
  { key = "words", type = "text", title = "看到什么" },
]
then = "kept"
[procedures.mark.ends]
kept = { counts = "elsewhere", title = "记下了" }
"""
HOUSE = {"type": "Polygon", "coordinates": [[[119.48, 31.43], [119.49, 31.43], [119.49, 31.44], [119.48, 31.43]]]}


@pytest.fixture
def walk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Done:
    stage.adopt(CHARTER)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    done = stage.report("wang", kind="walk", words="走一圈", place="3-2")
    for words, how in (("花坛好看", "good"), ("门口积水", "bad"), ("灯不亮", "bad")):
        stage.report("lin", kind="mark", words=words, place="3-2", data={"how": how})
    return done


def test_marks_stand_in_lists_by_what_was_said_of_the_place(walk: Done, enter: Enter, query_budget: Budget):
    client = enter("zhao")
    with query_budget(PAGE):
        body = client.get(f"/m/{walk.matter_id}/marks").content.decode()
    assert "一共 3 处" in body and body.index("花坛好看") < body.index("不好") < body.index("门口积水")
    assert f"to={walk.matter_id}" in body and "小区的图还没有画出来" in body
    assert f"/m/{walk.matter_id}/marks" in client.get(f"/m/{walk.matter_id}").content.decode()


def test_on_a_drawn_map_they_stand_at_the_place_or_the_nearest_above_it(walk: Done, enter: Enter):
    Place.objects.filter(path="xfl/e1/3").update(geometry=HOUSE)
    body = enter("zhao").get(f"/m/{walk.matter_id}/marks").content.decode()
    assert "look-0" in body and "不好 2 处" in body and "没有画在图上" not in body


def test_when_it_is_over_it_is_one_entry_with_how_many_of_each(walk: Done, enter: Enter, stage: Stage):
    run_due(stage.later(days=5))
    entry = Matter.objects.get(pk=walk.matter_id).stream.entries.get(verb="taken-in")
    assert entry.public["n"] == 3 and entry.public["sorted"] == {"好": 1, "不好": 2}
    client = enter("zhao")
    assert "3 件：好 1、不好 2" in client.get(f"/m/{walk.matter_id}").content.decode()
    assert "to=" not in client.get(f"/m/{walk.matter_id}/marks").content.decode()


def test_others_find_none_and_a_matter_without_marks_has_no_such_page(walk: Done, enter: Enter, stage: Stage):
    assert enter("guo").get(f"/m/{walk.matter_id}/marks").status_code == 404
    report = stage.report("lin", place="3-2")
    assert enter("lin").get(f"/m/{report.matter_id}/marks").status_code == 404


@pytest.mark.parametrize("sorts", ["say.words", "say.what", "plan.words"])
def test_only_a_choice_that_nobody_leaves_out_sorts_them(sorts: str):
    told = parse_text(CHARTER.replace("say.how", sorts), "here.toml").findings
    assert any("必填的选项" in one.message for one in told)
