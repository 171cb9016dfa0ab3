"""weizhi charters: what a clerk types and what comes back."""

import json
from pathlib import Path

import pytest

from weizhi.cli import main

BROKEN = Path(__file__).parents[1] / "charters" / "tests" / "broken"
SKETCH = Path(__file__).parents[3] / "docs" / "sketches" / "wenjiang.toml"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["charters", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_list_names_every_charter(capsys):
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "qingshan" in out and "青山微邻里" in out


def test_check_is_content_with_a_good_charter(capsys):
    code, out, _ = run(capsys, "check", "base", "qingshan")
    assert code == 0 and out.count("没有问题") == 2


def test_check_prints_file_line_and_the_nearest_name(capsys):
    file = str(BROKEN / "several-at-once.toml")
    code, out, _ = run(capsys, "check", file)
    assert code == 1
    assert sum(line.startswith(f"{file}:") and line.count(":") >= 2 for line in out.splitlines()) >= 4
    assert f"{file}：4 处要改。" in out and "最接近的是“committee”" in out


def test_check_names_what_waits_for_another_room(capsys):
    code, out, _ = run(capsys, "check", str(SKETCH))
    assert code == 1 and "归 neighbours 这间房" in out and "1 处要等别的房间装上" in out
    code, _, _ = run(capsys, "check", "--allow-unprovided", str(SKETCH))
    assert code == 0


def test_check_of_nothing_says_so(capsys):
    code, out, _ = run(capsys, "check", "no-such-file.toml", "qingshn")
    assert code == 1 and "没有这个文件" in out and "最接近的是“qingshan”" in out


def test_draw_writes_the_charters_own_procedure(capsys, tmp_path: Path):
    out = tmp_path / "flow.svg"
    assert run(capsys, "draw", "qingshan", "--out", str(out))[0] == 0
    assert "微邻里报事：流程图" in out.read_text(encoding="utf-8")
    code, told, _ = run(capsys, "draw", "qingshan", "--procedure", "adoption")
    assert code == 0 and "认养" in told
    code, _, refused = run(capsys, "draw", "qingshan", "--procedure", "adopton")
    assert code == 1 and "最接近的是“adoption”" in refused


def test_schema_is_json(capsys):
    code, out, _ = run(capsys, "schema")
    assert code == 0 and json.loads(out)["title"].startswith("Weizhi charter")


def test_explain_tells_the_step_and_its_lines(capsys):
    code, out, _ = run(capsys, "explain", "qingshan", "qingshan-report.redo")
    assert code == 0 and "重新办理" in out and "qingshan.toml:" in out
    code, _, refused = run(capsys, "explain", "qingshan", "call-bak")
    assert code == 1 and "最接近的是“call-back”" in refused
