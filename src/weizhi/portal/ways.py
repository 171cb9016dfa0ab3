"""Addresses of pages, each worked out once a process: a page names a dozen, a list of photos more."""

from functools import cache
from uuid import UUID

from django.urls import reverse

ANY = UUID(int=0)


@cache
def way(name: str) -> str:
    return reverse(name)


def way_to(name: str, pk: UUID) -> str:
    """Of a page about one thing, which stands in its address by its id."""
    return _to_any(name) % pk


@cache
def _to_any(name: str) -> str:
    return reverse(name, args=[ANY]).replace("%", "%%").replace(str(ANY), "%s")
