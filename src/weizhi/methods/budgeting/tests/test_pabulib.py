"""Reading and writing ``.pb`` files: what is wrong is told with its line."""

from fractions import Fraction

import pytest

from weizhi.methods.budgeting import Ballots, Election, PabulibError, Project, Rule, count, read, read_text, write_text
from weizhi.methods.budgeting.pabulib_writing import decimal

GOOD = """META
key;value
description;微实事
budget;1000
vote_type;approval
num_projects;3
num_votes;4
PROJECTS
project_id;cost;votes;name;category
p1;500;3;楼道灯;安全
p2;300.50;2;"凉亭;长椅";环境
p3;400;0;停车棚;
VOTES
voter_id;vote;age
1;p1,p2;40
2;p2,p1;41
3;p1;42
4;;43
"""


def changed(old, new, text=GOOD):
    assert old in text
    return text.replace(old, new, 1)


def test_a_good_file():
    found = read_text(GOOD)
    assert [one.id for one in found.projects] == ["p1", "p2", "p3"]
    assert found.projects[1] == Project("p2", Fraction(601, 2), "凉亭;长椅", {"votes": "2", "category": "环境"})
    assert (found.voters, found.ballots.classes, found.scale, found.limit) == (4, 3, 2, 2000)
    assert found.scores == [3, 2, 0] and found.meta["description"] == "微实事"
    assert found.notes == () and found.budget == 1000
    assert write_text(read_text(GOOD.replace("\n", "\r\n"))) == write_text(found)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("1;p1,p2;40", "1;p1,p9;40", 15, "“p9”不是本次的项目编号"),
        ("3;p1;42", "3;P1;42", 17, "“P1”不是本次的项目编号"),
        ("3;p1;42", "3", 17, "只有 1 格，至少要有 2 格"),
        ("3;p1;42", "3;p1,,p2;42", 17, "多了一个逗号"),
        ("budget;1000", "budget;一千", 4, "预算总额“一千”不是数"),
        ("budget;1000", "budget;-5", 4, "小于零"),
        ("budget;1000", "bugdet;1000", 0, "最接近的是“bugdet”"),
        ("budget;1000", "budget", 4, "后面要有分号"),
        ("approval", "aproval", 5, "最接近的是“approval”"),
        ("vote_type;approval", "votetype;approval", 0, "最接近的是“votetype”"),
        ("p3;400;0", "p1;400;0", 12, "在第 10 行已经用过"),
        ("p3;400;0", "p3;1/0;0", 12, "项目“p3”的费用“1/0”不是数"),
        ("p3;400;0;停车棚;", "p3", 12, "只有 1 格，少了项目编号或费用"),
        ("project_id;cost", "project_id;price", 9, "PROJECTS 的表头里没有“cost”"),
        ("voter_id;vote", "voter_id;votes", 14, "VOTES 的表头里没有“vote”这一列。最接近的是“votes”"),
        ("voter_id;vote", "voter;vote", 14, "VOTES 的表头里没有“voter_id”这一列。最接近的是“voter”"),
        ("VOTES\n", "VOTE\n", 0, "没有“VOTES”这一段"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old, new, line, words):
    with pytest.raises(PabulibError) as refused:
        read_text(changed(old, new))
    assert refused.value.line == line
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"第 {line} 行：") == bool(line)


def test_the_nearest_right_word_is_offered():
    with pytest.raises(PabulibError, match="最接近的是“p1”"):
        read_text(changed("3;p1;42", "3;p11;42"))


def test_odd_things_are_noted_and_counted():
    noted = read_text(changed("num_votes;4", "num_votes;5")).notes
    assert noted == ("第 7 行写的 num_votes 是 5，实际数到 4。",)
    assert read_text(changed("p1;500;3", "p1;500;7")).notes == ("第 10 行项目“p1”写的票数是 7，实际数到 3。",)
    twice = read_text(changed("3;p1;42", "3;p1,p1;42"))
    assert twice.notes == ("有选票把同一个项目写了两遍，只算一次。",) and twice.scores == [3, 2, 0]
    assert "选民编号重复" in read_text(changed("3;p1;42", "1;p1;42")).notes[0]
    many = GOOD
    for old, new in (("p1;500;3", "p1;500;9"), ("p2;300.50;2", "p2;300.50;9"), ("p3;400;0", "p3;400;9\np4;1;9")):
        many = changed(old, new, many)
    assert read_text(many).notes[-1] == "另有 1 个项目写的票数与实际数到的不同。"


