"""邀约书: one letter for each home, two on a sheet, with the code by which whoever holds it answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from weizhi.charters.periods import ZONE
from weizhi.deliberation.letters import code_of
from weizhi.deliberation.models import Invitation, Sitting
from weizhi.matters.models import Matter
from weizhi.portal import printing
from weizhi.portal.printing import qr_of
from weizhi.portal.saying import number, place_words

QUOTED: Final = 220


def content(
    matter: Matter, rows: Sequence[Invitation], words: str, meeting: Sitting | None, issuer: str
) -> dict[str, Any]:
    """What the letters say, as data; `words` are the topic's, as everybody who is invited may read them."""
    return {
        "title": "邀约书",
        "community": matter.community.name,
        "subject": matter.title,
        "number": number(matter),
        "place": place_words(matter.place),
        "text": words if len(words) <= QUOTED else words[:QUOTED] + "……",
        "meet": meet_words(meeting),
        "issuer": issuer,
        "letters": [_letter(row) for row in rows],
        "words": {
            "greet": "各位住户：",
            "why": "请您来商量，因为",
            "ask": "来不来，都请回一句",
            "how": "手机扫码，按“我来”或“来不了”；没有智能手机的，撕下回执，交给送信的人。",
            "code": "回话码",
            "slip": "回执",
            "yes": "我来",
            "no": "来不了",
            "say": "想说的话",
            "sign": "签名",
            "date": "日期",
            "seal": "（盖章）",
        },
    }


def _letter(row: Invitation) -> dict[str, str]:
    code = code_of(row.pk)
    said = f"{code[:3]} {code[3:6]} {code[6:]}"
    return {
        "n": str(row.n),
        "home": place_words(row.home) if row.home else "",
        "because": row.because or "这件事在您家附近",
        "code": said,
        "svg": qr_of(f"{settings.ADDRESS}/invited#{code}"),
    }


def meet_words(meeting: Sitting | None) -> str:
    if meeting is None:
        return "哪一天商量，定了再告诉您。"
    at: datetime = meeting.starts_at.astimezone(ZONE)
    return f"{at.year} 年 {at.month} 月 {at.day} 日（星期{'一二三四五六日'[at.weekday()]}）{at:%H:%M}，{meeting.where}"


def typeset(told: dict[str, Any], form: printing.Form = "pdf") -> list[bytes]:
    """One PDF; or each page as png, for looking at it."""
    return printing.typeset("inviting/paper/letters.typ", told, form)
