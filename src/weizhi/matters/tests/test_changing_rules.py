"""Changing the rules: two people, a check against the levels above, and matters that keep what they began with."""

import pytest

from weizhi.charters.loading import Library
from weizhi.matters.actions.confirm_charter import confirm_charter
from weizhi.matters.actions.decline_charter import decline_charter
from weizhi.matters.actions.propose_charter import propose_charter
from weizhi.matters.deciding import BadCharter, check_for
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, CharterDraft, Person
from weizhi.places.models import Place
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.found_community import found_community
from weizhi.record.binding import CharterContradicts, contradicting_below, in_force
from weizhi.record.models import Entry

DISTRICT = """
[charter]
language = 1
name = "district"
title = "区里的规定"
extends = ["base"]
level = "district"
"""


BASE = Library()("base")
assert BASE is not None
HANDLE = 'title = "办理"\nby = ["property", "grid-officer", "committee"]\nwithin = '
QUICKER = BASE[1].replace(f'{HANDLE}"5 working days"', f'{HANDLE}"2 working days"')


@pytest.fixture
def second(stage: Stage) -> Person:
    """Another member of the committee."""
    person = Person.objects.create_user("ma", "马委员")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, person, committee, "committee-member", "居委会委员", at=stage.later(seconds=1))
    return person


def test_a_change_is_in_force_when_a_second_person_has_confirmed_it(stage: Stage, second: Person):
    old = stage.report()
    before = in_force(stage.community, stage.now)
    draft = propose_charter(stage.community, QUICKER, by=stage.people["wang"], why="快一点", at=stage.later(minutes=1))
    assert in_force(stage.community, stage.later(minutes=1)).charter.hash == before.charter.hash
    adoption = confirm_charter(draft.pk, by=second, at=stage.later(minutes=1))
    new = stage.report()
    assert (stage.matter(old).charter_id, stage.matter(new).charter_id) == (before.charter.hash, draft.hash)
    assert adoption.source == QUICKER and draft.hash != before.charter.hash
    for done in (old, new):
        stage.act(done, "sort", "zhou", "ours")
    due = {step.matter_id: step.due for step in Step.objects.open().filter(key="handle")}
    assert due[new.matter_id] < due[old.matter_id]


def test_the_record_names_both(stage: Stage, second: Person):
    draft = propose_charter(stage.community, QUICKER, by=stage.people["wang"], at=stage.later(minutes=1))
    confirm_charter(draft.pk, by=second, at=stage.later(minutes=1))
    proposed, adopted = Entry.objects.filter(stream__kind="charter", community=stage.community).order_by("-n")[:2][::-1]
    assert (proposed.verb, proposed.actor, adopted.verb, adopted.actor) == (
        "propose", stage.people["wang"], "adopt", second,
    )  # fmt: skip
    assert adopted.public["proposal"] == str(proposed.pk) and adopted.public["hash"] == proposed.public["hash"]


def test_nobody_changes_the_rules_alone_or_from_outside(stage: Stage, second: Person):
    draft = propose_charter(stage.community, QUICKER, by=stage.people["wang"], at=stage.later(minutes=1))
    for by in (stage.people["wang"], stage.people["lin"], stage.people["guo"], stage.people["zhou"]):
        with pytest.raises(Refused, match="not-yours"):
            confirm_charter(draft.pk, by=by, at=stage.later(minutes=1))
    with pytest.raises(Refused, match="not-yours"):
        propose_charter(stage.community, QUICKER, by=stage.people["lin"], at=stage.now)
    decline_charter(draft.pk, by=second, at=stage.later(minutes=1))
    with pytest.raises(Refused, match="closed"):
        confirm_charter(draft.pk, by=second, at=stage.later(minutes=1))


def test_of_two_changes_to_the_same_rules_the_second_must_begin_anew(stage: Stage, second: Person):
    first = propose_charter(stage.community, QUICKER, by=stage.people["wang"], at=stage.later(minutes=1))
    other = QUICKER.replace('title = "通用底本"', 'title = "我们的"')
    later = propose_charter(stage.community, other, by=stage.people["wang"], at=stage.later(minutes=1))
    confirm_charter(first.pk, by=second, at=stage.later(minutes=1))
    with pytest.raises(Refused, match="换过了"):
        confirm_charter(later.pk, by=second, at=stage.later(minutes=1))


def test_a_charter_with_a_fault_is_refused_with_its_line(stage: Stage):
    wrong = QUICKER.replace('then = "sort"', 'then = "sorted"')
    with pytest.raises(BadCharter) as refused:
        propose_charter(stage.community, wrong, by=stage.people["wang"], at=stage.later(minutes=1))
    line = 1 + QUICKER[: QUICKER.index('then = "sort"')].count("\n")
    assert refused.value.line == f"charter.toml:{line}" and refused.value.findings[0].nearest == "sort"
    assert not CharterDraft.objects.exists()


def test_what_a_level_above_adopted_binds_whether_or_not_it_is_extended(stage: Stage):
    street = found_community("street", "街道", level="street", at=stage.now)
    stage.community.parent = street
    stage.community.save()
    checked = check_for(street, DISTRICT, stage.now)
    adopt_charter(street, checked.charter, source=DISTRICT, at=stage.later(minutes=1))
    slower = QUICKER.replace('within = "2 working days"', 'within = "9 working days"')
    extended = slower.replace('name = "base"', 'name = "ours"\nextends = ["district"]', 1)
    for text in (slower, extended):
        findings = check_for(stage.community, text, stage.now).findings
        line = 1 + text[: text.index('within = "9 working days"')].count("\n")
        assert [finding.line for finding in findings if finding.file == "charter.toml"] == [line]
        assert "5 个工作日" in findings[0].message
    loose = check_for(found_community("free", "无上级", at=stage.now), slower, stage.now)
    assert loose.charter is not None
    with pytest.raises(CharterContradicts):
        adopt_charter(stage.community, loose.charter, source=slower, at=stage.now)


def test_a_change_above_names_every_charter_below_that_would_contradict(stage: Stage):
    street = found_community("street", "街道", level="street", at=stage.now)
    for community in (stage.community, stage.other):
        community.parent = street
        community.save()
    adopted = check_for(stage.community, QUICKER, stage.now).charter
    adopt_charter(stage.community, adopted, source=QUICKER, at=stage.later(minutes=1))
    stricter = DISTRICT + QUICKER[QUICKER.index("[kinds.report]") :].replace("2 working days", "3 working days")
    above = check_for(street, stricter, stage.now).charter
    assert set(contradicting_below(street, above, stricter, stage.now)) == {stage.other.name}


def test_a_street_s_rules_are_changed_by_the_street_s_own_body(stage: Stage):
    street = found_community("street", "街道", level="street", at=stage.now)
    adopt_charter(street, check_for(street, BASE[1], stage.now).charter, source=BASE[1], at=stage.later(minutes=1))
    clerk = Person.objects.create_user("he", "何科长")
    office = Body.objects.create(
        community=street, key="street-office", name="街道办", place=Place.objects.get(path="street")
    )
    appoint(street, clerk, office, "street-clerk", "办事员", at=stage.later(seconds=1))
    draft = propose_charter(street, QUICKER, by=clerk, at=stage.later(minutes=1))
    with pytest.raises(Refused, match="街道办事处"):
        confirm_charter(draft.pk, by=stage.people["wang"], at=stage.now)
