"""``python -m benchmarks.votes --people 160000 --db postgres``: one vote of many: opened, cast, counted, and by HTTP.

Processor seconds of this process where nothing else is said; they do not hold what the database spends, which is
told beside them. A machine that is shared makes every figure worse: the yardstick of `make bench` is printed too.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.__main__ import command, database
from benchmarks.peopled import TOKEN, cookie_of, peopled
from benchmarks.processes import Server, serving, spending, yardstick

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
CLIENTS, ROUNDS, BATCH = 4, 5, 2000
CHOICES = ("yes", "yes", "no", "abstain")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.votes", description=__doc__)
    parser.add_argument("--people", type=int, default=160_000)
    parser.add_argument("--requests", type=int, default=200, help="ballots over HTTP in each round")
    parser.add_argument("--db", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--filled", action="store_true", help="ballots are put in at once: for what comes after")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--count", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.count:
        count_alone(arguments.count, arguments.inside)
        return
    if arguments.inside:
        inside(arguments.people, arguments.requests, arguments.inside, filled=arguments.filled)
        return
    for kind in arguments.db or ["postgres"]:
        print(f"\n==> {kind}, {arguments.people:,} people, yardstick {yardstick():.0f} ms", flush=True)
        with database(kind) as (environment, postmaster):
            environment = {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.votes_settings"}
            environment["PYTHONPATH"] = os.pathsep.join([os.getcwd(), environment.get("PYTHONPATH", "")])
            command(environment, sys.executable, "-m", "weizhi", "prepare")
            sizes = ["--people", str(arguments.people), "--requests", str(arguments.requests)]
            sizes += ["--filled"] if arguments.filled else []
            words = [sys.executable, "-m", "benchmarks.votes", *sizes, "--inside", str(postmaster or 1)]
            subprocess.run(words, env=environment, check=True)


def inside(people: int, requests: int, postmaster: int, *, filled: bool) -> None:
    import django

    django.setup()
    store = psutil.Process(postmaster) if postmaster > 1 else None
    voters, raise_one = settled(people)
    with spending("opening", store):
        first = raise_one()
    by_http(raise_one(), voters, requests, store)
    with spending("putting in" if filled else "casting", store, per=len(voters)):
        (fill if filled else replay)(first, voters)
    # In a process of its own, as the job is: this one holds all the people.
    words = [sys.executable, "-m", "benchmarks.votes", "--inside", str(postmaster), "--count", str(first.pk)]
    subprocess.run(words, check=True)
    after(first, cookie_of(voters[0]), store)


def count_alone(vote: str, postmaster: int) -> None:
    import django

    django.setup()
    from weizhi.decisions.models import Vote

    found = Vote.objects.get(pk=vote)
    with spending("closing and counting", psutil.Process(postmaster) if postmaster > 1 else None):
        counted(found)


def settled(people: int) -> tuple[list[Any], Callable[[], Any]]:
    """A community with a charter that votes; its people, and how the director raises a vote."""
    from django.db import connection

    from weizhi.decisions.models import Vote
    from weizhi.matters.actions.act import raise_matter

    here = peopled(people, CHARTER)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id char(36) PRIMARY KEY, person char(36), word varchar(20))")
        cursor.execute("ANALYZE")

    def raise_one() -> Any:
        done = raise_matter(here.community, "vote", by=here.director, data={"words": "请大家决定"}, place=here.home.pk)
        return Vote.objects.get(matter=done.matter_id)

    return here.people, raise_one


def replay(vote: Any, voters: Sequence[Any]) -> None:
    from weizhi.decisions.actions.cast import cast

    for n, person in enumerate(voters):
        cast(vote.pk, [CHOICES[n % len(CHOICES)]], by=person)


def fill(vote: Any, voters: Sequence[Any]) -> None:
    """The same ballots, sealed as `cast` seals them and written many at once."""
    from weizhi.decisions.actions.cast import Sending, _receipt_of, _sealed
    from weizhi.decisions.models import Channel, Entitlement, Envelope, Receipt

    lines = {line.person_id: line for line in Entitlement.objects.filter(roll=vote.roll_id)}
    for start in range(0, len(voters), BATCH):
        envelopes = [
            _sealed(
                vote, lines[person.pk], f"person:{person.pk}", [CHOICES[n % len(CHOICES)]],
                Sending(person, Channel.PHONE, datetime.now(UTC)), f"{n:064x}",
            )
            for n, person in enumerate(voters[start : start + BATCH], start)
        ]  # fmt: skip
        Envelope.objects.bulk_create(envelopes)
        Receipt.objects.bulk_create([_receipt_of(envelope) for envelope in envelopes])


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
        look(server, cookies[0], f"/votes/{vote.pk}", f"/votes/{vote.pk}/roll", "/votes")
        memory = larger(server)
    ballot, row = statistics.median(spent["ballot"]), statistics.median(spent["row"])
    print(f"    over HTTP: a ballot {ballot:.2f} ms, one row {row:.2f} ms of processor: {row / ballot:.2f} of its pace")
    print(f"    the larger web process holds {memory} MB", flush=True)


def after(vote: Any, cookie: str, store: psutil.Process | None) -> None:
    """What the web processes hold once many have looked at the result and fetched the file."""
    with serving(os.environ, store.pid if store else None) as server:
        for _twice in range(2):
            look(server, cookie, f"/votes/{vote.pk}", f"/votes/{vote.pk}/roll", f"/votes/{vote.pk}/published.json")
        print(f"    after the count the larger web process holds {larger(server)} MB", flush=True)


def look(server: Server, cookie: str, *paths: str) -> None:
    for path in paths:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        size = len(answer.read())
        print(f"    {path.rsplit('/', 1)[-1][:14]}: {answer.status}, {size // 1024:,} KB", flush=True)
        line.close()


def larger(server: Server) -> int:
    return max(child.memory_info().rss for child in server.web.children(recursive=True)) // 2**20


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
