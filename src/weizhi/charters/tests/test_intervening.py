"""The table of intervention: nine pairs, each once, and asked before anybody goes by it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.intervening import CONSENSUSES, DEGREES, URGENCIES, cell, missing
from weizhi.charters.loading import load, parse_text
from weizhi.charters.rulebook import Intervention

PAIRS = [(urgency, strength) for urgency in URGENCIES for strength in CONSENSUSES]
ROWS = ",\n".join(
    f'{{ urgency = "{u}", consensus = "{c}", degree = "residents", because = "{u} {c}" }}' for u, c in PAIRS
)
TOML = f"""
[charter]
language = 1
name = "degrees"
title = "介入度"
extends = ["base"]
[intervention]
rows = [{ROWS}]
[kinds.topic]
title = "议题"
procedure = "topic"
visible = "community"
[procedures.topic.steps.raise]
kind = "raise"
by = ["resident"]
then = "look"
[procedures.topic.steps.look]
kind = "sort"
by = ["committee"]
asks = ["urgency", "consensus"]
outcomes = {{ take = "way" }}
[procedures.topic.steps.way]
kind = "route"
routes = [{{ when = [{{ gate = "intervention", in = ["residents"] }}], to = "done" }}, {{ to = "others" }}]
[procedures.topic.ends]
done = {{ counts = "solved" }}
others = {{ counts = "elsewhere" }}
"""


def faults(toml: str) -> list[str]:
    return [finding.message for finding in parse_text(toml, "degrees.toml").findings]


def test_a_whole_table_is_right() -> None:
    assert faults(TOML) == []


@pytest.mark.parametrize(
    ("said", "instead", "words"),
    [
        ('{ urgency = "low", consensus = "weak", degree = "residents", because = "low weak" },', "", "还没有说"),
        ('urgency = "low", consensus = "weak"', 'urgency = "high", consensus = "weak"', "写了两遍"),
        ('in = ["residents"]', 'in = ["citizens"]', "没有“citizens”"),
        ('asks = ["urgency", "consensus"]', 'asks = ["urgency"]', "要先有一步 sort"),
    ],
)
def test_what_is_missing_is_told(said: str, instead: str, words: str) -> None:
    assert said in TOML
    assert any(words in found for found in faults(TOML.replace(said, instead, 1)))


@given(st.randoms(use_true_random=False))
def test_a_pair_means_its_own_line_in_whatever_order_they_stand(dice: random.Random) -> None:
    degrees = {pair: dice.choice(DEGREES) for pair in PAIRS}
    order = dice.sample(PAIRS, len(PAIRS))
    told = [{"urgency": u, "consensus": c, "degree": degrees[u, c]} for u, c in order]
    table = Intervention.model_validate({"rows": told})
    assert missing(table) == []
    for urgency, strength in PAIRS:
        found = cell(table, urgency, strength)
        assert found is not None and found.degree == degrees[urgency, strength]
    assert cell(table, "", "strong") is None
    kept = Intervention.model_validate({"rows": told[1:]})
    assert missing(kept) == [order[0]]


def test_more_urgent_and_less_agreed_never_means_less_intervention_in_the_library() -> None:
    table = load("wuwei").intervention
    rank = {degree: n for n, degree in enumerate(DEGREES)}
    degree = {(row.urgency, row.consensus): rank[row.degree] for row in table.rows}
    for urgency in URGENCIES:
        assert [degree[urgency, c] for c in CONSENSUSES] == sorted(
            (degree[urgency, c] for c in CONSENSUSES), reverse=True
        )
    for strength in CONSENSUSES:
        assert [degree[u, strength] for u in URGENCIES] == sorted(degree[u, strength] for u in URGENCIES)
