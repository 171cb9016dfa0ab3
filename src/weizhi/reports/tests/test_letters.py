"""What people call the columns, how they write times, and what is said of a line that is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from weizhi.reports.letters import BadFile, Letter, Unread, read_letters


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    "time", ["2018-05-17 08:32:04", "2018/5/17 8:32:04", "2018-05-17T00:32:04Z", "2018-05-17T08:32:04"]
)
def test_times_as_people_write_them(tmp_path: Path, time: str):
    file = written(tmp_path, "a.jsonl", f'{{"id": 7, "at": "{time}", "title": "灯坏了", "text": "三单元"}}\n')
    [letter] = read_letters(file)
    assert letter == Letter(1, "7", datetime(2018, 5, 17, 0, 32, 4, tzinfo=UTC), "灯坏了\n三单元")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_with_chinese_columns_in_any_usual_encoding(tmp_path: Path, encoding: str):
    text = '留言编号,留言时间,留言主题,留言详情\n9,2019/4/23 17:03,路灯,"第一行\n第二行"\n10,2019/4/24,井盖,没了\n'
    letters = list(read_letters(written(tmp_path, "a.csv", text, encoding)))
    assert [(one.line, one.id, one.words) for one in letters if isinstance(one, Letter)] == [
        (3, "9", "路灯\n第一行\n第二行"),
        (4, "10", "井盖\n没了"),
    ]


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path):
    lines = [
        '{"id": 1, "at": "2018-05-17 08:32:04", "text": "好的\u2028一行"}',
        '{"id": 2, "at": "2018-05-17',
        '["x"]',
        "",
        '{"id": 3, "at": "昨天", "text": "灯"}',
        '{"id": 4, "at": "2018-05-17", "text": ""}',
    ]
    found = list(read_letters(written(tmp_path, "a.jsonl", "\n".join(lines))))
    assert [one.line for one in found if isinstance(one, Letter)] == [1]
    bad = {one.line: one.why for one in found if isinstance(one, Unread)}
    assert set(bad) == {2, 3, 5, 6}
    assert "2026-03-01 09:30" in bad[5] and "正文" in bad[6]


def test_a_letter_without_a_number_is_known_by_what_it_says(tmp_path: Path):
    line = '{"at": "2018-05-17", "text": "灯坏了"}\n'
    first, second, other = read_letters(written(tmp_path, "a.jsonl", line * 2 + line.replace("灯", "门")))
    assert isinstance(first, Letter) and isinstance(second, Letter) and isinstance(other, Letter)
    assert first.id == second.id != other.id


@pytest.mark.parametrize(("name", "text"), [("a.txt", "x"), ("a.csv", "a,b\n1,2\n")])
def test_a_file_that_is_none_of_ours_says_what_to_do(tmp_path: Path, name: str, text: str):
    with pytest.raises(BadFile, match="请"):
        list(read_letters(written(tmp_path, name, text)))


def test_a_missing_file_says_so(tmp_path: Path):
    with pytest.raises(BadFile, match="打不开"):
        list(read_letters(tmp_path / "none.jsonl"))
