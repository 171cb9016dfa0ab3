"""All addresses of the server."""

from django.urls import URLPattern, URLResolver, include, path

from weizhi.portal.api.root import api
from weizhi.site.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("weizhi.portal.urls")),
    path("account/", include("weizhi.portal.accounts.urls")),
    path("api/v1/", api.urls),
    path("healthz", healthz, name="healthz"),
]
