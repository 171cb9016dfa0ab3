"""The time machine (时间机器): in a demo everybody may move its clock on, see what time does, go back to the start."""

from datetime import datetime, time, timedelta
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from weizhi.charters.periods import ZONE
from weizhi.portal.accounts.chooser import is_open
from weizhi.portal.demo.passing import let_pass, passed
from weizhi.portal.pieces import Choice
from weizhi.portal.saying import today
from weizhi.record import clock
from weizhi.record.actions.go_back import NoWayBack, go_back, may_go_back

HOUR, TOMORROW, THREE_DAYS = "hour", "tomorrow", "three-days"
MORNING: Final = time(9)


def until(how_far: str, now: datetime) -> datetime | None:
    """Where a press of a button leads; None for anything else."""
    here = now.astimezone(ZONE)
    morning = datetime.combine(here.date() + timedelta(days=1), MORNING, ZONE)
    return {HOUR: now + timedelta(hours=1), TOMORROW: morning, THREE_DAYS: now + timedelta(days=3)}.get(how_far)


@never_cache
@require_safe
def machine(request: HttpRequest) -> HttpResponse:
    """What time it is here, how to move on, and what happened the last time somebody did."""
    _only_here()
    now, since = clock.now(), _instant(request.GET.get("since", ""))
    ways = (
        Choice(HOUR, _("一小时以后")),
        Choice(TOMORROW, _("明天早上九点")),
        Choice(THREE_DAYS, _("三天以后")),
    )
    shown = {
        "ways": ways, "day": today(now), "hour": now.astimezone(ZONE).strftime("%H:%M"), "back": may_go_back(),
        "passing": passed(since, now) if since and since < now else None, "since": since and today(since),
    }  # fmt: skip
    return render(request, "portal/time.html", {"here": "time", **shown})


@require_POST
def move_on(request: HttpRequest) -> HttpResponse:
    _only_here()
    now = clock.now()
    to = until(request.POST.get("by", ""), now)
    if to is None:
        raise Http404
    let_pass(to)
    return HttpResponseRedirect(f"{reverse('portal:time')}?since={now.timestamp():.0f}")


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Put the demo back as it was made. Everybody is signed out: the sessions of meanwhile never were."""
    _only_here()
    try:
        go_back()
    except NoWayBack as refused:
        return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
    answer = HttpResponseRedirect(reverse("portal:enter"))
    answer.delete_cookie("sessionid")
    return answer


def _only_here() -> None:
    if not is_open():
        raise Http404


def _instant(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), ZONE) if text.isdecimal() and len(text) < 12 else None
