"""The doors of a survey: its page, the desk of whoever runs it, the printed questionnaires."""

from dataclasses import replace
from tempfile import TemporaryFile
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.actions.fill_in import enter, fill_in
from weizhi.deliberation.actions.remind_asked import remind
from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.kinds.survey import SURVEY
from weizhi.deliberation.models import Answer, Survey
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.portal.printing import Range, pdf_answer
from weizhi.portal.refusing import status_of
from weizhi.portal.sent import id_or_none
from weizhi.portal.surveying import page as pages
from weizhi.portal.surveying import table
from weizhi.portal.surveying.paper import AT_MOST, questionnaires
from weizhi.portal.surveying.result import result_of
from weizhi.portal.taking.views import XLSX
from weizhi.portal.visitor import keep_unseen, signed_in, standing_of
from weizhi.record import clock

CODE_AT_MOST = 60
REMIND = "remind"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def survey(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """What is asked, and the form for whoever is asked; afterwards what came out."""
    found = _seen(request, matter_id)
    if request.method != "POST":
        return _show(request, found, pages.Tried())
    asked = request.POST.get("asked", "")
    said = pages.said_in(found, request.POST)
    try:
        done = fill_in(found.pk, said, by=signed_in(request), asked=id_or_none(asked), key=request.POST.get("key", ""))
    except Refused as refused:
        tried = pages.Tried(said, asked=asked, error=refused.message, field=refused.field)
        return _show(request, found, tried, status_of(refused))
    messages.success(
        request, _("改好了，以这一次为准。谢谢您。") if done.changed else _("收到了，谢谢您。截止以前都可以改。")
    )
    return HttpResponseRedirect(reverse("portal:survey", args=[matter_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def desk(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One slip after the other: its code, the keys, and the page comes back with the cursor in the code."""
    found = _run(request, matter_id)
    channel = _channel(request.POST.get("channel") or request.GET.get("channel", ""))
    if request.method != "POST":
        return _show_desk(request, found, pages.Tried(channel=channel))
    if request.POST.get("verb") == SURVEY:
        return _end(request, found)
    if request.POST.get("verb") == REMIND:
        return _remind(request, found)
    said, typed = pages.typed_in(found, request.POST)
    of = request.POST.get("of", "").strip()[:CODE_AT_MOST]
    tried = pages.Tried(said, typed, of, channel)
    try:
        done = enter(found.pk, said, by=signed_in(request), of=of, channel=channel, key=request.POST.get("key", ""))
    except Refused as refused:
        tried = replace(tried, error=refused.message, field=refused.field)
        return _show_desk(request, found, tried, status_of(refused))
    told = {"of": of}
    messages.success(
        request, _("%(of)s 改好了。下一份。") % told if done.changed else _("%(of)s 记下了。下一份。") % told
    )
    return HttpResponseRedirect(f"{reverse('portal:survey-desk', args=[matter_id])}?channel={channel}")


def _remind(request: HttpRequest, found: Survey) -> HttpResponse:
    try:
        many = remind(found.pk, by=signed_in(request))
    except Refused as refused:
        return _show_desk(request, found, pages.Tried(error=refused.message), status_of(refused))
    messages.success(request, _("提醒了 %(n)s 位还没答的人。") % {"n": many})
    return HttpResponseRedirect(reverse("portal:survey-desk", args=[found.matter_id]))


def _end(request: HttpRequest, found: Survey) -> HttpResponse:
    try:
        act(
            found.matter_id, SURVEY, by=signed_in(request), step=found.step_id, data={},
            key=request.POST.get("key") or None, who=standing_of(request),
        )  # fmt: skip
    except Refused as refused:
        return _show_desk(request, found, pages.Tried(error=refused.message), status_of(refused))
    messages.success(request, _("问卷收了，结果出来了。"))
    return HttpResponseRedirect(reverse("portal:survey", args=[found.matter_id]))


@require_safe
@login_required
def paper(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The questionnaires as PDF, a code on each; in pieces, `from` and `to` by their numbers."""
    found = _run(request, matter_id)
    made = questionnaires(found, Range.asked(request.GET, AT_MOST), clock.now())
    return pdf_answer(made, f"survey-{found.matter.number:04d}")


@require_safe
@login_required
def figures(request: HttpRequest, matter_id: UUID) -> FileResponse:
    """The result as xlsx, for whoever runs it: no more than the page shows to everybody."""
    found = _run(request, matter_id)
    result = result_of(found)
    if result is None:
        raise Http404
    file = TemporaryFile()  # noqa: SIM115  # the answer closes it when it was sent
    table.write(found, result, file)
    file.seek(0)
    name = _("问卷结果 %(number)s.xlsx") % {"number": f"{found.matter.number:04d}"}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _seen(request: HttpRequest, matter_id: UUID) -> Survey:
    found = pages.seen(matter_id, standing_of(request), request.GET.get("step", ""))
    if found is None:
        raise Http404
    keep_unseen(request, found.unseen)  # type: ignore[attr-defined]  # annotated by the query
    return found


def _run(request: HttpRequest, matter_id: UUID) -> Survey:
    """For whoever runs it; to everybody else there is no such page."""
    found = _seen(request, matter_id)
    if not is_clerk(found, standing_of(request)):
        raise Http404
    return found


def _show(request: HttpRequest, found: Survey, tried: pages.Tried, status: int = 200) -> HttpResponse:
    who = standing_of(request)
    page = pages.survey_page(found, who, clock.now(), tried)
    error = tried.error if not any(one.error for one in page.questions) else ""
    context = {"here": "desk" if who.posts else "home", "page": page, "error": error, "tried": tried}
    return render(request, "portal/surveying/survey.html", context, status=status)


def _show_desk(request: HttpRequest, found: Survey, tried: pages.Tried, status: int = 200) -> HttpResponse:
    page = pages.desk_page(found, standing_of(request), clock.now(), tried)
    context = {"here": "desk", "page": page, "tried": tried}
    return render(request, "portal/surveying/desk.html", context, status=status)


def _channel(asked: str) -> str:
    by_officer = {str(one) for one in Answer.Channel} - {str(Answer.Channel.PHONE)}
    return asked if asked in by_officer else str(Answer.Channel.PAPER)
