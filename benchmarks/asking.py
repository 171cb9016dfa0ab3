"""The requests that are measured, found by walking the demo as its people do: sign in, open the page, fill the form."""

import html
import http.client
import re
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

from benchmarks.requests import Request

FORM = {"content-type": "application/x-www-form-urlencoded"}
WORDS = "三单元二楼的灯不亮了，晚上老人上下楼看不见。"


class Fields(HTMLParser):
    """Names and first values of a page's fields; of radio buttons and lists the first that has a value."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = given.get("name", "")
        name = self._select if tag == "option" else given.get("name", "")
        if tag in ("input", "textarea", "option") and name and given.get("type") != "file":
            self.found[name] = self.found.get(name) or given.get("value", "")


class Visitor:
    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        return self._ask("POST", path, urlencode(fields).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> str:
        self.connection.request(method, path, body, {**(FORM if body else {}), **self.headers()})
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("set-cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        content = answer.read().decode()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content[:300]}")
        return content

    def headers(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}


def signed_in(port: int, login: str) -> Visitor:
    visitor = Visitor(port)
    token = Fields(visitor.get("/enter")).found["csrfmiddlewaretoken"]
    visitor.post("/enter", {"csrfmiddlewaretoken": token, "login": login})
    return visitor


def requests(port: int) -> list[Request]:
    resident, director = signed_in(port, "lin"), signed_in(port, "wang")
    listed = director.get("/desk?view=ended")
    link = re.search(r'href="(/m/[0-9a-f-]{36})', listed)
    if link is None:
        raise SystemExit("The desk lists no matter.")
    category = next((value for name, value in options(listed) if name == "category" and value), "")
    filtered = f"/desk?view=ended&category={quote(category)}&q={quote('灯')}"
    desk = director.headers()
    return [
        # Without its job worker the server says 503 here, after the same two queries.
        Request("/healthz", "GET", "/healthz", expected=(200, 503)),
        *taking_a_report(resident),
        Request("list of 25", "GET", "/desk?view=ended", headers=desk),
        Request("filtered list of 25", "GET", filtered, headers=desk),
        Request("what waits for us", "GET", "/desk", headers=desk),
        Request("one matter", "GET", html.unescape(link[1]), headers=desk),
    ]


def options(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<select[^>]*name="([^"]+)"(.*?)</select>', page, re.DOTALL)
    return [(name, value) for name, inner in found for value in re.findall(r'<option[^>]*value="([^"]*)"', inner)]


def taking_a_report(resident: Visitor) -> list[Request]:
    """What the page asks while the words are typed (is it known already? what will others read?), then the report.

    The form as the page gave it, sent again and again: each under its own key, so each is a new report.
    """
    forms = resident.get("/report").split("<form")
    form = next(form for form in forms if 'name="key"' in form).partition("</form")[0]
    fields = Fields("<form" + form).found | {"words": WORDS}
    fields.pop("plain", None)  # there is a script here
    seen = Fields(resident.post("/report/before", fields)).found["seen"]
    key, headers = fields["key"], {**FORM, **resident.headers()}

    def typing(_number: int) -> bytes:
        return urlencode(fields).encode()

    def sending(number: int) -> bytes:
        return urlencode({**fields, "seen": seen, "key": f"{key}-{number}"}).encode()

    return [
        Request("taking a report (POST)", "POST", "/report", sending, headers, (302,)),
        Request("looking before it is sent", "POST", "/report/before", typing, headers),
    ]
