"""The API of version 1: by a machine's token, or by a person's session, with the same protection as the pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.security import django_auth

from weizhi.portal.api import boxes, docs, errors, evidence, halls, matters, surveys, votes

api = NinjaAPI(
    title="Weizhi",
    description=docs.DESCRIPTION,
    version="1",
    urls_namespace="api-1",
    auth=django_auth,
    docs_url=None,  # its page would load scripts from elsewhere; ours is made of the description itself
    openapi_url=None,  # ninja's own would answer any method
)
api.add_router("/matters", matters.router, tags=["matters"])
api.add_router("/matters", surveys.router, tags=["surveys"])
api.add_router("/matters", halls.router, tags=["halls"])
api.add_router("/votes", votes.router, tags=["votes"])
api.add_router("/votes", boxes.router, tags=["votes"])
api.add_router("", evidence.router, tags=["evidence"])
errors.add_to(api)


@api.get("/openapi.json", auth=None, include_in_schema=False, url_name="description")
def description(request: HttpRequest) -> dict[str, Any]:
    """The description of this API for programs (OpenAPI)."""
    return dict(api.get_openapi_schema())


@api.get("/docs", auth=None, include_in_schema=False, url_name="docs")
def read_docs(request: HttpRequest) -> HttpResponse:
    """The description as a page for people, without a file from elsewhere."""
    return render(request, "portal/api_docs.html", {"here": "", "page": docs.page_of(api.get_openapi_schema())})
