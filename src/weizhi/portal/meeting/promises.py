"""上次定的事: what earlier meetings resolved, in words, with what became of each."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.charters.steps import Step
from weizhi.deliberation import wording
from weizhi.deliberation.models import Item
from weizhi.deliberation.resolved import Resolved
from weizhi.deliberation.rules import Fate
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.scene import outcome_title
from weizhi.matters.sentences import name_title
from weizhi.portal import pieces as p
from weizhi.portal.saying import matter_url, number


@dataclass(frozen=True)
class Promise:
    """What an earlier meeting resolved, and what became of it."""

    title: str
    url: str
    said: str
    chip: p.Chip
    on: str  # the day of that meeting


def rule_of(row: StepRow) -> tuple[Charter, Step]:
    """The charter and the step that the matter of this row pinned."""
    charter = charter_by_hash(row.matter.charter_id)
    return charter, charter.procedure_of(row.matter.kind).steps[row.key]


def decided_words(item: Item) -> str:
    """同意，举手：赞成 2、反对 1，请物业办，3月20日前办好."""
    title = outcome_title(rule_of(item.step)[1], item.outcome)
    return f"{title}{wording.joined(wording.hands(item.hands), task_words(item))}"


def task_words(item: Item) -> str:
    """Who was asked to do it, and until when."""
    title = name_title(rule_of(item.step)[0], item.step.matter.kind, item.doer) if item.doer else ""
    told = {"who": item.doer, "title": title, "until": item.until.isoformat() if item.until else ""}
    return wording.task({"task": told})


def hidden_title(item: Item) -> str:
    """What stands on an agenda for whoever may not see the matter."""
    return _("编号 %(number)s（内容只给有关的人看）") % {"number": number(item.step.matter)}


def promise(one: Resolved, seen: Collection[UUID]) -> Promise:
    item, matter = one.item, one.item.step.matter
    on = item.sitting.starts_at.astimezone(ZONE)
    told = _("%(month)s月%(day)s日的会") % {"month": on.month, "day": on.day}
    if matter.pk not in seen:
        return Promise(hidden_title(item), "", "", p.Chip(_("只给有关的人看")), told)
    return Promise(matter.title, matter_url(matter.pk), decided_words(item), _chip(one), told)


def _chip(one: Resolved) -> p.Chip:
    if one.fate is Fate.DONE and one.on is not None:
        return p.Chip(_("%(month)s月%(day)s日办好了") % {"month": one.on.month, "day": one.on.day}, "done")
    if one.fate is Fate.DROPPED and one.item.step.matter.ended_at == one.item.at:
        return p.Chip(_("会上就定了"))  # it was decided there and then that nothing be done: nobody failed
    words = {Fate.LATE: _("过了日子还没办好"), Fate.DROPPED: _("没有办成")}
    states = {Fate.LATE: "late", Fate.DROPPED: "refused"}
    return p.Chip(words.get(one.fate, _("在办")), states.get(one.fate, "moving"))
