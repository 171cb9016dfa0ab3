"""The online hall: who is named exists, time closes it and nothing else, and what time may choose can happen."""

from ..discussing import TOO_FEW
from ..findings import Path
from ..steps import Step
from .names import check_who
from .scene import Scene

DISCUSS, SIT = "discuss", "sit"


def check_discussing(scene: Scene) -> None:
    """Check every `discuss` step."""
    for procedure, step, path in scene.steps():
        if step.kind == DISCUSS and DISCUSS in scene.specs:
            _names(scene, step, path, procedure.key)
            _closes(scene, step, path)
            _heard(scene, step, path)


def _names(scene: Scene, step: Step, path: Path, procedure: str) -> None:
    statements = step.params.get("statements")
    for table, key, at in ((step.params, "who", path), (step.params, "moderated_by", path),
                           (statements, "by", (*path, "statements"))):  # fmt: skip
        check_who(scene, table, key, at, procedure)


def _closes(scene: Scene, step: Step, path: Path) -> None:
    if step.when_due:
        scene.faults.add((*path, "when_due"), "议事厅到时间自己结束，再照 then 或 outcomes 往下走。请删去 when_due。")
    if TOO_FEW in step.outcomes and set(step.outcomes) == {TOO_FEW}:
        scene.faults.add((*path, "outcomes"), "人够了以后没有出路。请再写一个由人来选的结果。")
    if TOO_FEW in step.outcomes and step.params.get("at_least", 1) == 1:
        scene.faults.add((*path, "outcomes", TOO_FEW), "没有写要多少人参加才算。请写 at_least。")


def _heard(scene: Scene, step: Step, path: Path) -> None:
    """A series at whose meetings it is heard as well has meetings, and of the same level."""
    series = step.params.get("calendar")
    if series is None:
        return
    if series not in scene.charter.calendar:
        known = scene.charter.calendar
        scene.faults.add((*path, "calendar"), f"没有叫“{series}”的日历。", expected=known, near=str(series))
        return
    if scene.charter.calendar[str(series)].body is None:
        scene.faults.add((*path, "calendar"), f"日历“{series}”没有说是哪个组织的会。请给它写 body。")
    sits = [one for _procedure, one, _path in scene.steps() if one.kind == SIT and one.params.get("calendar") == series]
    if not sits:
        words = f"没有一个会（sit）属于日历“{series}”，这件事在会上没有人听。请给会写 calendar。"
        scene.faults.add((*path, "calendar"), words)
    elif all(sit.at != step.at for sit in sits):
        scene.faults.add((*path, "at"), "会（sit）和这一步不在同一级，会上听不到这件事。请写一样的 at。")
