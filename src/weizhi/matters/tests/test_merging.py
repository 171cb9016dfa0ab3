"""Two people report one lamp: the second report ends, and its people follow the first."""

from datetime import timedelta

import pytest

from weizhi.matters.actions.act import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Party
from weizhi.matters.queries import offers
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key, standing


@pytest.fixture
def merging(stage: Stage) -> Stage:
    text = (
        stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1).replace('name = "stage"', 'name = "merging"')
    )
    stage.adopt(text)
    return stage


def stage_charter() -> str:
    from pathlib import Path

    return Path(__file__).with_name("stage.toml").read_text(encoding="utf-8")


def test_the_second_report_ends_and_its_people_follow_the_first(merging: Stage) -> None:
    first = merging.report("lin")
    second = merging.report("zhao", words="灯又不亮", place="3-1-101")
    merging.act(second, "merge", "zhou", data={"into": first.number})
    ended = merging.matter(second)
    assert (ended.ended_as, ended.counts) == ("merged", "merged")
    assert not Party.objects.waiting().filter(matter=ended).exists()
    follower = Party.objects.get(matter=first.matter_id, relation=Party.FOLLOWER)
    assert follower.who == person_key(merging.people["zhao"].pk)
    assert [entry.verb for entry in merging.matter(first).stream.entries.all()] == ["raise", "joined"]
    assert merging.stands_at(first) == ["sort"]


@pytest.mark.parametrize("wrong", [{}, {"into": 99}, {"into": "x"}, {"into": 2}])
def test_it_must_name_another_matter_that_is_open(merging: Stage, wrong) -> None:
    merging.report("lin")
    second = merging.report("zhao", place="3-1-101")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "zhou", data=wrong)
    assert (refused.value.code, refused.value.field) == ("bad-data", "into")


def mended(stage: Stage, done: Done) -> None:
    """As far as the question whether it is good."""
    stage.act(done, "sort", "zhou", "ours")
    stage.act(done, "handle", "chen", "done")
    stage.act(done, "check", "zhou", "passed")


def joined(stage: Stage) -> Done:
    """One lamp, reported by lin and by zhao, mended."""
    first = stage.report("lin")
    second = stage.report("zhao", words="灯又不亮", place="3-1-101")
    stage.act(second, "merge", "zhou", data={"into": first.number})
    mended(stage, first)
    return first


def asked(stage: Stage, done: Done) -> set[str]:
    keys = Party.objects.waiting().filter(matter=done.matter_id).values_list("who", flat=True)
    return {login for login, person in stage.people.items() if person_key(person.pk) in keys}


def offered(stage: Stage, done: Done, login: str) -> list[str]:
    reader = Reader(stage.matter(done), standing(stage.people[login], stage.now))
    return [offer.kind for offer in offers(reader)]


@pytest.mark.parametrize("order", [("lin", "zhao"), ("zhao", "lin")])
def test_each_who_reported_it_is_asked_and_it_ends_when_all_have_said_good(merging: Stage, order) -> None:
    done = joined(merging)
    assert asked(merging, done) == {"lin", "zhao"}
    merging.act(done, "rate", order[0], "good", data={"stars": 5})
    assert merging.stands_at(done) == ["rate"]
    assert asked(merging, done) == {order[1]}
    assert (offered(merging, done, order[0]), offered(merging, done, order[1])) == ([], ["rate"])
    with pytest.raises(Refused, match="已经评价过"):
        merging.act(done, "rate", order[0], "bad", data={"words": "再想想"})
    merging.act(done, "rate", order[1], "good")
    assert merging.matter(done).ended_as == "done"
    said = merging.matter(done).stream.entries.filter(verb="rate").values_list("actor__login", flat=True)
    assert list(said) == list(order), "each rating is an entry"


def test_one_bad_word_sends_it_back_whatever_the_first_said(merging: Stage) -> None:
    done = joined(merging)
    merging.act(done, "rate", "lin", "good")
    merging.act(done, "rate", "zhao", "bad", data={"words": "我门口还是黑的"})
    assert merging.stands_at(done) == ["handle"]
    merging.act(done, "handle", "chen", "done")
    merging.act(done, "check", "zhou", "passed")
    assert asked(merging, done) == {"lin", "zhao"}, "in the new round everybody is asked again"


def test_who_says_nothing_holds_up_nothing(merging: Stage) -> None:
    done = joined(merging)
    merging.act(done, "rate", "zhao", "good")
    run_due(merging.now + timedelta(days=16))
    rated = merging.matter(done).steps.get(kind="rate")
    assert (rated.outcome, merging.matter(done).ended_as) == ("good", "done")


def test_what_is_merged_while_the_first_is_being_asked_is_asked_as_well(merging: Stage) -> None:
    first = merging.report("lin")
    mended(merging, first)
    second = merging.report("zhao", words="灯又不亮", place="3-1-101")
    merging.act(second, "merge", "zhou", data={"into": first.number})
    assert asked(merging, first) == {"lin", "zhao"}


def test_reporters_go_on_through_a_second_merge(merging: Stage) -> None:
    first, second, third = merging.report("lin"), merging.report("zhao", place="3-1-101"), merging.report("zhou")
    merging.act(second, "merge", "zhou", data={"into": first.number})
    merging.act(first, "merge", "zhou", data={"into": third.number})
    mended(merging, third)
    assert asked(merging, third) == {"lin", "zhao", "zhou"}


def test_the_first_cannot_withdraw_what_others_reported_too_and_they_read_no_more_than_before(merging: Stage) -> None:
    first = merging.report("lin", words="灯坏了，打我电话13800138000")
    second = merging.report("zhao", place="3-1-101")
    merging.act(second, "merge", "zhou", data={"into": first.number})
    for login in ("lin", "zhao"):
        with pytest.raises(Refused, match="不能撤回"):
            merging.act(first, "withdraw", login)
    told = Reader(merging.matter(first), standing(merging.people["zhao"], merging.now)).story()
    assert "13800138000" not in str(told)
    mended(merging, first)
    asked = Reader(merging.matter(first), standing(merging.people["zhao"], merging.now))
    assert "13800138000" not in str(asked.story()), "to be asked whether it is good opens nothing"
    assert "13800138000" in str(Reader(merging.matter(first), standing(merging.people["lin"], merging.now)).story())


def test_an_ended_matter_takes_nothing_in(merging: Stage) -> None:
    first = merging.report("lin")
    merging.act(first, "withdraw", "lin")
    second = merging.report("zhao", place="3-1-101")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "zhou", data={"into": first.number})
    assert refused.value.field == "into"


def test_only_who_handles_it_merges(merging: Stage) -> None:
    first, second = merging.report("lin"), merging.report("lin")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "lin", data={"into": first.number})
    assert refused.value.code == "not-yours"
    assert Matter.objects.filter(ended_at=None).count() == 2
