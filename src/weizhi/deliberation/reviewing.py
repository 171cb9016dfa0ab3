"""The law of a review, pure: a point is answered before anybody decides, and what is passed needs no more change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from weizhi.charters.deliberating import CHANGES, FAILED, PASSED

Severity = Literal["must", "should", "note"]
Reply = Literal["accept", "change", "decline"]
MUST: Final = "must"
ACCEPT, CHANGE, DECLINE = "accept", "change", "decline"


@dataclass(frozen=True)
class Point:
    """One point of the experts, numbered, and what became of it. Its words are in the record."""

    n: int
    severity: Severity
    article: str = ""
    by: str = ""  # the person's id, as text
    reply: Reply | None = None

    @property
    def to_change(self) -> bool:
        """Whether the body said that the text will be changed by it."""
        return self.reply in (ACCEPT, CHANGE)


def waiting(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points that nobody has answered yet."""
    return tuple(point for point in points if point.reply is None)


def hinders(outcome: str, points: Sequence[Point]) -> str:
    """Why the review may not end so, in words that say what to do; "" where it may."""
    if left := waiting(points):
        numbers = "、".join(str(point.n) for point in left)
        return f"第 {numbers} 条意见还没有答复。每一条都答复了才能下结论。"
    if outcome == PASSED:
        return _hinders_passing(points)
    if outcome == CHANGES and not any(point.to_change for point in points):
        return "没有一条意见说好要改。要改的，请先提出意见；不用改的，请选通过或不通过。"
    if outcome == FAILED and not any(point.severity == MUST for point in points):
        return "不通过，要说得出哪里必须改。请先提一条“必须改”的意见，等起草的人答复。"
    return ""


def _hinders_passing(points: Sequence[Point]) -> str:
    if changing := [point for point in points if point.to_change]:
        return f"第 {changing[0].n} 条说好要改，文本还没有改。请选改了再审。"
    if held := [point for point in points if point.severity == MUST]:
        return f"第 {held[0].n} 条“必须改”没有被接受，不能通过。请选不通过，或者先撤回这一条。"
    return ""
