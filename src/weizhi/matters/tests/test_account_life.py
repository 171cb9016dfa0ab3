"""Moved away, died, stood twice in the register, asked to be erased: what ends, what goes over, what remains."""

import pytest

from weizhi.matters.actions.act import act
from weizhi.matters.actions.erase_person import NOBODY_NOW, erase_person
from weizhi.matters.actions.merge_people import merge_people
from weizhi.matters.models import Matter, Party
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people import vault
from weizhi.people.access import person_key, standing
from weizhi.people.models import Erasure, Holding, Person, Residence
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.publish_root import publish_root
from weizhi.record.actions.record_death import record_death
from weizhi.record.export import write_record
from weizhi.record.models import Entry, Payload
from weizhi.record.verify_record import main as verify

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_FILE = tmp_path / "keys.json"


def double_of_lin(stage: Stage) -> Person:
    double = Person.objects.create_user("lin2", "林姨")
    vault.put(double, vault.PHONE, PHONE)
    double.save()
    enrol(stage.community, double, stage.places["3-2-301"], ["resident"], at=stage.now)
    enrol(stage.other, double, stage.places["9-101"], ["tenant"], at=stage.now)
    stage.people["lin2"] = double
    return double


# --- stood twice ----------------------------------------------------------------------------------------


def test_homes_matters_and_the_number_go_over_once_each(stage: Stage):
    lin, double = stage.people["lin"], double_of_lin(stage)
    own, other = stage.report(), stage.report(by="lin2", words="电梯响")
    for login in ("lin", "lin2"):
        stage.act(other if login == "lin" else own, "follow", login)
    stage.act(own, "support", "lin2")
    merge_people(lin, double, by=stage.people["wang"], at=stage.later(minutes=1))
    assert not Party.objects.filter(who=person_key(double.pk)).exists()
    relations = Party.objects.filter(who=person_key(lin.pk), step=None).values_list("matter", "relation")
    assert sorted(r for m, r in relations if m == other.matter_id) == ["follower", "raiser"]
    homes = Residence.objects.open_at(stage.now).filter(person=lin).values_list("household__code", "status")
    assert sorted(homes) == [("3-2-301", "owner"), ("3-2-301", "resident"), ("9-101", "tenant")]
    assert not Residence.objects.open_at(stage.now).filter(person=double).exists()
    lin.refresh_from_db(), double.refresh_from_db()
    assert (vault.get(lin, vault.PHONE), vault.get(double, vault.PHONE)) == (PHONE, "")
    assert not double.is_active
    assert Entry.objects.filter(verb="merge-people").count() == 2, "in each community concerned"


def test_a_request_to_be_erased_goes_over_and_two_become_one(stage: Stage):
    lin, double, wang = stage.people["lin"], double_of_lin(stage), stage.people["wang"]
    ask = {"ground": "moved", "asked_at": stage.now}
    Erasure.objects.create(community=stage.community, person=lin, asked_by=lin, **ask)
    Erasure.objects.create(community=stage.community, person=double, asked_by=double, **ask)
    Erasure.objects.create(community=stage.other, person=double, asked_by=double, **ask)
    merge_people(lin, double, by=wang, at=stage.later(minutes=1))
    still = Erasure.objects.filter(settled_at__isnull=True).order_by("community__slug")
    assert [(row.person, row.community) for row in still] == [(lin, stage.other), (lin, stage.community)]


def test_nobody_is_merged_with_himself_or_with_somebody_gone(stage: Stage):
    lin, wang = stage.people["lin"], stage.people["wang"]
    with pytest.raises(Refused, match="同一条"):
        merge_people(lin, lin, by=wang, at=stage.now)
    double = double_of_lin(stage)
    merge_people(lin, double, by=wang, at=stage.now)
    with pytest.raises(Refused, match="停用"):
        merge_people(lin, double, by=wang, at=stage.now)


# --- died -----------------------------------------------------------------------------------------------


