import os
import signal
import subprocess
import sys
import time

import pytest

# A supervisor of one child that writes a line with its number and then waits to be ended.
PROGRAM = """
import sys
from weizhi.site.supervisor import Child, Supervisor
child = [sys.executable, "-uc", "import os, time; print(os.getpid()); time.sleep(600)"]
Supervisor([Child("sleeper", child)], say=lambda words: print(words, file=sys.stderr, flush=True)).run()
"""


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(number: int) -> None:
    deadline = time.monotonic() + 20
    while alive(number) and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.fixture
def supervisor():
    process = subprocess.Popen([sys.executable, "-uc", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    yield process
    process.terminate()
    process.communicate(timeout=30)


def test_a_child_that_dies_is_started_again(supervisor):
    first = int(supervisor.stdout.readline())
    os.kill(first, signal.SIGKILL)
    second = int(supervisor.stdout.readline())
    assert second != first
    assert alive(second)
    assert b"sleeper ended with code -9" in supervisor.stderr.readline()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_children_end_with_the_supervisor(supervisor, number):
    child = int(supervisor.stdout.readline())
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=30) == 0
    wait_until_gone(child)
    assert not alive(child)
