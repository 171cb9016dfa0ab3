"""The verbs opinions, divide, match and visits: one object with --json, lines to read without, faults in one line."""

import json
import subprocess
import sys

import pytest

from weizhi.cli import main
from weizhi.methods.tests.test_opinions import camps


def told(capsys, *words):
    assert main(["methods", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def lines(capsys, *words):
    assert main(["methods", *map(str, words)]) == 0
    return capsys.readouterr().out


@pytest.fixture
def conversation(tmp_path):
    votes = camps()
    table = {(a, b): int(v) for a, b, v in zip(votes.rows.tolist(), votes.columns.tolist(), votes.values, strict=True)}
    head = ["participant", *votes.statements]
    rows = [[str(n), *(str(table.get((n, s), "")) for s in range(len(votes.statements)))] for n in range(60)]
    file = tmp_path / "participants-votes.csv"
    file.write_text("\n".join(",".join(row) for row in [head, *rows]), encoding="utf-8")
    return file


def test_opinions(capsys, conversation):
    found = told(capsys, "opinions", conversation)
    assert list(found) == ["participants", "statements", "k", "sizes", "silhouette", "inertia", "consensus", "seconds"]
    assert (found["participants"], found["k"], found["sizes"], found["consensus"][0]) == (60, 2, [30, 30], 0)
    assert "A 群 30 人" in lines(capsys, "opinions", conversation)
    few = conversation.read_text(encoding="utf-8").splitlines()[:20]
    conversation.write_text("\n".join(few), encoding="utf-8")
    assert "不分群" in lines(capsys, "opinions", conversation)


def test_divide(capsys, tmp_path):
    file, out = tmp_path / "u.csv", tmp_path / "grids.csv"
    rows = [
        f"b{n},{n % 10 * 40},{n // 10 * 40},{90 if n == 44 else 10},{'东园' if n % 10 > 7 else ''}" for n in range(100)
    ]
    file.write_text("\n".join(["id,x_m,y_m,households,estate", *rows]), encoding="utf-8")
    words = ("divide", file, "--min", 30, "--max", 60, "--community", "X", "--out", out)
    found = told(capsys, *words)
    assert list(found) == ["grids", "within", "connected", "dispersion_m", "impossible", "seconds"]
    assert found["connected"] == 1.0 and found["within"] == 1 - 1 / found["grids"]
    assert [one["units"] for one in found["impossible"]] == [["b44"]] and "90 户" in found["impossible"][0]["proof"]
    written = out.read_text(encoding="utf-8").splitlines()
    assert written[0] == "id,grid" and len(written) == 101 and written[1].startswith("b0,X")
    text = lines(capsys, *words)
    assert "90 户（有证明" in text and "放得进一个网格的小区" not in text


def test_divide_shortens_a_long_account(capsys, tmp_path):
    file = tmp_path / "u.csv"
    rows = [f"b{n},{n % 10 * 40},{n // 10 * 40},{90 if n % 2 else 10},e{n // 2}" for n in range(60)]
    file.write_text("\n".join(["id,x_m,y_m,households,estate", *rows]), encoding="utf-8")
    text = lines(capsys, "divide", file, "--min", 30, "--max", 60)
    assert "不在范围内的共" in text and "证明共" in text
    small = tmp_path / "small.csv"
    small.write_text("id,x_m,y_m,households,estate\na,0,0,20,甲\nb,9,0,20,甲\n", encoding="utf-8")
    assert "其中 1 个没有拆开" in lines(capsys, "divide", small, "--min", 30, "--max", 60)


def test_match(capsys, tmp_path):
    file = tmp_path / "m.json"
    helper = {"id": "小周", "x": 30, "y": 0.5, "skills": ["灯"], "times": ["周六"], "load": 2}
    wish = {"x": 0, "y": 0, "skill": "灯", "times": ["周六"]}
    given = {
        "wishes": [{"id": "a", **wish}, {"id": "b", **wish, "urgency": 3}, {"id": "c", **wish, "skill": "电"}],
        "volunteers": [helper],
    }
    file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    found = told(capsys, "match", file)
    assert found["pairs"] == [{"wish": "a", "volunteer": "小周"}]
    assert found["nobody_free"] == ["b"] and found["nobody_qualified"] == ["c"] and found["gap"] == 0
    text = lines(capsys, "match", file)
    assert "a → 小周" in text and "都另有安排" in text and "没有技能和时间" in text


def test_visits(capsys, tmp_path):
    file = tmp_path / "v.json"
    homes = [{"id": f"h{n}", "x": n * 10, "y": n % 3, "every": "week", "last": "2026-11-01"} for n in range(6)]
    homes.append({"id": "new", "x": 5, "y": 5, "every": "quarter", "last": None})
    given = {"day": "2026-11-21", "officers": [{"id": "小周", "x": 1, "y": 1, "households": homes}]}
    file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    (tour,) = told(capsys, "visits", file)["tours"]
    assert tour["due"] == 7 and len(tour["visits"]) == 7 and tour["metres"] <= tour["nearest_metres"]
    assert "小周：到期 7 户" in lines(capsys, "visits", file)


@pytest.mark.parametrize(
    ("verb", "text", "words"),
    [
        ("match", '{"wishes": []}', "volunteers"),
        (
            "match",
            '{"wishes": [{"id": "a", "x": "far", "y": 0, "skill": "s", "times": []}], "volunteers": []}',
            "单位是米",
        ),
        ("visits", '{"day": "today", "officers": []}', "不是日期"),
        ("opinions", "a,b\n", "缺少列"),
    ],
)
def test_faults_are_told_in_one_line(capsys, tmp_path, verb, text, words):
    file = tmp_path / "given"
    file.write_text(text, encoding="utf-8")
    assert main(["methods", verb, str(file), "--json"]) == 1
    told = capsys.readouterr()
    assert words in told.err and told.out == ""
    assert main(["methods", "divide", str(tmp_path / "none.csv"), "--min", "3", "--max", "5"]) == 1


def test_no_django_is_loaded(conversation):
    code = (
        "import sys; from weizhi.cli import main; "
        f"main(['methods', 'opinions', {str(conversation)!r}, '--json']); print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
