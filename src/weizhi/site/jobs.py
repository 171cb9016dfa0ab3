"""What happens without anybody asking: timers, notices, the seal. One worker does it; twice at once does no harm."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import connection
from django.utils import timezone

from weizhi.record import clock
from weizhi.record.models import Progress, Root

log = logging.getLogger(__name__)

WOKEN = "woken"
BEAT = 15.0  # seconds between two rows of the heartbeat: often enough to be seen, too seldom to be felt
STILL = timedelta(minutes=5)  # timers that stand longer are a fault (/healthz)


@dataclass(frozen=True)
class Job:
    name: str
    every: float  # seconds
    run: Callable[[], object]


def jobs() -> Iterator[Job]:
    from weizhi.matters.actions.tell import tell
    from weizhi.matters.actions.wake import run_due
    from weizhi.matters.notice_words import words_for
    from weizhi.record.actions.deliver import deliver
    from weizhi.record.actions.seal import seal

    yield Job(WOKEN, 1.0, run_due)
    yield Job("told", 1.0, tell)
    yield Job("sent", 1.0, partial(deliver, words_for))
    yield Job("census", 2.0, import_census)
    yield Job("halls", 15.0, draw_halls)
    yield Job("sealed", 60.0, seal)
    yield Job("rooted", 600.0, publish_roots_of_the_day)
    yield Job("learned", 600.0, learn_at_night)


_beside: "dict[str, subprocess.Popen[bytes]]" = {}


def import_census() -> None:
    """Files of the desk, in a process of their own: a large one takes a minute, and timers must not wait for it."""
    from weizhi.census.actions.work_off import waiting

    beside("census", waiting, "census", "work")


def draw_halls() -> None:
    """Maps of online halls: seconds of processor and a library that no timer needs, so beside them."""
    from weizhi.deliberation.actions.draw_halls import waiting

    beside("halls", lambda: bool(waiting()), "halls", "draw")


def learn_at_night() -> None:
    """Categories, from what officers decided: the first look after two o'clock; some seconds, so beside the timers."""
    from weizhi.reports.actions.learn_nightly import due

    beside("learn", lambda: due(timezone.now()), "reports", "learn", "--nightly")


def beside(name: str, wanted: Callable[[], bool], *words: str) -> None:
    """Start a command in a process of its own where there is something to do; one of a name at a time."""
    running = _beside.get(name)
    if (running is None or running.poll() is not None) and wanted():
        _beside[name] = subprocess.Popen([sys.executable, "-m", "weizhi", *words])


def tick() -> bool:
    """Each job once; whether all went well."""
    done = [attempt(job) for job in jobs()]
    return all(done)


def work(stop: threading.Event) -> None:
    """Each job at its pace until told to stop. A job that fails is tried again, and does not hold up the others."""
    due = dict.fromkeys(jobs(), 0.0)
    while not stop.is_set():
        now = time.monotonic()
        for job, at in due.items():
            if at <= now and not stop.is_set():
                attempt(job)
                due[job] = time.monotonic() + job.every
        stop.wait(max(0.05, min(due.values()) - time.monotonic()))


def attempt(job: Job) -> bool:
    try:
        with clock.counting():
            job.run()
        if job.name == WOKEN:
            beat()
    except Exception:
        log.exception("The job %s failed; it is tried again in %.0f s", job.name, job.every)
        connection.close()  # a broken connection would fail for ever
        return False
    return True


def beat() -> None:
    """Leave a sign that timers ran. The row is written only when the last one has aged."""
    now = timezone.now()
    fresh = Progress.objects.filter(job=WOKEN, at__gt=now - timedelta(seconds=BEAT), at__lte=now).exists()
    if not fresh:
        Progress.objects.update_or_create(job=WOKEN, defaults={"at": now})


def publish_roots_of_the_day() -> None:
    """Once a day, at its first look after midnight."""
    from weizhi.record.actions.publish_root import publish_roots

    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    if not Root.objects.filter(at__gte=midnight).exists():
        publish_roots()


def stand_still() -> bool:
    """Whether timers have not run for too long."""
    return not Progress.objects.filter(job=WOKEN, at__gt=timezone.now() - STILL).exists()
