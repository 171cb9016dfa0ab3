"""Carry a running matter over to another version of the charter: two people, a reason, a map of its open steps."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.charters.models import Charter
from weizhi.matters import moving
from weizhi.matters.models import Matter
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.matters.recording import note
from weizhi.matters.refused import Refused
from weizhi.matters.rules import owner_of
from weizhi.matters.scene import Scene, load
from weizhi.people.access import Standing, body_key, standing
from weizhi.people.models import Person
from weizhi.record.actions.append import Part, lock
from weizhi.record.origin import the_clock


def move(
    matter_id: UUID, steps: Mapping[str, str], *, by: Person, second: Person, reason: str, at: datetime | None = None
) -> None:
    """Let the matter follow the charter now in force. `steps` maps the key of each open step to one of the new.

    Raises Refused when the two are one person or do not belong to the owning body, when the map is not total,
    or when a token runs in a fork (its branches would lose their join).
    """
    now = the_clock(at)
    found = Matter.objects.visible_to(standing(by, now)).only("top_id").filter(pk=matter_id).first()
    if found is None:
        raise Refused("not-found", "没有这件事，或者您看不到它。")
    if not reason.strip():
        raise Refused("bad-data", "请写明为什么要换成新章程。", field="reason")
    with transaction.atomic():
        lock([found.top_id])
        scene = load(Matter.objects.preloaded().get(pk=matter_id), now)
        _two_people(scene, by, second)
        digest = hash_in_force(scene.matter.community_id, now)
        _check(scene, charter_by_hash(digest), steps)
        before = scene.matter.charter_id
        _carry(scene, digest, steps)
        public = {"from": before, "to": digest, "steps": dict(steps)}
        parts = [Part("words", reason), Part("people", [str(by.pk), str(second.pk)], grade=2)]
        note(scene, "move", public, parts=parts)


def _two_people(scene: Scene, by: Person, second: Person) -> None:
    key = body_key(owner_of(scene.charter), scene.matter.community.slug)
    both: list[Standing] = [standing(person, scene.now) for person in (by, second)]
    if by.pk == second.pk or any(key not in who.keys for who in both):
        raise Refused("not-yours", "换章程要居委会两个人一起定。")


def _check(scene: Scene, charter: Charter, steps: Mapping[str, str]) -> None:
    if scene.matter.ended_at is not None:
        raise Refused("ended", "这件事已经结束了，不用换章程。")
    if scene.matter.kind not in charter.kinds:
        raise Refused("bad-data", "新章程里没有这一类事项。")
    procedure = charter.procedure_of(scene.matter.kind)
    for row in scene.rows.values():
        if row.closed_at is not None:
            continue
        if row.fork or row.kind == "fork":
            raise Refused("not-yet", "这件事正在分头办。等各方都有结果以后再换章程。")
        target = steps.get(row.key)
        if target not in procedure.steps:
            raise Refused("bad-data", f"请说明现在的“{scene.target_title(row.key)}”对应新章程的哪一步。", field=row.key)
        if procedure.steps[target].kind in {"fork", "route", "open"}:
            raise Refused("bad-data", f"“{target}”不能作为接续的一步。请选由人来办的一步。", field=row.key)


def _carry(scene: Scene, digest: str, steps: Mapping[str, str]) -> None:
    """Close the open steps under the old charter and open their counterparts under the new one."""
    old = scene.walk.open_tokens()
    matter = scene.matter
    matter.charter_id, matter.changed_at = digest, scene.now
    fresh = Scene(matter, charter_by_hash(digest), scene.now, scene.rows, scene.parties)
    for token in old:
        fresh.walk.past[token] = None
        fresh.walk.send(token, steps[token.key])
    matter.save(update_fields=["charter", "changed_at"])
    scene.charter = fresh.charter
    moving.apply(fresh, fresh.walk.events)
