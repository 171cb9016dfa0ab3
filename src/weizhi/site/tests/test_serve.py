"""``weizhi serve`` as an operator meets it: processes of its own on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import psutil
import pytest
from django.db import connection

from weizhi.record import triggers


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def command(*words):
    return [sys.executable, "-m", "weizhi", *words]


@pytest.fixture
def environment(database_url):
    return {**os.environ, "DATABASE_URL": database_url}


@contextmanager
def serving(environment, port):
    server = subprocess.Popen(command("serve", "--port", str(port)), env=environment)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def health(port):
    """The status once the server answers with something that stands for a minute at most."""
    deadline = time.monotonic() + 60
    status = None
    while status != 200 and time.monotonic() < deadline:
        try:
            status = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = None
        time.sleep(0.1)
    return status


def test_it_serves_mends_itself_and_ends_clean(environment):
    port = free_port()
    with serving(environment, port) as server:
        assert health(port) == 200  # which the job worker's heartbeat makes it
        children = psutil.Process(server.pid).children()
        web = next(child for child in children if "granian" in " ".join(child.cmdline()))
        family = [*children, *web.children(recursive=True)]
        web.kill()
        for worker in web.children(recursive=True):
            worker.kill()
        assert health(port) == 200
    assert server.returncode == 0
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


def test_it_refuses_to_start_without_the_triggers(environment):
    table, name, _ = next(triggers.wanted(connection.vendor))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    told = subprocess.run(
        command("serve", "--port", str(free_port())), env=environment, capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 1
    assert name in told.stderr


def test_a_port_in_use_is_said_plainly(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = subprocess.run(
            command("serve", "--port", str(taken.getsockname()[1])),
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert told.returncode == 1
    assert "请换一个端口" in told.stderr


def test_a_tick_does_the_jobs_once(environment):
    assert subprocess.run(command("tick"), env=environment, timeout=60).returncode == 0


def test_preparing_twice_is_no_harm(environment):
    for _ in range(2):
        assert subprocess.run(command("prepare"), env=environment, timeout=120).returncode == 0
