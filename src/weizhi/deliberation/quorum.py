"""The seats of a body, and whether the classes that a charter names are there: at the opening, at each matter."""

from datetime import datetime
from typing import Any

from weizhi.charters.deliberating import Quorum
from weizhi.deliberation import rules
from weizhi.deliberation.models import Attendance, Sitting
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene


def lacking(sitting: Sitting, quorum: Quorum | None, at: datetime) -> list[rules.Lack]:
    """No query where the charter names no class."""
    if quorum is None or not quorum.each:
        return []
    return rules.lacking(quorum, sitting.seat_list, Attendance.objects.taken(sitting.pk, at))


def check_classes(sitting: Sitting, quorum: Quorum | None, at: datetime, line: str) -> None:
    """Raises Refused, naming the first class of which too few are there."""
    for lack in lacking(sitting, quorum, at):
        raise Refused(
            "not-yet",
            f"“{lack.title}”的席位到了 {lack.have} 席，章程要 {lack.need} 席在座才能定。请等一等他们。",
            line=line,
        )


def seats_of(scene: Scene, body: str) -> list[dict[str, Any]]:
    """The body's seats one by one: their titles, and who may take each."""
    found: list[dict[str, Any]] = []
    groups = {share.group: share.title for share in scene.charter.bodies[body].shares}
    for seat in scene.charter.bodies[body].seats:
        who = f"post:{seat.post}" if seat.post else f"body:{seat.body}"
        classed = {"group": seat.group, "of": groups.get(seat.group, "")} if seat.group else {}
        found += [{"title": scene.name_title(str(seat.post or seat.body)), "who": who, **classed}] * seat.count
    return found
