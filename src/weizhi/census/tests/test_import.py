"""Files become places and people: all or nothing, once, every wrong line told."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from weizhi.census.actions.bring_in import Stale, bring_in
from weizhi.census.actions.check_files import Checked, check_files
from weizhi.census.reading import BadFile, Source
from weizhi.census.template import template
from weizhi.census.tests.files import RESIDENTS, changed, workbook
from weizhi.matters.tests.conftest import Stage, build
from weizhi.people import vault
from weizhi.people.access import standing
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.models import Entry


@pytest.fixture
def stage(db, tmp_path: Path, settings) -> Stage:
    settings.IMPORTS, settings.KEYS_FILE = tmp_path / "imports", tmp_path / "keys.json"
    return build()


def check(stage: Stage, *sources: Source, system: str | None = None) -> Checked:
    return check_files(stage.community, sources, now=timezone.now(), system=system)


def write(stage: Stage, *sources: Source) -> Entry | None:
    checked = check(stage, *sources)
    assert checked.plan, list(map(str, checked.found))
    return bring_in(stage.community, checked.plan, by=stage.people["wang"])


def told(checked: Checked) -> list[str]:
    return [str(finding) for finding in checked.found if finding.severity == "error"]


def test_a_workbook_becomes_places_people_and_one_entry(stage: Stage, tmp_path: Path):
    before, source = Entry.objects.count(), workbook(tmp_path / "census.xlsx")
    entry = write(stage, source)
    assert entry and Entry.objects.count() == before + 1 and entry.actor == stage.people["wang"]
    counts = {
        "estate": 1,
        "grid": 1,
        "building": 2,
        "space": 1,
        "stairwell": 1,
        "household": 3,
        "person": 3,
        "residence": 6,
    }
    assert entry.public == {"files": [source.sha256], "new": counts}
    assert entry.parts.get(part="files").body == ["census.xlsx"]
    home = Place.objects.get(code="8-1-101")
    assert (home.path, home.name, home.floor, home.area_cm2) == ("xfl/e5/8/8-1/8-1-101", "101 室", 1, 8937)
    assert home.at_level("grid") == "xfl/g5" and home.at_level("building") == "xfl/e5/8"
    building = Place.objects.get(code="8")
    assert building.name == "8 号楼" and building.longitude == pytest.approx(121.4955, abs=1e-3) != 121.5
    tian = Person.objects.get(name="田大爷")
    assert vault.get(tian, "id_number") == "11010519491231002X" and vault.get(tian, "phone") == "13800000001"
    assert tian.phone_blind == vault.blind("phone", "13800000001") and b"138" not in bytes(tian.phone_cipher)
    homes = Residence.objects.filter(person=tian).values_list("household__code", "status", "share")
    assert sorted(homes) == [("8-1-101", "owner", "1/2"), ("8-1-101", "resident", ""), ("8-1-201", "owner", "")]
    assert "status:owner@xfl/e5/8" in standing(tian, timezone.now()).keys


def test_again_brings_nothing_and_leaves_no_entry(stage: Stage, tmp_path: Path):
    source = workbook(tmp_path / "census.xlsx")
    write(stage, source)
    before = Entry.objects.count(), Place.objects.count(), Person.objects.count(), Residence.objects.count()
    checked = check(stage, source)
    assert checked.counts == {} and write(stage, source) is None
    assert before == (Entry.objects.count(), Place.objects.count(), Person.objects.count(), Residence.objects.count())
    more = changed("居民", 4, 4, "小唐")
    more["居民"].append(RESIDENTS[3])
    assert check(stage, workbook(tmp_path / "more.xlsx", more)).counts == {"person": 1, "residence": 1}


def test_every_wrong_line_is_told_and_nothing_is_written(stage: Stage, tmp_path: Path):
    sheets = changed("居民", 3, 6, "1380000")
    sheets["居民"][4][2] = "2011"
    sheets["居民"].append([88, 1, 101, "", "户住", "", "123", ""])
    sheets["住户"].append([8, 1, 101, "", ""])
    sheets["楼栋"].append(["10", "花园理", "g6", 31.2, 121.5])
    before = Place.objects.count()
    checked = check(stage, workbook(tmp_path / "bad.xlsx", sheets))
    assert checked.plan is None and Place.objects.count() == before
    lines = "\n".join(told(checked))
    for words in (
        "bad.xlsx:居民:3:电话：电话不对", "bad.xlsx:居民:5:房号：名册里没有“8-1-2011”这一户", "最接近的是“8-1-201”",
        "bad.xlsx:居民:6:楼栋：没有“88”号楼", "bad.xlsx:居民:6:姓名：是空的",
        "bad.xlsx:居民:6:身份证号：身份证号要 18 位",
        "居民:6:关系：不认识的关系“户住”", "bad.xlsx:住户:5:房号：和 bad.xlsx:住户:2 重复",
        "bad.xlsx:楼栋:4:小区：没有“花园理”这个小区", "最接近的是“花园里”",
    ):  # fmt: skip
        assert words in lines, lines


def test_after_many_faults_each_is_still_told_but_nothing_near_is_looked_for(stage: Stage, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("weizhi.census.placing.NEAREST_FOR", 2)
    rows = [["楼栋", "房号"], *[["33", str(n)] for n in range(5)]]
    lines = told(check(stage, workbook(tmp_path / "many.xlsx", {"住户": rows})))
    assert [line.split(":")[2] for line in lines] == ["2", "3", "4", "5", "6"]
    assert ["最接近" in line for line in lines] == [True, True, False, False, False]


def test_the_same_person_twice_at_one_door_is_asked_about(stage: Stage, tmp_path: Path):
    sheets = changed("居民", 4, 4, "小秦")
    sheets["居民"].append(["9", "", "301", "小秦", "租户", "", "", ""])
    assert "居民:6:姓名：和 two.xlsx:居民:4 重复" in "\n".join(
        told(check(stage, workbook(tmp_path / "two.xlsx", sheets)))
    )
    sheets["居民"][-1][4] = "成员"
    assert check(stage, workbook(tmp_path / "two.xlsx", sheets)).counts["person"] == 3


def test_somebody_known_elsewhere_is_not_entered_twice(stage: Stage, tmp_path: Path):
    guo = stage.people["guo"]
    vault.put(guo, vault.PHONE, "13800000003")
    guo.save()
    people = Person.objects.count()
    write(stage, workbook(tmp_path / "a.xlsx", changed("居民", 4, 4, "郭先生")))
    assert Person.objects.count() == people + 2
    assert Residence.objects.filter(person=guo, household__code="9-301", status="tenant").exists()


def test_residents_alone_bring_their_doors_along(stage: Stage, tmp_path: Path):
    file = tmp_path / "居民.csv"
    file.write_text(
        "小区,楼栋,单元,房号,姓名,关系\n光明二里,1栋,1,101,老许,业主\n光明二里,1,1,102,小许,居民\n", "gb18030"
    )
    other = check_files(stage.other, [Source(file.name, file)], now=timezone.now())
    assert any("没有“1”号楼" in line for line in told(other))  # this community has buildings: a wrong one is a fault
    from weizhi.record.actions.found_community import found_community

    empty = found_community("empty", "新里", at=stage.now)
    checked = check_files(empty, [Source(file.name, file)], now=timezone.now())
    assert checked.counts == {"estate": 1, "building": 1, "stairwell": 1, "household": 2, "person": 2, "residence": 2}


def test_two_estates_may_have_a_building_of_one_number(stage: Stage, tmp_path: Path):
    add_places(stage.community, [NewPlace("estate", "e2", "二期")], at=stage.now)
    file = tmp_path / "楼栋.csv"
    file.write_text("楼栋,小区\n3,e1\n3,e2\n", "utf-8-sig")
    write(stage, Source(file.name, file))
    assert Place.objects.get(code="e2-3").path == "xfl/e2/e2-3"
    homes = tmp_path / "住户.csv"
    homes.write_text("小区,楼栋,单元,房号\n二期,3,1,101\n,3,1,101\n", "utf-8")
    checked = check(stage, Source(homes.name, homes))
    assert told(checked) == ["住户.csv:3:楼栋：有 2 个 3 号楼（二期、幸福里一期）。请在“小区”列写明是哪一个。"]


def test_shapes_are_drawn_converted_and_drawn_anew(stage: Stage, tmp_path: Path):
    ring = [[121.5, 31.2], [121.501, 31.2], [121.501, 31.201], [121.5, 31.2]]
    bow = [[121.5, 31.2], [121.501, 31.201], [121.501, 31.2], [121.5, 31.201], [121.5, 31.2]]

    def file(*features: tuple[dict[str, str], list[list[float]]]) -> Source:
        path = tmp_path / "shapes.geojson"
        rows = [
            {"type": "Feature", "properties": p, "geometry": {"type": "Polygon", "coordinates": [r]}}
            for p, r in features
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
        return Source(path.name, path)

    new = {"kind": "space", "code": "pond", "name": "荷花池", "estate": "e1"}
    known = {"kind": "楼栋", "楼栋": "3", "小区": "e1"}
    entry = write(stage, file((new, ring), (known, ring)))
    assert entry and entry.public["new"] == {"space": 1, "changed": 1}
    building = Place.objects.get(code="3")
    assert building.geometry["coordinates"][0][0] == [121.5, 31.2] and building.longitude
    assert check(stage, file((known, ring))).counts == {}
    shifted = check(stage, file((known, ring)), system="gcj02")
    assert shifted.counts == {"changed": 1}
    wrong = told(check(stage, file((known, bow), ({"kind": "household"}, ring))))
    assert (
        "shapes.geojson:图形:1：图形自己和自己相交" in wrong[0]
        and "请在属性 kind 里写楼栋、公共空间、小区、网格之一" in wrong[1]
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xls", b"", "另存为 .xlsx"), ("a.xlsx", b"no zip", "打不开"), ("a.csv", b"\xff\xff\x00\x81", "编码"),
        ("a.geojson", b"{}", "GeoJSON"), ("a.pdf", b"", "不认识这种文件"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(stage: Stage, tmp_path: Path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=says):
        check(stage, Source(name, tmp_path / name))


def test_columns_that_are_missing_unknown_or_below_a_title(stage: Stage, tmp_path: Path):
    sheets = {
        "居民": [["翠竹社区 2026 年名册"], ["楼栋", "房号", "姓名", "电活"], [3, "101", "某人", ""]],
        "别的": [["a", "b"]],
    }
    checked = check(stage, workbook(tmp_path / "c.xlsx", sheets))
    words = "\n".join(map(str, checked.found))
    assert "c.xlsx:居民:2：这张“居民”表没有“关系”这一列" in words
    assert "c.xlsx:居民:2:电活：不认识这一列，没有读。最接近的是“电话”。" in words
    assert "c.xlsx:别的:1：前 10 行里没有认识的列名" in words


def test_a_plan_is_stale_when_the_community_has_changed(stage: Stage, tmp_path: Path):
    checked = check(stage, workbook(tmp_path / "census.xlsx"))
    add_places(stage.community, [NewPlace("space", "pond", "小池")], at=stage.now)
    before = Place.objects.count()
    assert checked.plan
    with pytest.raises(Stale):
        bring_in(stage.community, checked.plan)
    assert Place.objects.count() == before


def test_the_template_can_be_filled_in_and_brought_in(stage: Stage, tmp_path: Path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template())
    book = load_workbook(path)
    assert book.sheetnames == ["说明", "小区", "网格", "楼栋", "住户", "居民", "公共空间"]
    checked = check(stage, Source(path.name, path))
    assert not told(checked), "the example lines of the template must be right themselves"
