"""Refuse by the lists of powers and duties (权责清单、负面清单): with the line that gives or forbids the act."""

from weizhi.charters.lists import forbidding, giving
from weizhi.charters.steps import Step
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sending import asked_names


def not_yours(scene: Scene, act: Act, step: Step) -> Refused:
    """Why this person may not do this step: forbidden by the negative list, somebody else's by the list, or by `by`."""
    kind = scene.kind.key
    mine = [post.post for post in act.stands.posts]
    if (line := forbidding(scene.charter, kind, step.key, mine)) is not None:
        return Refused("not-yours", f"负面清单：{line.title}。", line=_line(scene, line.key))
    asked = asked_names(step, act.row.brief) if act.row else step.by
    names = "、".join(scene.name_title(name) for name in asked) or "系统"
    if (line := giving(scene.charter, kind, step.key)) is not None:
        return Refused("not-yours", f"按权责清单，这一步由{names}来办：{line.title}。", line=_line(scene, line.key))
    return Refused("not-yours", f"这一步由{names}来办。", line=scene.line(step, "by"))


def _line(scene: Scene, duty: str) -> str:
    return f"{scene.charter.name}: duties.{duty}"
