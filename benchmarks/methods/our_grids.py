"""Weizhi's side of ``benchmarks.methods.grids``: one measurement in a process of its own, as JSON."""

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse.csgraph
import scipy.sparse.linalg
import scipy.spatial.distance  # noqa: F401 — like the peers', our libraries are loaded before the clock starts
from ortools.graph.python import min_cost_flow  # noqa: F401

from weizhi.methods.division import Range, Units, divide, insert, moved, read
from weizhi.methods.matching import Volunteer, Wish, pair
from weizhi.methods.opinions import Votes, draw
from weizhi.methods.opinions import read as read_votes


def timed(run: Callable[[], Any], tell: Callable[[Any], dict[str, Any]]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**spent, "mb": peak, **tell(result)}))


def graph(units: str, edges: str, out: str) -> None:
    """Write the graph that all programs divide."""
    found = read(Path(units), edges=Path(edges) if edges else None)
    np.savez(out, x=found.x, y=found.y, households=found.households, edges=found.edges, estate=found.estate)


def loaded(path: str) -> Units:
    table = np.load(path)
    ids = tuple(str(n) for n in range(len(table["x"])))
    return Units(ids, table["x"], table["y"], table["households"], table["edges"], table["estate"])


def grids(path: str) -> None:
    units = loaded(path)
    timed(lambda: divide(units, Range.of(300, 500)), lambda division: {"grid": division.grid.tolist()})


def inserts(path: str) -> None:
    """Put 100 buildings in, each beside one that stands, as large as one that stands."""
    units, chance = loaded(path), random.Random(1)
    before = divide(units, Range.of(300, 500))
    near: list[list[int]] = [[] for _ in range(len(units))]
    for a, b in units.edges.tolist():
        near[a].append(b)
        near[b].append(a)

    def run() -> Any:
        division = before
        for n in range(100):
            at = chance.randrange(len(units))
            beside = [str(one) for one in (at, *near[at][:2])]
            large = int(units.households[chance.randrange(len(units))])
            division = insert(
                division, f"n{n}", x=units.x[at] + 5, y=units.y[at] + 5, households=large, neighbours=beside
            )
        return division

    timed(
        run,
        lambda after: {
            "moved": moved(before, after) / int(units.households.sum()),
            "within": after.within(),
            "connected": after.connected(),
        },
    )


def opinions(path: str) -> None:
    votes = read_votes(Path(path))
    timed(lambda: draw(votes), lambda found: {"sizes": found.sizes, "silhouette": found.grouping.silhouette})


def one_more(path: str) -> None:
    found = draw(read_votes(Path(path)))
    person, statement = found.votes.participants[9], found.votes.statements[300]
    timed(lambda: found.with_vote(person, statement, 1), lambda after: {"sizes": after.sizes})


def million() -> None:
    chance = np.random.default_rng(1)
    people, statements = 10_000, 1_000
    camp, leaning = chance.integers(0, 3, people), chance.normal(size=(3, statements))
    rows, columns = np.nonzero(chance.random((people, statements)) < 0.1)
    values = np.clip(np.rint(leaning[camp[rows], columns] + chance.normal(size=len(rows))), -1, 1).astype(np.int8)
    names = tuple(map(str, range(people))), tuple(map(str, range(statements)))
    votes = Votes(*names, rows, columns, values, np.zeros(statements, dtype=np.bool_))
    timed(lambda: draw(votes), lambda found: {"sizes": found.sizes, "silhouette": found.grouping.silhouette})


def pairs(count: str) -> None:
    dice, n = random.Random(1), int(count)
    skills, times = "abcdefgh", [str(slot) for slot in range(21)]

    def place() -> tuple[float, float]:
        return dice.random() * 8000, dice.random() * 8000

    wishes = [
        Wish(f"w{i}", *place(), dice.choice(skills), frozenset(dice.sample(times, 3)), dice.choice([1, 1, 1, 2, 3]))
        for i in range(n)
    ]
    helpers = [
        Volunteer(
            f"v{i}", *place(), frozenset(dice.sample(skills, 2)), frozenset(dice.sample(times, 5)), dice.randrange(6)
        )
        for i in range(n)
    ]
    timed(lambda: pair(wishes, helpers), lambda found: {"gap": found.gap, "cost": found.cost})


if __name__ == "__main__":
    {
        "graph": graph,
        "grids": grids,
        "inserts": inserts,
        "opinions": opinions,
        "one_more": one_more,
        "million": million,
        "pairs": pairs,
    }[sys.argv[1]](*sys.argv[2:])
