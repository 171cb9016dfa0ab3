"""``python -m benchmarks.hall``: an online hall of many: the next statement and an answer over HTTP, and its map.

3,000 simulated people of a few groups on 2,000 statements, of which each answered 30 to 60. Processor milliseconds of
the application and of the database a request, median of five rounds, beside the yardstick of `make bench`. The map is
drawn in a process of its own, as the worker does it, and held against what `methods.opinions` makes of the same
matrix; where the two differ the benchmark fails.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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
[kinds.topic]
title = "议题"
procedure = "topic"
raised_in = "community"
visible = "community"
[procedures.topic]
title = "议事"
[procedures.topic.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "hall"
[procedures.topic.steps.hall]
kind = "discuss"
title = "线上议事厅"
by = ["committee"]
who = ["resident"]
question = "架空层怎么用？"
open_for = "15 days"
statements = { shown = "at-once" }
then = "done"
[procedures.topic.ends]
done = { counts = "solved" }
"""
CLIENTS, ROUNDS = 4, 5
AIM = 30.0  # milliseconds of processor for the next statement
ASKED = re.compile(r'name="statement" value="(\d+)"')
SAID = ("agree", "disagree", "pass")


@dataclass(frozen=True)
class Filled:
    """The hall, its people, their voices, and what each said: by this the map is judged."""

    hall: Any
    people: list[Any]
    voices: list[Any]
    said: list[dict[int, int]]
    numbers: Sequence[int]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hall", description=__doc__)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--statements", type=int, default=2000)
    parser.add_argument("--requests", type=int, default=100, help="of each sort in each round")
    parser.add_argument("--db", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--draw", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.draw:
        draw_alone(arguments.inside)
        return
    if arguments.inside:
        inside(arguments.people, arguments.statements, arguments.requests, arguments.inside)
        return
    for kind in arguments.db or ["sqlite", "postgres"]:
        said = f"{arguments.people:,} people, {arguments.statements:,} statements"
        print(f"\n==> {kind}, {said}, yardstick {yardstick():.0f} ms", flush=True)
        with database(kind) as (environment, postmaster):
            environment["PYTHONPATH"] = os.pathsep.join([os.getcwd(), environment.get("PYTHONPATH", "")])
            command(environment, sys.executable, "-m", "weizhi", "prepare")
            sizes = [f"--{name}={getattr(arguments, name)}" for name in ("people", "statements", "requests")]
            words = [sys.executable, "-m", "benchmarks.hall", *sizes, "--inside", str(postmaster or 1)]
            subprocess.run(words, env=environment, check=True)


def inside(people: int, statements: int, requests: int, postmaster: int) -> None:
    import django

    django.setup()
    store = psutil.Process(postmaster) if postmaster > 1 else None
    with spending("filling", store):
        there = settled(people, statements)
    drawn(there, postmaster)
    by_http(there, requests, store)
    later(there)
    drawn(there, postmaster)


def settled(people: int, statements: int) -> Filled:
    from django.db import connection

    from weizhi.deliberation.models import Hall
    from weizhi.deliberation.taking_part import voice_of
    from weizhi.deliberation.tests.simulated import filled, simulated
    from weizhi.matters.actions.act import raise_matter

    here = peopled(people, CHARTER)
    done = raise_matter(here.community, "topic", by=here.director, data={"words": "架空层空着"}, place=here.home.pk)
    hall = Hall.objects.get(matter=done.matter_id)
    numbers = range(1, statements + 1)
    said = simulated(people, numbers)
    voices = filled(hall, said, [voice_of(hall.pk, one.pk) for one in here.people], numbers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Filled(hall, here.people, voices, said, numbers)


# --- the map -------------------------------------------------------------------------------------------


def drawn(there: Filled, postmaster: int) -> None:
    """As the worker: in a process of its own. Then the groups are compared, person by person."""
    from weizhi.deliberation.tests.simulated import differences, map_of

    words = [sys.executable, "-m", "benchmarks.hall", "--inside", str(postmaster), "--draw"]
    subprocess.run(words, check=True)
    own = map_of(there.said, there.numbers)
    if wrong := differences(there.hall, there.voices, own):
        sys.exit(f"The map is not that of methods.opinions: {', '.join(wrong)}")
    stances, groups = sum(map(len, there.said)), " + ".join(f"{one:,}" for one in own.sizes)
    told = f"groups of {groups}" if groups else f"no groups ({own.why})"
    silhouette = f", silhouette {own.grouping.silhouette:.2f}" if own.grouping else ""
    print(f"    {stances:,} answers: {told}{silhouette}: those of methods.opinions", flush=True)


def draw_alone(postmaster: int) -> None:
    import django

    django.setup()
    from weizhi.deliberation.actions.draw_halls import draw_halls

    with spending("drawing the map", psutil.Process(postmaster) if postmaster > 1 else None):
        if draw_halls() != 1:
            sys.exit("No map waited to be drawn.")


def later(there: Filled) -> None:
    """A minute on: a map is not drawn sooner."""
    from django.db.models import F

    from weizhi.deliberation.actions.draw_halls import NOT_SOONER
    from weizhi.deliberation.models import Hall

    Hall.objects.filter(pk=there.hall.pk).update(drawn_at=F("drawn_at") - NOT_SOONER)


# --- over HTTP -----------------------------------------------------------------------------------------

Send = Callable[[http.client.HTTPConnection, int], None]  # one person, by the place in the list


@dataclass
class Talking:
    """What is sent, and what was said: it goes into the matrix by which the next map is judged."""

    there: Filled
    cookies: dict[int, str]
    asked: dict[int, int]

    def next_page(self, line: http.client.HTTPConnection, person: int) -> None:
        page = self._get(line, person, f"/m/{self.there.hall.matter_id}/hall")
        found = ASKED.search(page)
        if found is None:
            raise RuntimeError("The page asks nothing.")
        self.asked[person] = int(found.group(1))

    def next_by_api(self, line: http.client.HTTPConnection, person: int) -> None:
        told = json.loads(self._get(line, person, f"/api/v1/matters/{self.there.hall.matter_id}/hall/next"))
        self.asked[person] = told["statement"]["n"]

    def result(self, line: http.client.HTTPConnection, person: int) -> None:
        self._get(line, person, f"/m/{self.there.hall.matter_id}/hall/result")

    def answer(self, line: http.client.HTTPConnection, person: int) -> None:
        n, said = self.asked[person], SAID[person % len(SAID)]
        body = urlencode({"statement": n, "said": said, "key": f"k{person}-{n}"})
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        self._send(line, person, "POST", f"/m/{self.there.hall.matter_id}/hall", 302, body, form)
        self.there.said[person][n] = {"agree": 1, "disagree": -1, "pass": 0}[said]

    def _get(self, line: http.client.HTTPConnection, person: int, path: str) -> str:
        return self._send(line, person, "GET", path, 200)

    def _send(
        self, line: http.client.HTTPConnection, person: int, method: str, path: str, status: int,
        body: str | None = None, more: dict[str, str] | None = None,
    ) -> str:  # fmt: skip
        line.request(method, path, body, {"Cookie": self.cookies[person], **(more or {})})
        answer = line.getresponse()
        told = answer.read().decode()
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {told[:300]}")
        return told


def by_http(there: Filled, requests: int, store: psutil.Process | None) -> None:
    """Rounds of each sort by turns, each round by other people."""
    warm = CLIENTS * 4
    many = warm + requests * ROUNDS
    talking = Talking(there, {n: cookie_of(there.people[n]) for n in range(many)}, {})
    sorts: dict[str, Send] = {
        "the next statement, as a page": talking.next_page,
        "the next statement, by the API": talking.next_by_api,
        "an answer": talking.answer,
        "what came of it, as a page": talking.result,
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in sorts}
    with serving(os.environ, store.pid if store else None) as server:
        for turn, people in enumerate([range(warm), *_shares(warm, many, requests)]):
            for name, send in sorts.items():
                before = server.spent()
                _all(server, send, people)
                used = server.spent() - before
                if turn:  # the first is what a process does once
                    spent[name].append((used.web / requests * 1000, used.database / requests * 1000))
    for name, found in spent.items():
        web, base = (statistics.median(one[n] for one in found) for n in (0, 1))
        both = statistics.median(sum(one) for one in found)
        aim = f", aim {AIM:.0f}" if name.startswith("the next") else ""
        print(f"    {name}: {web:.1f} ms, database {base:.1f}, both {both:.1f}{aim}", flush=True)
    print(f"    yardstick {yardstick():.0f} ms", flush=True)


def _shares(first: int, last: int, size: int) -> Iterator[range]:
    yield from (range(start, start + size) for start in range(first, last, size))


def _all(server: Server, send: Send, people: Sequence[int]) -> None:
    """Four clients at a time on lines that stay open."""

    def client(share: Sequence[int]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for person in share:
            send(line, person)
        line.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, [people[n::CLIENTS] for n in range(CLIENTS)]))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
