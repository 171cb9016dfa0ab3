"""A vote that cannot open when time opens it: told once, tried again after a day, and nobody else is held up."""

from datetime import datetime, timedelta

import pytest

from weizhi.charters.loading import parse_text
from weizhi.decisions.models import Entitlement, Roll, Vote
from weizhi.decisions.tests.homes import HEAD, Estate, estate
from weizhi.matters.actions.act import Done, act, raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Step
from weizhi.matters.story import Reader
from weizhi.people.access import standing
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.models import Entry, Payload

__all__ = ["estate"]

LATER = """
[kinds.later]
title = "先公示再表决"
procedure = "later"
raised_in = "stairwell"
visible = "community"
always = ["comment", "withdraw"]
[procedures.later]
title = "先公示再表决"
[procedures.later.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "roll"
[procedures.later.steps.roll]
kind = "roll"
title = "公布名册"
by = ["committee"]
electorate = "owners"
for_days = 5
then = "decide"
[procedures.later.steps.decide]
kind = "vote"
title = "表决"
by = ["committee"]
electorate = "owners"
rule = "owners-ordinary"
open_for = "15 days"
outcomes = { passed = "agreed", failed = "refused", no-quorum = "refused" }
[procedures.later.ends]
agreed = { counts = "solved" }
refused = { counts = "refused" }
"""


@pytest.fixture
def matter(estate: Estate) -> Done:
    """Two homes, one of them without an area; the roll's five days are nearly over."""
    checked = parse_text(HEAD + LATER, "later.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(estate.community, checked.charter, at=estate.later())
    estate.homes(1)
    estate.home("2", "o2", area=0)
    return raise_matter(
        estate.community, "later", by=estate.people["wang"], data={"words": "请大家决定"},
        place=estate.places["s1"].pk, at=estate.later(),
    )  # fmt: skip


def roll_of(matter: Done) -> Step:
    return Step.objects.get(matter=matter.matter_id, key="roll")


def time_comes(matter: Done) -> datetime:
    due = roll_of(matter).due
    assert due is not None
    run_due(due)
    return due


def told(matter: Done) -> list[Entry]:
    return list(Entry.objects.filter(stream__matter=matter.matter_id, verb="put-off"))


def test_it_is_on_the_record_once_and_its_owner_is_told(estate: Estate, matter: Done) -> None:
    due = time_comes(matter)
    (entry,) = told(matter)
    parts = {part.part: part.read() for part in Payload.objects.filter(entry=entry)}
    assert "2 等没有登记面积" in parts["words"] and "请先登记" in parts["words"]
    assert parts["tell"] == ["body:committee@xfl"]
    found = Matter.objects.get(pk=matter.matter_id)
    line = Reader(found, standing(estate.people["wang"], due)).story().lines[-1]
    assert line.text == "到时间了，可是下一步还开不了，每天会再试一次。已经告诉居委会。"
    assert not Vote.objects.exists() and Roll.objects.get().frozen_at is None, "nothing of the attempt is left"
    run_due(due + timedelta(days=3))
    assert told(matter) == [entry], "said once"


def test_it_holds_up_nobody(estate: Estate, matter: Done) -> None:
    due = time_comes(matter)
    for at in (due + timedelta(minutes=1), due + timedelta(days=2)):
        done = act(
            matter.matter_id, "comment", by=estate.people["wang"], data={"words": "面积正在查"}, key=str(at), at=at
        )
        assert done.verb == "comment"
    assert roll_of(matter).wakes_at == due + timedelta(days=3), "an act after a day tries it too"


def test_an_act_that_comes_before_the_worker_finds_it_put_off(estate: Estate, matter: Done) -> None:
    due = roll_of(matter).due
    assert due is not None
    act(matter.matter_id, "comment", by=estate.people["wang"], data={"words": "到了吗"}, key="c", at=due)
    verbs = Entry.objects.filter(stream__matter=matter.matter_id).order_by("n").values_list("verb", flat=True)
    assert list(verbs) == ["raise", "put-off", "comment"]


def test_it_is_not_tried_at_every_tick(estate: Estate, matter: Done) -> None:
    due = time_comes(matter)
    assert run_due(due + timedelta(hours=23)) == 0
    assert run_due(due + timedelta(hours=24)) == 1


def test_once_mended_it_opens_by_itself(estate: Estate, matter: Done) -> None:
    due = time_comes(matter)
    home = estate.places["2"]
    home.area_cm2 = 9_000
    home.save(update_fields=["area_cm2"])
    run_due(due + timedelta(days=1))
    vote = Vote.objects.get()
    assert vote.opens_at == due + timedelta(days=1)
    assert Entitlement.objects.get(label="2").area == 9_000, "the roll says what the register says now"
    assert vote.roll.area == 19_000 and roll_of(matter).outcome == "frozen" and not roll_of(matter).memory


def test_another_reason_is_told_again(estate: Estate, matter: Done) -> None:
    due = time_comes(matter)
    estate.home("3", "o3", area=0)  # stands on no roll yet: drawn up five days ago
    Entitlement.objects.filter(label="1").update(area=0)
    estate.places["1"].area_cm2 = 0
    estate.places["1"].save(update_fields=["area_cm2"])
    run_due(due + timedelta(days=1))
    _first, second = told(matter)
    assert "1、2 等" in Payload.objects.get(entry=second, part="words").read()
