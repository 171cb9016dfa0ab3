"""pabutools, asked from a Python that has it (it needs a proprietary solver, so Weizhi's own never does).

``python peer_budgets.py outcomes`` reads one election a line as JSON (costs, budget, ballots) and answers with the
winners of each rule. ``python peer_budgets.py time FILE.pb RULE`` counts once and prints CPU and wall seconds.
"""

import json
import resource
import sys
import time

from pabutools.election import (
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    Cost_Sat,
    Instance,
    Project,
    parse_pabulib,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

RULES = {
    "greedy_cost": lambda instance, profile: greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat),
    "greedy_card": lambda instance, profile: greedy_utilitarian_welfare(instance, profile, sat_class=Cardinality_Sat),
    "mes_cost": lambda instance, profile: method_of_equal_shares(instance, profile, sat_class=Cost_Sat),
    "mes_card": lambda instance, profile: method_of_equal_shares(instance, profile, sat_class=Cardinality_Sat),
    "phragmen": sequential_phragmen,
    "mes_cost_add1": lambda instance, profile: method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, voter_budget_increment=1
    ),
    "mes_card_add1": lambda instance, profile: method_of_equal_shares(
        instance, profile, sat_class=Cardinality_Sat, voter_budget_increment=1
    ),
}


def outcomes() -> None:
    for line in sys.stdin:
        given = json.loads(line)
        projects = [Project(name, cost) for name, cost in given["costs"].items()]
        instance = Instance(projects, budget_limit=given["budget"])
        by_name = {project.name: project for project in projects}
        ballots = [ApprovalBallot(by_name[name] for name in ballot) for ballot in given["ballots"]]
        profile = ApprovalProfile(ballots, instance=instance)
        print(json.dumps({name: [str(p) for p in rule(instance, profile)] for name, rule in RULES.items()}))


def timed(path: str, rule: str) -> None:
    sys.setrecursionlimit(100_000)
    began = time.process_time()
    instance, profile = parse_pabulib(path)
    profile = profile.as_multiprofile()  # its fastest exact way: equal ballots merged
    loaded, wall = time.process_time(), time.perf_counter()
    winners = RULES[rule](instance, profile)
    print(
        json.dumps(
            {
                "cpu": time.process_time() - loaded,
                "wall": time.perf_counter() - wall,
                "load": loaded - began,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "winners": [str(project) for project in winners],
            }
        )
    )


if __name__ == "__main__":
    if sys.argv[1] == "outcomes":
        outcomes()
    else:
        timed(*sys.argv[2:])
