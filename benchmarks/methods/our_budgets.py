"""Weizhi's side of ``benchmarks.methods.budgets``, one count in a process of its own, as JSON."""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from weizhi.methods.budgeting import Ballots, Election, Project, Rule, count, read

RULES = {
    "greedy_cost": Rule("greedy", "cost", ties="lexicographic"),
    "greedy_card": Rule("greedy", "cardinality", ties="lexicographic"),
    "mes_cost": Rule("mes", "cost", ties="lexicographic"),
    "mes_card": Rule("mes", "cardinality", ties="lexicographic"),
    "phragmen": Rule("phragmen", ties="lexicographic"),
    "mes_cost_add1": Rule("mes", "cost", "add1", stop_when_exhaustive=True, ties="lexicographic"),
}
LENGTHS = (0.1, 0.17, 0.18, 0.15, 0.4)  # of ballots with one to five projects, about as in Łódź


def timed(load: Callable[[], Election], rule: Rule) -> None:
    began = time.process_time()
    election = load()
    loaded, wall = time.process_time(), time.perf_counter()
    outcome = count(election, rule)
    print(
        json.dumps(
            {
                "cpu": time.process_time() - loaded,
                "wall": time.perf_counter() - wall,
                "load": loaded - began,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "winners": outcome.selected,
            }
        )
    )


def invented() -> tuple["np.typing.NDArray[np.int64]", "np.typing.NDArray[np.int64]", tuple[Project, ...], Fraction]:
    """A million ballots; popular projects draw as Zipf would have it. The same every time."""
    dice = np.random.default_rng(4)
    lengths = dice.choice(np.arange(1, 6), size=1_000_000, p=LENGTHS)
    popular = 1 / np.arange(4, 204) ** 0.8
    # five different projects for every ballot: the largest of popularity^(1/exponential) keys
    starts = np.concatenate([[0], np.cumsum(lengths)])
    items = np.empty(starts[-1], dtype=np.int64)
    for begin in range(0, 1_000_000, 50_000):
        keys = np.log(popular) + dice.gumbel(size=(50_000, 200)).astype(np.float32)
        best = np.argpartition(-keys, 5, axis=1)[:, :5]
        kept = np.arange(5) < lengths[begin : begin + 50_000, None]
        items[starts[begin] : starts[begin + 50_000]] = best[kept]
    costs = random.Random(4)
    projects = tuple(Project(f"P{n:03}", Fraction(costs.randint(20, 2_000) * 1_000)) for n in range(200))
    return starts, items, projects, Fraction(60_000_000)


def million(source: str) -> None:
    starts, items, projects, budget = invented()
    if source == "arrays":
        timed(lambda: Election(projects, budget, Ballots.merged(starts, items)), RULES["mes_cost"])
    else:
        from_file(starts.tolist(), items, projects, budget)


def from_file(
    ends: list[int], items: "np.typing.NDArray[np.int64]", projects: tuple[Project, ...], budget: Fraction
) -> None:
    names = np.array([project.id for project in projects])[items].tolist()
    lines = [f"{n};{','.join(names[ends[n] : ends[n + 1]])};40;F;internet" for n in range(1_000_000)]
    head = f"META\nkey;value\nbudget;{budget}\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n"
    rows = "".join(f"{one.id};{one.cost};{one.id}\n" for one in projects)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.pb"
        path.write_text(
            f"{head}{rows}VOTES\nvoter_id;vote;age;sex;voting_method\n" + "\n".join(lines), encoding="utf-8"
        )
        del names, lines, items
        timed(lambda: read(path), RULES["mes_cost"])


if __name__ == "__main__":
    if sys.argv[1] == "million":
        million(sys.argv[2])
    else:
        timed(lambda: read(sys.argv[2]), RULES[sys.argv[3]])
