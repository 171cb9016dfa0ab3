"""What tests of secrecy share: ask every address as every role, and look for words that stand nowhere else."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.portal.tests.roles import World
from weizhi.portal.tests.test_permissions import METHODS, TABLE, ask, path_of
from weizhi.record import clock
from weizhi.record.actions.issue_token import issue_token, open_account

POSTS = {"committee": "committee-member", "station": "grid-officer", "property": "property-worker"}
PROGRAMS = ("api-1:", "open311:")


def here_signed_in(stage: Stage, login: str) -> Client:
    """With the second factor that a post asks for."""
    client = Client()
    client.force_login(stage.people[login])
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(stage.people[login].pk)
    session.save()
    return client


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if isinstance(answer, StreamingHttpResponse) else bytes(answer.content)


def found_in(body: bytes, looked_for: Sequence[str]) -> list[str]:
    """Also as JSON and HTML would write it."""
    forms = {one: (one.encode(), json.dumps(one)[1:-1].encode()) for one in looked_for}
    return [one for one, ways in forms.items() if any(way in body for way in ways)]


def every_answer(
    there: World, role: str, asked: Mapping[str, Mapping[str, str]], names: Sequence[str] = tuple(TABLE)
) -> Iterator[tuple[str, bytes]]:
    """What each of these addresses answers to this role, and what was asked; `asked`: what stands after its `?`."""
    cookies = there.browser(role).cookies.output(header="", sep=";")
    for name in names:
        for method in METHODS:
            with transaction.atomic():
                cache.clear()
                client = Client()
                client.cookies.load(cookies)
                path = path_of(name, there)
                answer = client.get(path, asked.get(name, {})) if method == "GET" else ask(client, method, path, {})
                yield f"{method} {name}", body_of(answer)
                transaction.set_rollback(True)


def a_program(stage: Stage, body: str) -> Client:
    """A program of this body that may do all that its post may."""
    place = Body.objects.get(community=stage.community, key=body)
    account = open_account(place, "系统", POSTS[body], "系统", at=clock.now())
    issued = issue_token(account, "系统", ("read", "report", "act"))
    return Client(headers={"Authorization": f"Bearer {issued.token}"})


def every_answer_to_a_program(client: Client, there: World) -> Iterator[tuple[str, bytes]]:
    for name in [name for name in TABLE if name.startswith(PROGRAMS)]:
        for method in METHODS:
            yield f"{method} {name}", body_of(ask(client, method, path_of(name, there), {}))
