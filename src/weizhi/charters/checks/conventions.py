"""Conventions: they come and change by kinds that are there and put them in force, and nobody is shamed by them."""

from ..findings import Path
from ..graph import StepGraph
from ..models import Charter, MatterKind
from ..steps import Step
from ..words import VISIBILITIES
from .scene import Scene

ENACT, DRAFT = "enact", "draft"
PRIVATE = ("parties", "care-team", "handlers")


def check_conventions(scene: Scene) -> None:
    """Check the table of conventions, the steps that write and enact them, and the fields that cite an article."""
    if ENACT not in scene.specs:
        return
    for key, convention in scene.charter.conventions.items():
        for word, named in (("adopted_by", convention.adopted_by), ("amended_by", convention.amended_by)):
            if named is not None:
                _comes_by(scene, key, named, ("conventions", key, word))
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            here = (*path, "steps", step.key)
            _known(scene, step.params.get("convention"), (*here, "convention"))
            if step.kind == ENACT:
                _enacts(scene, graph, step, here)
            for n, field in enumerate(step.fields):
                _known(scene, field.convention, (*here, "fields", n, "convention"))
                if field.convention is not None:
                    _kept_among_few(scene, graph.procedure.key, field.convention)


def _known(scene: Scene, name: object, path: Path) -> None:
    known = scene.charter.conventions
    if name is not None and name not in known:
        scene.faults.add(path, f"没有叫“{name}”的公约。", expected=known, near=str(name))


def _comes_by(scene: Scene, key: str, named: str, path: Path) -> None:
    """The kind is there, everybody here may read what it decides, and its procedure puts the text in force."""
    charter = scene.charter
    kind = charter.kinds.get(named)
    if kind is None:
        scene.faults.add(path, f"没有叫“{named}”的事项。", expected=charter.kinds, near=named)
        return
    if VISIBILITIES.index(kind.visible) < VISIBILITIES.index("community"):
        scene.faults.add(("kinds", named, "visible"), "公约管大家，定它、改它的事要大家看得到。请写 community。")
    if key not in _puts_in_force(charter, kind):
        scene.faults.add(path, f"“{named}”的流程里没有让“{key}”施行的一步。请加一步 enact。")


def _puts_in_force(charter: Charter, kind: MatterKind) -> set[str]:
    procedure = charter.procedures.get(kind.procedure)
    steps = procedure.steps.values() if procedure else ()
    return {str(step.params.get("convention")) for step in steps if step.kind == ENACT}


def _enacts(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    """What is put in force was written for this convention; and its kind is one by which that may come or change."""
    about, key = str(step.params.get("about", "")), step.params.get("convention")
    written = graph.procedure.steps.get(about)
    if written is not None and (written.kind != DRAFT or written.params.get("convention") != key):
        words = f"“{about}”不是为这份公约起草的。请引用写了 convention = “{key}” 的 draft 步骤。"
        scene.faults.add((*path, "about"), words)
    convention = scene.charter.conventions.get(str(key))
    if convention is None:
        return
    may = {convention.adopted_by, convention.amends}
    for kind in scene.kinds_of(graph.procedure.key):
        if kind.key not in may:
            words = f"“{kind.key}”既不定也不改“{key}”，走到这一步也施行不了。请写进 conventions。"
            scene.faults.add((*path, "convention"), words, expected=may)


def _kept_among_few(scene: Scene, procedure: str, key: str) -> None:
    """Whoever is said to have broken an article is not put before everybody. To change one is no such word."""
    convention = scene.charter.conventions.get(key)
    changes = {convention.adopted_by, convention.amends} if convention else set()
    for kind in scene.kinds_of(procedure):
        if kind.visible not in PRIVATE and kind.key not in changes:
            words = "说谁没有照公约做的事，只给当事人和经办的人看，不当众点名。请写 visible = “parties”。"
            scene.faults.add(("kinds", kind.key, "visible"), words)
