"""What a calendar opens can be opened by nobody: its first step asks for nothing that only a person knows."""

from ..findings import Path
from ..models import MatterKind
from ..rhythm import CalendarEntry
from .scene import Scene

FILLED = {"date": "date", "body": "body"}  # fields that the calendar fills, with the type they must have


def check_opening(scene: Scene) -> None:
    """Check every calendar that opens something, and every kind that only a calendar opens."""
    opened = set()
    for entry in scene.charter.calendar.values():
        path: Path = ("calendar", entry.key)
        kind = scene.charter.kinds.get(entry.opens or "")
        if kind is not None:
            opened.add(kind.key)
            _opens(scene, entry, kind, path)
        elif entry.ahead and not entry.opens:
            scene.faults.add((*path, "ahead"), "这条日历不开事项，不用写 ahead。请写 opens，或去掉它。")
    for kind in scene.charter.kinds.values():
        if kind.opened_by == "calendar" and kind.key not in opened:
            words = f"“{kind.key}”说由日历开，可是没有一条日历开它。请在 [calendar] 里写 opens = “{kind.key}”。"
            scene.faults.add(("kinds", kind.key, "opened_by"), words)


def _opens(scene: Scene, entry: CalendarEntry, kind: MatterKind, path: Path) -> None:
    if kind.held_by:
        scene.faults.add((*path, "opens"), f"“{kind.key}”要由另一件事（held_by）收进来，日历不能开。")
    _about(scene, entry, kind, path)
    _place(scene, entry, kind, path)
    procedure = scene.charter.procedures.get(kind.procedure)
    if procedure is None or not procedure.steps or procedure.key in scene.broken:
        return
    start = procedure.start
    if start.kind != "raise":
        spec = scene.specs.get(start.kind)
        if start.period is None and spec is not None and not spec.automatic:
            words = (
                f"日历开的“{kind.key}”停在第一步“{start.key}”，可是它没有期限。请给它写 within、open_for 或 for_days。"
            )
            scene.faults.add(("procedures", procedure.key, "steps", start.key), words)
        return
    for field in start.fields:
        known = FILLED.get(field.key) == field.type and (field.key != "body" or bool(entry.body or entry.for_each))
        if field.required and not known:
            words = (
                f"日历不能开“{kind.key}”：它的第一步要人填“{field.title or field.key}”，日历只填得出日子（date）"
                "和组织（body）。请去掉 required，或把它放到后面一步问。"
            )
            scene.faults.add((*path, "opens"), words)


def _about(scene: Scene, entry: CalendarEntry, kind: MatterKind, path: Path) -> None:
    if kind.about in ("post-holder", "matter") and kind.one_open:
        scene.faults.add((*path, "opens"), f"“{kind.key}”要说明是关于谁、关于哪件事的，日历不知道，不能开。")
    elif kind.about == "body" and not (entry.body or entry.each[0] == "body-kind"):
        scene.faults.add((*path, "opens"), f"“{kind.key}”是关于一个组织的。请写 body，或用 for_each 写一类组织。")


def _place(scene: Scene, entry: CalendarEntry, kind: MatterKind, path: Path) -> None:
    """A kind that is raised in a grid must be opened for each grid, or for each of something within one."""
    wanted, (group, level) = kind.raised_in, entry.each
    if not wanted or wanted == "community" or group == "body-kind":
        return
    order = scene.charter.levels.order
    wider = group == "place" and {level, wanted} <= set(order) and order.index(level) < order.index(wanted)
    if group != "place" or wider:
        words = f"“{kind.key}”要说明在哪一个“{wanted}”。请写 for_each = “place:{wanted}”，给每一个各开一件。"
        scene.faults.add((*path, "opens"), words)
