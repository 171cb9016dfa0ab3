"""Page-shaped reads of matters: what waits for me, my matters, what I may do here and why not."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from weizhi.charters.dispatching import sending
from weizhi.charters.flow import Walk
from weizhi.charters.generic import HandleParams
from weizhi.charters.models import Charter
from weizhi.charters.steps import Field, Step
from weizhi.matters import again, beside, interests
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pauses import standing_still
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import Act, Scene, outcome_title, token_of
from weizhi.matters.sending import BRIEF, name_of
from weizhi.matters.story import Reader
from weizhi.matters.suspending import RESUME, SUSPEND
from weizhi.matters.taking_back import may_take_back, sorting_step
from weizhi.matters.voices import spoke
from weizhi.people.access import Standing, person_key
from weizhi.record import clock


@dataclass(frozen=True)
class Choice:
    """An outcome a person may choose, in words; `allowed` is False when it was taken as often as the charter lets."""

    key: str
    title: str
    leads_to: str
    allowed: bool = True


@dataclass(frozen=True)
class Offer:
    """An act that is open to this person at a step: what the form asks and the buttons it has."""

    step_id: UUID
    verb: str
    kind: str
    title: str
    hint: str
    due: datetime | None
    due_words: str
    choices: tuple[Choice, ...]
    fields: tuple[Field, ...]
    params: Any
    charter: Charter
    reasons: tuple[str, ...] = ()
    sends_to: tuple[tuple[str, str], ...] = ()  # whom it may be sent to, with their titles
    to_several: bool = False

    def stands_apart(self, outcome: str) -> bool:
        """Whether an outcome asks for something that the others do not: then it has a form of its own."""
        return outcome in self.reasons or any(outcome in field.only_for for field in self.fields)

    def needs_photo(self, outcome: str) -> bool:
        return isinstance(self.params, HandleParams) and self.params.wants_evidence(outcome)


@dataclass(frozen=True)
class WhyNot:
    """Why something is not open to this person, and the charter's line that says so."""

    step: str
    who: tuple[str, ...]  # whose it is; nobody where it is the person's own, but this way of it is used up
    line: str
    barred: bool = False
    used_up: str = ""


def waits(who: Standing) -> QuerySet[StepRow]:
    """Open steps that wait for this person, by due date: the work table."""
    mine = Party.objects.waiting().for_keys(who.keys).values("step_id")
    return StepRow.objects.open().filter(pk__in=mine).select_related("matter", "matter__place").order_by("due", "id")


def mine(who: Standing) -> QuerySet[Matter]:
    """Matters that this person raised or follows, those with news first."""
    return concerning(person_key(who.person_id)) if who.person_id else Matter.objects.none()


def concerning(person: str) -> QuerySet[Matter]:
    """The same of the person with this key."""
    own = Party.objects.filter(who=person, relation__in=[Party.RAISER, Party.FOLLOWER, "supporter"])
    return Matter.objects.filter(pk__in=own.values("matter_id")).select_related("place").order_by("-changed_at")


def near(who: Standing) -> QuerySet[Matter]:
    """Open matters that this person may see without having to do with them, newest first."""
    return around(person_key(who.person_id) if who.person_id else "", who.communities, who.paths)


def around(person: str, communities: Iterable[UUID], paths: Iterable[str]) -> QuerySet[Matter]:
    """The same of the person with this key, who belongs to these communities and places."""
    own = Party.objects.filter(who=person).values("matter_id")
    return (
        Matter.objects.filter(community__in=communities, audience__in=paths)
        .standing_open()
        .filter(~Q(pk__in=own))
        .select_related("place")
        .order_by("-changed_at")
    )


def offers(reader: Reader) -> list[Offer]:
    """The acts open to the reader at the matter's steps. No query: the reader has read everything."""
    scene = scene_of(reader)
    rows = [row for row in reader.steps if row.closed_at is None and row.kind in kind_named(row.kind).verbs]
    return [
        _offer(scene, reader, row)
        for row in rows
        if _named(scene, reader.who, row)
        and not _barred(scene, reader.who, row)
        and not _sits_out(scene, reader.who, row)
        and not spoke(row, reader.who.person_id)
    ]


def why_not(reader: Reader) -> list[WhyNot]:
    """What at the open steps the reader may not do: somebody else's, barred, or done as often as the charter lets."""
    scene = scene_of(reader)
    found = []
    for row in reader.steps:
        step, title = reader.procedure.steps[row.key], reader.title_of(row.key)
        if row.closed_at is not None or not step.by:
            continue
        if not _named(scene, reader.who, row):
            found.append(WhyNot(title, reader.who_of(row), _said(scene, step, "by", list(step.by))))
        elif _barred(scene, reader.who, row):
            who = tuple(reader.name_title(name) for name in step.not_by)
            found.append(WhyNot(title, who, _said(scene, step, "not_by", list(step.not_by)), barred=True))
        elif _sits_out(scene, reader.who, row):
            found.append(WhyNot(title, (_("申报了利害关系的人"),), interests.line(scene), barred=True))
        else:
            gone = [key for key in step.at_most if not scene.walk.may_take(step.key, key)]
            found += [
                WhyNot(title, (), _said(scene, step, "at_most", step.at_most), used_up=outcome_title(step, key))
                for key in gone
            ]
    return found


