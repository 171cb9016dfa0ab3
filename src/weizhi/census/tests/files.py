"""Small census files, made for a test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from weizhi.census.reading import Source

ESTATES = [["小区编号", "名称"], ["e5", "花园里"]]
GRIDS = [["网格编号", "名称"], ["g5", "第五网格"]]
BUILDINGS = [["楼栋", "小区", "网格", "经度", "纬度"], ["8号楼", "花园里", "g5", 121.5, 31.2], ["9", "e5", "", "", ""]]
HOUSEHOLDS = [
    ["楼栋", "单元", "房号", "楼层", "建筑面积"],
    [8, "1单元", "101室", 1, 89.37],
    [8, 1, 201, 2, "60"],
    ["9", "", "301", "3", ""],
]
RESIDENTS: list[list[Any]] = [
    ["楼栋", "单元", "房号", "姓名", "关系", "电话", "身份证号", "产权份额"],
    [8, 1, 101, "田大爷", "业主、居民", "13800000001", "11010519491231002X", "1/2"],
    [8, 1, 101, "田大妈", "业主、居民", 13800000002, "", "50%"],
    ["9", "", "301", "小秦", "租户", "138 0000 0003", "", ""],
    [8, 1, 201, "田大爷", "业主", "", "11010519491231002X", ""],
]
SPACES = [["编号", "名称", "小区"], ["pond", "荷花池", "e5"]]
WHOLE = {
    "小区": ESTATES, "网格": GRIDS, "楼栋": BUILDINGS, "住户": HOUSEHOLDS, "居民": RESIDENTS, "公共空间": SPACES,
}  # fmt: skip


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]] | None = None) -> Source:
    book = Workbook(write_only=True)
    for title, rows in (sheets or WHOLE).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return Source(path.name, path)


def changed(sheet: str, row: int, column: int, value: Any) -> dict[str, Sequence[Sequence[Any]]]:
    """The whole workbook with one cell changed; row and column as people count, from 1."""
    sheets = {title: [list(cells) for cells in rows] for title, rows in WHOLE.items()}
    sheets[sheet][row - 1][column - 1] = value
    return sheets
