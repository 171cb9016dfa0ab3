"""JSON and XML as GeoReport v2 writes them, and its form of an error."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree  # written only, never read

from django.http import HttpResponse

FORMS: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml"}
# What one member of a list is called in XML.
MEMBER: Final[Mapping[str, str]] = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "values": "value", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
# XML 1.0 has no way to write these at all.
UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(form: str, name: str, body: Mapping[str, Any] | Sequence[Any], status: int = 200) -> HttpResponse:
    """`body` in the form that was asked for; `name` is the root in XML, which JSON does without."""
    text = json.dumps(body, ensure_ascii=False) if form == "json" else _xml(name, body)
    response = HttpResponse(text, content_type=f"{FORMS[form]}; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"  # no cookie counts here: applications in a browser may read it
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def error(form: str, code: int, description: str) -> HttpResponse:
    return answer(form, "errors", [{"code": code, "description": description}], code)


def _xml(name: str, body: Any) -> str:
    root = _element(name, body)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}'


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, inner) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        element.extend(_element(MEMBER[name], inner) for inner in value)
    elif value is not None:
        said = ("false", "true")[value] if isinstance(value, bool) else str(value)
        element.text = UNWRITABLE.sub("", said)
    return element
