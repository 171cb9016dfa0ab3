"""What a census file holds: its tables, their columns, and the names under which people write them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

ENOUGH = 1  # one column under one of its other names alone says nothing
ESTATE, GRID, BUILDING, HOUSEHOLD, RESIDENT, SPACE = "estate", "grid", "building", "household", "resident", "space"

_NOTE = re.compile("[(\uff08\\[]")


@dataclass(frozen=True)
class Column:
    """A column: our key, its title in the template, other names that files have for it, what to write in it."""

    key: str
    title: str
    names: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    hint: str = ""

    @property
    def known_as(self) -> tuple[str, ...]:
        return (self.title, self.key, *self.names)


@dataclass(frozen=True)
class Table:
    """A sheet: which kind of thing its lines are."""

    kind: str
    title: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)

    def column(self, name: str) -> Column | None:
        """The column of this name, however it is written."""
        wanted = plain(name)
        return next((one for one in self.columns if wanted in map(plain, one.known_as)), None)

    def title_of(self, key: str) -> str:
        return next(column.title for column in self.columns if column.key == key)


def plain(name: str) -> str:
    """A column's name without what people add: stars, blanks, notes in brackets, units."""
    return "".join(_NOTE.split(name)[0].split()).strip("*\uff0a:\uff1a").lower()


_LONGITUDE = Column("longitude", "经度", ("lon", "lng", "x"), hint="地图上的经度，例如 121.5012")
_LATITUDE = Column("latitude", "纬度", ("lat", "y"), hint="地图上的纬度，例如 31.2345")
_ESTATE = Column("estate", "小区", ("小区名称", "所属小区", "小区编号"), example="e1", hint="小区的编号或名称")
_GRID = Column("grid", "网格", ("所属网格", "网格编号"), example="g1", hint="网格的编号或名称")
_BUILDING = Column(
    "building", "楼栋", ("楼号", "栋", "幢", "楼", "楼栋号", "楼栋编号", "楼宇"), True, "3", "例如 3，不用写“号楼”"
)
_UNIT = Column("unit", "单元", ("单元号", "门", "门洞"), example="2", hint="没有单元的楼不用写")
_ROOM = Column("room", "房号", ("室", "户号", "门牌", "房间号", "房屋编号", "室号"), True, "301")
_NAME = Column("name", "名称", ("名字", "title"))

TABLES: tuple[Table, ...] = (
    Table(
        ESTATE,
        "小区",
        ("小区表", "estates"),
        (
            Column("code", "小区编号", ("编号", "code"), True, "e1", "短一些，以后不改，例如 e1"),
            Column("name", "名称", ("小区名称", "小区", "name"), True, "幸福里一期"),
            _LONGITUDE,
            _LATITUDE,
        ),
    ),
    Table(
        GRID,
        "网格",
        ("网格表", "grids"),
        (
            Column("code", "网格编号", ("编号", "code"), True, "g1", "短一些，以后不改，例如 g1"),
            Column("name", "名称", ("网格名称", "网格", "name"), True, "第一网格"),
        ),
    ),
    Table(
        BUILDING,
        "楼栋",
        ("楼", "楼宇", "楼栋表", "buildings"),
        (
            _BUILDING,
            _ESTATE,
            Column("name", "名称", ("楼栋名称", "name"), hint="不写就叫“3 号楼”"),
            _GRID,
            _LONGITUDE,
            _LATITUDE,
        ),
    ),
    Table(
        HOUSEHOLD,
        "住户",
        ("房屋", "户", "房屋表", "住户表", "households"),
        (
            _ESTATE,
            _BUILDING,
            _UNIT,
            _ROOM,
            Column("floor", "楼层", ("层", "所在层"), example="3"),
            Column("area", "建筑面积", ("面积", "专有面积", "产权面积"), example="89.37", hint="平方米，以登记为准"),
        ),
    ),
    Table(
        RESIDENT,
        "居民",
        ("人口", "人员", "居民表", "业主", "住户人员", "residents"),
        (
            _ESTATE,
            _BUILDING,
            _UNIT,
            _ROOM,
            Column("name", "姓名", ("名字", "name"), True, "林姨"),
            Column("status", "关系", ("身份", "与房屋关系", "类型"), True, "业主、居民", "业主、居民、租户、成员"),
            Column("phone", "电话", ("手机", "手机号", "联系电话", "手机号码", "联系方式"), example="13800001234"),
            Column(
                "id_number",
                "身份证号",
                ("身份证", "证件号", "身份证号码", "证件号码"),
                hint="可以不填；把这一列设成“文本”",
            ),
            Column("share", "产权份额", ("份额", "产权比例"), hint="业主几人共有时写，例如 1/2"),
        ),
    ),
    Table(
        SPACE,
        "公共空间",
        ("空间", "场所", "公共场所", "地点", "spaces"),
        (
            Column("code", "编号", ("空间编号", "场所编号", "code"), True, "plaza", "短一些，以后不改"),
            Column("name", "名称", ("空间名称", "场所名称", "name"), True, "中心广场"),
            _ESTATE,
            _GRID,
            _LONGITUDE,
            _LATITUDE,
        ),
    ),
)
BY_KIND = {table.kind: table for table in TABLES}
KIND_WORDS = {table.kind: table.title for table in TABLES} | {"stairwell": "单元", "residence": "住户关系"}


def table_named(name: str) -> Table | None:
    """The table that a sheet's name says."""
    wanted = plain(name)
    return next((table for table in TABLES if wanted in map(plain, (table.title, table.kind, *table.names))), None)


def table_of(header: Iterable[str]) -> Table | None:
    """The table that knows most of these columns; a title counts more than one of its other names."""
    names = [name for name in header if name]

    def known(table: Table) -> int:
        found = [(name, table.column(name)) for name in names]
        return sum(1 + (plain(name) == plain(column.title)) for name, column in found if column)

    best = max(TABLES, key=known)
    return best if known(best) > ENOUGH else None
