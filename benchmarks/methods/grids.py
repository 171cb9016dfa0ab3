"""Grids, opinion maps and pairings against their peers: ``python -m benchmarks.methods.grids [grids|opinions|pairs]``.

Each program measures in a process of its own with one thread, by turns, so that all meet the same machine; the tables
give medians. Libraries and files are loaded before the clocks start; memory is the process's peak. ``WEIZHI_PEERS``
names a Python that has pymetis, kahip, spopt (with geopandas) and red-dwarf, ``WEIZHI_SHARED`` the folder of data.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.methods.budgets import LIMIT, SHARED, once

LEAST, MOST = 300, 500
PLACES = (
    ("Lujiazui, 500", "lujiazui-buildings.geojson", "", ("metis", "kahip", "spopt")),
    ("estates, 5,000", "estates-5000.csv", "estates-5000-edges.csv", ("metis", "kahip")),
    ("New York, 50,000", "nyc-50000.csv", "nyc-50000-edges.csv", ("metis", "kahip")),
)
VOTES = SHARED / "data/opinions/american-assembly.bowling-green/participants-votes.csv"


def by_turns(rounds: int, programs: dict[str, tuple[str, ...]]) -> dict[str, dict[str, Any]]:
    """Each program's last answer with its medians; nothing of a program that once took more than the limit."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
    slow: set[str] = set()
    for _ in range(rounds):
        for name, (python, *words) in programs.items():
            try:
                found[name] += [] if name in slow else [once(python, *words)]
            except subprocess.TimeoutExpired:
                slow.add(name)
    return {
        name: {**runs[-1], **{key: statistics.median(run[key] for run in runs) for key in ("cpu", "wall", "mb")}}
        for name, runs in found.items()
        if name not in slow
    }


def grids(rounds: int, peer: str) -> None:
    print("| data | program | within range | connected | dispersion m | CPU s | wall s | MB | × METIS |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, units, edges, peers in PLACES:
            graph = str(Path(folder) / "graph.npz")
            places = SHARED / "data/places"
            write_graph(str(places / units), str(places / edges) if edges else "", graph)
            programs = {"Weizhi": (sys.executable, "our_grids.py", "grids", graph)}
            programs |= {one: (peer, "peer_grids.py", one, graph) for one in peers}
            told = by_turns(rounds, programs)
            for program in programs:
                if program not in told:
                    print(f"| {name} | {program} | more than {LIMIT} s | | | | | | |", flush=True)
                    continue
                run = told[program]
                within, connected, dispersion = judged(graph, run["grid"])
                print(
                    f"| {name} | {program} | {within:.4f} | {connected:.3f} | {dispersion:.1f} | {run['cpu']:.3f} "
                    f"| {run['wall']:.3f} | {run['mb']:.0f} | {run['cpu'] / told['metis']['cpu']:.1f} |",
                    flush=True,
                )
            if units.startswith("estates"):
                inserted = by_turns(1, {"": (sys.executable, "our_grids.py", "inserts", graph)})[""]
    print("\n| 100 buildings put into estates, 5,000 | households moved | connected | within range | CPU ms each |")
    print("|---|---|---|---|---|")
    print(
        f"| Weizhi | {inserted['moved']:.2%} | {inserted['connected']:.3f} | {inserted['within']:.4f} "
        f"| {inserted['cpu'] * 10:.1f} |"
    )


def write_graph(units: str, edges: str, out: str) -> None:
    from benchmarks.methods.our_grids import graph

    graph(units, edges, out)


def judged(graph: str, grid: list[int]) -> tuple[float, float, float]:
    """All programs' grids by one measure; a part a partitioner left empty is no grid."""
    from weizhi.methods.division import Division, Range, Units

    table = np.load(graph)
    label = np.unique(np.array(grid), return_inverse=True)[1].astype(np.int64)
    ids = tuple(map(str, range(len(label))))
    units = Units(ids, table["x"], table["y"], table["households"], table["edges"], table["estate"])
    codes = tuple(map(str, range(int(label.max()) + 1)))
    division = Division(units, Range.of(LEAST, MOST), "", 0, label, codes, ())
    return division.within(), division.connected(), division.dispersion()


def opinions(rounds: int, peer: str) -> None:
    print("| opinions | CPU s | wall s | MB | sizes |")
    print("|---|---|---|---|---|")
    told = by_turns(
        rounds,
        {
            "bowling-green, Weizhi": (sys.executable, "our_grids.py", "opinions", str(VOTES)),
            "bowling-green, red-dwarf": (peer, "peer_grids.py", "red_dwarf", str(VOTES)),
            "one more vote, Weizhi": (sys.executable, "our_grids.py", "one_more", str(VOTES)),
            "a million votes, Weizhi": (sys.executable, "our_grids.py", "million"),
        },
    )
    for name, run in told.items():
        sizes = sorted(run["sizes"])
        print(f"| {name} | {run['cpu']:.3f} | {run['wall']:.3f} | {run['mb']:.0f} | {sizes} |", flush=True)
    ours, theirs = told["bowling-green, Weizhi"], told["bowling-green, red-dwarf"]
    print(f"\n{theirs['cpu'] / ours['cpu']:.1f} times faster than red-dwarf.")


def pairs(rounds: int, _peer: str) -> None:
    print("| wishes × volunteers | CPU s | wall s | MB | above the bound over all arcs |")
    print("|---|---|---|---|---|")
    for count in (1_000, 10_000):
        run = by_turns(rounds, {"": (sys.executable, "our_grids.py", "pairs", str(count))})[""]
        print(
            f"| {count:,} × {count:,} | {run['cpu']:.2f} | {run['wall']:.2f} | {run['mb']:.0f} | {run['gap']:.5%} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["grids", "opinions", "pairs"])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    if not os.environ.get("WEIZHI_PEERS"):
        raise SystemExit("WEIZHI_PEERS must name a Python that has the peers.")
    for part in chosen.what:
        {"grids": grids, "opinions": opinions, "pairs": pairs}[part](chosen.rounds, os.environ["WEIZHI_PEERS"])
        print(flush=True)
