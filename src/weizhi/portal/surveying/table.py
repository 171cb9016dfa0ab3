"""The result of a survey as xlsx: the counts and shares that everybody reads on its page, the few hidden as there."""

from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _

from weizhi.deliberation.models import Survey
from weizhi.portal.surveying import words
from weizhi.portal.surveying.result import Part, Result, Told
from weizhi.portal.taking.table import cell

WIDTHS = (8, 44, 30, 22, 28)


def write(survey: Survey, result: Result, file: IO[bytes]) -> None:
    """Two sheets: the questions with their options, and how many came back."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in ((_("结果"), _answers(result)), (_("回了多少"), _back(survey, result))):
        sheet = book.create_sheet(title)
        for n, width in enumerate(WIDTHS):
            sheet.column_dimensions["ABCDE"[n]].width = width
        for row in rows:
            sheet.append([cell(sheet, one) for one in row])
    book.save(file)


def _answers(result: Result) -> Iterator[Sequence[str]]:
    yield (_("第几题"), _("题目"), _("选项"), _("多少"), _("估计"))
    for told in result.questions:
        yield from _question(told)


def _question(told: Told) -> Iterator[Sequence[str]]:
    if not told.rows:
        yield (str(told.n), told.title, told.none)
    for row in told.rows:
        yield (str(told.n), told.title, row.words, row.number, row.more)
    if told.mean:
        yield (str(told.n), told.title, told.mean)


def _back(survey: Survey, result: Result) -> Iterator[Sequence[str]]:
    yield ("", words.title_of(survey), result.back)
    if result.silent:
        yield ("", "", result.silent)
    yield ("", _("怎么算的"), result.sample)
    for title, parts in ((_("网格"), result.grids), (_("怎么回的"), result.channels)):
        yield from _parts(title, parts)


def _parts(title: str, parts: Sequence[Part]) -> Iterator[Sequence[str]]:
    for one in parts:
        yield ("", title, one.title, one.words)
