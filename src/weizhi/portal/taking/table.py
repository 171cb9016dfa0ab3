"""A list as xlsx, written row by row: the same matters as the page shows to the same person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.models import Matter
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import EVERYBODY
from weizhi.portal.board.hands import Held, hands, open_steps
from weizhi.portal.queries.lists import WHOLE_PLACE, matter_columns, state_chip
from weizhi.portal.saying import number, place_words

AT_MOST: Final = 20_000
CHUNK: Final = 500
# A cell that begins so is a formula to a spreadsheet: `=HYPERLINK(…)` in a report's title must stay words.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
INSTANT: Final = "yyyy-mm-dd hh:mm"
LONGEST: Final = 32_000  # of a cell; Excel's own bound is 32,767


@dataclass(frozen=True)
class Counted:
    """What went into the file."""

    rows: int
    personal: int
    cut: bool


def write(found: QuerySet[Matter], file: IO[bytes], about: Iterable[tuple[str, str]]) -> Counted:
    """Write the matters; one query for five hundred of them and one for their steps."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("事项"))
    sheet.freeze_panes = "B2"
    for n, (_title, width) in enumerate(_columns()):
        sheet.column_dimensions["ABCDEFGHIJKLMNOP"[n]].width = width
    sheet.append([cell(sheet, title, bold=True) for title, _width in _columns()])
    rows = personal = 0
    for matter, steps in _read(found):
        sheet.append([cell(sheet, value) for value in _values(matter, steps)])
        rows, personal = rows + 1, personal + is_personal(matter)
    cut = rows == AT_MOST
    _tell(book.create_sheet(_("说明")), [*about, *_told(rows, personal, cut)])
    book.save(file)
    return Counted(rows, personal, cut)


def is_personal(matter: Matter) -> bool:
    """Whether a row says something of a household, or of what not everybody may read."""
    slug = matter.place.path.partition("/")[0]
    return matter.audience not in (EVERYBODY, slug) or matter.place.kind == "household"


def _read(found: QuerySet[Matter]) -> Iterator[tuple[Matter, list[Held]]]:
    rows = found.select_related(WHOLE_PLACE).only(*matter_columns(of_stream=False))[:AT_MOST]
    waiting = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(waiting, CHUNK)):
        steps = open_steps(some)
        for matter in some:
            yield matter, steps.get(matter.pk, [])


def _columns() -> list[tuple[str, int]]:
    return [
        (_("编号"), 9), (_("什么事"), 42), (_("种类"), 12), (_("类别"), 14), (_("在哪里"), 24), (_("办到哪里"), 14),
        (_("到了哪一步"), 18), (_("在谁手里"), 22), (_("从什么时候起"), 17), (_("期限"), 17), (_("报上来"), 17),
        (_("结束"), 17),
    ]  # fmt: skip


def _values(matter: Matter, steps: list[Held]) -> list[str | datetime | None]:
    charter = charter_by_hash(matter.charter_id)
    kind, category = charter.kinds.get(matter.kind), charter.categories.get(matter.category)
    rules = charter.procedure_of(matter.kind).steps
    return [
        number(matter),
        matter.title,
        kind.title if kind else matter.kind,
        category.title if category else matter.category,
        place_words(matter.place),
        state_chip(matter).words,
        "、".join(dict.fromkeys(rules[step.key].title or step.key for step in steps)),
        hands(matter, steps) if steps else "",
        min((step.opened_at for step in steps), default=None),
        next((step.due for step in steps if step.due), None),
        matter.raised_at,
        matter.ended_at,
    ]


def _told(rows: int, personal: int, cut: bool) -> list[tuple[str, str]]:
    told = [(_("件数"), str(rows))]
    if cut:
        told.append((_("没有写完"), _("只有前 %(n)s 件。要全部，请加上条件，分几次导出。") % {"n": AT_MOST}))
    if personal:
        words = _("其中 %(n)s 件写着住户，或者只给有关的人看。请只用来办事，用完删掉；这次导出已经记录。")
        told.append((_("请留意"), words % {"n": personal}))
    return told


def _tell(sheet: Any, lines: Iterable[tuple[str, str]]) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 80
    for name, words in lines:
        sheet.append([cell(sheet, name, bold=True), cell(sheet, words)])


def cell(sheet: Any, value: str | datetime | None, bold: bool = False) -> Any:
    """A cell that stays what it is: words are words, also those that look like a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value.astimezone(ZONE).replace(tzinfo=None, microsecond=0))
        cell.number_format = INSTANT
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", value or "")[:LONGEST]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(FORMULAS):
        cell.quotePrefix = True  # as if typed behind an apostrophe: it stays words when the cell is edited
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
