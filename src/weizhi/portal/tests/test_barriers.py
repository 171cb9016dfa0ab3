"""axe on every page that a role may open, by day, by night and in large type; no page is wider than its window."""

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.core.cache import cache

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.roles import world
from weizhi.portal.tests.test_browser import OpenPage
from weizhi.portal.tests.test_permissions import TABLE, expected, path_of
from weizhi.tests.browser import assert_no_sideways_scroll
from weizhi.tests.pictures.pages import NO_PICTURE, PROGRAMS
from weizhi.tests.pictures.taking import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]

# What the switches of the page do; the colours and sizes are all that differs, so contrast is all that is asked again.
LOOKS = {
    "by night": "document.querySelector('[data-night]').media = 'screen'",
    "in large type by night": "document.documentElement.dataset.size = 'large'",
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def pages_of(role: str) -> list[str]:
    """The addresses of pages, not of files or data, that answer this role."""
    asked = [name for name in TABLE if name not in NO_PICTURE and (not name.startswith(PROGRAMS) or "docs" in name)]
    return [name for name in asked if expected(name, "GET", role) == "200"]


@pytest.mark.parametrize("role", ["anonymous", "lin", "wang"])
def test_no_page_has_a_barrier(committed_stage: Stage, open_page: OpenPage, settings: Any, role: str) -> None:
    cache.clear()
    here = world(committed_stage, role, settings)
    page, session = open_page("narrow"), here.browser(role).cookies.get(django_settings.SESSION_COOKIE_NAME)
    page.set_default_timeout(PATIENCE)
    page.goto("/static/portal/img/mark.svg")
    base = page.url.partition("/static")[0]
    if session is not None:
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": base}])
    names, found = pages_of(role), []
    for name in names:
        page.goto(path_of(name, here))
        found += [f"{name} {words}" for words in barriers(page)]
    assert len(names) > 5
    assert not found, "\n".join(found)


def barriers(page: "Page") -> list[str]:
    found = told(Axe().run(page).response, "by day")
    assert_no_sideways_scroll(page)
    for look, change in LOOKS.items():
        if page.locator("[data-night]").count():
            page.evaluate(change)
        found += told(Axe().run(page, options=CONTRAST).response, look)
        assert_no_sideways_scroll(page)
    return found


def told(answer: Any, look: str) -> list[str]:
    return [f"{look}: {rule['id']} {node['html'][:160]}" for rule in answer["violations"] for node in rule["nodes"]]
