"""A notice as a sheet for the board and the hall, with a code that opens the same thing on the phone."""

from typing import Any

from django.urls import reverse

from weizhi.charters.deciding import DECIDING, NoticeParams
from weizhi.decisions.texts import text_of
from weizhi.matters.queries import scene_of
from weizhi.methods.text.differing import paragraphs
from weizhi.portal.objecting.page import NOTICE, Board
from weizhi.portal.texts.papers import sheet
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w


def notice_paper(board: Board) -> dict[str, Any]:
    """公示: what stands on the board, until when, and how to object; how many did and were answered."""
    row = board.row
    assert row is not None, "fetched with permission"
    step = board.reader.procedure.steps[row.key]
    params: NoticeParams = step.parsed(DECIDING[NOTICE])
    until = f"{w.instant(row.due)}（{w.weekday(row.due)}）" if row.due else "另行通知"
    who = "、".join(board.reader.name_title(name) for name in step.by)
    total, left = len(board.rows), len(board.left)
    counted = (
        f"到 {w.instant(board.now)}，收到异议 {total} 条，答复了 {total - left} 条。" if total else "还没有收到异议。"
    )
    text = text_of(scene_of(board.reader), params.about)
    return sheet(
        board,
        title="公示",
        subject=board.matter.title,
        sections=[
            s.section("一、公示什么", *[s.p(line) for line in paragraphs(text)]),
            s.section(
                "二、什么时候", s.facts([("开始", w.instant(row.opened_at)), ("截止", until)]),
            ),
            s.section(
                "三、不同意怎么办",
                s.p("扫右上角的码，写下不同意什么、为什么。不用手机的，当面或打电话告诉网格员、居委会，由他们代为登记，算数一样。"),
                s.p("每一条异议都要答复。没有答复完，公示不能结束。"),
            ),
            s.section("四、异议和答复", s.p(counted)),
        ],
        issuer=who,
        date=w.day(row.opened_at),
        address=reverse("portal:objections", args=[board.matter.pk]),
    )  # fmt: skip
