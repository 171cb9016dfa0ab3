"""The one file recounts elections, budgets and draws as the house counts them, and finds what was changed."""

import copy
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.cli import main
from weizhi.decisions import recount, recount_kinds
from weizhi.decisions.choices import Option, Paper
from weizhi.decisions.models import Entitlement, Envelope, Roll, Vote
from weizhi.decisions.one_file import program
from weizhi.decisions.opening import brief_of
from weizhi.decisions.results import Tallied, tallied
from weizhi.decisions.rolls import line_of, root_hex
from weizhi.decisions.sharing import Terms
from weizhi.decisions.tests.test_recount import changed, numbers, published, verdict
from weizhi.methods.elections.committee import CommitteeRule, first_round
from weizhi.methods.elections.sortition import draw

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOW = {"parking": False, "silence": "absent", "follow": False}
WAYS = [("mes", "cost", "add1"), ("mes", "cardinality", "none"), ("mes", "cost", "add1-utilitarian"),
        ("greedy", "cost", "none"), ("greedy-per-cost", "cost", "none")]  # fmt: skip


def people(size: int) -> tuple[Roll, list[Entitlement]]:
    roll = Roll(id=uuid4())
    lines = [
        Entitlement(id=uuid4(), roll=roll, n=n, kind="person", label=f"人{n}", head=f"{n}") for n in range(1, size + 1)
    ]
    roll.size, roll.heads, roll.area, roll.root = size, size, 0, root_hex(line_of(one) for one in lines)
    return roll, lines


def handed_in(
    chance: random.Random, vote: Vote, lines: list[Entitlement], most: int
) -> list[tuple[Envelope, tuple[str, ...]]]:
    paper = Paper.from_brief(vote.brief)
    keys = [option.key for option in paper.options]
    return [
        (
            Envelope(id=uuid4(), vote=vote, entitlement=line, voice=f"line:{line.n}", signed=True,
                     receipt=f"{chance.getrandbits(256):064x}", channel="phone"),
            paper.checked(chance.sample(keys, chance.randint(0, min(most, len(keys))))),
        )
        for line in lines if chance.random() < 0.9
    ]  # fmt: skip


def budget(chance: random.Random, way: tuple[str, str, str], size: int, many: int) -> dict[str, Any]:
    roll, lines = people(size)
    costs = [
        chance.choice([0, 10_00, 33_33, 100_00]) if chance.random() < 0.3 else chance.randrange(1_00, 300_00)
        for _ in range(many)
    ]
    projects = [
        {"key": str(n), "matter": str(uuid4()), "n": n, "title": f"项目{n}", "cost": cost, "place": ""}
        for n, cost in enumerate(costs, 1)
    ]
    amount = chance.randrange(50_00, 800_00)
    terms = Terms.drawn(amount, *way, [str(row["key"]) for row in projects], f"{chance.random()}")
    paper = Paper("approve", tuple(Option(str(row["key"]), str(row["title"])) for row in projects), many)
    vote = Vote(
        id=uuid4(), roll=roll, kind="budget", secret=True, rule={"rule": None, "how": HOW, "budget": terms.row()},
        brief={"question": "选哪些", "amount": amount, "projects": projects, **brief_of(paper)},
        opens_at=MONDAY, closes_at=MONDAY + timedelta(days=7),
    )  # fmt: skip
    opened = handed_in(chance, vote, lines, many)
    return published(vote, lines, opened, tallied(vote, lines, opened))


@pytest.mark.django_db
@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(WAYS))
def test_a_budget_is_recounted_and_a_lie_is_found(seed: int, way: tuple[str, str, str]) -> None:
    chance = random.Random(seed)
    file = budget(chance, way, chance.randint(6, 20), chance.randint(1, 7))
    assert verdict(file) == ""
    told = file["leaves"][-1]["result"]["budget"]
    asked = {key: told[key] for key in ("amount", "spent", "left", "voters")}
    asked["projects"] = [
        {"votes": row["votes"], **({"place": row["place"]} if row["place"] else {})} for row in told["projects"]
    ]
    path = chance.choice(numbers(asked))
    if path[-1] == "place" and sum(row["place"] is not None for row in told["projects"]) == 1:
        return  # of one winner the place is 1 or 2: the order is the same
    lie = changed(file, ("leaves", -1, "result", "budget", *path))
    lie["root"] = recount.root_of(lie["leaves"])
    if path[-1] == "place" and recounted_order(lie) == recounted_order(file):
        return
    assert recount.taken_apart(lie).few or verdict(lie) != ""


def recounted_order(file: dict[str, Any]) -> list[str]:
    rows = file["leaves"][-1]["result"]["budget"]["projects"]
    return [
        row["key"] for row in sorted((row for row in rows if row["place"] is not None), key=lambda row: row["place"])
    ]


@pytest.mark.django_db
def test_a_larger_budget_in_reasonable_time() -> None:
    file = budget(random.Random(5), ("mes", "cost", "add1"), 150, 20)
    assert verdict(file) == ""


