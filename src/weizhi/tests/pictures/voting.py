"""The demo's votes: one that stands open and one that is over, and what is done on them before a picture is taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from weizhi.decisions.models import Vote
from weizhi.people.access import Standing

if TYPE_CHECKING:
    from playwright.sync_api import Page as Shown

OPEN, OVER = True, False


def _vote(*, is_open: bool) -> UUID:
    votes = Vote.objects.filter(community__slug="xingfuli", counted_at__isnull=is_open).order_by("-opens_at")
    return votes.values_list("pk", flat=True)[0]


def _page(name: str, *, is_open: bool) -> Callable[[Standing], str]:
    return lambda _who: reverse(f"portal:{name}", args=[_vote(is_open=is_open)])


open_to, over = _page("vote", is_open=OPEN), _page("vote", is_open=OVER)
receipt = _page("vote-receipt", is_open=OPEN)
desk, doors = _page("vote-desk", is_open=OPEN), _page("vote-doors", is_open=OPEN)


def cast(page: "Shown") -> None:
    """Choose the first answer and send it; where a ballot lies in the box already, its receipt stands there."""
    choice = page.locator("main .ballot input[name=choice]").first
    if choice.is_visible():
        choice.check()
        with page.expect_navigation():
            page.locator("main .ballot button.primary").first.click()
