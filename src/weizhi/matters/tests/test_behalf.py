"""An officer lends a resident the hand, not the right; nobody else speaks for another."""

import pytest

from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage


def to_rate(stage: Stage, **raised):
    lamp = stage.report(**raised)
    stage.act(lamp, "sort", "zhou", "ours")
    stage.act(lamp, "handle", "chen", "done")
    stage.act(lamp, "check", "zhou", "passed")
    return lamp


def test_an_officer_brings_the_word_of_the_person_who_raised_it(stage: Stage) -> None:
    lamp = to_rate(stage, by="zhou", on_behalf_of=stage.people["zhao"])
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "rate", "zhou", "good")
    assert refused.value.code == "not-yours", "the officer typed it, but it is not the officer's matter"
    stage.act(lamp, "rate", "zhou", "good", on_behalf_of=stage.people["zhao"])
    entry = stage.matter(lamp).stream.entries.last()
    assert (entry.actor, entry.on_behalf_of) == (stage.people["zhou"], stage.people["zhao"])
    assert entry.holding.post == "grid-officer"


def test_the_right_is_measured_by_the_person_acted_for(stage: Stage) -> None:
    lamp = to_rate(stage)
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "rate", "zhou", "good", on_behalf_of=stage.people["zhao"])
    assert refused.value.code == "not-yours"


def test_a_neighbour_may_not_speak_for_another(stage: Stage) -> None:
    lamp = to_rate(stage)
    for verb, rest in (("rate", {"outcome": "good"}), ("comment", {"data": {"words": "她说好"}})):
        with pytest.raises(Refused) as refused:
            stage.act(lamp, verb, "zhao", on_behalf_of=stage.people["lin"], **rest)
        assert refused.value.code == "not-yours"


def test_nobody_speaks_for_an_outsider(stage: Stage) -> None:
    lamp = stage.report()
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "comment", "zhou", data={"words": "他说"}, on_behalf_of=stage.people["guo"])
    assert refused.value.code == "not-yours"


def test_support_counts_for_whom_it_was_given(stage: Stage) -> None:
    lamp = stage.report()
    stage.act(lamp, "support", "zhou", on_behalf_of=stage.people["zhao"])
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "support", "zhao")
    assert refused.value.code == "too-often"
