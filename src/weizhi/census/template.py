"""The workbook to fill in: one sheet for each table, and one that says how."""

from io import BytesIO
from typing import Any

from weizhi.census.tables import TABLES, Column

HELP = (
    "怎么填",
    "一张表写一类：小区、网格、楼栋、住户、居民、公共空间。用不到的表可以删掉或空着。",
    "深色的列必须写，浅色的列可以空着。每张表的第二行是例子，请删掉它再填。",
    "只有“居民”一张表也可以：楼栋和住户会照居民的门牌建好。",
    "楼栋写“3”就好；单元写“2”；房号写“301”。同一户的几个人写几行，每行都写门牌，不要合并单元格。",
    "关系写：居民、业主、租户、成员；可以写几个，例如“业主、居民”。",
    "经度和纬度默认是高德、腾讯地图上的（GCJ-02）；是别的地图，导入时请选。",
    "导入只添新的，不改也不删已有的。同一份文件导入两次，第二次什么也不会多出来。",
    "电话和身份证号加密存放，谁看过都有记录。不必填的号码请不要收集。",
)
DARK, LIGHT, EXAMPLE = "2F6B4F", "DCE9E1", "8A8F92"


def template() -> bytes:
    """The workbook, made anew: it is small."""
    from openpyxl import Workbook

    book = Workbook()
    first: Any = book.active
    first.title = "说明"
    for number, words in enumerate(HELP, 1):
        first.cell(number, 1, words if number == 1 else f"{number - 1}. {words}")
    first.column_dimensions["A"].width = 100
    for table in TABLES:
        _sheet(book.create_sheet(table.title), table.columns)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _sheet(sheet: Any, columns: tuple[Column, ...]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number, column.title)
        head.font = Font(bold=True, color="FFFFFF" if column.required else "22282B")
        head.fill = PatternFill("solid", fgColor=DARK if column.required else LIGHT)
        if column.hint:
            head.comment = Comment(column.hint, "微治")
        sheet.cell(2, number, column.example).font = Font(italic=True, color=EXAMPLE)
        sheet.column_dimensions[head.column_letter].width = max(12, 2 * len(column.title) + 4)
        if column.key in ("phone", "id_number"):  # a number would lose its last digits
            for row in range(2, 2001):
                sheet.cell(row, number).number_format = "@"
    sheet.freeze_panes = "A2"
