"""Raise a matter: the first act, which creates it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from weizhi.charters.models import MatterKind
from weizhi.matters import about, again, behalf, holding, moving, reads, rules
from weizhi.matters.actions.done import Done, done
from weizhi.matters.actions.wake import catch_up
from weizhi.matters.asking import asked, sent_before, take_post
from weizhi.matters.fields import WORDS, asked_values, check_ways, model_for, own_fields, read, titles_of
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.numbering import next_number
from weizhi.matters.opening import RAISED, begin
from weizhi.matters.pinned import charter_by_hash, place_with_charter
from weizhi.matters.published import masked
from weizhi.matters.recorded import Recorded
from weizhi.matters.recording import enter, keep_files
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, cite, document_maker
from weizhi.matters.scene import Act, Scene, load
from weizhi.matters.settling import settle
from weizhi.people.access import Standing, person_key
from weizhi.people.models import Person
from weizhi.places.models import Community, Place
from weizhi.places.writing import insert_one
from weizhi.record.actions.append import Part, lock
from weizhi.record.leaves import new_salt
from weizhi.record.models import Stream
from weizhi.record.photos import Photo


def raise_matter(
    community: Community,
    kind: str,
    *,
    by: Person,
    data: Mapping[str, Any],
    place: Place | UUID | None = None,
    evidence: Sequence[Photo] = (),
    key: str | None = None,
    at: datetime | None = None,
    told_at: datetime | None = None,
    as_post: UUID | None = None,
    on_behalf_of: Person | None = None,
    recorded: Recorded | None = None,
    category: str = "",
    follows: UUID | None = None,
    held_by: UUID | None = None,
    who: Standing | None = None,
    present: Standing | None = None,
) -> Done:
    """Raise a matter of `kind` at `place` (the community itself without one); of the charter's `category`, as far
    as the sender knows: whoever sorts it confirms or corrects it. `who` and `present`: what the sender, and whoever
    it is raised for, are now, where the caller has read it. `held_by` names the matter that takes it in, where its kind
    is held and more than one does.

    Sent again under the same `key`, it answers with the first result. Raises Refused.
    """
    named = place.pk if isinstance(place, Place) else place
    target = ":".join(str(part) for part in (community.pk, kind, named, *filter(None, (category, held_by))))
    act = asked(
        "raise", by=by, target=target, data=data, outcome=None, evidence=evidence,
        key=key, at=at, told_at=told_at, on_behalf_of=on_behalf_of, recorded=recorded, who=who, present=present,
    )  # fmt: skip
    files = keep_files(act)
    try:
        with transaction.atomic():
            scene = _new(community, kind, place, act, as_post, follows, held_by)
            handlers = moving.handlers_of(scene.charter, kind, scene.here)
            if _has_raiser(scene, act, handlers):
                moving.add_relation(scene, Party.RAISER, person_key((on_behalf_of or by).pk))
            for signed in _signed(scene):
                moving.add_relation(scene, again.SUPPORTER, signed)
            for handler in handlers:
                moving.add_relation(scene, Party.HANDLER, handler)
            return _begin(scene, act, files, category)
    except (Refused, IntegrityError):
        # Answered before permission is asked: whoever may no longer raise still learns that it arrived.
        if earlier := sent_before(act):
            return done(earlier)
        raise


def _new(
    community: Community,
    kind: str,
    asked_place: Place | UUID | None,
    act: Act,
    as_post: UUID | None,
    follows: UUID | None,
    held_by: UUID | None,
) -> Scene:
    place, digest = place_with_charter(community, asked_place, act.at)
    charter = charter_by_hash(digest)
    if kind not in charter.kinds:
        titles = "、".join(found.title for found in charter.kinds.values())
        raise Refused("bad-data", f"这里没有这一类事项。可以选：{titles}。", field="kind")
    matter_kind, holder = charter.kinds[kind], None
    if matter_kind.held_by:
        holder = _taken_in(matter_kind, held_by, act, community)
        digest, charter, matter_kind = holder.matter.charter_id, holder.charter, holder.charter.kinds[kind]
    here = rules.here_at(place.levels, place.path, matter_kind.raised_in)
    if matter_kind.raised_in and matter_kind.raised_in not in place.levels:
        raise Refused("bad-data", f"“{matter_kind.title}”要说明在哪里。请选得更具体一些。", field="place")
    stream = Stream(id=uuid7(), community=community, kind="matter", salt=new_salt())
    matter = Matter(
        stream=stream,
        community=community,
        kind=kind,
        charter_id=digest,
        number=0,
        place=place,
        audience=rules.audience_of(matter_kind.visible, here),
        top_id=holder.matter.top_id if holder else stream.pk,
        held_by=holder.matter if holder else None,
        follows=_followed(follows, act) if follows else None,
        raised_at=act.at,
        changed_at=act.at,
    )
    scene = Scene(matter, charter, act.at, {}, [])
    _permit(scene, act, as_post)
    _read(scene, act)
    return scene


def _has_raiser(scene: Scene, act: Act, handlers: Sequence[str]) -> bool:
    """Whoever writes down what somebody without an account says raises it himself, but not where that is confidential:
    then he may write it down only if he handles it, and whose it is is said there.
    """
    if not scene.confidential or act.recorded is None or act.on_behalf_of is not None:
        return True
    if act.who.keys.isdisjoint(handlers):
        raise Refused("not-yours", f"“{scene.kind.title}”只给当事人和经办的人看。没有账号的人，请经办的人来记。")
    return False


def _taken_in(kind: MatterKind, named: UUID | None, act: Act, community: Community) -> Scene:
    """The matter that takes this one in, locked, once time has acted on it: a minute too late is too late."""
    found = holding.holder_for(kind, named, act, community.pk)
    lock([found.top_id])
    holder = catch_up(load(reads.one(found.pk), act.at))
    holding.check_open(holder, kind)
    return holder


def _signed(scene: Scene) -> list[str]:
    """Who asked for it to be raised again, where it follows one that may not be followed without them."""
    matter = scene.matter
    if matter.follows is None:
        return []
    return again.check(matter.follows, matter.kind, scene.now, held=matter.held_by_id is not None)


def _followed(follows: UUID, act: Act) -> Matter:
    """An ended matter never moves again: what comes after it is a new one that follows it."""
    earlier = Matter.objects.visible_to(act.who).filter(pk=follows).first()
    if earlier is None:
        raise Refused("not-found", "找不到原来那件事。")
    return earlier


def _permit(scene: Scene, act: Act, as_post: UUID | None) -> None:
    step = scene.procedure.start
    keys = rules.keys_for(step.by, charter=scene.charter, here=scene.here, relations={}, at=step.at)
    behalf.permit(act, scene.matter)
    if act.stands.keys.isdisjoint(keys):
        names = "、".join(scene.name_title(name) for name in step.by)
        said = f"“{scene.kind.title}”由{names}提出。" if names else f"“{scene.kind.title}”到了日子会自己开，不用人提。"
        raise Refused("not-yours", said, line=scene.line(step, "by"))
    take_post(act, keys, as_post)


def _read(scene: Scene, act: Act) -> None:
    step = scene.procedure.start
    act.data = read(model_for(about.RaiseData, step), act.raw, titles_of(step))
    cite(scene, step, act.data)
    own = scene.matter.place.kind != scene.matter.community.level
    check_ways(step, act.data, photos=len(act.evidence), placed=own)
    if not act.data.words and not own_fields(step):
        raise Refused("bad-data", "还没有写是什么事。请写一两句话再发。", field="words")
    told = "" if _title_closed(scene) else masked(act.data.words, scene.matter.charter_id)
    scene.matter.title = rules.title_of(told, scene.kind.title)


def _title_closed(scene: Scene) -> bool:
    """A list shows titles to everybody who sees the matter: no word of what the charter shows to fewer."""
    step = scene.procedure.start
    classes = (scene.kind.title_visible, step.visible, *(f.visible for f in step.fields if f.key == WORDS))
    return scene.confidential or any(rules.narrower(visible, scene.kind.visible) for visible in classes)


def _begin(scene: Scene, act: Act, files: list[Part], category: str = "") -> Done:
    """Write the matter, its first step and what opens after it."""
    said: dict[str, Any] = {"category": category} if category in scene.charter.categories else {}
    scene.matter.category = str(said.get("category", ""))
    if scene.matter.held_by is not None:
        said["holder"] = scene.matter.held_by.number
    scene.matter.number = next_number(scene.matter.community_id)
    about.settle(scene, act)
    said_now = {WORDS: act.data.words} if act.data.words else {}  # what opens next may be about these very words
    token, events, told = begin(scene, {**said_now, **asked_values(scene.procedure.start, act.data)})
    act.row = StepRow(key=token.key, round=token.round)
    written = act.recorded
    effect = Effect(
        RAISED, public={**(written.public if written else {}), **said}, parts=written.parts if written else ()
    )
    entry = enter(scene, act, effect, told, files)
    insert_one(scene.matter)
    if scene.kind.document and (make := document_maker(scene.kind.document)):
        make(scene.matter, act)
    settle(scene, events)
    return done(entry, scene.matter)
