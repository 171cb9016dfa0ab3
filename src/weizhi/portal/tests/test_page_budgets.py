"""What pages cost in queries where they cost most: in a demo, for staff, with nothing kept from before.

Ten a page, and no more when there is ten times as much to show.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse

from weizhi.matters.tests.conftest import Stage
from weizhi.oversight import figures
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_budgets import grow

PAGE = 10
Budget = Callable[[int], AbstractContextManager[None]]
OF_RESIDENTS = ["home", "common", "map", "figures", "search", "charter", "report", "notices", "mine"]
OF_STAFF = ["desk", "common", "map", "figures", "search", "charter", "report", "record-for", "notices", "mine"]


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize(("login", "names"), [("lin", OF_RESIDENTS), ("zhou", OF_STAFF), ("wang", OF_STAFF)])
def test_a_page_takes_ten_queries(
    stage: Stage, served: Enter, query_budget: Budget, login: str, names: list[str], number: int
) -> None:
    grow(stage, number)
    client = served(login)
    for name in names:
        client.get(reverse(f"portal:{name}"))  # charters, names and shapes are read once in a process
        figures._rates.cache_clear()
        figures._sources.cache_clear()
        with query_budget(PAGE):
            assert client.get(reverse(f"portal:{name}")).status_code == 200, name
