"""One matter: its story and the acts open to me; and the one door through which a form acts."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weizhi.matters.actions.act import Refused, act
from weizhi.matters.models import Matter
from weizhi.people.models import Person
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.picking.asking import by_name
from weizhi.portal.pieces import Flash
from weizhi.portal.queries.alike import alike_page
from weizhi.portal.queries.asked import QUEUE_AT_MOST
from weizhi.portal.queries.matter import MatterPage, matter_page
from weizhi.portal.queries.notices import mark_seen_of
from weizhi.portal.uploads import keep_for_next_try, photos_from
from weizhi.portal.views.behalf import behalf_of
from weizhi.portal.views.desk import is_number
from weizhi.portal.visitor import keep_unseen, signed_in, standing_of
from weizhi.record import clock
from weizhi.record.photos import Photo

STATUS = {"not-found": 404, "not-yours": 403, "bad-data": 422}
MEANWHILE = 409  # closed, ended, too-often, not-yet, key-reused: the page shows how it stands now


@require_safe
@login_required
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return _show(request, matter_id, Draft(), _told(request.GET.get("told", ""), request.GET.get("was", "")))


@require_POST
@login_required
def do(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Act on a matter. What is refused comes back with everything that was typed, photos too."""
    person = signed_in(request)
    sent, photos = request.POST, []
    try:
        photos = photos_from(request)
        done = act(
            matter_id,
            sent.get("verb", ""),
            by=person,
            step=sent.get("step") or None,
            data=by_name(sent, data_from(sent), lambda: _where(request, matter_id)),
            outcome=sent.get("outcome") or None,
            evidence=photos,
            key=sent.get("key") or None,
            on_behalf_of=behalf_of(request),
            who=standing_of(request),
        )
    except Refused as refused:
        return _refused(request, matter_id, refused, photos, person)
    mark_seen_of(matter_id, standing_of(request), clock.now())
    if queue := queue_of(request):
        words = {"queue": queue, "after": sent.get("step", ""), "was": str(done.number)}
        return HttpResponseRedirect(f"{reverse('portal:desk-next')}?{urlencode(words)}")
    return HttpResponseRedirect(f"{reverse('portal:matter', args=[matter_id])}?told={sent.get('verb', '')}")


def _where(request: HttpRequest, matter_id: UUID) -> UUID | None:
    """Among whose places names are looked for. None where the step is not open, or not to be seen: the act says so."""
    seen = Matter.objects.visible_to(standing_of(request)).filter(pk=matter_id)
    try:
        step = UUID(request.POST.get("step", ""))
    except ValueError:
        return None
    return seen.filter(steps__pk=step, steps__closed_at=None).values_list("community_id", flat=True).first()


def queue_of(request: HttpRequest) -> str:
    """The list from which a matter was opened: after a step of it is done, the next of that list opens."""
    sent = request.POST if request.method == "POST" else request.GET
    return sent.get("queue", "")[:QUEUE_AT_MOST]


def _refused(
    request: HttpRequest, matter_id: UUID, refused: Refused, photos: list[Photo], person: Person
) -> HttpResponse:
    if refused.code == "not-found":
        raise Http404(refused.message)
    draft = Draft(
        request.POST.get("verb", ""),
        request.POST.get("step", ""),
        dict(request.POST.lists()),
        refused,
        keep_for_next_try(photos, str(person.pk)),
    )
    return _show(request, matter_id, draft, None, STATUS.get(refused.code, MEANWHILE))


def _show(request: HttpRequest, matter_id: UUID, draft: Draft, flash: Flash | None, status: int = 200) -> HttpResponse:
    page = matter_page(matter_id, str(request.user), standing_of(request), clock.now(), draft, queue_of(request))
    if page is None:
        raise Http404
    keep_unseen(request, page.unseen)
    if error := draft.said_nowhere((*page.forms, *page.others)):
        # The step is gone or was never mine: there is no form left to show the reason in.
        flash = Flash(error, "warning", _("这一页已经是最新的。"))
    context = {"here": "desk" if page.staff else "home", "page": page, "flash": _completed(flash, page)}
    return render(request, "portal/matter.html", context, status=status)


def _told(verb: str, was: str) -> Flash | None:
    if verb == "next" and is_number(was):
        return Flash(_("%(number)s 记下了。这是下一件。") % {"number": f"{int(was):04d}"}, "news")
    words = {
        "raise": _("收到了。"),
        "claim": _("记到您名下了。"),
        "rate": _("谢谢您告诉我们。"),
        "withdraw": _("已经撤回。"),
        "comment": _("说到了。"),
        "follow": _("有变化就告诉您。"),
        "merge": _("并好了，报这一件的人会接着收到消息。"),
    }
    return Flash(words.get(verb, _("记下了。"))) if verb else None


def _completed(flash: Flash | None, page: MatterPage) -> Flash | None:
    """After the thanks: the number, what comes next, who and by when."""
    if flash is None or flash.tone != "done":
        return flash
    words = f"{flash.words}{_('编号')} {page.number}。"
    if not page.story.nexts:
        return replace(flash, words=words)
    first = page.story.nexts[0]
    due = _("（%(due)s）") % {"due": first.due.words} if first.due else ""
    return replace(
        flash,
        words=words,
        more=_("接下来：%(what)s，%(who)s%(due)s。") % {"what": first.what, "who": first.who, "due": due},
    )


@require_safe
@login_required
def alike(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """What may be the same thing: asked for beside the matter after it is shown, or as a page of its own."""
    page = alike_page(matter_id, standing_of(request), clock.now())
    if page is None:
        raise Http404
    beside = request.headers.get("HX-Request") == "true"
    context = {"here": "desk", "page": page, "queue": queue_of(request)}
    return render(request, "portal/alike_box.html" if beside else "portal/alike.html", context)


@require_safe
@login_required
def pulse(request: HttpRequest, matter_id: UUID, head: int) -> HttpResponse:
    """Whether the story went on since entry `head`: 204 when not, and when it may not be seen."""
    seen = Matter.objects.visible_to(standing_of(request)).filter(pk=matter_id, stream__head__gt=head)
    if not seen.exists():
        return HttpResponse(status=204)
    return render(request, "portal/pulse.html", {"flash": Flash(_("这件事有新变化。"), "news")})
