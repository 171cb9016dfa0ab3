"""Surveys: whoever is asked lives somewhere that the charter knows, and can be found on the day."""

from ..findings import Path
from ..steps import Step
from .scene import Scene

SURVEY = "survey"
NOT_ASKED = "deputies"  # they hold a post and are asked by name in their meeting


def check_surveys(scene: Scene) -> None:
    """Check every `survey` step of a charter whose room stands."""
    if SURVEY not in scene.specs:
        return
    for procedure, step, path in scene.steps():
        if step.kind == SURVEY:
            _electorate(scene, step, path)
            _lives(scene, procedure.key, step, path)


def _electorate(scene: Scene, step: Step, path: Path) -> None:
    name = step.params.get("electorate")
    if name is None:
        return
    known = scene.charter.electorates
    if str(name) not in known:
        scene.faults.add((*path, "electorate"), f"没有叫“{name}”的选民名单。", expected=known, near=str(name))
    elif known[str(name)].of == NOT_ASKED:
        scene.faults.add((*path, "electorate"), f"“{name}”是代表，问卷问的是住户和居民。请写 asks，或者换一份名单。")


def _lives(scene: Scene, procedure: str, step: Step, path: Path) -> None:
    """A level that the charter has, and not one that the matter may lie outside of (as of an electorate)."""
    level, levels = step.params.get("living_in"), scene.charter.levels
    if level is None:
        return
    if level not in levels.known:
        scene.faults.add((*path, "living_in"), f"没有“{level}”这一级。", expected=levels.known, near=str(level))
        return
    order = levels.order
    for kind in scene.kinds_of(procedure):
        raised_in = kind.raised_in
        if level in order and raised_in in order and order.index(raised_in) < order.index(str(level)):
            inner, outer = (levels.titles.get(one, one) for one in (str(level), raised_in))
            scene.faults.add(
                (*path, "living_in"),
                f"“{kind.title}”在“{outer}”里提出，可能不在哪个“{inner}”里，到时候找不到人来问。"
                f'请给 [kinds.{kind.key}] 写 raised_in = "{level}"。',
            )
