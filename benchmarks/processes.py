"""The server under measurement, and how much of the processors it and its database used."""

import http.client
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

WORKERS = 2


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time."""

    web: float
    database: float

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(self.web - earlier.web, self.database - earlier.database)


@dataclass(frozen=True)
class Server:
    port: int
    web: psutil.Process
    postmaster: psutil.Process | None

    def spent(self) -> Spent:
        return Spent(seconds(self.web), seconds(self.postmaster) if self.postmaster else 0.0)


def seconds(process: psutil.Process) -> float:
    """A process with all its children, those that have ended included."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        used = one.cpu_times()
        total += used.user + used.system
    ended = process.cpu_times()
    return total + ended.children_user + ended.children_system


def yardstick() -> float:
    """Milliseconds for a fixed piece of Python here and now: machines differ, and so does one machine when shared."""
    times = []
    for _ in range(9):
        start = time.process_time()
        sum(number * number % 7 for number in range(400_000))
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


@contextmanager
def spending(what: str, store: psutil.Process | None, per: int = 0) -> Iterator[None]:
    before, base, wall = time.process_time(), seconds(store) if store else 0.0, time.monotonic()
    memory = highest_memory()
    yield
    cpu, lasted = time.process_time() - before, time.monotonic() - wall
    own = f", database {seconds(store) - base:.1f} s" if store else ""
    each = f", {cpu / per * 1000:.2f} ms each" if per else ""
    print(
        f"    {what}: {cpu:.1f} s of processor{own}{each}, {lasted:.0f} s on the clock, "
        f"memory {memory} → {highest_memory()} MB, yardstick {yardstick():.0f} ms",
        flush=True,
    )


def highest_memory() -> int:
    """MB at most so far. What `getrusage` says begins with the parent's, where Linux tells it for the process alone."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(environment: Mapping[str, str], postmaster: int | None) -> Iterator[Server]:
    """The web workers alone, as ``weizhi serve`` starts them: what the job worker does later is not counted."""
    from weizhi.cli.serve import web_command

    port = free_port()
    process = subprocess.Popen(
        web_command("127.0.0.1", port, WORKERS), env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        wait_until_up(port)
        yield Server(port, psutil.Process(process.pid), psutil.Process(postmaster) if postmaster else None)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not answer within three minutes.")
