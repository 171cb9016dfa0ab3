"""A meeting: one page to come to it, to hold it, and to read afterwards what it decided."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.deliberation.actions.check_in import check_in, leave
from weizhi.deliberation.actions.lead import lead
from weizhi.deliberation.kinds.sit import ARRANGE, OPEN, POSTPONE
from weizhi.deliberation.models import Attendance, Sitting
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.meeting import page as pages
from weizhi.portal.meeting.forms import CHECK_IN, LEAVE, MEET, MINE, SIT
from weizhi.portal.meeting.wall import LEAD, house_rules, leading, shown
from weizhi.portal.picking.asking import by_name
from weizhi.portal.turns import turn
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock

SEAT_DIGITS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def meeting(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: floor_of(request, matter_id, draft),
        show=lambda floor, status: _show(request, floor, status),
        do=lambda floor: _do(request, floor),
    )


def floor_of(request: HttpRequest, matter_id: UUID, draft: Draft) -> pages.Floor:
    """The meeting, where this visitor may see it; else there is none."""
    standing = standing_of(request)
    rows = (
        Sitting.objects.visible_to(standing)
        .select_related("matter__place", "matter__community", "step", "chair", "wall")
        .filter(matter=matter_id)
    )
    sitting = rows.order_by("-starts_at", "-id").first()
    if sitting is None:
        raise Http404
    chosen = request.GET.get("item", "")
    return pages.Floor(sitting, standing, clock.now(), draft, int(chosen) if chosen.isdecimal() else None)


def _show(request: HttpRequest, floor: pages.Floor, status: int) -> HttpResponse:
    led = (leading(floor),) if floor.open and floor.clerk else ()
    page = pages.meeting_page(floor, led)
    error = floor.draft.said_nowhere(page.acts)
    context = {"here": "desk" if floor.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/meeting/meeting.html", context, status=status)


def _do(request: HttpRequest, floor: pages.Floor) -> str:
    """Do what the form asks; what to say of it. Raises Refused."""
    person, sent, sitting = person_of(request), request.POST, floor.sitting
    assert person is not None, "only who is signed in comes here"
    verb, form, data = sent.get("verb", ""), sent.get("step", ""), data_from(sent)
    if verb == CHECK_IN:
        if form != MINE and not str(data.get("name", "")).strip():
            raise Refused("bad-data", _("请写姓名。"), field="name")
        return _checked_in(sitting, person, {} if form == MINE else data)
    if verb == LEAVE:
        leave(sitting.pk, _uuid(sent.get("outcome", "")), by=person)
        return _("记下了，这一席空出来了。")
    if verb == LEAD:
        start = sent.get("outcome") == "start"
        lead(sitting.pk, shown(data, start), by=person, rules=len(house_rules(floor)))
        return _("大屏换好了。")
    data = by_name(sent, data, lambda: sitting.matter.community_id)
    matter, step = (sitting.matter_id, sitting.step_id)
    if verb == MEET:
        matter, step = _taken_up(floor, form)
    elif verb not in (SIT, ARRANGE, OPEN, POSTPONE):
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    act(
        matter, verb, by=person, step=step, data=data, outcome=sent.get("outcome") or None,
        key=sent.get("key") or None, who=standing_of(request),
    )  # fmt: skip
    return _told(verb)


def _checked_in(sitting: Sitting, person: Person, data: dict[str, str]) -> str:
    seat, channel = str(data.get("seat", "")), str(data.get("channel", ""))
    row = check_in(
        sitting.pk, by=person, name=str(data.get("name", "")),
        seat=int(seat) if seat.isdecimal() and len(seat) < SEAT_DIGITS else None,
        channel=channel if channel in Attendance.Channel.values else Attendance.Channel.CLERK,
    )  # fmt: skip
    return checked_in_words(row)


def checked_in_words(row: Attendance) -> str:
    told = {"name": row.called, "seat": row.seat}
    return _("%(name)s签到了，坐第 %(seat)s 席。") % told if row.seat else _("%(name)s签到了，列席。") % told


def _taken_up(floor: pages.Floor, step: str) -> tuple[UUID, UUID]:
    """The matter of a place on this agenda, and its step."""
    found = next((one.step for one in floor.items if str(one.step_id) == step), None)
    if found is None:
        raise Refused("bad-data", _("这件事不在这次会的议程上。请刷新看看。"))
    return found.matter_id, found.pk


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("bad-data", _("签到表上没有这个人。请刷新看看。")) from None


def _told(verb: str) -> str:
    return {
        ARRANGE: _("地点改好了。"),
        POSTPONE: _("改好了，有席位的人都会收到通知。"),
        OPEN: _("开会了。一件一件来，从第一件开始。"),
        MEET: _("记下了。接着议下一件。"),
        SIT: _("记下了，会结束了。"),
    }[verb]
