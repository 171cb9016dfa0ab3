"""Every address × role × method answers as permissions.toml says; an address that is missing there fails.

A new address gets two lines in the table. Run the test: it shows what each role got and what the table says.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.roles import ROLES, World, bodies, world
from weizhi.record.models import Entry

TABLE: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text())
METHODS = ("GET", "POST")
WRITES = ("INSERT", "UPDATE", "DELETE")
HALL_DOORS = (
    "read_hall", "next_statement", "list_statements", "add_one", "answer_statements", "moderate_statements",
)  # fmt: skip


def addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    """The names of all addresses that the server knows."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def one_id(name: str) -> bool:
    """Whether the address takes one id and nothing else: then the table asks for it with a report's."""
    known = get_resolver()
    for space in name.split(":")[:-1]:
        known = known.namespace_dict[space][1]
    converters = known.reverse_dict[name.rpartition(":")[2]][3]
    return [type(one) for one in converters.values()] == [UUIDConverter]


def path_of(name: str, world: World) -> str:
    arguments: dict[str, list[Any]] = {
        "portal:pulse": [world.matter, 0],
        "portal:vote-paper": [world.matter, "notice"],
        "portal:charter-duty": ["letters"],
        "portal:convention": ["residents"],  # their charter has none
        "portal:calendar": ["xfl"],
        "portal:photo": [world.photo],
        "portal:photo-small": [world.photo],
        "portal:draft": [world.draft],
        "portal:import": [world.brought],
        "portal:import-findings": [world.brought],
        "portal:vote": [world.vote],
        "portal:vote-receipt": [world.vote],
        "portal:vote-open": [world.vote],
        "portal:vote-receipt-text": [world.vote],
        "portal:vote-roll": [world.vote],
        "portal:roll": [world.naming.roll],
        "portal:candidates": [world.naming.matter],
        "portal:wall-since": [world.matter, "0"],
        "portal:meeting-here": [world.matter, "nothing"],
        "portal:meeting-paper": [world.matter, "agenda"],
        "portal:text": [world.matter, "write"],  # a report has neither text nor review
        "portal:text-paper": [world.matter, "write"],
        "portal:vote-desk": [world.vote],
        "portal:vote-line": [world.vote],
        "portal:vote-turnout": [world.vote],
        "portal:vote-doors": [world.vote],
        "portal:vote-urn": [world.vote],
        "portal:vote-urn-empty": [world.vote],
        "portal:vote-marks": [world.vote],
        "portal:vote-remind": [world.vote],
        "portal:vote-speaker": [world.vote],
        "api-1:read_one": [world.matter],
        "api-1:act_on_one": [world.matter],
        "api-1:read_vote": [world.matter],  # a matter's id is no vote's
        "api-1:cast_one": [world.matter],
        "api-1:open_one": [world.vote],
        "api-1:mark_one": [world.vote],
        "api-1:correct_one": [world.vote],
        "api-1:read_paper": [world.vote],
        "api-1:empty_one": [world.vote],
        "api-1:answer_one": [world.matter],  # nor a survey's
        **{f"api-1:{door}": [world.matter] for door in HALL_DOORS},  # nor a hall's
        "api-1:read_photo": [world.photo],
        "open311:discovery": ["json"],
        "open311:services": ["json"],
        "open311:definition": ["report", "json"],
        "open311:requests": ["json"],
        "open311:request": ["xfl-1", "json"],  # lin's report is for the community
        "open311:token": ["xfl-1", "json"],
        "open311:media": [world.photo],
    }
    return reverse(name, args=arguments.get(name) or ([world.matter] if one_id(name) else []))


def word(answer: HttpResponse) -> str:
    """What the table calls an answer: its status, or where it leads."""
    where = answer.headers.get("Location", "")
    if where.startswith("/account/login"):
        return "in"
    if where.startswith(("/account/2fa/totp/activate/?next", "/account/2fa/reauthenticate/?next")):
        return "2fa"
    return str(answer.status_code)


def ask(client: Client, method: str, path: str, body: dict[str, str]) -> Any:
    return client.post(path, body) if method == "POST" else client.generic(method, path)


def expected(name: str, method: str, role: str) -> str:
    return dict(zip(ROLES, TABLE[name][method].split(), strict=True))[role]


def test_the_table_knows_every_address_and_no_other() -> None:
    assert sorted(TABLE) == sorted(set(addresses()))


def test_every_line_of_the_table_has_a_word_for_each_role() -> None:
    for name, methods in TABLE.items():
        assert set(methods) == set(METHODS), name
        assert all(len(line.split()) == len(ROLES) for line in methods.values()), name


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(stage: Stage, settings: Any, role: str) -> None:
    here = world(stage, role, settings)
    cookies = here.browser(role).cookies.output(header="", sep=";")
    found, wrote = [], []
    for name in TABLE:
        for method in METHODS:
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                client = Client()
                client.cookies.load(cookies)
                got = word(ask(client, method, path_of(name, here), bodies(here).get(name, {})))
                transaction.set_rollback(True)
            if got != expected(name, method, role):
                found.append(f"{method} {name}: {role} got {got}, the table says {expected(name, method, role)}")
            if method == "GET" and any(query["sql"].startswith(WRITES) for query in queries):
                wrote.append(f"GET {name} as {role} wrote")
    assert not found and not wrote, "\n".join([*found, *wrote])


@pytest.mark.parametrize("role", ["anonymous", "guo", "bare"])
def test_other_methods_open_nothing(stage: Stage, settings: Any, role: str) -> None:
    """HEAD is GET without a body, or refused; OPTIONS tells the methods and nothing else; the rest is refused."""
    here = world(stage, role, settings)
    client = here.browser(role)
    before = Entry.objects.count()
    for name in TABLE:
        cache.clear()  # so many requests in a moment would meet the limits, which are tried elsewhere
        path = path_of(name, here)
        head, get = word(ask(client, "HEAD", path, {})), word(ask(client, "GET", path, {}))
        assert head in (get, "405"), f"HEAD {name}"
        options = ask(client, "OPTIONS", path, {})
        assert options.status_code in (302, 401, 403, 404, 405) or not options.content, f"OPTIONS {name}"
        for method in ("PUT", "PATCH", "DELETE"):
            assert ask(client, method, path, {}).status_code in (302, 401, 403, 404, 405), f"{method} {name}"
    assert Entry.objects.count() == before
