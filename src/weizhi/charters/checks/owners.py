"""Nothing can lie still: every step has somebody who must act and a day by which."""

from ..findings import Path
from ..periods import Period, parse_period
from ..steps import PERIOD_KEYS, Procedure, Step
from .scene import Scene


def check_owners(scene: Scene) -> None:
    """Check the period and the people of every step."""
    for procedure, step, path in scene.steps():
        _period(scene, step, path)
        if not _begun_by_calendar(scene, procedure, step):
            _owner(scene, step, path)
        _four_eyes(scene, step, path)
    for graph, path in scene.graphs():
        start = graph.procedure.start
        if graph.entered_again(start.key) and _needs_period(scene, start) and start.period is None:
            scene.faults.add(
                (*path, "steps", start.key),
                "事情会回到第一步，可是第一步没有期限。请写 within，例如 “5 working days”。",
            )
    for procedure in scene.charter.procedures.values():
        for step in list(procedure.steps.values())[1:]:
            if _needs_period(scene, step) and step.period is None:
                scene.faults.add(
                    ("procedures", procedure.key, "steps", step.key),
                    "这一步没有期限，事情会停在这里。请写 within、open_for 或 for_days，"
                    f"或在 [defaults] 里给“{step.kind}”一个。",
                    expected=PERIOD_KEYS,
                )


def _begun_by_calendar(scene: Scene, procedure: Procedure, step: Step) -> bool:
    """What the calendar raises needs nobody who may raise it; whom it names may do so besides."""
    kinds = scene.kinds_of(procedure.key)
    return step is procedure.start and step.kind == "raise" and {kind.opened_by for kind in kinds} == {"calendar"}


def _needs_period(scene: Scene, step: Step) -> bool:
    spec = scene.specs.get(step.kind)
    if spec is None:
        return True
    return not spec.automatic and not (spec.at_once and not step.by) and not step.waits_for_choice


def _period(scene: Scene, step: Step, path: Path) -> None:
    used = [key for key in PERIOD_KEYS if getattr(step, key) is not None]
    # "within 15 days, open for 1 day" is one plan; a notice of days beside another period is two.
    if len(used) > 1 and "for_days" in used:
        scene.faults.add((*path, used[1]), f"期限只写一个：{'、'.join(used)} 里留一个。")
    if step.when_due and step.period is None:
        scene.faults.add((*path, "when_due"), "写了到期去哪里，却没有期限。请写 within。")
    if step.escalate and step.period is None:
        scene.faults.add((*path, "escalate"), "写了逾期告诉谁，却没有期限。请写 within。")
    if scene.charter.office_hours is None:
        _needs_no_desk(scene, step, path)


def _needs_no_desk(scene: Scene, step: Step, path: Path) -> None:
    """Office hours can be counted only where the charter says when the desk is open."""
    said = [(key, step.period) for key in PERIOD_KEYS if getattr(step, key) is not None]
    said += [("escalate", rung.delay) for rung in step.escalate]
    for key, period in said:
        if period is not None and period.unit == "office hour":
            expected = '[hours] office = "09:00-12:00, 14:00-18:00"'
            scene.faults.add(
                (*path, key), f"期限按办公时间算（{period.words}），可是没有写办公时间。请加上 {expected}。"
            )


def _owner(scene: Scene, step: Step, path: Path) -> None:
    spec = scene.specs.get(step.kind)
    if spec is None or spec.automatic or step.by:
        return
    if spec.needs_by or step.params.get("for") == "statement":
        period = _words(step.period)
        scene.faults.add(path, f"这一步{period}没有人负责。请在 by 里写由谁办。")


def _words(period: Period | None) -> str:
    return f"有期限（{period.words}），却" if period else ""


def _four_eyes(scene: Scene, step: Step, path: Path) -> None:
    spec = scene.specs.get(step.kind)
    if spec is not None and not spec.voices and (step.people > 1 or step.second_person):
        key = "people" if step.people > 1 else "second_person"
        scene.faults.add(
            (*path, key), f"“{spec.title}”只由一个人办，写了 {key} 也不会等第二个人。请去掉，或换一种步骤。"
        )
    if step.by and set(step.by) <= set(step.not_by):
        scene.faults.add((*path, "not_by"), "by 里的人全被 not_by 排除了，没有人能办。")
    for n, rung in enumerate(step.escalate):
        if not rung.tell and not rung.to:
            scene.faults.add((*path, "escalate", n), "这一级既不告诉谁，也不转到哪里。请写 tell 或 to。")


def field_of(text: str | None) -> str | None:
    """Return the "step.field" that a period such as "field:apply.ready-by" names."""
    if not text or not text.startswith("field:"):
        return None
    return parse_period(text).field or None
