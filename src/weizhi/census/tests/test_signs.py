"""Signs for walls: each code opens the report at its place."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import segno

from weizhi.census import signs
from weizhi.cli import main
from weizhi.matters.tests.conftest import Stage
from weizhi.places.models import Place
from weizhi.record.actions.add_places import NewPlace, add_places


def test_each_sign_names_its_place_and_opens_the_report_there(stage: Stage, settings):
    settings.ADDRESS = "https://wz.example.cn"
    add_places(stage.community, [NewPlace("building", "10", "10 号楼", "e1"), NewPlace("space", "门球场", "门球场")])
    made = signs.signs_of(stage.community, ["building", "space", "stairwell"])
    assert [one.name for one in made] == ["3 号楼", "3 号楼 1 单元", "3 号楼 2 单元", "10 号楼", "中心广场", "门球场"]
    assert made[1].within == "幸福里 · 幸福里一期" and made[-2].within == "幸福里"
    for one in made:
        asked = urlsplit(one.address)
        assert (asked.netloc, asked.path) == ("wz.example.cn", "/report") and one.address.isascii()
        assert Place.objects.get(path=parse_qs(asked.query)["at"][0]).code == one.code
    assert not signs.only_here()


def test_the_code_holds_the_address_with_room_for_scratches():
    address = "https://wz.example.cn/report?at=xfl/e1/3"
    expected = segno.make(address, error="q", micro=False)
    line = expected.svg_inline(scale=4, border=2).partition(' d="')[2].partition('"')[0]
    assert expected.error == "Q" and line and line in signs.drawn(address)


def test_a_sheet_is_six_a_page_or_one_a_page(stage: Stage, monkeypatch):
    made = signs.signs_of(stage.community, ["building", "space"]) * 4
    for layout, pages in (("cards", 2), ("posters", 8)):
        pdf = signs.sheet(stage.community, made, layout)
        assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) == pages


def test_what_people_write_is_data_and_never_typst(stage: Stage):
    add_places(stage.community, [NewPlace("space", "x", '#panic("x") *粗* $1$')])
    assert signs.sheet(stage.community, signs.signs_of(stage.community, ["space"])).startswith(b"%PDF")


def test_the_command_writes_a_file_and_says_what_is_missing(stage: Stage, tmp_path, capsys):
    out = tmp_path / "qr.pdf"
    assert main(["community", "qr", "--community", "xfl", "--under", "e1", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "1 张" in said.out and "WEIZHI_ADDRESS" in said.err and out.read_bytes().startswith(b"%PDF")
    assert main(["community", "qr", "--community", "xfl", "--under", "e7"]) == 1
    assert main(["community", "qr"]) == 1 and "有：guangming、xfl" in capsys.readouterr().err


def test_too_many_are_asked_for_in_parts(stage: Stage, monkeypatch):
    monkeypatch.setattr(signs, "AT_MOST", 1)
    with pytest.raises(signs.NoSigns, match="分几次"):
        signs.signs_of(stage.community, ["stairwell"])
