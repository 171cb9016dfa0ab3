"""``weizhi serve``: web workers and one job worker, kept alive; ``weizhi tick``: the jobs once, or for ever."""

import argparse
import os
import signal
import socket
import sys
import threading
from typing import Any

THREADS = 4  # of each web process
WAITING = 64  # requests that a web process takes in before others must wait at the door


def register(sub: Any) -> None:
    serve = sub.add_parser("serve", help="Serve the pages and do the jobs; starts again what dies")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    serve.add_argument("--workers", type=int, default=2, help="web processes (default 2)")
    serve.add_argument("--reload", action="store_true", help="for developers: one web process that follows the files")
    serve.set_defaults(run=run)
    tick = sub.add_parser("tick", help="Do once what is due: timers, notices, the seal")
    tick.add_argument("--forever", action="store_true", help="go on every second, as the job worker of serve does")
    tick.set_defaults(run=run_tick)


def web_command(host: str, port: int, workers: int) -> list[str]:
    options = ["--interface", "wsgi", "--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
    # Each thread holds a connection to the database; more threads than this only wait for each other.
    size = ["--workers", str(workers), "--blocking-threads", str(THREADS), "--backpressure", str(WAITING)]
    return [
        sys.executable, "-m", "granian", *options, *size, "--host", host, "--port", str(port),
        "weizhi.site.wsgi:application",
    ]  # fmt: skip


def reloading_command(host: str, port: int) -> list[str]:
    return [sys.executable, "-m", "weizhi", "manage", "runserver", f"{host}:{port}"]


def run(arguments: argparse.Namespace) -> int:
    from weizhi.site.supervisor import Child, Supervisor

    host, port = arguments.host, arguments.port

    if reason := why_not(host, port):
        print(f"weizhi serve：{reason}", file=sys.stderr)
        return 1
    children = [
        Child("web", reloading_command(host, port) if arguments.reload else web_command(host, port, arguments.workers)),
        Child("jobs", [sys.executable, "-m", "weizhi", "tick", "--forever"]),
    ]
    Supervisor(children, say=lambda words: print(f"weizhi serve：{words}", file=sys.stderr, flush=True)).run()
    return 0


def why_not(host: str, port: int) -> str | None:
    """What would make serving wrong (a record that anybody could change) or impossible (a port in use)."""
    from weizhi.site.health import faults_of_the_database

    if faults := faults_of_the_database():
        return " ".join(faults)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            return f"{host}:{port} 用不了（{error.strerror}）。请换一个端口，例如 PORT={port + 1} make run。"
    return None


def run_tick(arguments: argparse.Namespace) -> int:
    from weizhi.site import jobs

    if not arguments.forever:
        return 0 if jobs.tick() else 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    jobs.work(stop)
    return 0
