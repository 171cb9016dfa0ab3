"""Files as people have them (xlsx, csv, GeoJSON) become lines of our tables. Pure but for reading the files."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from weizhi.census.findings import Findings, Spot
from weizhi.census.tables import BY_KIND, TABLES, Table, table_named, table_of
from weizhi.census.values import LOST, close_to
from weizhi.methods.text.opened import BadFile, cannot_open, text_of

__all__ = ["BadFile", "Line", "Source", "read_files"]

HEADER_WITHIN = 10  # lines in which the names of the columns must stand: people write a title above
BLANK_AT_MOST = 2000  # blank lines after which a sheet is over: formatting may reach down to its last row
UNPACKED_AT_MOST = 600_000_000
LINES_AT_MOST = 2_000_000
EXACT = 10**15  # a spreadsheet keeps 15 digits of a number and makes the rest zeros
IGNORED = ("说明", "填写说明", "readme")


class Line(NamedTuple):
    """One line: where it stands and its cells by our keys, empty ones left out. `shape` is a drawn shape."""

    spot: Spot
    cells: dict[str, str]
    shape: dict[str, Any] | None = None


@dataclass(frozen=True)
class Source:
    """A file to read, under the name that people know it by; or its bytes, where it was sent to us."""

    name: str
    content: Path | bytes

    def open(self) -> BinaryIO:
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)

    @property
    def sha256(self) -> str:
        with self.open() as file:
            return hashlib.sha256(file.read()).hexdigest()


Told = Callable[[int], object]
Lines = dict[str, list[Line]]


def read_files(sources: Sequence[Source], found: Findings, told: Told = lambda _: None) -> Lines:
    """All lines of all files by kind. Raises BadFile; a sheet that cannot be understood is a finding."""
    lines: Lines = {table.kind: [] for table in TABLES}
    count = 0
    for source in sources:
        for kind, line in _lines(source, found):
            lines[kind].append(line)
            count += 1
            if count % 1000 == 0:
                told(count)
            if count > LINES_AT_MOST:
                raise BadFile(f"{source.name}：超过 {LINES_AT_MOST} 行。请分成几个文件，一次导入一个。")
    told(count)
    return lines


def _lines(source: Source, found: Findings) -> Iterator[tuple[str, Line]]:
    readers = {".xlsx": _xlsx, ".xlsm": _xlsx, ".csv": _csv, ".geojson": _geojson, ".json": _geojson}
    reader = readers.get(Path(source.name).suffix.lower())
    if reader is None:
        old = "请在表格软件里另存为 .xlsx。" if source.name.lower().endswith((".xls", ".et", ".ods")) else ""
        raise BadFile(f"{source.name}：不认识这种文件。{old or '请用 .xlsx、.csv 或 .geojson。'}")
    yield from reader(source, found)


# --- tables --------------------------------------------------------------------------------------------


def _xlsx(source: Source, found: Findings) -> Iterator[tuple[str, Line]]:
    from openpyxl import load_workbook

    try:
        with source.open() as file, zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_AT_MOST:
                raise BadFile(f"{source.name}：展开以后太大了。请去掉图片和多余的表，或者分成几个文件。")
        book = load_workbook(source.open(), read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadFile(f"{source.name}：打不开。请确认它是没有密码的 .xlsx，另存一次再试（{error}）。") from None
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and sheet.title.strip() not in IGNORED:
                sheet.reset_dimensions()  # what other programs write there is often wrong
                rows = ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
                yield from _table(source, sheet.title.strip(), enumerate(rows, 1), found)
    finally:
        book.close()


def _text(value: object) -> str:
    """A cell of a spreadsheet as the text that a person sees in it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            return LOST
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)


