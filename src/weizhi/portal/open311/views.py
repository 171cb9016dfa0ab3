"""The addresses of GeoReport v2. No cookie counts here: who files says so by its key."""

from collections.abc import Callable
from functools import wraps
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.charters.models import Charter
from weizhi.matters.actions.act import raise_matter
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, MachineToken
from weizhi.places.models import Community
from weizhi.portal.api import tokens
from weizhi.portal.open311 import wire
from weizhi.portal.open311.answers import found, open_to_all, public_photo, request_id, told
from weizhi.portal.open311.asking import Bad, asked_for, filed, id_said
from weizhi.portal.open311.services import defined, listed, service_named, services_of
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.refusing import status_of
from weizhi.portal.uploads import photos_from
from weizhi.portal.views.photos import jpeg
from weizhi.record import clock
from weizhi.record.files import path_of
from weizhi.reports.slips import code_of, said

SPEC: Final = "http://wiki.open311.org/GeoReport_v2"
SINCE: Final = "2026-11-22T00:00:00+08:00"
View = Callable[..., HttpResponse]


def in_form(view: View) -> View:
    """Answer in the form that the address ends with, errors as well."""

    @wraps(view)
    def answered(request: HttpRequest, form: str, **names: str) -> HttpResponse:
        if form not in wire.FORMS:
            raise Http404
        try:
            return view(request, form, **names)
        except Bad as bad:
            return wire.error(form, bad.status, str(bad))
        except Refused as refused:
            # A key that opens nothing is 403 in this format; what the charter does not take is the sender's fault.
            status = {"bad-token": 403, "bad-data": 400}.get(refused.code, status_of(refused))
            return wire.error(form, status, refused.message)

    return answered


@require_safe
@in_form
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    root = _site() + reverse("open311:discovery", args=[form]).rpartition("/")[0]
    endpoint = {
        "specification": SPEC,
        "url": root,
        "changeset": SINCE,
        "type": "production",
        "formats": list(wire.FORMS.values()),
    }
    body = {
        "changeset": SINCE,
        "contact": _("请问您的居委会。"),
        "key_service": _("接口的 api_key 由居委会在“给程序用的令牌”里给出。"),
        "endpoints": [endpoint],
    }
    return wire.answer(form, "discovery", body)


@require_safe
@in_form
def services(request: HttpRequest, form: str) -> HttpResponse:
    charter = _charter(_jurisdiction(request, None))
    return wire.answer(form, "services", [listed(service) for service in services_of(charter)])


@require_safe
@in_form
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    service = service_named(_charter(_jurisdiction(request, None)), code)
    if service is None:
        raise Bad(404, _("没有这个 service_code。"))
    return wire.answer(form, "service_definition", defined(service))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_form
def requests(request: HttpRequest, form: str) -> HttpResponse:
    return _file(request, form) if request.method == "POST" else _list(request, form)


def _list(request: HttpRequest, form: str) -> HttpResponse:
    token, now = _reader(request), clock.now()
    community = _jurisdiction(request, token, needed=False)
    matters = open_to_all(token)
    asked = asked_for(request.GET, community, now)
    rows = found(asked, matters.filter(community=community) if community else matters)
    return wire.answer(form, "service_requests", told(rows, _site(), now))


@require_safe
@in_form
def one_request(request: HttpRequest, form: str, name: str) -> HttpResponse:
    token, now = _reader(request), clock.now()
    named = id_said(name, _jurisdiction(request, token, needed=False))
    rows = list(open_to_all(token).filter(community__slug=named[0], number=named[1])) if named else []
    if not rows:
        raise Bad(404, _("没有这个 service_request_id，或者它不公开。"))
    return wire.answer(form, "service_requests", told(rows, _site(), now))


@require_safe
@in_form
def token(request: HttpRequest, form: str, name: str) -> HttpResponse:
    """A report gets its number at once, so its token is that number."""
    named = id_said(name, _jurisdiction(request, None, needed=False))
    if not named or not Matter.objects.filter(community__slug=named[0], number=named[1], report__isnull=False).exists():
        raise Bad(404, _("没有这个 token。"))
    return wire.answer(form, "service_requests", [{"service_request_id": name, "token": name}])


def _file(request: HttpRequest, form: str) -> HttpResponse:
    """A new report through the same door as everybody's, by a token that may report."""
    row = tokens.admit(_key(request), [tokens.REPORT], clock.now())
    tokens.enter(request, row)
    community = _jurisdiction(request, row)
    if community is None or community.pk != row.community_id:
        raise Bad(403, _("这个 api_key 不是这里的。请向这个社区要一个。"))
    service = service_named(_charter(community), request.POST.get("service_code", ""))
    if service is None:
        raise Bad(404 if request.POST.get("service_code") else 400, _("没有这个 service_code。"))
    sent = filed(request, service, community)
    done = raise_matter(
        community,
        service.kind,
        by=row.holding.person,
        data=sent.data,
        place=sent.place,
        evidence=photos_from(request),
        key=sent.key,
        recorded=sent.caller,
        category=service.category,
        who=tokens.standing_of_token(row),
    )
    matter = Matter.objects.select_related("community", "report").get(pk=done.matter_id)
    page = f"{_site()}{reverse('portal:slip')}"
    notice = _("收到了。查询码 %(code)s，在 %(page)s 可以看办到哪一步。")
    words = {"code": said(code_of(matter.pk, matter.report.turn)), "page": page}
    body = {"service_request_id": request_id(matter), "service_notice": notice % words, "account_id": None}
    return wire.answer(form, "service_requests", [body], 201)


@require_safe
@cache_control(public=True, max_age=3600)
def media(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """A photo of a report that everybody may read."""
    part = public_photo(part_id)
    if part is None:
        raise Http404
    response = jpeg(path_of(str((part.body or {})["hash"])).read_bytes())
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _key(request: HttpRequest) -> str:
    return request.POST.get("api_key", "") or request.GET.get("api_key", "")


def _reader(request: HttpRequest) -> MachineToken | None:
    """Reading needs no key; with one, an account also sees what it filed itself."""
    key = _key(request)
    return tokens.admit(key, [tokens.READ, tokens.REPORT], clock.now()) if key else None


def _jurisdiction(request: HttpRequest, row: MachineToken | None, needed: bool = True) -> Community | None:
    """The community that is meant: named, or the key's own, or the only one there is."""
    slug = request.POST.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", "")
    if slug:
        community = Community.objects.filter(slug=slug).first()
        if community is None:
            raise Bad(404, _("没有这个 jurisdiction_id。"))
        return community
    if row is not None:
        return row.community
    if not needed:
        return None
    ruled = Community.objects.filter(pk__in=CharterAdoption.objects.values("community"), level="community")[:2]
    if len(ruled) != 1:
        raise Bad(400, _("请用 jurisdiction_id 说明是哪个社区。"))
    return ruled[0]


def _charter(community: Community | None) -> Charter:
    charter = charter_in_force(community.pk, clock.now()) if community else None
    if charter is None:
        raise Bad(404, _("这个社区还没有章程，还不能报事。"))
    return charter


def _site() -> str:
    return settings.ADDRESS
