"""``python -m benchmarks.votes --people 160000 --db postgres``: one vote of many: opened, cast, counted, and by HTTP.

Processor seconds of this process where nothing else is said; they do not hold what the database spends, which is
told beside them. A machine that is shared makes every figure worse: the yardstick of `make bench` is printed too.
"""

import argparse
import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from benchmarks.__main__ import command, database
from benchmarks.processes import Server, seconds, serving, yardstick

CHARTER = """
[charter]
language = 1
name = "bench"
title = "试验"
extends = ["base"]
[electorates.everybody]
title = "全体居民"
of = "residents"
within = "community"
age = 18
secret = true
[kinds.vote]
title = "表决"
procedure = "vote"
raised_in = "community"
visible = "community"
[procedures.vote]
title = "表决"
[procedures.vote.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "decide"
[procedures.vote.steps.decide]
kind = "vote"
title = "表决"
by = ["committee"]
about = "propose"
electorate = "everybody"
rule = "residents-meeting"
open_for = "15 days"
outcomes = { passed = "done", failed = "done", no-quorum = "done" }
[procedures.vote.ends]
done = { counts = "solved" }
"""
A_HOME, CLIENTS, ROUNDS, BATCH = 3, 4, 5, 2000
TOKEN = "a" * 32
CHOICES = ("yes", "yes", "no", "abstain")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.votes", description=__doc__)
    parser.add_argument("--people", type=int, default=160_000)
    parser.add_argument("--requests", type=int, default=200, help="ballots over HTTP in each round")
    parser.add_argument("--db", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        inside(arguments.people, arguments.requests, arguments.inside)
        return
    for kind in arguments.db or ["postgres"]:
        print(f"\n==> {kind}, {arguments.people:,} people, yardstick {yardstick():.0f} ms", flush=True)
        with database(kind) as (environment, postmaster):
            environment = {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.votes_settings"}
            environment["PYTHONPATH"] = os.pathsep.join([os.getcwd(), environment.get("PYTHONPATH", "")])
            command(environment, sys.executable, "-m", "weizhi", "prepare")
            sizes = ["--people", str(arguments.people), "--requests", str(arguments.requests)]
            words = [sys.executable, "-m", "benchmarks.votes", *sizes, "--inside", str(postmaster or 1)]
            subprocess.run(words, env=environment, check=True)


def inside(people: int, requests: int, postmaster: int) -> None:
    import django

    django.setup()
    store = psutil.Process(postmaster) if postmaster > 1 else None
    voters, raise_one = settled(people)
    with spending("opening", store):
        first = raise_one()
    by_http(raise_one(), voters, requests, store)
    with spending("casting", store, per=len(voters)):
        replay(first, voters)
    with spending("closing and counting", store):
        counted(first)


@contextmanager
def spending(what: str, store: psutil.Process | None, per: int = 0) -> Iterator[None]:
    before, base, wall = time.process_time(), seconds(store) if store else 0.0, time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    cpu, lasted = time.process_time() - before, time.monotonic() - wall
    own = f", database {seconds(store) - base:.1f} s" if store else ""
    each = f", {cpu / per * 1000:.2f} ms each" if per else ""
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"    {what}: {cpu:.1f} s of processor{own}{each}, {lasted:.0f} s on the clock, "
        f"memory {memory // 1024} → {highest // 1024} MB",
        flush=True,
    )


def settled(people: int) -> tuple[list[Any], Callable[[], Any]]:
    """A community of homes with three people each; its people, and how the director raises a vote."""
    from django.db import connection

    from weizhi.charters.loading import parse_text
    from weizhi.decisions.models import Vote
    from weizhi.matters.actions.act import raise_matter
    from weizhi.people.models import Body, Person, Residence
    from weizhi.places.models import Place
    from weizhi.record.actions.add_places import NewPlace, add_places
    from weizhi.record.actions.adopt_charter import adopt_charter
    from weizhi.record.actions.appoint import appoint
    from weizhi.record.actions.found_community import found_community
    from weizhi.record.origin import made_as

    made_as("demo")
    since = datetime.now(UTC) - timedelta(days=30)
    here = found_community("bench", "试验社区", at=since)
    checked = parse_text(CHARTER, "bench.toml")
    assert checked.charter is not None, checked.findings
    adopt_charter(here, checked.charter, at=since)
    home = Place.objects.get(community=here, code="bench")
    blocks = [NewPlace("building", f"b{n}", f"{n} 号楼") for n in range(people // 300 + 1)]
    homes = [NewPlace("household", f"h{n}", f"{n} 室", f"b{n // 100}") for n in range(people // A_HOME + 1)]
    places = add_places(here, [*blocks, *homes], at=since)
    made = [Person(login=f"p{n}", name=f"住户{n}", password="!") for n in range(people)]
    Person.objects.bulk_create(made, batch_size=BATCH)
    Residence.objects.bulk_create(
        (
            Residence(community=here, person=one, household=places[f"h{n // A_HOME}"], status="resident", since=since)
            for n, one in enumerate(made)
        ),
        batch_size=BATCH,
    )
    director = Person.objects.create(login="director", name="主任", password="!")
    body = Body.objects.create(community=here, key="committee", place=home, name="居委会")
    appoint(here, director, body, "committee-director", "主任", place=home, at=since)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id char(36) PRIMARY KEY, person char(36), word varchar(20))")
        cursor.execute("ANALYZE")

    def raise_one() -> Any:
        done = raise_matter(here, "vote", by=director, data={"words": "请大家决定"}, place=home.pk)
        return Vote.objects.get(matter=done.matter_id)

    return made, raise_one


def replay(vote: Any, voters: Sequence[Any]) -> None:
    from weizhi.decisions.actions.cast import cast

    for n, person in enumerate(voters):
        cast(vote.pk, [CHOICES[n % len(CHOICES)]], by=person)


def counted(vote: Any) -> None:
    from weizhi.matters.actions.wake import run_due

    run_due(vote.closes_at, matter=vote.matter_id)
    vote.refresh_from_db()
    print(f"    {vote.result['page']}: {vote.result['present']['heads']:,} of {vote.result['roll']['heads']:,}")


# --- over HTTP -----------------------------------------------------------------------------------------


def by_http(vote: Any, voters: Sequence[Any], requests: int, store: psutil.Process | None) -> None:
    """Ballots and single rows by turns, each by other people: processor time of web and database together."""
    people = voters[: requests * ROUNDS * 2]
    cookies = [cookie_of(person) for person in people]
    spent: dict[str, list[float]] = {"ballot": [], "row": []}
    paths = {"ballot": f"/api/v1/votes/{vote.pk}/ballots", "row": "/one-row"}
    with serving(os.environ, store.pid if store else None) as server:
        for what in paths:  # what a process does once
            send(server, paths[what], cookies[-CLIENTS * 4 :], again=True)
        for turn in range(ROUNDS * 2):
            what = ("ballot", "row")[turn % 2]
            before = server.spent()
            send(server, paths[what], cookies[turn * requests : (turn + 1) * requests])
            used = server.spent() - before
            spent[what].append((used.web + used.database) / requests * 1000)
        memory = max(child.memory_info().rss for child in server.web.children(recursive=True)) // 2**20
    ballot, row = statistics.median(spent["ballot"]), statistics.median(spent["row"])
    print(f"    over HTTP: a ballot {ballot:.2f} ms, one row {row:.2f} ms of processor: {row / ballot:.2f} of its pace")
    print(f"    the larger web process holds {memory} MB", flush=True)


def cookie_of(person: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"


def send(server: Server, path: str, cookies: Sequence[str], *, again: bool = False) -> None:
    """Each cookie one request, four clients at a time on lines that stay open."""

    def client(share: Sequence[str]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for n, cookie in enumerate(share):
            body = json.dumps({"choice": CHOICES[n % len(CHOICES)], "key": f"k{n}{again}"})
            line.request(
                "POST", path, body, {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
            )
            answer = line.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {told[:300]!r}")
        line.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, [cookies[n::CLIENTS] for n in range(CLIENTS)]))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
