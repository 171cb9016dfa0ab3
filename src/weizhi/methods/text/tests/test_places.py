"""Homes are read however they are written; days, prices and telephones are not homes."""

import pytest

from weizhi.methods.text.places import Gazetteer, code, homes


def read(text):
    return [(home.building, home.unit, home.room) for home in homes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3栋2单元301室漏水", [("3", "2", "301")]),
        ("住5幢2门402", [("5", "2", "402")]),
        ("3#楼门口", [("3", None, None)]),
        ("３＃楼２单元", [("3", "2", None)]),
        ("12-2-301的邻居", [("12", "2", "301")]),
        ("我是3-502室业主", [("3", None, "502")]),
        ("十二号楼一单元", [("12", "1", None)]),
        ("二十一栋", [("21", None, None)]),
        ("A座1203室", [("A", None, "1203")]),
        ("a3栋和B12栋", [("A3", None, None), ("B12", None, None)]),
        ("5、6栋之间", [("5", None, None), ("6", None, None)]),
        ("03栋 2 单元 1201 房", [("3", "2", "1201")]),
        ("2单元501", [(None, "2", "501")]),
        ("2104室装修", [(None, None, "2104")]),
        ("8号楼旁边，9号楼后面", [("8", None, None), ("9", None, None)]),
        ("3#-2-301", [("3", "2", "301")]),
        ("6栋三单元的井", [("6", "3", None)]),
        ("26栋2804", [("26", None, "2804")]),
        ("٣栋和十十栋", [("3", None, None), ("10", None, None)]),
    ],
)
def test_homes(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "12-10-2019",
        "2019-12-13",
        "138-0013-8000",
        "010-6555-1234",
        "3-500元",
        "我们小区",
        "13.5栋",
        "地铁2#线",
        "45号",
        "上午10点",
        "",
        "一门心思",
    ],
)
def test_no_homes(text):
    assert read(text) == []


def test_a_letter_with_dashes_is_never_a_day():
    assert read("A12-10-2019") == [("A12", "10", "2019")]


def test_places_in_the_original():
    (home,) = homes("在３栋２单元，")
    assert (home.start, home.end) == (1, 6)


@pytest.mark.parametrize(
    ("written", "normal"), [("十", "10"), ("二十", "20"), ("一二", "12"), ("a03b", "A3B"), (None, None), ("", None)]
)
def test_codes(written, normal):
    assert code(written) == normal


def test_names_of_the_gazetteer():
    gazetteer = Gazetteer({"幸福里": "xfl", "幸福里东门": "xfl/east", "Ａ区广场": "xfl/a", " ": "nothing"})
    text = "幸福里东门和幸福里的a区广场"
    assert [(one.place, text[one.start : one.end]) for one in gazetteer.named(text)] == [
        ("xfl/east", "幸福里东门"),
        ("xfl", "幸福里"),
        ("xfl/a", "a区广场"),
    ]
    assert Gazetteer({}).named(text) == ()
