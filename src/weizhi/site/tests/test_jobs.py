import subprocess
import threading
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.conftest import stage as stage  # a fixture
from weizhi.record import clock
from weizhi.record.models import Origin, Progress
from weizhi.site import jobs
from weizhi.site.jobs import Job


def fail():
    raise RuntimeError("the disk is full")


def test_a_tick_does_every_job_and_leaves_a_heartbeat(db):
    assert jobs.tick()
    assert not jobs.stand_still()


def test_timers_that_never_ran_stand_still(db):
    assert jobs.stand_still()


def test_timers_stand_still_after_five_minutes(db):
    jobs.beat()
    Progress.objects.filter(job=jobs.WOKEN).update(at=timezone.now() - timedelta(minutes=4))
    assert not jobs.stand_still()
    Progress.objects.filter(job=jobs.WOKEN).update(at=timezone.now() - timedelta(minutes=6))
    assert jobs.stand_still()


def test_the_heartbeat_is_not_written_each_second(db, django_assert_num_queries):
    jobs.beat()
    with django_assert_num_queries(1):
        jobs.beat()


def test_timers_that_fail_leave_no_heartbeat(transactional_db, caplog):
    assert not jobs.attempt(Job(jobs.WOKEN, 1.0, fail))
    assert jobs.stand_still()
    assert "The job woken failed" in caplog.text


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_job_that_fails_does_not_hold_up_the_others(transactional_db, monkeypatch, order):
    stop, done = threading.Event(), []

    def count():
        done.append(1)
        if len(done) == 3:
            stop.set()

    both = [Job("broken", 0.01, fail), Job("good", 0.01, count)]
    monkeypatch.setattr(jobs, "jobs", lambda: iter([both[n] for n in order]))
    jobs.work(stop)
    assert len(done) == 3


def test_in_a_demo_the_worker_goes_by_the_demos_clock(db, settings):
    settings.DEMO = True
    Origin.objects.create(made_as=Origin.MadeAs.DEMO, made_at=timezone.now())
    clock.move_on(timedelta(days=3))
    seen: list[datetime] = []
    assert jobs.attempt(Job("look", 1.0, lambda: seen.append(clock.now())))
    assert seen[0] - timezone.now() > timedelta(days=2, hours=23)
    assert jobs.attempt(Job(jobs.WOKEN, 1.0, lambda: None))
    assert not jobs.stand_still(), "the heartbeat is the machine's"


def test_learning_starts_beside_the_timers_once(stage: Stage, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    started: list[list[str]] = []

    class Running:
        def __init__(self, words: list[str]) -> None:
            started.append(words[1:])

        def poll(self) -> None:
            return None

    monkeypatch.setattr(subprocess, "Popen", Running)
    monkeypatch.setattr(jobs, "_beside", {})
    assert "learned" in [job.name for job in jobs.jobs()]
    jobs.learn_at_night()
    jobs.learn_at_night()
    assert started == [["-m", "weizhi", "reports", "learn", "--nightly"]]