def _said(scene: Scene, step: Step, word: str, value: object) -> str:
    """The charter's line with what it says."""
    return f"{scene.line(step, word)} = {json.dumps(value, ensure_ascii=False)}"


def beside_verbs(reader: Reader) -> list[str]:
    """Verbs beside the steps that the reader may do now, once the story is read."""
    scene = scene_of(reader)
    ended = reader.matter.ended_at is not None
    verbs = [again.SUPPORT] if again.signed_after(scene) and reader.who.person_id else []
    for name, verb in beside.VERBS.items():
        known = beside.open_here(scene, name) and not beside.stands_at_a_step(scene, name)
        now = known and (name == "comment" or not ended) and _there_is(name, reader)
        if now and (name == "dispute" or verb.may(scene, _asker(reader))):  # the story says whose entry it is
            verbs.append(name)
    return verbs


def _there_is(verb: str, reader: Reader) -> bool:
    """Whether there is something to answer, to dispute, to go on with: story and steps say so, without a query."""
    if verb in (SUSPEND, RESUME):
        still = any(row.closed_at is None and standing_still(row.memory, clock.now()) for row in reader.steps)
        return still == (verb == RESUME)
    declared = {party.who for party in reader.parties if party.relation == Party.DECLARED}
    me = person_key(reader.who.person_id) if reader.who.person_id else ""
    there = {
        "answer": reader.objections > 0, "dispute": reader.stood_for,
        interests.DECLARE: me not in declared, interests.LIFT: bool(declared - {me}),
    }  # fmt: skip
    return there.get(verb, True)


def _asker(reader: Reader) -> Act:
    return Act("", reader.matter.changed_at, None, reader.who)


def scene_of(reader: Reader) -> Scene:
    """The same scene an act would load, made of what the reader has already read; never written."""
    rows = {token_of(row): row for row in reader.steps}
    return Scene(reader.matter, reader.charter, reader.matter.changed_at, rows, list(reader.parties))


def _names(step: Step) -> tuple[str, ...]:
    return step.asks


def _named(scene: Scene, who: Standing, row: StepRow) -> bool:
    step = scene.procedure.steps[row.key]
    return not who.keys.isdisjoint(scene.keys(_names(step), step, token_of(row)))


def _barred(scene: Scene, who: Standing, row: StepRow) -> bool:
    step = scene.procedure.steps[row.key]
    return bool(step.not_by) and not who.keys.isdisjoint(scene.keys(step.not_by, step, token_of(row)))


def _sits_out(scene: Scene, who: Standing, row: StepRow) -> bool:
    step = scene.procedure.steps[row.key]
    keys = scene.keys(_names(step), step, token_of(row))
    return kind_named(row.kind).spec.judges and interests.sits_out(scene, who, keys)


def _offer(scene: Scene, reader: Reader, row: StepRow) -> Offer:
    step = reader.procedure.steps[row.key]
    kind = kind_named(row.kind)
    return Offer(
        step_id=row.pk,
        verb=kind.name,
        kind=kind.name,
        title=reader.title_of(row.key),
        hint=step.hint,
        due=row.due,
        due_words=row.due_words,
        choices=tuple(_choices(scene.walk, step, kind.outcomes_for(step), reader)),
        fields=step.fields,
        params=step.parsed(kind.spec),
        charter=reader.charter,
        reasons=step.reasons,
        sends_to=_sends_to(reader, step),
        to_several=any(sending(reader.procedure, target)[1] for target in step.outcomes.values()),
    )


def _sends_to(reader: Reader, step: Step) -> tuple[tuple[str, str], ...]:
    names = step.params.get("to", ()) if step.kind == "sort" else ()
    return tuple((str(name), reader.name_title(str(name))) for name in names)


@dataclass(frozen=True)
class TakeBack:
    """An open step that the reader may take back, and to whom it may go instead."""

    step_id: UUID
    title: str
    sends_to: tuple[tuple[str, str], ...]
    must_name: bool  # in a fork it goes on at once: the other parts run on


def take_backs(reader: Reader) -> list[TakeBack]:
    """What the reader sent, or might have sent, and may take back. No query."""
    scene = scene_of(reader)
    found = []
    for row in reader.steps:
        sorting = sorting_step(scene, row)
        if sorting is not None and may_take_back(scene, row, reader.who):
            had = {name_of(key) for key in row.brief.get(BRIEF, ())}
            others = tuple(one for one in _sends_to(reader, sorting) if {one[0]} != had)
            title = reader.title_of(row.key)
            if row.fork:
                title = _("%(name)s（%(more)s）") % {"name": title, "more": "、".join(reader.who_of(row))}
            found.append(TakeBack(row.pk, title, others, bool(row.fork)))
    return found


def _choices(walk: Walk, step: Step, outcomes: Sequence[str], reader: Reader) -> list[Choice]:
    return [
        Choice(key, outcome_title(step, key), reader.title_of(walk.target(step.key, key)), walk.may_take(step.key, key))
        for key in outcomes
    ]
