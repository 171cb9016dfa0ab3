"""A notice (公示) on the screen of the hall: the text, until when, how to object, the code. Nobody is named on it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deciding import DECIDING, NoticeParams
from weizhi.decisions.texts import text_of
from weizhi.matters.queries import scene_of
from weizhi.methods.text.differing import paragraphs
from weizhi.portal import pieces as p
from weizhi.portal.objecting.page import NOTICE, Board
from weizhi.portal.printing import on_a_wall
from weizhi.portal.saying import due_chip, matter_url
from weizhi.portal.voting_papers import wording as w


@dataclass(frozen=True)
class NoticeWall:
    title: str
    step: str
    back: str
    chip: p.Chip
    text: tuple[str, ...]
    until: str
    counted: str
    code: str  # a drawing
    over: bool


def notice_wall(board: Board) -> NoticeWall:
    row, matter, total = board.row, board.matter, len(board.rows)
    assert row is not None, "fetched with permission"
    params: NoticeParams = board.reader.procedure.steps[row.key].parsed(DECIDING[NOTICE])
    told = {"total": total, "done": total - len(board.left)}
    return NoticeWall(
        title=matter.title,
        step=board.reader.title_of(row.key),
        back=matter_url(matter.pk),
        chip=due_chip(row.due, board.now) if board.open else p.Chip(_("公示完了"), "done"),
        text=tuple(paragraphs(text_of(scene_of(board.reader), params.about))),
        until=_("公示到 %(day)s") % {"day": w.instant(row.due)} if row.due and board.open else "",
        counted=_("收到异议 %(total)s 条，答复了 %(done)s 条。") % told if total else _("还没有收到异议。"),
        code=on_a_wall(f"{settings.ADDRESS}{reverse('portal:objections', args=[matter.pk])}"),
        over=not board.open,
    )
