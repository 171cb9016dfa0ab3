"""A page that shows what may be done and does it: looked at, sent, and shown again where it was refused."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft
from weizhi.portal.refusing import status_of

Seen = TypeVar("Seen")


def turn(
    request: HttpRequest,
    *,
    read: Callable[[Draft], Seen],
    show: Callable[[Seen, int], HttpResponse],
    do: Callable[[Seen], str],
) -> HttpResponse:
    """`read` what this visitor may see of it (else 404); on POST `do` it, and look anew: at what it says was done, or
    at the form as it was typed beside the reason. What was read before is not shown after: it may have changed."""
    seen = read(Draft())
    if request.method != "POST":
        return show(seen, 200)
    try:
        told = do(seen)
    except Refused as refused:
        return show(read(Draft.of(request.POST, refused)), status_of(refused))
    messages.success(request, told)
    return HttpResponseRedirect(request.path)
