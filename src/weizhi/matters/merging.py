"""Merge a matter into another about the same thing: this one ends, its people follow the other, both records say so."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field

from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Matter, MatterQuerySet, Party
from weizhi.matters.recorded import CHANNEL
from weizhi.matters.recording import note
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect
from weizhi.matters.scene import RATE, Act, Scene, load
from weizhi.people.access import person_key

MERGE, MERGED, JOINED = "merge", "merged", "joined"
DIGITS = 9  # more than any community's matters have
CONCERNED = (Party.RAISER, Party.FOLLOWER, Party.JOINT, "supporter")


class MergeData(ActData):
    """The number of the matter that goes on."""

    into: int = Field(ge=1, lt=10**DIGITS)


def locks(act: Act, matter: Matter) -> list[UUID]:
    """The other matter's top stream: it is locked together with this one's, in the house's order."""
    into = str(act.raw.get("into", ""))
    if act.verb != MERGE or not into.isdecimal() or len(into) > DIGITS:
        return []
    return list(_others(act, matter, int(into)).values_list("top_id", flat=True))


def merge(scene: Scene, act: Act) -> Effect:
    """End this matter in favour of the other, whose people it now has as well."""
    assert isinstance(act.data, MergeData)
    other = _others(act, scene.matter, act.data.into).preloaded().first()
    if other is None:
        raise Refused("bad-data", "找不到这个编号的事。请查一下编号。", field="into")
    if other.pk == scene.matter.pk:
        raise Refused("bad-data", "不能并入它自己。请填另一件事的编号。", field="into")
    if other.ended_at is not None:
        raise Refused("bad-data", f"{other.number:04d} 已经结束了，不能并进去。请接着办这一件。", field="into")
    goes_on = load(other, act.at)
    _bring(scene, goes_on)
    Party.objects.bulk_create(moving.new_parties(goes_on))
    note(goes_on, JOINED, {"child": scene.matter.number})
    other.changed_at = act.at
    other.save(update_fields=["changed_at"])
    scene.walk.end(MERGED)
    return Effect(public={"outcome": MERGED, "into": other.number})


def _bring(scene: Scene, goes_on: Scene) -> None:
    """Everybody who had to do with it follows the other; who reported is asked there whether it is good, as well."""
    relations = scene.relations
    for relation in CONCERNED:
        for who in relations.get(relation, ()):
            moving.add_relation(goes_on, Party.FOLLOWER, who)
    reporters = {*relations.get(Party.RAISER, ()), *relations.get(Party.JOINT, ())} - wrote_only(scene)
    ask_as_well(goes_on, sorted(reporters))


def wrote_only(scene: Scene) -> set[str]:
    """An officer who wrote down what a caller said is not asked about his own work; the caller is, with the slip."""
    first = scene.matter.stream.entries.get(n=1)
    unnamed = CHANNEL in first.public and first.on_behalf_of_id is None and first.actor_id
    return {person_key(first.actor_id)} if unnamed and first.actor_id else set()


def ask_as_well(goes_on: Scene, reporters: Iterable[str]) -> None:
    """Whose report went into this one rates it like the first, also where that is being asked already. Not written."""
    asking = [row for row in goes_on.open_rows if row.kind == RATE]
    asked = [row for row in asking if Party.RAISER in goes_on.procedure.steps[row.key].by]
    waiting = {(party.step_id, party.who) for party in goes_on.parties}
    known = {*goes_on.relations.get(Party.RAISER, ()), *goes_on.relations.get(Party.JOINT, ())}
    for who in (who for who in dict.fromkeys(reporters) if who not in known):
        moving.add_relation(goes_on, Party.JOINT, who)
        goes_on.parties += [
            moving.party(goes_on.matter, who, Party.WAITS, row) for row in asked if (row.pk, who) not in waiting
        ]


def went_into(matter: Matter) -> Matter | None:
    """The matter that goes on in place of one that was merged, through as many as it went; None where that is over."""
    found: Matter | None = matter
    while found is not None and found.counts == MERGED:
        found = next_of(found)
    return found if found is not None and found.pk != matter.pk and found.ended_at is None else None


def next_of(matter: Matter) -> Matter | None:
    """The matter into which this one was merged; None where an end of the charter's own counts so."""
    merged = matter.stream.entries.filter(verb=MERGE).order_by("-n").first()
    if merged is None:
        return None
    return Matter.objects.filter(community=matter.community_id, number=merged.public["into"]).first()


def _others(act: Act, matter: Matter, number: int) -> MatterQuerySet:
    return Matter.objects.visible_to(act.who).filter(community=matter.community_id, number=number)
