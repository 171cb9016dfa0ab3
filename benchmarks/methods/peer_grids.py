"""The peers' side of ``benchmarks.methods.grids``: runs where they are installed, without Weizhi."""

import csv
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def timed(run: Callable[[], Any], tell: Callable[[Any], dict[str, Any]]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**spent, "mb": peak, **tell(result)}))


def rows(path: str) -> tuple[Any, int, list[int], list[int], list[int]]:
    """The graph as both partitioners take it: stretches of neighbours."""
    table = np.load(path)
    n, edges = len(table["x"]), table["edges"]
    both = np.concatenate([edges, edges[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    starts = np.searchsorted(both[:, 0], np.arange(n + 1)).tolist()
    return table, round(int(table["households"].sum()) / 400), starts, both[:, 1].tolist(), table["households"].tolist()


def metis(path: str) -> None:
    import pymetis

    _, count, starts, other, weights = rows(path)
    graph = pymetis.CSRAdjacency(starts, other)

    def run() -> Any:
        try:
            return divided(1)
        except RuntimeError:  # METIS refuses to keep parts in one piece where the graph is not
            return divided(0)

    def divided(contiguous: int) -> Any:
        options = pymetis.Options(contig=contiguous)
        return pymetis.part_graph(count, adjacency=graph, vweights=weights, options=options, recursive=False)

    timed(run, lambda found: {"grid": [int(one) for one in found[1]]})


def kahip(path: str) -> None:
    from kahip import FAST, kaffpa

    _, count, starts, other, weights = rows(path)
    ones = [1] * len(other)
    timed(
        lambda: kaffpa(weights, starts, ones, other, count, 0.25, True, 1, FAST),
        lambda found: {"grid": [int(one) for one in found[1]]},
    )


def spopt(path: str) -> None:
    import geopandas
    import libpysal
    from spopt.region import MaxPHeuristic

    table, _, starts, other, weights = rows(path)
    near = {n: other[starts[n] : starts[n + 1]] for n in range(len(weights))}
    frame = geopandas.GeoDataFrame(
        {"x": table["x"], "y": table["y"], "households": weights},
        geometry=geopandas.points_from_xy(table["x"], table["y"]),
    )
    np.random.seed(1)  # spopt draws from the global stream
    model = MaxPHeuristic(frame, libpysal.weights.W(near, silence_warnings=True), ["x", "y"], "households", 300, 2)
    timed(model.solve, lambda _: {"grid": [int(one) for one in model.labels_]})


def red_dwarf(path: str) -> None:
    from reddwarf.implementations.polis import run_pipeline

    with Path(path).open(encoding="utf-8") as file:
        table = list(csv.reader(file))
    with Path(path).with_name("comments.csv").open(encoding="utf-8") as file:
        gone = [int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    votes = [
        {"participant_id": int(row[0]), "statement_id": int(name), "vote": float(vote), "modified": 0}
        for row in table[1:]
        for name, vote in zip(table[0][6:], row[6:], strict=True)
        if vote
    ]
    timed(
        lambda: run_pipeline(votes=votes, mod_out_statement_ids=gone, random_state=1),
        lambda found: {"sizes": np.bincount(found.clusterer.labels_).tolist()},
    )


if __name__ == "__main__":
    {"metis": metis, "kahip": kahip, "spopt": spopt, "red_dwarf": red_dwarf}[sys.argv[1]](*sys.argv[2:])
