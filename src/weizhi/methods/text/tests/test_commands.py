"""weizhi methods classify | duplicates | topics, as somebody types them."""

import json

import pytest

from weizhi.cli import main
from weizhi.methods.text.tests.messages import taught

CHARTER = """[categories]
noise = { title = "噪音扰民", words = ["吵", "噪音"] }
lift = { title = "电梯", words = ["电梯"] }
"""


@pytest.fixture
def files(tmp_path):
    messages, labels = taught(60)
    rows = [
        {"id": one.key, "title": one.title, "text": one.text, "label": label}
        for one, label in zip(messages, labels, strict=True)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (tmp_path / "confirmed.jsonl").write_text("\n".join(lines), "utf-8")
    new = [
        {"id": 1, "title": "电梯困人了", "from": "lin"},
        {"id": 2, "title": "电梯困人", "text": None},
        {"id": 3, "title": "你好"},
    ]
    (tmp_path / "new.jsonl").write_text("\n".join(json.dumps(row) for row in new) + "\n\n", "utf-8")
    (tmp_path / "charter.toml").write_text(CHARTER, "utf-8")
    return tmp_path


def run(capsys, *words):
    code = main(["methods", *map(str, words)])
    return code, *capsys.readouterr()


def test_classify_by_words(files, capsys):
    code, out, _ = run(capsys, "classify", files / "new.jsonl", "--charter", files / "charter.toml")
    assert code == 0
    assert out.splitlines()[0] == "1 电梯困人了：lift 80% 因为说到“电梯”；小事 因为说到“电梯”"
    assert out.splitlines()[2] == "3 你好：没有建议"


def test_learn_check_save_and_use(files, capsys):
    model = files / "model.npz"
    code, out, _ = run(
        capsys,
        "classify",
        files / "new.jsonl",
        "--confirmed",
        files / "confirmed.jsonl",
        "--check",
        "--save",
        model,
        "--json",
    )
    first = json.loads(out)
    assert code == 0 and first["messages"][0]["suggestions"][0]["key"] == "lift"
    assert first["check"]["messages"] == 60
    code, out, _ = run(capsys, "classify", files / "new.jsonl", "--model", model, "--json")
    assert code == 0 and json.loads(out)["messages"] == first["messages"]
    code, out, _ = run(capsys, "classify", files / "new.jsonl", "--confirmed", files / "confirmed.jsonl", "--check")
    assert code == 0 and out.startswith("交叉验证 60 条")


def test_duplicates_and_topics(files, capsys):
    code, out, _ = run(capsys, "duplicates", files / "new.jsonl", "--json")
    assert code == 0 and [row["id"] for row in json.loads(out)["near"]] == ["1", "2"]
    assert "电梯困人" in run(capsys, "duplicates", files / "new.jsonl")[1]
    assert run(capsys, "duplicates", files / "new.jsonl", "--least", "1.1")[1] == "没有相近的留言。\n"
    code, out, _ = run(capsys, "topics", files / "new.jsonl", "--json")
    assert code == 0 and json.loads(out)["topics"][0]["people"] == 2
    assert run(capsys, "topics", files / "new.jsonl")[1].startswith("2 人 2 条：电梯困人")
    assert run(capsys, "topics", files / "new.jsonl", "--at-least", "3")[1] == "没有多人说同一件事。\n"


def test_what_is_wrong_is_told(files, capsys):
    cases = {
        "bad.jsonl": ("{", "第 1 行不是 JSON"),
        "list.jsonl": ("[]", "少了“id”或“title”"),
        "empty.jsonl": ("\n", "里面没有留言"),
    }
    for name, (text, words) in cases.items():
        (files / name).write_text(text, "utf-8")
        code, _, wrong = run(capsys, "topics", files / name)
        assert code == 1 and words in wrong
    new = files / "new.jsonl"
    (files / "bad.toml").write_text("[", "utf-8")
    for words, told in [
        ([], "没有依据"),
        (["--check"], "要和 --confirmed 一起用"),
        (["--confirmed", new], "没有一条写着“label”"),
        (["--charter", files / "bad.toml"], "不是 TOML"),
        (["--model", new], "不是模型文件"),
    ]:
        code, _, wrong = run(capsys, "classify", new, *words)
        assert code == 1 and told in wrong
