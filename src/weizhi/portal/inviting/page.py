"""Who is concerned by a matter, as a page: one's own invitation, the officer's list of letters, numbers for others."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from weizhi.deliberation import wording
from weizhi.deliberation.actions.answer_invitation import is_invited
from weizhi.deliberation.inviters import invites
from weizhi.deliberation.kinds.invite import DELIVERED
from weizhi.deliberation.models import Invitation, Sitting
from weizhi.deliberation.reached import Reached, reached_of, sums
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.sentences import name_title
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import drafted
from weizhi.portal.forms import Draft
from weizhi.portal.saying import matter_url, number, place_words, when

ANSWER = "answer-invitation"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Line:
    """A home or a body on the officer's list."""

    n: int
    name: str
    because: str
    letter: str
    chip: p.Chip
    answer: str
    home: bool


@dataclass(frozen=True)
class InvitedPage:
    matter: Matter
    number: str
    url: str
    words: str  # in numbers
    progress: p.Progress
    coming: str  # when and where people meet
    mine: p.Action | None
    said: str  # what was answered already
    lines: tuple[Line, ...]
    missed: int
    mark: p.Action | None
    printing: bool


def invited_page(matter: Matter, step: StepRow, who: Standing, now: datetime, draft: Draft) -> InvitedPage:
    """Five queries: the list with its homes, the notices that were opened, the meeting that comes."""
    rows = list(Invitation.objects.filter(step=step).select_related("home__parent__parent").order_by("n"))
    officer = invites(matter, step, who)
    found = reached_of(step, rows)
    said = sums(found)
    mine = next((row for row in rows if is_invited(row, who)), None) if matter.ended_at is None else None
    lines = tuple(_line(matter, one) for one in found) if officer else ()
    forms = [form for form in (_answering() if mine else None, _marking() if officer and _open(step) else None) if form]
    forms = [drafted(form, n, draft) for n, form in enumerate(forms)]
    return InvitedPage(
        matter=matter,
        number=number(matter),
        url=matter_url(matter.pk),
        words=_("请了 %(homes)s 户、%(bodies)s 个组织。") % said,
        progress=p.Progress(_("送到了"), said["reached"], said["homes"], wording.invited(said)),
        coming=_coming(matter, now),
        mine=next((form for form in forms if form.verb == ANSWER), None),
        said=_answer(mine) if mine else "",
        lines=lines,
        missed=said["homes"] - said["reached"],
        mark=next((form for form in forms if form.verb == DELIVERED), None),
        printing=officer,
    )


def _open(step: StepRow) -> bool:
    return step.closed_at is None


def _answering() -> p.Action:
    words = p.Field("words", "text", _("想先说一句吗？"), _("请您的人会看到。"), most=400)
    ways = (p.Outcome(YES, _("我来"), "primary"), p.Outcome(NO, _("来不了"), "plain"))
    return p.Action(_("您来吗？"), "", "", ANSWER, ways, fields=(words,))


def _marking() -> p.Action:
    """What became of the letters that are ticked above."""
    photo = p.Field("photos", "photo", _("拍张照片"), _("信箱、门口，作个凭据。"), compact=True)
    words = p.Field("words", "search", _("想补充一句吗？"), _("不收的，请写一句经过。"), most=200, compact=True)
    ways = (
        p.Outcome(Invitation.How.HANDED, _("当面交了"), "primary"),
        p.Outcome(Invitation.How.BOX, _("放进信箱"), "plain"),
        p.Outcome(Invitation.How.NOBODY, _("没有人"), "plain"),
        p.Outcome(Invitation.How.REFUSED, _("不收"), "refuse"),
    )
    return p.Action(_("勾上的信，送得怎么样？"), "", "", DELIVERED, ways, fields=(photo, words))


def _line(matter: Matter, one: Reached) -> Line:
    row = one.invitation
    return Line(
        n=row.n,
        name=name_of(matter, row),
        because=row.because,
        letter=str(row.get_how_display()) if row.how else "",
        chip=_chip(one),
        answer=_answer(row),
        home=row.home_id is not None,
    )


def _chip(one: Reached) -> p.Chip:
    if one.invitation.comes is not None:
        return p.Chip(_("来") if one.invitation.comes else _("来不了"), "done" if one.invitation.comes else "ok")
    if one.seen:
        return p.Chip(_("手机上看过了"), "done")
    if one.reached:
        return p.Chip(_("送到了"), "done")
    return p.Chip(_("还没有送到"), "waiting")


def _answer(row: Invitation) -> str:
    if row.comes is None:
        return ""
    said = {"what": _("来") if row.comes else _("来不了"), "how": row.get_answered_by_display()}
    told = _("回了：%(what)s（%(how)s）") % said
    return _("%(told)s“%(words)s”") % {"told": told, "words": row.words} if row.words else told


def name_of(matter: Matter, row: Invitation) -> str:
    """A home as neighbours name it; a body by the charter's word."""
    if row.home is not None:
        return place_words(row.home)
    key = row.body.partition(":")[2].partition("@")[0]
    return name_title(charter_by_hash(matter.charter_id), matter.kind, key)


def _coming(matter: Matter, now: datetime) -> str:
    found = meeting_of(matter)
    if found is None:
        return ""
    return _("%(when)s，在%(where)s商量。") % {"when": when(found.starts_at, now), "where": found.where}


def meeting_of(matter: Matter) -> Sitting | None:
    """The next meeting at which it is talked over, where one is set."""
    charter = charter_by_hash(matter.charter_id)
    steps = charter.procedure_of(matter.kind).steps.values()
    bodies = {str(step.params.get("body") or "") for step in steps if step.kind == "meet"}
    path = matter.place.at_level("community") or matter.community.slug
    here = Sitting.objects.filter(community=matter.community_id, body__in=bodies, path__in=[path, matter.place.path])
    return here.coming().order_by("starts_at").first()
