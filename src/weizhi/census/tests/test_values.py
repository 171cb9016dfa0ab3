"""What people type in a cell, and what it means."""

import pytest

from weizhi.census import values
from weizhi.census.tables import table_of
from weizhi.census.values import LOST, Wrong
from weizhi.places.coordinates import BD09, GCJ02, WGS84, gcj02_from_wgs84, to_wgs84


@pytest.mark.parametrize(
    ("read", "typed", "means"),
    [
        (values.building, "3号楼", "3"), (values.building, "３ 栋", "3"), (values.building, "A座", "A"),
        (values.unit, "2单元", "2"), (values.room, "301室", "301"), (values.floor, "B1层", -1),
        (values.floor, "12F", 12), (values.area_cm2, "89.37㎡", 8937), (values.share, "50%", "1/2"),
        (values.share, "1/3", "1/3"),
        (values.statuses, "业主、常住", ("owner", "resident")), (values.statuses, "租客", ("tenant",)),
        (values.phone, "138 0000-0001", "13800000001"), (values.phone, "+86 13800000001", "13800000001"),
        (values.phone, "021-68880000", "02168880000"), (values.id_number, "11010519491231002x", "11010519491231002X"),
    ],
)  # fmt: skip
def test_a_cell_means_what_people_mean(read, typed, means):
    assert read(typed) == means


@pytest.mark.parametrize(
    ("read", "typed", "told"),
    [
        (values.phone, "1380000000", "11 位"), (values.id_number, "110105194912310021", "最后一位"),
        (values.id_number, "11010519491331002X", "出生日期"), (values.id_number, LOST, "设成“文本”"),
        (values.id_number, "123", "这里是 3 位"), (values.statuses, "业住", "最接近的是“业主”"),
        (values.area_cm2, "八十九", "例如 89.37"), (values.area_cm2, "89.375", "两位小数"),
        (values.floor, "三", "例如 3"),
        (values.share, "3/2", "不超过 1"), (values.share, "1/0", "1/2"), (values.code, "a/b", "不要用"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_to_do(read, typed, told):
    with pytest.raises(Wrong, match=told):
        read(typed)


def test_positions_are_checked_before_they_are_believed():
    assert values.position("121.5", "31.2") == (121.5, 31.2)
    for longitude, latitude, told in (
        ("31.2", "121.5", "写反"),
        ("2.35", "48.85", "不在中国"),
        ("121.5", "", "一起写"),
    ):
        with pytest.raises(Wrong, match=told):
            values.position(longitude, latitude)


def test_shifted_coordinates_come_back():
    """The pair is the published example of the conversion; the way back is exact to a millimetre."""
    shown = gcj02_from_wgs84(121.5272106, 31.1774276)
    assert shown == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-9)
    assert to_wgs84(*shown, GCJ02) == pytest.approx((121.5272106, 31.1774276), abs=1e-8)
    assert to_wgs84(121.5, 31.2, WGS84) == (121.5, 31.2)
    baidu = (121.53806, 31.18121)
    assert to_wgs84(*baidu, BD09) == pytest.approx((121.5272, 31.1774), abs=5e-4)
    assert gcj02_from_wgs84(2.35, 48.85) == (2.35, 48.85)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["楼栋", "单元", "房号", "姓名", "电话"], "resident"), (["楼号", "单元号", "室", "面积"], "household"),
        (["楼栋", "小区"], "building"), (["编号", "名称"], "space"), (["小区编号", "小区名称"], "estate"),
        (["备注", "其他"], None),
    ],
)  # fmt: skip
def test_a_table_is_known_by_its_columns(header, kind):
    found = table_of(header)
    assert (found.kind if found else None) == kind
