"""A roll while it is on the board: who says that it is wrong, what was answered, and what the desk corrects."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.decisions.kinds.roll import ADD, OF_PERSONS, RESTORE, STRIKE, RollKind
from weizhi.decisions.models import Roll
from weizhi.decisions.rolls import electorate_of
from weizhi.matters.fields import WORDS
from weizhi.matters.queries import scene_of
from weizhi.matters.scene import Scene, token_of
from weizhi.matters.story import Reader, answered_in
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import drafted
from weizhi.portal.forms import Draft
from weizhi.portal.saying import when
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Entry, Payload

OBJECT, ANSWER, CORRECT = "object", "answer", "correct"
VERBS: Final = (OBJECT, ANSWER, STRIKE, RESTORE, ADD)


@dataclass(frozen=True)
class Objection:
    """What somebody said is wrong, and what was answered."""

    who: str
    when: str
    words: str
    answer: str = ""
    answered: str = ""  # by whom and when
    act: p.Action | None = None


@dataclass(frozen=True)
class Board:
    """What the reader may do about a roll on the board, and the objections that concern him."""

    clerk: bool
    heard: str  # until when an objection is heard; "" once those days are over
    objections: tuple[Objection, ...]
    acts: tuple[p.Action, ...]

    @property
    def waiting(self) -> tuple[Objection, ...]:
        return tuple(one for one in self.objections if not one.answer)

    @property
    def answered(self) -> tuple[Objection, ...]:
        return tuple(one for one in self.objections if one.answer)


def board_of(roll: Roll, standing: Standing, now: datetime, draft: Draft, line: str) -> Board | None:
    """None once the roll is frozen, unless the reader objected to it. Four queries. The roll comes with its step and
    its matter."""
    scene = _scene(roll, standing)
    open_now, clerk = _is_open(roll), _runs(roll, standing, scene)
    found = list(_objections(roll, standing, clerk, now, draft))
    if not open_now and not found:
        return None
    until = RollKind().objections_until(scene, roll.step)
    heard = open_now and now < until
    forms: list[p.Action] = []
    if clerk:
        forms = [correcting(line)]
        if electorate_of(scene, roll.electorate).of in OF_PERSONS:
            forms.append(adding())
    elif heard and standing.person_id is not None:
        forms = [objecting()]
    made = tuple(_ready(form, roll, f"c{n}", draft) for n, form in enumerate(forms))
    return Board(clerk, when(until, now) if heard else "", tuple(found), made)


def corrects(roll: Roll, standing: Standing) -> bool:
    """Whether somebody of this standing runs the roll, and it is still on the board. Two queries."""
    return _runs(roll, standing, _scene(roll, standing))


def _runs(roll: Roll, standing: Standing, scene: Scene) -> bool:
    step = scene.procedure.steps[roll.step.key]
    return _is_open(roll) and not standing.keys.isdisjoint(scene.keys(step.by, step, token_of(roll.step)))


def _is_open(roll: Roll) -> bool:
    return roll.frozen_at is None and roll.step.closed_at is None


def _scene(roll: Roll, standing: Standing) -> Scene:
    return scene_of(Reader(roll.matter, standing, "desk" if standing.posts else "resident"))


def _ready(form: p.Action, roll: Roll, prefix: str, draft: Draft) -> p.Action:
    form = drafted(replace(form, url=f"{reverse('portal:roll', args=[roll.pk])}#correct"), 0, draft)
    return replace(form, fields=tuple(replace(field, prefix=prefix) for field in form.fields))


def _objections(roll: Roll, who: Standing, clerk: bool, now: datetime, draft: Draft) -> Iterator[Objection]:
    """All of them for the desk, one's own for everybody else. Two queries."""
    said = Entry.objects.filter(stream=roll.matter_id, verb__in=(OBJECT, ANSWER), at__gte=roll.drawn_at)
    if roll.frozen_at is not None:
        said = said.filter(at__lte=roll.frozen_at)
    entries = list(said.select_related("actor", "holding").order_by("n"))
    parts = Payload.objects.filter(entry__in=entries, part=WORDS, grade__lt=HOUSEHOLD) if entries else ()
    words = {part.entry_id: str(part.read()) for part in parts}
    answers = {one: entry for entry in entries if entry.verb == ANSWER for one in answered_in(entry)}
    for n, entry in enumerate(entries):
        own = who.person_id in (entry.actor_id, entry.on_behalf_of_id)
        if entry.verb != OBJECT or not (clerk or own):
            continue
        answer = answers.get(str(entry.pk)) or answers.get(str(entry.n))
        by = answer.holding.title if answer and answer.holding else ""
        name = answer.actor.name if answer and answer.actor else ""
        form = _ready(answering(entry.pk), roll, f"o{n}", draft) if clerk and answer is None else None
        yield Objection(
            who=_("您") if own else _("一位居民"),
            when=when(entry.at, now),
            words=words.get(entry.pk) or _("（已经删除）"),
            answer=words.get(answer.pk, "") if answer else "",
            answered=f"{by} {name} · {when(answer.at, now)}".strip() if answer else "",
            act=form,
        )


# --- the forms -------------------------------------------------------------------------------------------


def objecting() -> p.Action:
    words = p.Field(
        "words", "text", _("漏了谁，或者哪一号不对？"), _("写清楚是谁、哪一号、为什么。大家看得到，请不要写电话。"),
        required=True,
    )  # fmt: skip
    return p.Action(_("名册不对，提出来"), "", "", OBJECT, (p.Outcome("", _("提出来"), "primary"),), OBJECT, (words,))


def answering(objection: UUID) -> p.Action:
    words = p.Field("words", "text", _("怎么答复？"), _("提的人会收到。改了没有、为什么，都写上。"), required=True)
    ways = (p.Outcome(str(objection), _("答复"), "primary"),)
    return p.Action(_("答复"), "", "", ANSWER, ways, ANSWER, (words,), folded=True)


def correcting(line: str) -> p.Action:
    fields = (
        p.Field("line", "count", _("名册上第几号？"), required=True, value=line, unit=_("号")),
        p.Field("words", "text", _("为什么更正？"), _("写在名册上，大家看得到，本人会收到。"), required=True),
    )
    ways = (p.Outcome(STRIKE, _("划去"), "refuse"), p.Outcome(RESTORE, _("放回名册"), "plain"))
    return p.Action(_("更正一号"), "", "", CORRECT, ways, CORRECT, fields)


def adding() -> p.Action:
    fields = (
        p.Field("name", "search", _("补谁？写全名"), required=True, compact=True),
        p.Field("home", "search", _("他住哪里？"), _("门牌，比如 3-2-301。"), required=True, compact=True),
        p.Field("words", "text", _("为什么补？"), _("写在记录里，本人会收到。"), required=True),
    )
    return p.Action(_("补一个漏掉的人"), "", "", ADD, (p.Outcome("", _("补进名册"), "primary"),), ADD, fields)
