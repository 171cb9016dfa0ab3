"""``make bench``: both databases, 100,000 matters, four requests beside ``/healthz``."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.asking import requests
from benchmarks.processes import WORKERS, serving, yardstick
from benchmarks.requests import CLIENTS, ROUNDS, Cost, measure

# Durable, as a community would run it: only the sizes are set.
POSTGRES = ("listen_addresses=''", "max_connections=60", "shared_buffers=512MB")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200, help="in each round")
    parser.add_argument("--db", choices=["sqlite", "postgres"], action="append")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, {WORKERS} web processes, {CLIENTS} clients, median of {ROUNDS} rounds of")
    print(f"{arguments.requests} requests, {arguments.matters:,} matters, Python {sys.version.split()[0]}")
    for kind in arguments.db or ["sqlite", "postgres"]:
        run(kind, arguments.matters, arguments.requests)


def run(kind: str, matters: int, times: int) -> None:
    print(f"\n==> {kind}: loading", flush=True)
    with database(kind) as (environment, postmaster):
        weizhi = [sys.executable, "-m", "weizhi"]
        command(environment, *weizhi, "prepare")
        command(environment, *weizhi, "demo", "--if-empty")
        command(environment, sys.executable, "-m", "benchmarks.load", str(matters))
        with serving(environment, postmaster) as server:
            print("    measuring", flush=True)
            asked = requests(server.port)
            before = yardstick()
            costs = {request.name: measure(server, request, times) for request in asked}
            print_table(kind, costs)
            print(f"A fixed loop of Python took {before:.0f} ms of processor before and {yardstick():.0f} ms after.")


@contextmanager
def database(kind: str) -> Iterator[tuple[dict[str, str], int | None]]:
    from weizhi.tests import postgres

    with tempfile.TemporaryDirectory(prefix="weizhi-bench-", ignore_cleanup_errors=True) as home:
        environment = {**os.environ, "WEIZHI_HOME": home, "WEIZHI_DEMO": "1"}
        environment.pop("DATABASE_URL", None)
        environment["DJANGO_SETTINGS_MODULE"] = "weizhi.site.settings"
        if kind == "sqlite":
            yield environment, None
            return
        with postgres.Cluster(POSTGRES) as cluster:
            yield {**environment, "DATABASE_URL": cluster.url()}, cluster.postmaster()


def command(environment: Mapping[str, str], *words: str) -> None:
    subprocess.run(words, env=environment, check=True)


def print_table(kind: str, costs: Mapping[str, Cost]) -> None:
    base = costs["/healthz"].p95
    print(f"\n{kind:<34}{'CPU ms a request':>34}{'p95':>20}")
    print(f"{'':<34}{'application':>12}{'database':>11}{'both':>11}{'ms':>10}{'× /healthz':>12}")
    for name, cost in costs.items():
        both = cost.web + cost.database
        print(
            f"{name:<34}{cost.web:>12.1f}{cost.database:>11.1f}{both:>11.1f}{cost.p95:>10.1f}{cost.p95 / base:>12.1f}"
        )
    print(flush=True)


if __name__ == "__main__":
    main()
