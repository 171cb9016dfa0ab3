"""Personal numbers stay with those who have to do with a matter: others read them masked, wherever words stand."""

import pytest

from weizhi.matters.models import Matter
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.record.export import Exported
from weizhi.record.models import Payload

PHONE, PLATE = "13800138000", "京A12345"
SAID = f"三楼灯坏了，请打{PHONE}"
FIELD = """
[charter]
language = 1
name = "asks"
title = "还问一句"
extends = ["base"]
[kinds.report]
title = "报事"
procedure = "report"
visible = "community"
[procedures.report]
title = "报事"
[procedures.report.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "什么事" }, { key = "car", type = "text", title = "哪辆车" }]
then = "handle"
[procedures.report.steps.handle]
kind = "handle"
by = ["committee"]
within = "7 days"
outcomes = { done = "done" }
[procedures.report.ends]
done = { counts = "solved" }
"""


def read_by(stage: Stage, matter: Matter, login: str) -> str:
    return str(Reader(matter, standing(stage.people[login], stage.now)).story())


def test_neighbours_read_the_masked_words_and_those_concerned_the_whole(stage: Stage):
    matter = stage.matter(stage.report(words=SAID))
    assert PHONE in read_by(stage, matter, "lin")
    assert PHONE in read_by(stage, matter, "zhou")
    neighbour = read_by(stage, matter, "zhao")
    assert PHONE not in neighbour
    assert "138****8000" in neighbour


def test_a_title_goes_into_every_list_and_is_masked_for_all(stage: Stage):
    assert stage.matter(stage.report(words=SAID)).title == "三楼灯坏了，请打138****8000"


def test_a_follower_is_told_and_learns_no_number(stage: Stage):
    done = stage.report(words=SAID)
    stage.act(done, "follow", "zhao")
    assert PHONE not in read_by(stage, stage.matter(done), "zhao")


def test_what_is_said_later_is_masked_as_well(stage: Stage):
    done = stage.report()
    stage.act(done, "comment", "lin", data={"words": f"车牌{PLATE}"})
    assert PLATE not in read_by(stage, stage.matter(done), "zhao")
    assert PLATE in read_by(stage, stage.matter(done), "wang")


def test_words_without_numbers_are_kept_once(stage: Stage):
    done = stage.report()
    assert list(Payload.objects.filter(entry=done.entry_id).values_list("part", "grade")) == [("words", 1)]


def test_a_field_of_the_charter_is_masked_in_the_same_way(stage: Stage):
    stage.adopt(FIELD)
    matter = stage.matter(stage.report(words="有车堵门", data={"car": PLATE}))
    assert PLATE not in read_by(stage, matter, "zhao")
    assert PLATE in read_by(stage, matter, "lin")


def test_no_export_for_the_community_holds_the_number(stage: Stage):
    stage.report(words=SAID)
    assert PHONE.encode() not in b"".join(Exported(stage.community, 1).lines(stage.now))
    assert PHONE.encode() in b"".join(Exported(stage.community, 2).lines(stage.now))


PUBLIC = """
[bodies.property]
title = "物业公司"
phone = "(0371) 6666-1234"
[kinds.report]
hint = "电梯困人，请先打维保热线13912345678"
"""
NAMED = FIELD.replace("[kinds.report]\n", PUBLIC.lstrip())


@pytest.mark.parametrize(
    "number", ["0371-66661234", "(0371)6666 1234", "139 1234 5678", "12345", "110", "400-800-1234"]
)
def test_what_the_charter_publishes_stays_readable(stage: Stage, number: str):
    stage.adopt(NAMED)
    done = stage.report(words=f"灯坏了，打过{number}，回我{PHONE}", data={"car": f"问{number}"})
    matter = stage.matter(done)
    assert number in matter.title and PHONE not in matter.title
    neighbour = read_by(stage, matter, "zhao")
    assert neighbour.count(number) >= 2 and PHONE not in neighbour


def test_another_landline_is_hidden_and_another_charters_number_too(stage: Stage):
    stage.adopt(NAMED)
    assert "66661235" not in stage.matter(stage.report(words="灯坏了，打0371-66661235")).title
    stage.adopt(FIELD.replace('name = "asks"', 'name = "asks-no-more"'))
    assert "66661234" not in stage.matter(stage.report(words="灯坏了，打0371-66661234")).title
