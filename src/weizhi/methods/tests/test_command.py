"""weizhi methods budget | owners | elect: one object with --json, words without, and what is wrong in one line."""

import json
import subprocess
import sys

import pytest

from weizhi.cli import main
from weizhi.methods.budgeting.tests.test_pabulib import GOOD

BUDGET_KEYS = ["selected", "cost", "budget", "seconds"]


@pytest.fixture
def say(capsys, tmp_path):
    """Run the command with files written from Python values; returns (exit code, standard output, standard error)."""

    def run(verb, *files, options=()):
        paths = []
        for number, content in enumerate(files):
            path = tmp_path / f"{number}.{'pb' if isinstance(content, str) and 'META' in content else 'json'}"
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
            paths.append(str(path))
        code = main(["methods", verb, *paths, *options])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


# --- budget --------------------------------------------------------------------------------------------


def test_a_budget_as_one_object(say):
    code, out, err = say("budget", GOOD, options=["--json", "--rule", "greedy"])
    found = json.loads(out)
    assert code == 0 and out.count("\n") == 1 and "计数" in err
    assert list(found) == BUDGET_KEYS and list(found["seconds"]) == ["load", "count"]
    assert (found["selected"], found["cost"], found["budget"]) == (["p1", "p2"], 800.5, 1000)


def test_a_budget_to_read(say):
    code, out, _ = say("budget", GOOD, options=["--completion", "add1", "--explain"])
    assert code == 0
    assert "  1  p1                  500  楼道灯" in out and "入选 2 个项目，共 800.50，预算 1,000。" in out
    assert "“停车棚”落选：没有人选它。" in out and "每人的份额加了" in out


def test_a_budget_with_its_reasons_as_an_object(say):
    options = ["--json", "--explain", "--ties", "cost-votes-lot", "--lot", "2026-06-01"]
    found = json.loads(say("budget", GOOD, options=options)[1])
    assert [one["won"] for one in found["projects"]] == [one["id"] in found["selected"] for one in found["projects"]]
    assert all(one["payments"] for one in found["projects"] if one["won"])


def test_what_is_wrong_with_a_file_is_said_in_one_line(say):
    code, out, err = say("budget", GOOD.replace("3;p1;42", "3;px;42"), options=["--json"])
    assert (code, out) == (1, "") and "第 17 行" in err
    assert "num_votes" in say("budget", GOOD.replace("num_votes;4", "num_votes;9"), options=["--json"])[2]
    assert main(["methods", "budget", "nowhere.pb"]) == 1


# --- owners --------------------------------------------------------------------------------------------

ROLL = [{"unit": f"1-{n}", "owner": f"业主{n}", "area": 89.5} for n in range(12)]


def cast(choice, count, start=0):
    return [{"unit": f"1-{n}", "choice": choice} for n in range(start, start + count)]


def test_owners(say):
    code, out, _ = say("owners", {"item": 7}, ROLL, cast("yes", 6) + cast("no", 2, 6), options=["--json"])
    found = json.loads(out)
    assert code == 0 and found["outcome"] == "passed"
    assert found["electorate"] == {"area": "1074.00", "heads": 12} and found["present"]["heads"] == 8
    assert [check["met"] for check in found["checks"]] == [True] * 4
    ballots = [*cast("yes", 5), *cast("no", 3, 5), {"unit": "9-9", "choice": "yes"}]
    _, words, _ = say("owners", {"item": 7}, ROLL, ballots)
    assert words.startswith("结果：未通过\n") and "不计入：9-9，不在这次的名册里。" in words


@pytest.mark.parametrize(
    ("rule", "roll", "ballots", "words"),
    [
        ({}, ROLL, [], "少了“item”"),
        ({"item": 7, "regime": "x"}, ROLL, [], "没有“x”这种法规"),
        ({"item": 7, "silence": "yes"}, ROLL, [], "“silence”可以是"),
        ({"item": 7, "parkng": True}, ROLL, [], "最接近的是“parking”"),
        ({"item": 7, "zzzz": True}, ROLL, [], "可以写：item、"),
        ({"item": True}, ROLL, [], "种类不对"),
        ({"item": 7}, [{"unit": "a", "owner": "b", "area": "大"}], [], "不是数"),
        ({"item": 7}, [{"unit": "a", "owner": "b", "area": 1.234}], [], "太细了"),
        ({"item": 7}, {}, [], "要写一个列表"),
        ([], ROLL, [], "要写一个对象"),
        ("{,", ROLL, [], "第 1 行第 2 个字符处不是 JSON"),
    ],
)
def test_what_is_wrong_with_a_roll(say, rule, roll, ballots, words):
    code, out, err = say("owners", rule, roll, ballots, options=["--json"])
    assert (code, out) == (1, "") and words in err


# --- elections -----------------------------------------------------------------------------------------

COMMITTEE = {"method": "committee", "mode": "electors", "everybody": 9, "seats": 1, "candidates": ["甲", "乙"]}


@pytest.mark.parametrize(
    ("given", "key", "wanted"),
    [
        ({**COMMITTEE, "ballots": [["甲"]] * 4 + [["乙"]]}, "elected", ["甲"]),
        ({**COMMITTEE, "run_off": True, "ballots": [["甲"], ["乙"], ["乙"]]}, "elected", ["乙"]),
        ({"method": "recall", "mode": "electors", "everybody": 9, "cast": 5, "agree": 3}, "outcome", "passed"),
        (
            {
                "method": "approval",
                "seats": 1,
                "candidates": ["甲", "乙"],
                "ballots": [["甲"], ["甲", "乙"]],
                "share": "1/2",
                "strict": True,
            },
            "elected",
            ["甲"],
        ),
        ({"method": "approval", "seats": 1, "candidates": ["甲"], "ballots": [["甲"]]}, "elected", ["甲"]),
        ({"method": "borda", "seats": 1, "candidates": ["甲", "乙"], "ballots": [["乙", "甲"]]}, "elected", ["乙"]),
        ({"method": "sntv", "seats": 1, "candidates": ["甲", "乙"], "ballots": ["乙"]}, "elected", ["乙"]),
        (
            {"method": "stv", "seats": 1, "candidates": ["甲", "乙"], "ballots": [["乙"]], "lot": ["甲", "乙"]},
            "quota",
            1,
        ),
        ({"method": "draw", "seats": 1, "people": {"甲": ["女"]}, "seed": "7"}, "drawn", ["甲"]),
        ({"method": "seats", "seats": 3, "groups": {"一": 2, "二": 1}}, "seats", {"一": 2, "二": 1}),
    ],
)
def test_elections(say, given, key, wanted):
    code, out, _ = say("elect", given, options=["--json"])
    found = json.loads(out)
    assert code == 0 and found[key] == wanted and list(found["seconds"]) == ["load", "count"]
    assert say("elect", given)[1].strip()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "dice"}, "请写 “method”"),
        ({**COMMITTEE, "ballots": [5]}, "要写成文字的列表"),
        ({"method": "recall", "mode": "x", "everybody": 9, "cast": 5, "agree": 3}, "“mode”可以是"),
        ({"method": "stv", "seats": 1, "candidates": [], "ballots": []}, "少了“lot”"),
    ],
)
def test_what_is_wrong_with_an_election(say, given, words):
    code, out, err = say("elect", given, options=["--json"])
    assert (code, out) == (1, "") and words in err


def test_the_command_starts_without_django_and_numpy():
    program = (
        "import sys; from weizhi.cli import build_parser; build_parser().parse_args(['methods', 'budget', 'x.pb']);"
        "print('django' in sys.modules, 'numpy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == "False False\n"