def _csv(source: Source, found: Findings) -> Iterator[tuple[str, Line]]:
    reader = csv.reader(io.StringIO(_decoded(source), newline=""))
    rows = ((reader.line_num, [cell.strip().replace("\x00", "") for cell in row]) for row in reader)
    try:
        yield from _table(source, "", rows, found)
    except csv.Error as error:
        raise BadFile(
            f"{source.name}:{reader.line_num}：不是完整的 CSV（{error}）。请另存一次，或改用 .xlsx。"
        ) from None


def _decoded(source: Source) -> str:
    try:
        with source.open() as file:
            return text_of(file.read(), source.name)
    except OSError as error:
        raise cannot_open(source.name, error) from None


def _table(
    source: Source, sheet: str, rows: Iterable[tuple[int, list[str]]], found: Findings
) -> Iterator[tuple[str, Line]]:
    """The lines below the line that names the columns."""
    rows = iter(rows)
    header = _header(rows, table_named(sheet or Path(source.name).stem))
    if header is None:
        words = "前 10 行里没有认识的列名，这张表没有读。请照模板写列名，例如“楼栋”“房号”“姓名”。"
        found.note(Spot(source.name, sheet, 1), "", words)
        return
    table, line, names = header
    keys = _keys(table, names, Spot(source.name, sheet, line), found)
    if missing := [column.title for column in table.required if column.key not in keys]:
        words = f"这张“{table.title}”表没有“{'”“'.join(missing)}”这一列。请在第 {line} 行补上列名。"
        found.wrong(Spot(source.name, sheet, line), "", words)
        return
    blank = 0
    for number, row in rows:
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if cell and key}
        blank = 0 if cells else blank + 1
        if cells:
            yield table.kind, Line(Spot(source.name, sheet, number), cells)
        elif blank > BLANK_AT_MOST:
            return


def _header(rows: Iterator[tuple[int, list[str]]], named: Table | None) -> tuple[Table, int, list[str]] | None:
    for number, row in rows:
        if named and sum(named.column(name) is not None for name in row if name) >= min(2, len(named.required)):
            return named, number, row
        table = table_of(row)
        if table and not named:
            return table, number, row
        if number >= HEADER_WITHIN:
            break
    return None


def _keys(table: Table, names: list[str], spot: Spot, found: Findings) -> list[str]:
    """Our key for each column, "" for what we do not read; each of those is told."""
    keys: list[str] = []
    for name in names:
        column = table.column(name) if name else None
        if name and column is None:
            near = close_to(name, [one.title for one in table.columns])
            found.note(spot, name, f"不认识这一列，没有读。{near}")
        elif column and column.key in keys:
            found.note(spot, name, "这一列写了两次，只读第一列。")
            column = None
        keys.append(column.key if column else "")
    return keys


# --- drawn shapes --------------------------------------------------------------------------------------


def _geojson(source: Source, found: Findings) -> Iterator[tuple[str, Line]]:
    """Each feature as a line of the table that its `kind` names; its number stands for the line."""
    try:
        data = json.loads(_decoded(source))
        features = data["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{source.name}：不是 GeoJSON 的 FeatureCollection（{error}）。请从地图软件重新导出。") from None
    for number, feature in enumerate(features if isinstance(features, list) else [], 1):
        spot = Spot(source.name, "图形", number)
        own = feature.get("properties") if isinstance(feature, dict) else None
        properties = {str(key): _text(value) for key, value in (own or {}).items()}
        kind = next((properties[key] for key in ("kind", "类型", "种类") if properties.get(key)), "")
        table = table_named(kind) if kind else None
        if table is None or table.kind not in SHAPED:
            kinds = "、".join(BY_KIND[one].title for one in SHAPED)
            found.wrong(spot, "kind", f"没有写这是什么，或者“{kind[:20]}”没有图形。请在属性 kind 里写{kinds}之一。")
            continue
        cells = {
            column.key: text for key, text in properties.items() if text and (column := table.column(key)) is not None
        }
        yield table.kind, Line(spot, cells, feature.get("geometry") or {})


SHAPED = ("building", "space", "estate", "grid")