def test_spaces_quotes_and_other_columns():
    spaced = changed("1;p1,p2;40", "1; p1, p2 ;40")
    assert read_text(spaced).scores == [3, 2, 0]
    quoted = changed("1;p1,p2;40", '"1";"p1,p2";40')
    assert read_text(quoted).scores == [3, 2, 0]
    turned = GOOD.replace(
        "voter_id;vote;age\n1;p1,p2;40\n2;p2,p1;41\n3;p1;42\n4;;43\n", "\n\nage;vote;voter_id\n40;p1,p2;1\n41;p1;2\n"
    )
    assert read_text(turned).scores == [2, 1, 0]
    assert read_text(GOOD.split("1;p1,p2")[0]).voters == 0
    with pytest.raises(PabulibError, match="PROJECTS 一段是空的"):
        read_text("META\nbudget;1\nvote_type;approval\nPROJECTS\nVOTES\nvoter_id;vote\n")


def test_choose_one():
    text = GOOD.replace("approval", "choose-1")
    with pytest.raises(PabulibError, match="第 15 行：这种选票只能选一项"):
        read_text(text)
    assert read_text(text.replace("p1,p2", "p1").replace("p2,p1", "p2")).kind == "choose-1"


CUMULATIVE = (
    GOOD.replace("approval", "cumulative")
    .replace("voter_id;vote;age", "voter_id;vote;points")
    .replace("1;p1,p2;40", "1;p1,p2;3,1")
    .replace("2;p2,p1;41", "2;p2,p1;1,3")
    .replace("3;p1;42", "3;p1,p3;4,0")
    .replace("4;;43", "4;;")
)


def test_cumulative():
    found = read_text(CUMULATIVE)
    assert found.scores == [10, 2, 0] and found.ballots.classes == 3
    assert found.ballot(0) == {"p1": 3, "p2": 1}
    for wrong in ("3;p1,p3;4", "3;p1,p3;4,x", "3;p1,p3;4,-1"):
        with pytest.raises(PabulibError, match="第 17 行：分数"):
            read_text(changed("3;p1,p3;4,0", wrong, CUMULATIVE))
    again = read_text(write_text(found))
    assert again.scores == found.scores and again.kind == "cumulative"
    assert read_text(CUMULATIVE.split("1;p1,p2")[0]).voters == 0


def test_ordinal():
    text = GOOD.replace("approval", "ordinal")
    assert read_text(text).scores == [3, 2, 0]
    assert read_text(text, top=1).scores == [2, 1, 0]
    borda = read_text(text, ordinal="borda")
    assert borda.scores == [2 + 1 + 2, 1 + 2, 0]
    assert read_text(changed("budget", "max_length;3\nbudget", text), ordinal="borda").scores == [3 + 2 + 3, 2 + 3, 0]
    assert read_text(write_text(borda)).scores == borda.scores
    assert read_text(write_text(read_text(text))).kind == "approval"


def test_what_is_written_is_read_back():
    found = read_text(GOOD)
    again = read_text(write_text(found))
    assert again.projects == tuple(
        Project(p.id, p.cost, p.name, {**p.more, "votes": str(s)})
        for p, s in zip(found.projects, found.scores, strict=True)
    )
    assert (again.scores, again.voters, again.budget) == (found.scores, 4, found.budget)
    rule = Rule("mes", completion="add1")
    assert count(again, rule).selected == count(found, rule).selected
    assert decimal(Fraction(1, 8)) == "0.125" and decimal(Fraction(-5, 2)) == "-2.5"
    with pytest.raises(ValueError, match="有限小数"):
        decimal(Fraction(1, 3))


def test_files(tmp_path):
    path = tmp_path / "vote.pb"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read(path).scores == [3, 2, 0]
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(PabulibError, match="不是 UTF-8"):
        read(path)


def test_arrays_are_merged_like_files():
    rows = [[2, 0], [0, 2], [1], [], [1, 1]]
    ballots = Ballots.of(rows)
    assert (ballots.classes, sorted(ballots.voters.tolist())) == (3, [1, 2, 2])
    made = Election(
        (Project("a", Fraction(1)), Project("b", Fraction(1)), Project("c", Fraction(1))), Fraction(1), ballots
    )
    assert made.scores == [2, 2, 2] and made.voters == 5
    long = Ballots.of([list(range(40)), list(range(39, -1, -1)), [3]])  # too long to be packed into one number
    assert long.voters.tolist() == [2, 1] and long.items[:40].tolist() == list(range(40))
    weighed = Ballots.of([{0: 2, 1: 1}, {1: 1, 0: 2}, {0: 1}])
    assert weighed.voters.tolist() == [2, 1]
    doubled = Ballots.merged([0, 2], [0, 0], [2, 3])
    assert doubled.points.tolist() == [5]
