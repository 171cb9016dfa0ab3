"""The agreement on paper: what both sign, or signed. Set in the language of the law, whoever prints it."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from weizhi.deliberation.models import Side, Signature
from weizhi.portal.mediating.page import Table
from weizhi.portal.printing import qr_of
from weizhi.portal.saying import number
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w

SIDES = {Side.FIRST: "甲方（提出的一方）", Side.OTHER: "乙方（另一方）"}
CHANNELS = {Signature.Channel.PHONE: "手机上签", Signature.Channel.PAPER: "纸上签"}


def told_on_paper(table: Table) -> dict[str, Any]:
    """What the paper says, as data."""
    talks, booked = table.talks, table.appointment
    by = table.said["agreement"].entry.actor
    assert talks.written_at is not None
    facts = [
        ("编号", number(talks.matter)),
        *((words, table.names.get(side, "")) for side, words in SIDES.items()),
        ("调解员", by.name if by else ""),
        ("时间、地点", f"{w.instant(booked.starts_at)}，{booked.where}" if booked else ""),
    ]
    signed = [(side, table.signatures[side]) for side in SIDES if side in table.signatures]
    rows = [
        (SIDES[side], table.names.get(side, ""), CHANNELS[Signature.Channel(row.channel)], w.instant(row.at))
        for side, row in signed
    ]
    left = [f"{words}签名、日期" for side, words in SIDES.items() if side not in table.signatures]
    return {
        "community": talks.matter.community.name,
        "title": "调解协议",
        "subject": "",
        "svg": qr_of(f"{settings.ADDRESS}{reverse('portal:mediation', args=[talks.matter_id])}"),
        "scan": "当事人扫码核对",
        "foot": f"第 {number(talks.matter)} 号 · {w.instant(table.now)} 打印 · 只给双方和调解员",
        "sections": [
            s.section("", s.facts(facts)),
            s.section("双方自愿商定", s.quote(str(table.agreement.get("text", "")))),
            s.section(
                "签字",
                s.table(["一方", "姓名", "怎么签的", "时间"], rows, [1.4, 1, 0.8, 1.6]) if rows else None,
                s.sign(*left, *(["调解员签名、日期"] if left else [])) if left else None,
            ),
            s.section("", s.mono(w.grouped(talks.text_hash), "协议的校验码：一个字不同，它就不同。记录里有同一个。")),
        ],
        "issuer": "",
        "date": "",
        "words": {"seal": "（盖章）"},
    }  # fmt: skip
