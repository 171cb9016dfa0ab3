"""What a charter narrows stays with the parties: in the story, in titles and lists, in matters that follow from it."""

import pytest

from weizhi.matters.models import Matter
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.record.models import Payload

CHARTER = """
[charter]
language = 1
name = "narrowed"
title = "收窄的章程"
extends = ["base"]
[kinds.report]
title = "报事"
procedure = "report"
visible = "{kind}"
{title}
always = ["comment", "note"]
[procedures.report]
title = "报事"
[procedures.report.steps.say]
kind = "raise"
by = ["resident"]
{step}
fields = [
  {{ key = "words", type = "text", title = "什么事"{words} }},
  {{ key = "secret", type = "text", title = "内情", visible = "{field}" }},
]
then = "handle"
[procedures.report.steps.handle]
kind = "handle"
title = "办理"
by = ["committee"]
within = "7 days"
outcomes = {{ done = "done" }}
[procedures.report.ends]
done = {{ counts = "solved" }}
"""
NARROWED = {"step": 'visible = "parties"', "words": ', visible = "parties"', "title": 'title_visible = "parties"'}


def raised(stage: Stage, *, kind: str = "community", field: str = "parties", **narrowed: str) -> Matter:
    empty = dict.fromkeys(NARROWED, "")
    stage.adopt(CHARTER.format(kind=kind, field=field, **(empty | narrowed)))
    return stage.matter(stage.report(words="王婶病了", data={"secret": "住院"}))


def read_by(stage: Stage, matter: Matter, login: str) -> str:
    return str(Reader(matter, standing(stage.people[login], stage.now)).story())


@pytest.mark.parametrize("where", NARROWED)
def test_a_title_says_no_word_that_fewer_may_read(stage: Stage, where: str):
    assert raised(stage, **{where: NARROWED[where]}).title == "报事"


def test_a_title_is_what_was_said_where_all_may_read_it(stage: Stage):
    assert raised(stage).title == "王婶病了"


@pytest.mark.parametrize("where", ["step", "words"])
def test_a_neighbour_reads_nothing_of_what_is_narrowed_and_those_concerned_all(stage: Stage, where: str):
    matter = raised(stage, **{where: NARROWED[where]})
    assert "王婶" not in read_by(stage, matter, "zhao") and "住院" not in read_by(stage, matter, "zhao")
    for login in ("lin", "wang"):
        assert "王婶" in read_by(stage, matter, login) and "住院" in read_by(stage, matter, login)


def test_a_field_narrowed_to_a_building_is_not_for_the_whole_community(stage: Stage):
    matter = raised(stage, field="building")
    assert "王婶" in read_by(stage, matter, "zhao") and "住院" not in read_by(stage, matter, "zhao")


def test_what_belongs_to_the_parties_leaves_with_no_export_for_the_community(stage: Stage):
    matter = raised(stage, kind="parties")
    stage.act(matter.pk, "note", "wang", data={"words": "先打电话"})
    assert set(Payload.objects.filter(entry__stream=matter.pk).values_list("grade", flat=True)) == {2}
