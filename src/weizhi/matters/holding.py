"""Matters that hold matters: which one takes a new one in, who waits to be chosen, what they say, who was chosen.

A held matter lies under its holder's lock and follows its holder's charter (ADR 8).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from weizhi.charters.checks.holding import takes_in
from weizhi.charters.models import MatterKind
from weizhi.matters.models import Matter, MatterQuerySet
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Act, Scene
from weizhi.matters.world import FIELDS
from weizhi.people.access import Standing
from weizhi.record.models import Payload

PICKED: Final = "picked"
NOT_PICKED: Final = "not-picked"
CHOSEN: Final = "chosen"  # memory of the step that chose: which matters
LET_GO: Final = "let-go"  # memory of the step after which nobody is chosen any more


def open_intakes(kind: MatterKind, who: Standing, community: UUID) -> list[tuple[Matter, StepRow]]:
    """The matters that take in matters of this kind now, as far as `who` may see them, with the step; newest first."""
    held_by = Matter.objects.visible_to(who).filter(community=community, kind=kind.held_by, ended_at__isnull=True)
    rows = StepRow.objects.open().filter(matter__in=held_by.values("pk"), kind="intake")
    found = rows.select_related("matter__stream", "matter__community", "matter__place").order_by("-opened_at", "-id")
    return [(row.matter, row) for row in found if _takes_in(row.matter, row.key, kind.key)]


def _takes_in(holder: Matter, step: str, kind: str) -> bool:
    return takes_in(charter_by_hash(holder.charter_id).procedure_of(holder.kind).steps[step], kind)


def holder_for(kind: MatterKind, named: UUID | None, act: Act, community: UUID) -> Matter:
    """Who takes the new matter in: the one that is named, else the only one that does. Raises Refused."""
    found = [holder for holder, _ in open_intakes(kind, act.who, community) if named in (None, holder.pk)]
    if not found:
        raise Refused("closed", _closed(kind, act.who, community))
    if len(found) > 1:
        titles = "、".join(f"{holder.number:04d} {holder.title}" for holder in found)
        raise Refused("bad-data", f"现在有几件事都在收“{kind.title}”：{titles}。请说明交给哪一件。", field="held_by")
    return found[0]


def _closed(kind: MatterKind, who: Standing, community: UUID) -> str:
    last = Matter.objects.visible_to(who).filter(community=community, kind=kind.held_by).order_by("-raised_at").first()
    if last is None:
        return f"现在没有在收“{kind.title}”。开始收的时候会公告，请等公告。"
    return f"“{last.title}”现在不收“{kind.title}”：没到时间，或者已经过了期限。下一次开始收的时候会公告。"


def check_open(scene: Scene, kind: MatterKind) -> None:
    """The holder, under its lock and with time let act first, still takes in. Raises Refused."""
    if any(takes_in(scene.procedure.steps[row.key], kind.key) for row in scene.open_rows):
        return
    raise Refused("closed", f"“{scene.matter.title}”已经不收“{kind.title}”了：期限刚刚过。下一次开始收的时候会公告。")


def held_in(holder: Matter) -> MatterQuerySet:
    """What a matter took in, in the order of their numbers."""
    return Matter.objects.filter(held_by=holder).order_by("number")


def waiting_in(holder: Matter, kind: str | None = None) -> list[Matter]:
    """Held matters that stand where they wait to be chosen, in the order of their numbers. Two queries."""
    found = held_in(holder).standing_open().preloaded()
    if kind is not None:
        found = found.filter(kind=kind)
    steps = _open_steps(holder)
    return [matter for matter in found if _is_waiting(matter, steps.get(matter.pk, ()))]


def _open_steps(holder: Matter) -> Mapping[UUID, list[str]]:
    rows: dict[UUID, list[str]] = defaultdict(list)
    for matter, key in StepRow.objects.open().filter(matter__held_by=holder).values_list("matter", "key"):
        rows[matter].append(key)
    return rows


def _is_waiting(matter: Matter, keys: Iterable[str]) -> bool:
    steps = charter_by_hash(matter.charter_id).procedure_of(matter.kind).steps
    return any(steps[key].waits_for_choice for key in keys)


def are_ready(holder: Matter) -> bool:
    """Whether every held matter that has not ended waits to be chosen."""
    steps = _open_steps(holder)
    return all(_is_waiting(matter, steps.get(matter.pk, ())) for matter in held_in(holder).standing_open())


def values_of(matters: Collection[Matter], reference: str) -> dict[UUID, Any]:
    """The newest value of `step.field` in each of these matters. One query."""
    step, key = reference.split(".")[-2:]
    stored = Payload.objects.filter(
        entry__stream__in=[matter.pk for matter in matters], entry__step=step, part__startswith=FIELDS
    ).order_by("entry__stream", "entry__n", "part")
    found: dict[UUID, Any] = {}
    for part in stored.select_related("entry"):
        values = part.read()
        if isinstance(values, dict) and key in values:
            found[part.entry.stream_id] = values[key]
    return found


def chosen_in(scene: Scene) -> list[str]:
    """Which of the held matters the last choice named; none before one."""
    chose = [row for row in scene.rows.values() if CHOSEN in row.memory]
    return list(max(chose, key=lambda row: row.opened_at).memory[CHOSEN]) if chose else []


def releases_later(scene: Scene) -> bool:
    """Whether the procedure has a step of its own that lets go; without one, choosing lets go at once."""
    return any(step.kind == "intake" and step.params.get("release") for step in scene.procedure.steps.values())


def remember_release(row: StepRow, at: datetime) -> None:
    row.memory[LET_GO] = at.isoformat()
    row.save(update_fields=["memory"])


def came_too_late(matter: Matter) -> bool:
    """Whether the choice among the held matters was over before this one was ready for it."""
    if matter.held_by_id is None:
        return False
    over = Matter.objects.filter(pk=matter.held_by_id, ended_at__isnull=False).exists()
    return over or StepRow.objects.filter(matter=matter.held_by_id, memory__has_key=LET_GO).exists()
