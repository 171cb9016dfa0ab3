"""What protects every page: headers, no inline script or style, errors without a trace, limits on what is sent."""

import logging
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.roles import bodies, world
from weizhi.portal.tests.test_permissions import METHODS, TABLE, ask, path_of

# What a browser would run or apply although it stands in the page itself.
INLINE = {"style"}
ELSEWHERE = ("http:", "https:", "//", "javascript:")


class Inline(HTMLParser):
    """Finds what the content policy refuses: the page would look or work otherwise than it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or (tag == "script" and not {"src", "nonce"} & set(given)):
            self.found.append(f"<{tag}>")
        self.found += [f"<{tag} {name}>" for name in given if name in INLINE or name.startswith("on")]
        addresses = [given.get(name) or "" for name in ("src", "href", "action", "formaction", "poster")]
        self.found += [
            f"<{tag}> {one}" for one in addresses if one.startswith(("http:", "https:", "//", "javascript:"))
        ]


def inline_in(page: str) -> list[str]:
    reader = Inline()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize(
    "page",
    ['<p style="color:red">', "<style>p{}</style>", "<script>x()</script>", '<b onclick="x()">',
     '<a href="javascript:x()">', '<img src="//elsewhere/x.png">'],
)  # fmt: skip
def test_what_the_policy_refuses_is_seen(page: str) -> None:
    assert inline_in(page)


def pages(stage: Stage, settings: Any, role: str) -> Iterator[tuple[str, Any]]:
    here = world(stage, role, settings)
    client = here.browser(role)
    for name in TABLE:
        for method in METHODS if name != "account_logout" else ("GET",):
            yield f"{method} {name}", ask(client, method, path_of(name, here), bodies(here).get(name, {}))


@pytest.mark.parametrize("role", ["anonymous", "lin", "zhou", "bare", "demo"])
def test_every_answer_carries_the_headers_and_no_page_what_they_forbid(stage: Stage, settings: Any, role: str) -> None:
    for name, answer in pages(stage, settings, role):
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy and "frame-ancestors 'none'" in policy, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "microphone=()" in answer["Permissions-Policy"] and "camera=(self)" in answer["Permissions-Policy"], name
        assert role == "anonymous" or "private" in answer["Cache-Control"], name
        if answer["Content-Type"].startswith("text/html"):
            assert not inline_in(answer.content.decode()), name


def test_https_is_kept_to_once_it_is_there(settings: Any, stage: Stage) -> None:
    assert "Strict-Transport-Security" not in Client().get("/account/login/", secure=True)
    with override_settings(SECURE_HSTS_SECONDS=31_536_000):
        assert Client().get("/account/login/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


def test_cookies_are_out_of_a_scripts_reach(stage: Stage, enter: Enter, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    stage.people["lin"].set_password("竹外桃花三两枝头")
    stage.people["lin"].save()
    answer = Client().post("/account/login/", {"login": "lin", "password": "竹外桃花三两枝头"}, secure=True)
    session = answer.cookies["sessionid"]
    assert session["httponly"] and session["secure"] and session["samesite"] == "Lax"


def test_a_form_from_another_site_is_refused(stage: Stage) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stage.people["lin"])
    for name in ("portal:report", "portal:seen", "portal:look", "account_logout", "account_set_password"):
        assert browser.post(reverse(name), {"words": "灯坏了"}).status_code == 403, name
    assert not Matter.objects.exists()


@pytest.mark.parametrize("aim", ["//elsewhere.example", "https://elsewhere.example/x", "javascript:x()"])
def test_no_address_leads_elsewhere(stage: Stage, client: Client, aim: str) -> None:
    stage.people["lin"].set_password("竹外桃花三两枝头")
    stage.people["lin"].save()
    signed_in = client.post(f"/account/login/?next={aim}", {"login": "lin", "password": "竹外桃花三两枝头"})
    assert signed_in["Location"] == "/"
    assert client.post("/look", {"next": aim})["Location"] == "/"
    assert client.post("/account/logout/", {"next": aim})["Location"] == "/account/login/"


# --- errors --------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot tell who somebody is, with words in the error that nobody should read."""

    def fail(*_what: Any) -> None:
        raise RuntimeError("secret-of-the-house")

    monkeypatch.setattr("weizhi.portal.accounts.backend.person_with_standing", fail)


@pytest.mark.parametrize("path", ["/", "/api/v1/matters", "/m/00000000-0000-0000-0000-000000000000"])
def test_a_fault_shows_no_trace(stage: Stage, broken: None, path: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(stage.people["lin"])
    logging.disable(logging.ERROR)
    answer = client.get(path)
    logging.disable(logging.NOTSET)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "没有存进去" in page
    assert not [word for word in ("secret-of-the-house", "Traceback", "RuntimeError", ".py") if word in page]


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/m/1", "/photo/../../etc/passwd"])
def test_what_is_not_there_is_said_plainly(stage: Stage, enter: Enter, path: str) -> None:
    answer = enter("lin").get(path)
    assert answer.status_code == 404
    assert "urlconf" not in answer.content.decode().lower()
    assert answer.json()["code"] == "not-found" if path.startswith("/api/") else "没有找到" in answer.content.decode()


# --- limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/report", "/api/v1/matters"])
def test_a_body_that_is_too_large_is_refused_unread(stage: Stage, enter: Enter, path: str) -> None:
    answer = enter("lin").post(path, {"words": "x"}, CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413 and "20 MB" in answer.content.decode()


def test_a_text_that_is_too_long_is_refused(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    assert lin.post("/report", {"words": "灯" * 1_000_000}).status_code == 400
    long = lin.post("/api/v1/matters", '{"words": "%s"}' % ("x" * 3_000_000), content_type="application/json")
    assert (long.status_code, long.json()["code"]) == (400, "bad-data")
    assert lin.post("/report", {f"field-{n}": "x" for n in range(501)}).status_code == 400


@pytest.mark.parametrize("sent", [{"key": "k\x00"}, {"words": "灯\x00"}, {"x\x00": "y"}])
def test_what_no_database_keeps_is_refused(stage: Stage, enter: Enter, sent: dict[str, str]) -> None:
    lin = enter("lin")
    assert lin.post("/report", sent).status_code == 400
    assert lin.get("/common", sent).status_code == 400


def test_a_photo_that_is_too_large_is_refused_before_it_is_read(
    stage: Stage, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_it(*_what: Any) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("weizhi.portal.uploads.take", read_it)
    monkeypatch.setattr("weizhi.portal.uploads.LARGEST_BYTES", 1000)
    photo = SimpleUploadedFile("lamp.jpg", b"x" * 2_000_000, "image/jpeg")
    answer = enter("lin").post("/report", {"words": "灯坏了", "photos": photo})
    assert answer.status_code == 422
    assert "照片太大（2 MB）" in answer.content.decode() and "灯坏了" in answer.content.decode()
