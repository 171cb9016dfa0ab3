"""A text: read and compared by everybody who sees the matter, written by those whom its step names."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.kinds.draft import DRAFT, WRITE
from weizhi.deliberation.models import Text
from weizhi.matters.actions.act import act
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.portal.forms import Draft
from weizhi.portal.printing import pdf_answer
from weizhi.portal.sent import DIGITS, version_or_zero
from weizhi.portal.texts import page as pages
from weizhi.portal.texts import papers
from weizhi.portal.turns import turn
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting_papers.setting import typeset
from weizhi.record import clock


def seen(matter_id: UUID, standing: Standing) -> Matter:
    """The matter, where this visitor may see it; else there is none."""
    rows = Matter.objects.visible_to(standing).select_related("stream", "place", "community")
    found = rows.filter(pk=matter_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def text(request: HttpRequest, matter_id: UUID, step: str) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _desk(request, matter_id, step, draft),
        show=lambda desk, status: _show(request, desk, status),
        do=lambda _desk: _do(request, matter_id, step),
    )


@require_safe
@login_required
def paper(request: HttpRequest, matter_id: UUID, step: str) -> HttpResponse:
    """The text, or what changed between two versions, for the board."""
    desk = _desk(request, matter_id, step, Draft())
    if not desk.versions:
        raise Refused("not-yet", _("还没有写，没有什么可印。"))
    return pdf(papers.text_paper(desk), f"text-{desk.matter.number:04d}")


def pdf(told: dict[str, object], name: str) -> HttpResponse:
    return pdf_answer(typeset(told)[0], name)


def _desk(request: HttpRequest, matter_id: UUID, step: str, draft: Draft) -> pages.Desk:
    standing = standing_of(request)
    matter = seen(matter_id, standing)
    n, other = (version_or_zero(request.GET.get(name, "")) for name in ("v", "with"))
    desk = pages.Desk(matter, step, standing, clock.now(), draft, n, other)
    if desk.row is None or desk.text is None:
        raise Http404
    return desk


def _show(request: HttpRequest, desk: pages.Desk, status: int = 200) -> HttpResponse:
    page = pages.text_page(desk)
    refused = desk.draft.refused
    error = refused.message if refused and page.write is None else ""
    context = {"here": "desk" if desk.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/texts/text.html", context, status=status)


def _do(request: HttpRequest, matter_id: UUID, step: str) -> str:
    """Keep a version, or freeze the last one; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, _slash, outcome = sent.get("verb", "").partition("/")
    if verb not in (WRITE, DRAFT):
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    base = sent.get("base", "")
    data = {"text": sent.get("text", "").replace("\r\n", "\n"), "words": sent.get("words", "")}
    act(
        matter_id, verb, by=person, step=sent.get("step") or step, outcome=outcome or None,
        data={**data, **({"base": int(base)} if base.isdecimal() and len(base) < DIGITS else {})},
        key=sent.get("key") or None, who=standing_of(request),
    )  # fmt: skip
    said = {"n": Text.objects.values_list("versions", flat=True).get(matter=matter_id, step=step)}
    return _("第 %(n)s 版存好了。") % said if verb == WRITE else _("定稿了：第 %(n)s 版。") % said
