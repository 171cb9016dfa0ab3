"""The one-file recount agrees with every honest vote and with nothing else."""

import ast
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

from weizhi.charters.rulebook import Rule
from weizhi.decisions import recount
from weizhi.decisions.choices import Option, Paper, yes_no
from weizhi.decisions.models import Entitlement, Envelope, Roll, Vote
from weizhi.decisions.opening import brief_of
from weizhi.decisions.publishing import head_of
from weizhi.decisions.results import tallied
from weizhi.decisions.rolls import line_of, root_hex
from weizhi.decisions.tests.voted import file_of

SCRIPT = Path(recount.__file__)
HEADS = {"measure": "heads"}
AREA = {"measure": "area"}
RULES: list[dict[str, Any] | None] = [
    None,
    {
        "participation": [{**HEADS, "of": "roll", "at_least": "2/3"}, {**AREA, "of": "roll", "at_least": "2/3"}],
        "approval": [{**HEADS, "at_least": "3/4"}, {**AREA, "at_least": "3/4"}],
    },
    {
        "participation": [{**HEADS, "more_than": "1/2"}],
        "approval": [{**HEADS, "of": "participating", "more_than": "1/2"}],
    },
    {"approval": [{**HEADS, "of": "roll", "at_least": "1/1"}]},
]
PAPERS = [
    yes_no(),
    Paper("choice", (Option("1", "槐树"), Option("2", "银杏"), Option("3", "桂花"))),
    Paper("ranking", (Option("1", "槐树"), Option("2", "银杏"), Option("3", "桂花")), 3),
]
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def vote_of(
    chance: random.Random, paper: Paper, rule: dict[str, Any] | None, secret: bool, size: int
) -> dict[str, Any]:
    """A vote held in memory, counted by the house's own counter and published as the house does."""
    by_area = rule is not None and "area" in json.dumps(rule)
    roll = Roll(id=uuid4())
    owners = [uuid4() for _ in range(size)]
    lines = []
    for n in range(1, size + 1):
        owner = owners[n - 1] if secret or chance.random() < 0.8 else chance.choice(owners)
        kind = "parking" if not secret and chance.random() < 0.15 else "home"
        person = owner if chance.random() < 0.7 else None
        area = chance.randrange(1300, 15000) if by_area or chance.random() < 0.5 else 0
        lines.append(
            Entitlement(
                id=uuid4(), roll=roll, n=n, kind=kind, label=f"{n}", head=str(owner), area=area, person_id=person
            )
        )
    roll.size, roll.heads, roll.area = size, len({one.head for one in lines}), sum(one.area for one in lines)
    roll.root = root_hex(line_of(one) for one in lines)
    kept = Rule.model_validate({"key": "r", **rule}).model_dump(mode="json", exclude_defaults=True) if rule else None
    how = {"parking": chance.random() < 0.5, "silence": "absent", "follow": False}
    vote = Vote(
        id=uuid4(), roll=roll, kind="vote", secret=secret, brief={"question": "？", **brief_of(paper)},
        rule={"rule": kept, "how": how}, opens_at=MONDAY, closes_at=MONDAY + timedelta(days=15),
    )  # fmt: skip
    opened = []
    for line in lines:
        for voice in range(0 if chance.random() < 0.3 else 2 if chance.random() < 0.2 else 1):
            keys = [option.key for option in paper.options]
            chosen = chance.sample(keys, chance.randint(1, 3)) if paper.form == "ranking" else [chance.choice(keys)]
            who = f"person:{line.person_id}" if voice == 0 and line.person_id else f"voice:{voice}"
            envelope = Envelope(
                id=uuid4(), vote=vote, entitlement=line, voice=who, signed=chance.random() < 0.9,
                receipt=f"{chance.getrandbits(256):064x}", channel=chance.choice(["phone", "paper"]),
            )  # fmt: skip
            opened.append((envelope, paper.checked(chosen)))
    found = tallied(vote, lines, opened)
    return published(vote, lines, opened, found)


def published(vote: Vote, lines: list[Entitlement], opened: Any, found: Any) -> dict[str, Any]:
    counted = [(envelope, choice) for envelope, choice in opened if envelope.pk in found.counted]
    spoken = {envelope.receipt for envelope, _ in counted}
    receipts = sorted(envelope.receipt for envelope, _ in opened)
    if vote.secret and len(counted) < 5:
        ballots: list[dict[str, Any]] = []
    elif vote.secret:
        ballots = [{"ballot": choice} for choice in sorted(list(choice) for _, choice in counted)]
    else:
        by_line = sorted((envelope.entitlement.n, list(choice)) for envelope, choice in counted)
        ballots = [{"ballot": choice, "n": n} for n, choice in by_line]
    turnout = {
        "grids": [{"path": "", "cast": len(counted), "roll": len(lines)}],
        "channels": {"phone": len(counted)} if counted else {},
        "receipts": len(receipts),
        "unreadable": 0,
    }
    leaves = [
        head_of(vote),
        *({"receipt": one, "state": "counted" if one in spoken else "aside"} for one in receipts),
        *ballots,
        {"outcome": found.outcome, "result": {**found.result, **turnout}},
    ]
    root = root_hex(leaves)
    file: dict[str, Any] = json.loads(json.dumps(file_of(leaves, root, [line_of(one) for one in lines])))
    return file


