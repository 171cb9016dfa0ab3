"""The papers of a vote, each by its name."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from weizhi.decisions.models import Vote
from weizhi.portal import printing
from weizhi.portal.printing import Range, qr_of
from weizhi.portal.voting_papers import lists, minutes, notices
from weizhi.portal.voting_papers import wording as w

PLAIN: Final[dict[str, Callable[[Vote], dict[str, Any]]]] = {
    "notice": notices.notice,
    "result": notices.result,
    "proxy": notices.proxy,
}
RANGED: Final[dict[str, Callable[[Vote, Range], dict[str, Any]]]] = {
    "roll": lists.roll,
    "ballots": lists.ballots,
    "door-list": lists.doors,
    "signatures": lists.signatures,
}
RECORD: Final = "record"
PAPERS: Final = (*PLAIN, *RANGED, RECORD)
FOR_CLERKS: Final = ("ballots", "door-list", "signatures")
AFTER_THE_COUNT: Final = ("result", RECORD)


def content(
    vote: Vote, what: str, now: datetime, wanted: Range | None = None, *, clerk: bool = False
) -> dict[str, Any]:
    """What a paper says, as data."""
    if what in PLAIN:
        told = PLAIN[what](vote)
    elif what in RANGED:
        told = RANGED[what](vote, wanted or Range(1, lists.AT_MOST))
    else:
        told = minutes.minutes(vote, evidence=clerk)
    return {
        "community": vote.matter.community.name,
        "svg": qr_of(f"{settings.ADDRESS}/votes/{vote.pk}"),
        "foot": f"{w.question(vote)} · {w.instant(now)} 打印 · 名册 {vote.roll.root[:8]}"
        + (f" · 结果 {vote.root[:8]}" if vote.root else ""),
        **told,
        "words": {"seal": "（盖章）", **told.get("words", {})},
    }


def typeset(told: dict[str, Any], form: printing.Form = "pdf") -> list[bytes]:
    """One PDF; or each page as png, for looking at it."""
    sheet = told.get("source") or f"voting_papers/paper/{'ballots' if 'ballots' in told else 'document'}.typ"
    return printing.typeset(sheet, told, form)
