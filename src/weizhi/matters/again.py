"""The same matter once more: an end of the charter may say how many signatures, or how much time, that takes.

An ended matter never moves again. Who wants it back signs under it; when there are enough, a new one may follow it, and
whoever signed supports that one from the start.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from weizhi.charters.periods import due, parse_period
from weizhi.charters.steps import Again, Procedure
from weizhi.charters.workdays import state_calendar
from weizhi.matters.models import Matter, Party
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, electors
from weizhi.people.access import person_key
from weizhi.record.actions.append import lock

if TYPE_CHECKING:
    from weizhi.matters.scene import Act, Scene

SUPPORT: Final = "support"
SUPPORTER: Final = "supporter"
CHAIN_AT_MOST: Final = 9  # so far back is looked: nobody's charter asks whether it is the tenth time


@dataclass(frozen=True)
class Needed:
    """What the end of a matter asks before the same is raised again, and how far that has come."""

    signed: int
    asked: int
    since: datetime | None  # not before

    def missing(self) -> int:
        return max(0, self.asked - self.signed)


def rule_of(procedure: Procedure, matter: Matter) -> Again | None:
    """What the charter says of this matter's end; None where anybody may follow it as it is."""
    end = procedure.ends.get(matter.ended_as) if matter.ended_at else None
    return end.again if end else None


def signed_after(scene: "Scene") -> bool:
    """Whether the ended matter takes signatures for being raised again."""
    rule = rule_of(scene.procedure, scene.matter)
    return rule is not None and rule.supporters is not None


def sign(scene: "Scene", act: "Act") -> Effect:
    """Somebody wants it raised again: each person once, and only who belongs to those that the charter asks."""
    rule = rule_of(scene.procedure, scene.matter)
    assert act.whose is not None and rule is not None, "asked only where `signed_after`"
    who = person_key(act.whose.pk)
    if rule.electorate and not electors().has(scene, rule.electorate, act.whose.pk):
        title = scene.charter.electorates[rule.electorate].title or rule.electorate
        line = f"{scene.charter.name}: procedures.{scene.procedure.key}.ends.{scene.matter.ended_as}.again"
        raise Refused("not-yours", f"要求再提，由“{title}”里的人来签。", line=line)
    signed = scene.relations.get(Party.AGAIN, [])
    if who in signed:
        raise Refused("too-often", "您已经签过名了。")
    public = {"again": len(signed) + 1, "needed": rule.supporters}
    return Effect(public=public, relations=((Party.AGAIN, who),))


def needed(matter: Matter) -> Needed | None:
    """How far it has come until an ended matter may be raised again. One query where the charter asks for anything."""
    rule = rule_of(charter_by_hash(matter.charter_id).procedure_of(matter.kind), matter)
    if rule is None or matter.ended_at is None:
        return None
    signed = Party.objects.filter(matter=matter, relation=Party.AGAIN, step=None).count()
    since = due(matter.ended_at, parse_period(rule.after), calendar=state_calendar()).at if rule.after else None
    return Needed(signed, rule.supporters or 0, since)


def check(earlier: Matter, kind: str, now: datetime, *, held: bool) -> list[str]:
    """That a matter of `kind` may follow `earlier` now; the keys of those who signed for it. Raises Refused.

    The earlier one is locked, so that it is raised again once, whoever else was pressing; not where another matter
    takes the new one in: that one is locked already, and locks go by their ids.
    """
    if earlier.kind != kind:
        return []
    if not held:
        lock([earlier.top_id])
    found = needed(earlier)
    if found is None:
        return []
    if found.missing():
        said = f"再提要 {found.asked} 人联名，已经有 {found.signed} 人，还差 {found.missing()} 人。"
        raise Refused("not-yet", said, field="follows")
    if found.since is not None and now < found.since:
        raise Refused("not-yet", f"到 {found.since:%Y-%m-%d} 以后才能再提。", field="follows")
    if other := Matter.objects.filter(follows=earlier, kind=kind).exclude(counts="withdrawn").first():
        raise Refused("meanwhile", f"已经有人再提了：编号 {other.number:04d}。请到那一件去支持。", field="follows")
    rows = Party.objects.filter(matter=earlier, relation=Party.AGAIN, step=None)
    return list(rows.order_by("id").values_list("who", flat=True))


def times_raised_again(matter: Matter) -> int:
    """How often the same was refused and raised again before: one query for each time."""
    number, found = 0, matter
    while found.follows_id is not None and number < CHAIN_AT_MOST:
        earlier = Matter.objects.get(pk=found.follows_id)
        rule = rule_of(charter_by_hash(earlier.charter_id).procedure_of(earlier.kind), earlier)
        if earlier.kind != matter.kind or rule is None:
            break
        number, found = number + 1, earlier
    return number
