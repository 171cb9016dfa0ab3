"""Learning each night: once a day, only where somebody decided something, and each community by itself."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from weizhi.matters.tests.conftest import Stage
from weizhi.reports.actions import learn_nightly as nightly
from weizhi.reports.actions.learn_nightly import due, learn_nightly, night_of
from weizhi.reports.suggesting import model_path
from weizhi.reports.tests.test_suggesting import category, decide, home  # noqa: F401 — a fixture: where models lie

DAY = timedelta(days=1)


@pytest.fixture
def decided(stage: Stage) -> Stage:
    decide(stage, "钟点工没来扫地", "service", 10)
    decide(stage, "合唱团少个唱低音的", "culture", 10)
    return stage


def test_what_was_decided_in_the_day_is_known_the_next(decided: Stage):
    assert category(decided, "钟点工没来") == ""
    assert due(decided.now)
    assert learn_nightly(decided.now) == ["xfl"]
    assert category(decided, "钟点工没来") == "service"


def test_once_a_night_and_then_no_query_but_that_for_the_communities(decided: Stage, django_assert_num_queries):
    learn_nightly(decided.now)
    with django_assert_num_queries(1):
        assert not due(decided.now)
    assert due(decided.now + DAY)


def test_where_nobody_decided_anything_nothing_is_learned_again(decided: Stage, django_assert_num_queries):
    learn_nightly(decided.now)
    written = model_path("xfl").stat().st_mtime_ns
    with django_assert_num_queries(1 + 2):  # the communities, and what was decided in each of the two
        assert learn_nightly(decided.now + DAY) == []
    assert model_path("xfl").stat().st_mtime_ns == written
    decide(decided, "钟点工又没来扫地", "service", 1)
    assert learn_nightly(decided.now + 2 * DAY) == ["xfl"]


def test_killed_before_the_note_it_is_learned_again(decided: Stage, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as killed:
        killed.setattr(nightly, "_write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            learn_nightly(decided.now)
    assert due(decided.now)
    assert learn_nightly(decided.now) == ["xfl"]


def test_a_fault_in_one_community_leaves_the_others(decided: Stage, monkeypatch: pytest.MonkeyPatch, caplog):
    def fail(community):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(nightly, "learn_from", fail)
    assert learn_nightly(decided.now) == []
    assert "Nothing could be learned in xfl" in caplog.text
    assert not due(decided.now), "the next night is soon enough"
    monkeypatch.undo()
    assert learn_nightly(decided.now + DAY) == ["xfl"]


def test_too_few_decisions_are_looked_at_once_a_night(stage: Stage):
    decide(stage, "钟点工没来扫地", "service", 3)
    assert learn_nightly(stage.now) == []
    assert not model_path("xfl").exists() and not due(stage.now)


def test_a_note_that_is_none_is_written_anew(decided: Stage):
    learn_nightly(decided.now)
    model_path("xfl").with_suffix(".json").write_text("rubbish")
    assert due(decided.now)
    assert learn_nightly(decided.now) == ["xfl"]
    assert json.loads(model_path("xfl").with_suffix(".json").read_text())["decided"] == 20


def test_the_day_begins_at_two():
    late = datetime(2026, 3, 3, 1, 59, tzinfo=timezone.get_default_timezone())
    assert night_of(late).isoformat() == "2026-03-02"
    assert night_of(late + timedelta(minutes=1)).isoformat() == "2026-03-03"