@st.composite
def votes(draw: Any) -> dict[str, Any]:
    chance = random.Random(draw(st.integers(0, 2**32)))
    secret = draw(st.booleans())
    rules = [rule for rule in RULES if not (secret and "area" in json.dumps(rule))]
    size = draw(st.integers(1, 24))
    return vote_of(chance, draw(st.sampled_from(PAPERS)), draw(st.sampled_from(rules)), secret, size)


def verdict(file: Any, root: str | None = None) -> str:
    """The first difference, or nothing."""
    try:
        list(recount.recount(file, root))
    except recount.Different as different:
        return str(different)
    return ""


@settings(max_examples=300, deadline=None)
@given(votes())
def test_no_honest_vote_raises_an_alarm(file: dict[str, Any]) -> None:
    assert verdict(file) == ""
    assert verdict(file, file["root"]) == ""


def numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of every number, word and truth in a file."""
    if isinstance(value, dict):
        return [one for key, item in value.items() for one in numbers(item, (*path, key))]
    if isinstance(value, list):
        return [one for n, item in enumerate(value) for one in numbers(item, (*path, n))]
    return [path]


def changed(file: Any, path: tuple[Any, ...]) -> Any:
    other = copy.deepcopy(file)
    where = other
    for key in path[:-1]:
        where = where[key]
    old = where[path[-1]]
    where[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return other


@settings(max_examples=60, deadline=None)
@given(votes(), st.randoms(use_true_random=False))
def test_any_change_of_a_word_or_number_is_found(file: dict[str, Any], chance: random.Random) -> None:
    for path in chance.sample(numbers(file), min(25, len(numbers(file)))):
        with pytest.raises((recount.Different, recount.Unusable)):
            list(recount.recount(changed(file, path)))


@settings(max_examples=60, deadline=None)
@given(votes(), st.randoms(use_true_random=False))
def test_a_leaf_or_line_taken_out_doubled_or_swapped_is_found(file: dict[str, Any], chance: random.Random) -> None:
    for part in ("leaves", "lines"):
        for how in ("out", "twice", "swap"):
            other = copy.deepcopy(file)
            rows = other[part]
            n = chance.randrange(len(rows))
            if how == "out":
                del rows[n]
            elif how == "twice":
                rows.insert(n, rows[n])
            elif len(rows) > 1:
                rows[n], rows[n - 1] = rows[n - 1], rows[n]
            if other != file:
                assert verdict(other) != "", (part, how, n)


@settings(max_examples=150, deadline=None)
@given(votes(), st.randoms(use_true_random=False))
def test_a_server_that_lies_and_makes_a_fitting_root_is_found_by_the_count(
    file: dict[str, Any], chance: random.Random
) -> None:
    """Whoever counts wrongly and commits to it: the ballots do not make that result."""
    result = file["leaves"][-1]["result"]
    told = {key: result[key] for key in ("checks", "roll", "present", "sides", "winner", "ranking")}
    skip = {"name", "law", "words", "sentence"}
    paths = [path for path in numbers(told) if not skip & set(path)]
    lie = changed(file, ("leaves", -1, "result", *chance.choice(paths)))
    lie["root"] = recount.root_of(lie["leaves"])
    assert recount.taken_apart(lie).few or verdict(lie) != ""  # of the fewest ballots only the sums are published


def test_the_root_of_the_notice_board_tells_one_result_from_another() -> None:
    file = vote_of(random.Random(1), yes_no(), RULES[1], False, 12)
    assert "公告" in verdict(file, "0" * 64)


def test_a_ballot_stuffed_in_with_a_fitting_root_and_result_is_found_on_the_roll() -> None:
    file = vote_of(random.Random(3), yes_no(), None, False, 12)
    ballot = next(row for row in file["leaves"] if "ballot" in row)
    twice = copy.deepcopy(file)
    twice["leaves"].insert(twice["leaves"].index(ballot), ballot)
    twice["leaves"].insert(1, {"receipt": "0" * 64, "state": "counted"})
    last = twice["leaves"][-1]["result"]
    last["receipts"] += 1
    last["channels"]["phone"] += 1
    last["grids"][0]["cast"] += 1
    twice["root"] = recount.root_of(twice["leaves"])
    assert "投了两次" in verdict(twice)


def test_from_the_command_line(tmp_path: Path) -> None:
    file = vote_of(random.Random(7), yes_no(), RULES[1], False, 12)
    good, bad = tmp_path / "published.json", tmp_path / "bad.json"
    good.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
    bad.write_text(json.dumps(changed(file, ("lines", 0, "area")), ensure_ascii=False), encoding="utf-8")
    receipt = next(row["receipt"] for row in file["leaves"] if row.get("state") == "counted")

    def run(*words: str) -> Any:
        # -I: no paths of this house, as on a neighbour's computer
        return subprocess.run([sys.executable, "-I", str(SCRIPT), *words], capture_output=True, text=True, check=False)

    told = run(str(good), "--root", file["root"], "--receipt", receipt[:20].upper())
    assert (told.returncode, told.stderr) == (0, "")
    assert "已计入" in told.stdout and "和公告上的一致" in told.stdout and "全部对得上" in told.stdout
    assert run(str(bad)).returncode == 1
    assert "名册" in run(str(bad)).stdout
    assert run(str(good), "--receipt", "0000-0000-0000").returncode == 1
    assert run(str(SCRIPT)).returncode == 2


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("broken", [[], {}, {"format": "weizhi-vote-1"}, {"format": "weizhi-vote-1", "leaves": []}])
def test_what_is_no_vote_is_said_so(broken: Any) -> None:
    with pytest.raises((recount.Different, recount.Unusable)):
        list(recount.recount(broken))
