"""All addresses of the server."""

from django.urls import URLPattern, URLResolver, include, path

from weizhi.portal.api.root import api
from weizhi.site.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("weizhi.portal.urls")),
    path("account/", include("weizhi.portal.accounts.urls")),
    path("api/v1/", api.urls),
    path("open311/v2/", include("weizhi.portal.open311.urls")),
    path("healthz", healthz, name="healthz"),
]
handler400 = "weizhi.site.errors.bad_request"
handler404 = "weizhi.site.errors.not_found"
handler500 = "weizhi.site.errors.server_error"
