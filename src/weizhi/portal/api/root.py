"""The API of version 1. Signed in by the session, with the same protection against forged requests as the pages."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import django_auth

from weizhi.portal.api import errors, matters

api = NinjaAPI(
    title="Weizhi",
    version="1",
    urls_namespace="api-1",
    auth=django_auth,
    docs_url=None,  # its page would load scripts from elsewhere; the description itself is at openapi.json
    openapi_url=None,  # ninja's own would answer any method
)
api.add_router("/matters", matters.router, tags=["matters"])
errors.add_to(api)


@api.get("/openapi.json", auth=None, include_in_schema=False, url_name="description")
def description(request: HttpRequest) -> dict[str, Any]:
    """The description of this API for programs (OpenAPI)."""
    return dict(api.get_openapi_schema())
