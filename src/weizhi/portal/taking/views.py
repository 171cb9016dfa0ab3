"""The doors through which a list or a matter leaves as a file. POST: what is personal leaves an entry behind."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import file_digest, sha256
from tempfile import TemporaryFile
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.portal.queries.places import community_of
from weizhi.portal.taking import lists, sheet, table
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock
from weizhi.record.actions.hand_out import Taken, hand_out

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@login_required
def search_table(request: HttpRequest) -> HttpResponseBase:
    """What the search found, as xlsx."""
    found, asked = lists.of_search(standing_of(request), request.GET.dict())
    return _sent(request, found, asked)


@require_POST
@login_required
def desk_table(request: HttpRequest) -> HttpResponseBase:
    """The work table, as xlsx."""
    standing = standing_of(request)
    if not standing.posts:
        return HttpResponseRedirect(reverse("portal:home"))
    found, asked = lists.of_desk(standing, request.GET.dict(), clock.now())
    return _sent(request, found, asked)


def _sent(request: HttpRequest, found: QuerySet[Matter], asked: dict[str, str]) -> HttpResponseBase:
    standing, now = standing_of(request), clock.now()
    file = TemporaryFile()  # noqa: SIM115  # the answer closes it when it was sent
    counted = table.write(found, file, _about(request, asked, now))
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()
    if counted.personal:
        left("table", counted.rows, counted.personal, digest, asked, request, standing)
    file.seek(0)
    name = _("事项 %(day)s.xlsx") % {"day": f"{now.astimezone(table.ZONE):%Y-%m-%d %H%M}"}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def left(
    form: str, rows: int, personal: int, digest: str, asked: Mapping[str, str], request: HttpRequest, standing: Standing
) -> None:
    """Write into the record that this person took personal data along."""
    person, community = person_of(request), community_of(standing)
    assert person is not None and community is not None, "whoever sees something personal belongs somewhere"
    post = standing.posts[0].holding_id if standing.posts else None
    hand_out(community, Taken(form, rows, personal, digest, dict(asked)), by=person, holding_id=post)


def _about(request: HttpRequest, asked: Mapping[str, str], now: datetime) -> list[tuple[str, str]]:
    """The second sheet: who took it, when, and by which conditions."""
    conditions = "&".join(f"{name}={value}" for name, value in asked.items())
    return [
        (_("谁导出的"), str(request.user)),
        (_("什么时候"), f"{now.astimezone(table.ZONE):%Y-%m-%d %H:%M}"),
        (_("条件"), conditions or _("没有条件")),
    ]


def attachment(name: str) -> str:
    """A header for a file's name in Chinese (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name)}"


@require_POST
@login_required
def matter_paper(request: HttpRequest, matter_id: UUID) -> HttpResponseBase:
    """One matter as PDF."""
    standing, now = standing_of(request), clock.now()
    matter = sheet.matter_of(matter_id, standing)
    if matter is None:
        raise Http404
    made = sheet.pdf(matter, standing, str(request.user), now)
    if table.is_personal(matter):
        left("paper", 1, 1, sha256(made).hexdigest(), {"matter": str(matter.pk)}, request, standing)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": attachment(f"{matter.number:04d}.pdf"), "Cache-Control": "private, no-store"},
    )
