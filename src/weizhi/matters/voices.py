"""Steps that need more than one person: `people = n`, or a second person of another post (four eyes)."""

from collections import Counter
from typing import Any
from uuid import UUID

from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.people.access import person_key

VOICES = "voices"


def spoke(row: StepRow, person: UUID | None) -> bool:
    """Whether this person has said a word at the open step, which waits for others now."""
    return any(voice["who"] == str(person) for voice in row.memory.get(VOICES, ()))


def waits_no_more(row: StepRow, person: UUID) -> None:
    """What somebody has done goes from his work table, though the step stays open for the others."""
    Party.objects.filter(step=row, who=person_key(person)).delete()


def heard(scene: Scene, act: Act, outcome: str, extra: dict[str, Any] | None = None) -> Effect:
    """Count this person's word. The step closes when enough have spoken; until then it stays open."""
    step = scene.step_of(act)
    public = {"chose": outcome, **(extra or {})}
    if step.people == 1 and step.second_person is None:
        return Effect(outcome, public=extra or {})
    assert act.row is not None and act.whose is not None
    voices: list[dict[str, Any]] = act.row.memory.setdefault(VOICES, [])
    if spoke(act.row, act.whose.pk):
        raise Refused("too-often", "您已经办过这一步了，还要等别人。")
    second = bool(step.second_person) and not act.stands.keys.isdisjoint(
        scene.keys((step.second_person or "",), step, token_of(act.row))
    )
    voices.append({"who": str(act.whose.pk), "outcome": outcome, "second": second, **(extra or {})})
    if len(voices) < max(step.people, 2 if step.second_person else 1) or not _seconded(
        voices, bool(step.second_person)
    ):
        return Effect(public=public)
    return Effect(agreed(voices, list(step.outcomes)), public=public)


def _seconded(voices: list[dict[str, Any]], needed: bool) -> bool:
    """Four eyes: one of the second post, and one other."""
    return not needed or (any(voice["second"] for voice in voices) and len({voice["who"] for voice in voices}) >= 2)


def agreed(voices: list[dict[str, Any]], order: list[str]) -> str:
    """What most said. A tie goes to the outcome that the charter lists last: to pass takes a majority, not luck."""
    counts = Counter(str(voice["outcome"]) for voice in voices)
    rank = {outcome: n for n, outcome in enumerate(order)}
    return max(counts, key=lambda outcome: (counts[outcome], rank.get(outcome, -1)))
