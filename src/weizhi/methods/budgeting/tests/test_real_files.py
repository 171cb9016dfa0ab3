"""Real participatory budgets, and the winners that exact reference programs and the cities themselves found."""

import json
import os
import random
import subprocess
import sys
from functools import cache
from importlib.util import find_spec

import pytest

from weizhi.methods.budgeting import Rule, count, read
from weizhi.methods.budgeting.tests.instances import election, small

FILES = (
    "Netherlands_Assen_2024",
    "Poland_Swiecie_2023",
    "Poland_Wieliczka_2023_Green_Budget",
    "France_Toulouse_2024",
    "Poland_Warszawa_2020_Wawer",
    "Poland_Warszawa_2020_Praga-Poludnie",
    "Netherlands_Amsterdam_252",
    "Poland_Lodz_2022",
)
RULES = {
    "greedy_cost": Rule("greedy", "cost", ties="lexicographic"),
    "greedy_card": Rule("greedy", "cardinality", ties="lexicographic"),
    "mes_cost": Rule("mes", "cost", ties="lexicographic"),
    "mes_card": Rule("mes", "cardinality", ties="lexicographic"),
    "phragmen": Rule("phragmen", ties="lexicographic"),
    "mes_cost_add1": Rule("mes", "cost", "add1", stop_when_exhaustive=True, ties="lexicographic"),
    "mes_card_add1": Rule("mes", "cardinality", "add1", stop_when_exhaustive=True, ties="lexicographic"),
}


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "data/pabulib/expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def load(shared):
    return cache(lambda name: read(shared / f"data/pabulib/{name}.pb"))


@pytest.mark.parametrize("name", FILES)
def test_winners_and_their_order_are_those_of_the_reference(name, load, expected):
    made = load(name)
    assert made.notes == ()
    facts = expected[name]["_meta"]
    counted = (made.voters, len(made.projects), made.ballots.classes)
    assert counted == (facts["voters"], facts["projects"], facts["distinct_ballots"])
    rules = [rule for rule in RULES if rule in expected[name]]
    assert {"greedy_cost", "mes_cost", "phragmen"} <= set(rules)
    for rule in rules:
        found, wanted = count(made, RULES[rule]), expected[name][rule]
        assert found.selected == wanted["order"], rule
        assert found.cost == float(wanted["cost"]), rule


@pytest.mark.parametrize("name", FILES[:3])
def test_cities_that_decided_by_equal_shares_get_their_own_winners(name, load, expected):
    """They raised the endowment by one unit of money a voter and did not stop at the first exhaustive outcome."""
    found = count(load(name), Rule("mes", "cost", "add1", ties="lexicographic"))
    assert sorted(found.selected) == sorted(expected[name]["selected_in_file"])


def peer_python():
    """A Python that has pabutools: this one, or the one that WEIZHI_PEERS names."""
    if find_spec("pabutools"):
        return sys.executable
    named = os.environ.get("WEIZHI_PEERS")
    if not named:
        pytest.skip("pabutools is not here (WEIZHI_PEERS names a Python that has it). The naive oracle stands in.")
    return named


def test_two_thousand_small_elections_come_out_as_in_pabutools(repository):
    cases = [small(random.Random(seed)) for seed in range(10_000, 12_000)]
    given = [
        {
            "costs": {f"p{n}": c for n, c in enumerate(costs)},
            "budget": budget,
            "ballots": [[f"p{n}" for n in row] for row in rows],
        }
        for costs, budget, rows in cases
    ]
    script = repository / "benchmarks/methods/peer_budgets.py"
    answered = subprocess.run(
        [peer_python(), str(script), "outcomes"],
        input="\n".join(map(json.dumps, given)),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = answered.stdout.splitlines()
    assert len(lines) == len(cases)
    for (costs, budget, rows), line in zip(cases, lines, strict=True):
        made = election(costs, budget, rows)
        supported = {f"p{item}" for row in rows for item in row}  # pabutools buys also what nobody voted for
        for rule, winners in json.loads(line).items():
            wanted = [one for one in winners if one in supported]
            assert count(made, RULES[rule]).selected == wanted, (rule, costs, budget, rows)