def test_homes_and_posts_end_and_nobody_signs_in(stage: Stage):
    chen = stage.people["chen"]
    enrol(stage.other, chen, stage.places["9-101"], ["resident"], at=stage.now)
    record_death(chen, by=stage.people["wang"], at=stage.later(minutes=1))
    chen.refresh_from_db()
    assert not chen.is_active
    assert not standing(chen, stage.now).posts and not standing(chen, stage.now).homes
    assert Holding.objects.filter(person=chen).exists(), "that it was so stays"
    assert Entry.objects.filter(verb="died").values_list("community", flat=True).distinct().count() == 2


# --- asked to be erased ---------------------------------------------------------------------------------


def erased(stage: Stage, login: str = "lin", second: str = "zhou") -> int:
    return erase_person(
        stage.community, stage.people[login], by=stage.people["wang"], second=stage.people[second],
        ground="consent-withdrawn", at=stage.later(minutes=1),
    )  # fmt: skip


def test_words_name_and_number_go_and_the_proof_holds(stage: Stage, tmp_path):
    lin = stage.people["lin"]
    vault.put(lin, vault.PHONE, PHONE)
    lin.save()
    done = stage.report(words=f"三楼灯坏了，找林姨{PHONE}")
    stage.act(done, "sort", "zhou", "ours", data={"words": "马上去"})
    assert erased(stage) == 2
    lin.refresh_from_db()
    assert (lin.name, lin.phone_blind, lin.is_active, lin.erased_at) == (NOBODY_NOW, "", False, stage.now)
    matter = stage.matter(done)
    assert matter.title == "报事"
    told = str(Reader(matter, standing(stage.people["wang"], stage.now)).story())
    assert "三楼灯坏了" not in told and "林姨" not in told and "一位居民" in told
    assert "马上去" in told, "what an officer said in a post remains"
    publish_root(stage.community, stage.now)
    folder = write_record(stage.community, tmp_path / "out", grade=2)
    assert verify([str(folder), "--root", str(folder / "root.json")]) == 0
    assert PHONE not in (folder / "record.jsonl").read_text()


def test_whoever_holds_a_post_is_dismissed_first(stage: Stage):
    with pytest.raises(Refused, match="先免去职务"):
        erased(stage, "chen")


def test_one_alone_erases_nobody(stage: Stage):
    stage.report()
    with pytest.raises(Refused, match="两个人"):
        erased(stage, second="wang")
    stage.people["lin"].refresh_from_db()
    assert stage.people["lin"].erased_at is None
    assert Payload.objects.filter(entry__actor=stage.people["lin"]).exists()


def test_a_home_in_another_community_keeps_the_account(stage: Stage):
    enrol(stage.other, stage.people["lin"], stage.places["9-101"], ["tenant"], at=stage.now)
    stage.report()
    assert erased(stage) == 1
    lin = Person.objects.get(login="lin")
    assert lin.is_active and lin.erased_at is None
    assert standing(lin, stage.now).communities == {stage.other.pk}


def test_what_was_written_down_for_the_person_goes_as_well(stage: Stage):
    done = stage.report(by="zhou", words="林姨家的灯坏了", on_behalf_of=stage.people["lin"])
    act(done.matter_id, "comment", by=stage.people["zhao"], data={"words": "我家也是"}, at=stage.later(minutes=1))
    erased(stage)
    left = [part.read() for part in Payload.objects.filter(entry__stream=done.matter_id, part="words")]
    assert left == ["我家也是"]


def test_the_title_goes_from_what_the_report_opened_as_well(stage: Stage):
    done = stage.report(words="林姨家漏水")
    step = stage.matter(done).steps.get(closed_at=None)
    child = Matter.objects.get(pk=stage.report(by="zhou", words="林姨家漏水").matter_id)
    Matter.objects.filter(pk=child.pk).update(opened_by=step)
    erased(stage)
    assert stage.matter(done).title == Matter.objects.get(pk=child.pk).title == "报事"
