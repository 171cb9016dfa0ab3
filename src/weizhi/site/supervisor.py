"""Keeps the server's processes alive: starts them, starts them again when they die, ends them together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

STEADY = 30.0  # seconds alive after which a death is a new story, not the same fault again
LONGEST_PAUSE = 30.0
PATIENCE = 15.0  # for a request in work, when all is to end


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        # A group of its own: Ctrl-C at the terminal reaches the supervisor alone, which ends each child in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.started = time.monotonic()

    def end_what_it_left(self) -> None:
        """A server killed outright leaves its workers, which would go on answering at the port; a reloader as well."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def look_after(self, say: Callable[[str], None]) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.deaths = 1 if now - self.started > STEADY else self.deaths + 1
            pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
            self.not_before = now + pause
            self.end_what_it_left()
            self.process = None
            say(f"{self.name} ended with code {code}; it starts again in {pause:.0f} s")


@dataclass
class Supervisor:
    children: list[Child]
    say: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    child.look_after(self.say)
                self.stopping.wait(0.2)
        finally:
            self.end_all()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def end_all(self) -> None:
        started = [(child, child.process) for child in self.children if child.process]
        for _, process in started:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for child, process in started:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            child.end_what_it_left()
