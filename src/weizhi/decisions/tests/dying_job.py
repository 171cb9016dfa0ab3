"""The counting job in processes of their own, each ended by SIGKILL at one point: `test_killed_count` starts it.

Reads points from its input ("module name before|after", or "none") and answers each with how the job ended.
"""

import importlib
import os
import signal
import sys
from datetime import datetime
from typing import Any


def job(until: datetime, point: str) -> None:
    """What the worker does for what is due, up to the point."""
    from weizhi.matters.actions import wake

    if point != "none":
        patch(*point.split())
    wake.run_due(until)


def patch(module: str, name: str, when: str) -> None:
    where: Any = importlib.import_module(module)
    whole = getattr(where, name)

    def dies(*args: Any, **rest: Any) -> None:
        if when == "after":
            done = whole(*args, **rest)
            if hasattr(done, "__next__"):
                next(done)  # a generator has begun only with its first
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(where, name, dies)


def main(until: datetime) -> None:
    import django

    django.setup()
    for point in sys.stdin:
        child = os.fork()  # before anything asked the database: each job has a connection of its own
        if not child:
            job(until, point.strip())
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
