"""Set a paper of a vote. What people and charters say goes in as JSON, never into typst's source."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings

from weizhi.decisions.models import Vote
from weizhi.portal.voting_papers import lists, minutes, notices
from weizhi.portal.voting_papers import wording as w
from weizhi.portal.voting_papers.codes import code_of
from weizhi.portal.voting_papers.lists import Range

PORTAL: Final = Path(__file__).parents[1]  # the sheets of all rooms share one house style
PLAIN: Final[dict[str, Callable[[Vote], dict[str, Any]]]] = {
    "notice": notices.notice,
    "result": notices.result,
    "proxy": notices.proxy,
}
RANGED: Final[dict[str, Callable[[Vote, Range], dict[str, Any]]]] = {
    "roll": lists.roll,
    "ballots": lists.ballots,
    "door-list": lists.doors,
}
RECORD: Final = "record"
PAPERS: Final = (*PLAIN, *RANGED, RECORD)
FOR_CLERKS: Final = ("ballots", "door-list")
AFTER_THE_COUNT: Final = ("result", RECORD)


def content(
    vote: Vote, what: str, now: datetime, wanted: Range | None = None, *, clerk: bool = False
) -> dict[str, Any]:
    """What a paper says, as data."""
    if what in PLAIN:
        told = PLAIN[what](vote)
    elif what in RANGED:
        told = RANGED[what](vote, wanted or Range())
    else:
        told = minutes.minutes(vote, evidence=clerk)
    return {
        "community": vote.matter.community.name,
        "svg": code_of(f"{settings.ADDRESS}/votes/{vote.pk}"),
        "foot": f"{w.question(vote)} · {w.instant(now)} 打印 · 名册 {vote.roll.root[:8]}"
        + (f" · 结果 {vote.root[:8]}" if vote.root else ""),
        **told,
        "words": {"seal": "（盖章）", **told.get("words", {})},
    }


def typeset(told: dict[str, Any], form: Literal["pdf", "png"] = "pdf") -> list[bytes]:
    """One PDF; or each page as png, for looking at it."""
    import typst  # a compiler of 20 MB: only where paper is asked for

    sheet = "ballots.typ" if "ballots" in told else "document.typ"
    said = {"told": json.dumps(told, ensure_ascii=False)}
    source = str(PORTAL / "voting_papers/paper" / sheet)
    made: Any = typst.compile(source, root=str(PORTAL), sys_inputs=said, format=form, ppi=None if form == "pdf" else 90)
    return made if isinstance(made, list) else [made]