def election(chance: random.Random, rule: dict[str, Any], seats: int, candidates: int, size: int) -> dict[str, Any]:
    """Counted by `methods.elections.committee`, told as the house tells it."""
    roll, lines = people(size)
    keys = [str(n) for n in range(1, candidates + 1)]
    paper = Paper("approve", tuple(Option(key, f"候选人{key}") for key in keys), seats)
    vote = Vote(
        id=uuid4(), roll=roll, kind="elect", secret=True, brief={"question": "选举", **brief_of(paper)},
        rule={"rule": rule, "how": HOW, "seats": seats, "mode": "electors", "round": "first", "lot": keys},
        opens_at=MONDAY, closes_at=MONDAY + timedelta(days=7),
    )  # fmt: skip
    opened = handed_in(chance, vote, lines, seats)
    opened = opened[: chance.choice([len(opened), len(opened), size // 2])]
    ties: Any = {"lot": "lot", "fewer-seats": "fewer-seats"}.get(str(rule.get("tie")), "run-off")
    found = first_round(
        CommitteeRule("electors", seats, tie=ties, lot=tuple(keys)), size, keys, [choice for _, choice in opened]
    )
    result = {
        "ranking": [[one.name, one.votes] for one in found.standings], "elected": list(found.elected),
        "open_seats": found.open_seats, "next": list(found.candidates_next), "seats": seats, "cast": found.cast,
        "spoilt": found.spoilt, "roll": {"heads": size, "area": 0}, "present": {"heads": len(opened), "area": 0},
    }  # fmt: skip
    outcome = {"filled": "elected", "run-off": "short", "void": "no-quorum"}[found.outcome]
    return published(vote, lines, opened, Tallied(outcome, result, frozenset(one.pk for one, _ in opened)))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["lot", "runoff", "fewer-seats", None]))
def test_an_election_is_recounted_and_a_lie_is_found(seed: int, tie: str | None) -> None:
    chance = random.Random(seed)
    seats = chance.randint(1, 4)
    file = election(chance, {"key": "r", "tie": tie}, seats, seats + chance.randint(1, 3), chance.randint(6, 30))
    assert verdict(file) == ""
    told = file["leaves"][-1]["result"]
    keys = ("cast", "spoilt", "elected") if file["leaves"][-1]["outcome"] == "no-quorum" else (
        "ranking", "elected", "open_seats", "next", "seats", "cast", "spoilt")  # fmt: skip
    lie = changed(
        file, ("leaves", -1, "result", *chance.choice(numbers({key: told[key] for key in keys if told[key] != []})))
    )
    lie["root"] = recount.root_of(lie["leaves"])
    assert recount.taken_apart(lie).few or verdict(lie) != ""


def drawn(people_: dict[str, list[str]], seats: int, seed: str) -> dict[str, Any]:
    found = draw(people_, seats, seed)
    return {"format": recount_kinds.DRAW, "list": people_, "seats": seats, "least": 0, "seed": seed,
            "list_hash": found.list_hash, "drawn": list(found.drawn), "reserves": list(found.reserves)}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4),
        st.sampled_from([[], ["一网格"], ["二网格", "女"]]),
        min_size=1,
    ),
    st.data(),
)
def test_a_draw_is_repeated_and_a_swap_is_found(people_: dict[str, list[str]], data: Any) -> None:
    seats = data.draw(st.integers(0, len(people_)))
    file = drawn(people_, seats, "开奖号 0231")
    assert verdict(file) == ""
    # another seed may draw the same
    paths = [path for path in numbers(file) if path[0] in ("list_hash", "drawn", "reserves")]
    assert verdict(changed(file, data.draw(st.sampled_from(paths)))) != "" or len(people_) == 1


@pytest.mark.django_db
def test_the_program_that_is_fetched_has_every_kind_and_needs_nothing(tmp_path: Path) -> None:
    source = tmp_path / "recount.py"
    source.write_text(program(), encoding="utf-8")
    assert "weizhi.decisions" not in program()
    files = {"budget": budget(random.Random(2), WAYS[0], 12, 5), "draw": drawn({"甲": [], "乙": [], "丙": []}, 1, "x")}
    for name, file in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-I", str(source), str(tmp_path / f"{name}.json")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (told.returncode, told.stderr) == (0, ""), told.stdout
        assert "全部对得上" in told.stdout


def test_a_draw_from_the_command_line(tmp_path: Path, capsys: Any) -> None:
    names = tmp_path / "names.txt"
    names.write_text("林姨\t一网格\n小周\t二网格\n王主任\n陈经理\t一网格\n", encoding="utf-8")
    assert main(["votes", "draw", str(names)]) == 0
    hashed = capsys.readouterr().out.strip()
    assert main(["votes", "draw", str(names), "--seats", "2", "--seed", "双色球 2026031"]) == 0
    file = tmp_path / "draw.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["list_hash"] in hashed and len(told["drawn"]) == 2
    assert main(["votes", "recount", str(file)]) == 0
    swapped = copy.deepcopy(told)
    swapped["drawn"][0], swapped["reserves"][0] = swapped["reserves"][0], swapped["drawn"][0]
    file.write_text(json.dumps(swapped, ensure_ascii=False), encoding="utf-8")
    assert main(["votes", "recount", str(file)]) == 1
    names.write_text("林姨\n林姨\n", encoding="utf-8")
    assert main(["votes", "draw", str(names), "--seats", "1", "--seed", "x"]) == 1


@pytest.mark.parametrize("kind", ["vote", "consent", "elect", "budget"])
def test_every_kind_of_vote_has_its_recount(kind: str) -> None:
    assert kind in recount.COUNTS
