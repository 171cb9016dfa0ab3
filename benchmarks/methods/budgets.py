"""Participatory budgets against pabutools (exact, equal ballots merged): ``python -m benchmarks.methods.budgets``.

Each program counts in a process of its own, by turns, so that both meet the same machine; the table gives medians.
CPU and wall seconds are of counting alone, memory is the process's peak. ``WEIZHI_PEERS`` names a Python that has
pabutools, ``WEIZHI_SHARED`` the folder with the files. ``--million`` counts a million invented ballots instead.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("WEIZHI_SHARED") or REPOSITORY.parent / "shared")
LIMIT = 120  # seconds a program may take; the table then says so
CASES = (
    ("Poland_Lodz_2022", "mes_cost"),
    ("Poland_Lodz_2022", "greedy_cost"),
    ("Poland_Lodz_2022", "phragmen"),
    ("Poland_Swiecie_2023", "mes_cost_add1"),
    ("Netherlands_Assen_2024", "mes_cost_add1"),
)


def once(program: str, script: str, *words: str) -> dict[str, float]:
    # one thread each: a second thread would count twice in CPU seconds and hide in wall seconds
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [program, str(Path(__file__).parent / script), *words]
    told = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, cwd=REPOSITORY, timeout=LIMIT
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def compare(rounds: int, peer: str, only: str) -> None:
    print("| data, rule | Weizhi: CPU s | wall s | load CPU s | MB | pabutools: CPU s | wall s | MB | times faster |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, rule in CASES:
        if only not in (rule, name, ""):
            continue
        path = str(SHARED / f"data/pabulib/{name}.pb")
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(once(sys.executable, "our_budgets.py", "time", path, rule))
            theirs.append(once(peer, "peer_budgets.py", "time", path, rule))
            if ours[-1]["winners"] != theirs[-1]["winners"]:
                raise SystemExit(f"{name}, {rule}: the winners differ")
        our, their = (
            {key: statistics.median(one[key] for one in found) for key in ("cpu", "wall", "load", "mb")}
            for found in (ours, theirs)
        )
        print(
            f"| {name}, {rule} | {our['cpu']:.4f} | {our['wall']:.4f} | {our['load']:.3f} | {our['mb']:.0f} "
            f"| {their['cpu']:.2f} | {their['wall']:.2f} | {their['mb']:.0f} | {their['cpu'] / our['cpu']:.0f}× |",
            flush=True,
        )


def million() -> None:
    print("| a million ballots, 200 projects | load CPU s | count CPU s | MB |")
    print("|---|---|---|---|")
    for source in ("arrays", "file"):
        found = once(sys.executable, "our_budgets.py", "million", source)
        print(f"| from {source} | {found['load']:.2f} | {found['cpu']:.2f} | {found['mb']:.0f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", metavar="RULE|FILE", help="one rule, or one file's name")
    parser.add_argument("--million", action="store_true")
    chosen = parser.parse_args()
    if chosen.million:
        million()
    elif not os.environ.get("WEIZHI_PEERS"):
        raise SystemExit("WEIZHI_PEERS must name a Python that has pabutools 1.2.3.")
    else:
        compare(chosen.rounds, os.environ["WEIZHI_PEERS"], chosen.only)
