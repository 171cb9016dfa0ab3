"""The census at the desk: what is there, bring in files, see what they would do, confirm."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.census import sealed, signs
from weizhi.census.actions.take_in import BYTES_AT_MOST, NotTaken, confirm, drop, take_in
from weizhi.census.models import Import
from weizhi.census.template import template
from weizhi.places.models import Community
from weizhi.portal.census.keeping import kept_by
from weizhi.portal.census.pages import AS_USUAL, census_page, import_page
from weizhi.portal.printing import pdf_answer
from weizhi.portal.visitor import person_of
from weizhi.record import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def census(request: HttpRequest) -> HttpResponse:
    community = kept_by(request)
    if request.method != "POST":
        return _show(request, community)
    person = person_of(request)
    sent = request.FILES.getlist("files")
    try:
        if sum(file.size or 0 for file in sent) > BYTES_AT_MOST:  # said before it is read into memory
            raise NotTaken(_("文件太大了。请分成几个，或者去掉里面的图片。"))
        files = [(file.name or "", file.read()) for file in sent]
        assert person is not None
        system = request.POST.get("system", AS_USUAL)
        made = take_in(community, files, by=person, system="" if system == AS_USUAL else system)
    except NotTaken as refused:
        return _show(request, community, str(refused), 422)
    return HttpResponseRedirect(reverse("portal:import", args=[made.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    one = _import(request, import_id)
    if request.method == "POST":
        told = request.POST.get("do", "")
        if told == "confirm" and not confirm(one):
            messages.warning(request, _("这次导入已经不在等确认了。下面是它现在的样子。"))
        elif told == "drop" and drop(one):
            messages.info(request, _("没有导入，传上来的文件删掉了。"))
        return HttpResponseRedirect(reverse("portal:import", args=[one.pk]))
    context = {"here": "census", "page": import_page(one, clock.now())}
    return render(request, "portal/census_import.html", context)


@require_safe
@login_required
def findings_file(request: HttpRequest, import_id: UUID) -> HttpResponse | FileResponse:
    one = _import(request, import_id)
    path = sealed.findings_path(one.pk)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=_("要改的地方.csv"), content_type="text/csv")


@require_safe
@login_required
def template_file(request: HttpRequest) -> HttpResponse:
    kept_by(request)
    answer = HttpResponse(template(), content_type=XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"
    return answer


@require_safe
@login_required
def signs_file(request: HttpRequest) -> HttpResponse:
    """QR signs as PDF: of which places, six a page or one a page."""
    community, asked = kept_by(request), request.GET
    kinds = [asked["kind"]] if asked.get("kind") in signs.KINDS else ["building", "space"]
    layout = asked.get("layout", "")
    try:
        made = signs.signs_of(community, kinds)
        pdf = signs.sheet(community, made, layout if layout in signs.LAYOUTS else signs.LAYOUTS[0])
    except signs.NoSigns as none:
        return _show(request, community, none_made=str(none), status=422)
    return pdf_answer(pdf, f"qr-{community.slug}")


def _show(
    request: HttpRequest, community: Community, wrong: str = "", status: int = 200, none_made: str = ""
) -> HttpResponse:
    page = census_page(community, clock.now())
    context = {"here": "census", "page": page, "wrong": wrong, "none_made": none_made}
    return render(request, "portal/census.html", context, status=status)


def _import(request: HttpRequest, import_id: UUID) -> Import:
    return get_object_or_404(Import.objects.select_related("by"), pk=import_id, community=kept_by(request))
