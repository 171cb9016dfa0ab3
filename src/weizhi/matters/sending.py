"""To whom a matter is sent: a sort step names posts or bodies, and the steps after it wait for these and no others.

Whom a step was sent to is frozen in its brief when it opens: what is sent elsewhere later leaves the past as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from weizhi.charters.dispatching import Ruling, ruling, sending
from weizhi.charters.flow import Token
from weizhi.charters.steps import Step
from weizhi.charters.words import SENT_TO, SUPERIOR
from weizhi.matters import rules
from weizhi.matters.refused import Refused

if TYPE_CHECKING:
    from weizhi.matters.models import Step as StepRow
    from weizhi.matters.scene import Scene

BRIEF = "sent"  # in a step's brief: keys of access
BY_RULE = "dispatch"  # among the names: whom the charter's rule of dispatch names
KEY = ":"  # stands in a branch that is a key, never in one that is a grid


def keys_of(scene: "Scene", names: Iterable[str]) -> list[str]:
    """The keys of the posts and bodies that are named, at the matter's place."""
    return rules.keys_for(names, charter=scene.charter, here=scene.here, relations={})


def brief_of(scene: "Scene", step: Step, token: Token) -> dict[str, list[str]]:
    """What a step that opens must remember of whom the matter was sent to; nothing where it asks for nobody."""
    if not _concerned(step):
        return {}
    if scene.sending is None:
        return {BRIEF: sent_to(scene, token)}
    return {BRIEF: [token.branch] if token.branch in scene.sending else list(scene.sending)}


def _concerned(step: Step) -> bool:
    told = (*step.by, *step.tell, *(name for rung in step.escalate for name in rung.tell), step.second_person)
    return step.sends or SENT_TO in told or SUPERIOR in told


def waits_for(scene: "Scene", token: Token) -> list[str]:
    """Whom a step waits for: those it was sent to, or all to whom it might have been."""
    return sent_to(scene, token) or offered_by(scene)


def sent_to(scene: "Scene", token: Token) -> list[str]:
    """Whom a step was sent to: by its own brief, else by the newest before it in its branch, else in the matter."""
    row = scene.rows.get(token)
    if row is not None and BRIEF in row.brief:
        return list(row.brief[BRIEF])
    rows = [other for other in reversed(scene.rows.values()) if BRIEF in other.brief]
    own = [other for other in rows if (other.fork, other.branch) == (token.fork, token.branch)]
    if not own and token.fork and KEY in token.branch:
        return [token.branch]
    return list((own or rows)[0].brief[BRIEF]) if rows else []


def named_now(scene: "Scene") -> list[str]:
    """Whom this act sends it to, else whom it was sent to last: what a fork opens for, and a gate counts."""
    if scene.sending is not None:
        return scene.sending
    rows: list[StepRow] = [row for row in reversed(scene.rows.values()) if BRIEF in row.brief and not row.fork]
    return list(rows[0].brief[BRIEF]) if rows else []


def superiors(scene: "Scene", keys: Sequence[str]) -> list[str]:
    """The bodies to which those answer, by the charter; the owner of what has no owner where it says nothing."""
    charter = scene.charter
    names: dict[str, None] = {}
    for key in keys:
        name = name_of(key)
        seats = [body for body in charter.bodies.values() if any(seat.post == name for seat in body.seats)]
        own = [charter.bodies[name]] if name in charter.bodies else seats
        above = next((body.superior for body in own if body.superior), None)
        names[above or rules.owner_of(charter)] = None
    return keys_of(scene, names)


def chosen_names(
    scene: "Scene", step: Step, target: str, named: Sequence[str], ruled: Ruling | None
) -> list[str] | None:
    """The names to which an act at a sort step sends the matter on its way to `target`; None where nobody is asked.

    Whoever is named counts; `dispatch` among the names asks for the rule that fits. Nobody named: whoever of those to
    whom it may be sent picks it up first.
    """
    offered = [str(name) for name in step.params.get("to", ())]
    one, several = sending(scene.procedure, target)
    if not offered or not (one or several):
        return None
    if unknown := [name for name in named if name not in (*offered, BY_RULE)]:
        titles = "、".join(scene.name_title(name) for name in offered)
        raise Refused("bad-data", f"不能派给“{'、'.join(unknown)}”。可以派给：{titles}。", field="to")
    found = list(dict.fromkeys(name for name in named if name != BY_RULE))
    if not found and BY_RULE in named:
        found = [name for name in ruled.rule.to if name in offered] if ruled else []
        if not found:
            raise Refused("bad-data", "没有一条派单规则管得到它。请选派给谁。", field="to", line=scene.line(step, "to"))
    if len(found) > 1 and not several:
        raise Refused("bad-data", "这里一次只能派给一家。请只选一个。", field="to", line=scene.line(step, "to"))
    if not found and not one:
        raise Refused("bad-data", "请选派给谁来办。", field="to", line=scene.line(step, "to"))
    return found


def offered_by(scene: "Scene") -> list[str]:
    """All to whom the procedure may send: they wait where nobody was named."""
    names = [str(name) for step in scene.procedure.steps.values() for name in _to(step)]
    return keys_of(scene, dict.fromkeys(names))


def _to(step: Step) -> Sequence[object]:
    return step.params.get("to", ()) if step.kind == "sort" else ()


def name_of(key: str) -> str:
    """The charter's name in a key of access: `body:property@xfl/e1` is property."""
    return key.partition(KEY)[2].partition("@")[0]


def asked_names(step: Step, brief: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Whom a step waits for by name, those to whom it was sent in the place of `sent-to`."""
    return by_name(step, [name_of(key) for key in brief.get(BRIEF, ())])


def by_name(step: Step, sent: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for by in step.by for name in (sent if by == SENT_TO and sent else (by,))))


def rule_for(scene: "Scene", category: str, sorted_as: str) -> Ruling | None:
    return ruling(scene.charter, category, sorted_as)
