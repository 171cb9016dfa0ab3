"""The description of the API as a page: made of the OpenAPI schema itself, so that it can say nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

DESCRIPTION: Final = """The doors of the pages, for programs. Sign in with a token that the committee gives
(`Authorization: Bearer wz_…`); its scopes say whether it may read, report or act, and it never sees or does more than
the post that it stands for. What is sent under a `key` is done once, however often it is sent. Errors have one form:
`code`, `message` (for people: what to do), `line` (of the charter), `field`."""
REF: Final = "#/components/schemas/"
METHODS: Final = ("get", "post")


@dataclass(frozen=True)
class Row:
    name: str
    type: str
    required: bool
    words: str


@dataclass(frozen=True)
class Door:
    """One address with one method."""

    id: str
    method: str
    path: str
    title: str
    words: str
    scopes: tuple[str, ...]
    asked: tuple[Row, ...]
    body: tuple[Row, ...]
    forms: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shape:
    """A model that answers are made of."""

    name: str
    words: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DocsPage:
    words: str
    doors: tuple[Door, ...]
    shapes: tuple[Shape, ...]


def page_of(schema: Mapping[str, Any]) -> DocsPage:
    models = schema["components"]["schemas"]
    shapes = tuple(
        Shape(name, marked(model.get("description", "")), _rows(model)) for name, model in sorted(models.items())
    )
    shown = tuple(shape for shape in shapes if shape.rows)
    return DocsPage(marked(schema["info"]["description"]), tuple(_doors(schema["paths"])), shown)


def marked(words: str) -> SafeString:
    """Escaped, with what stands between backquotes set as code."""
    parts = [format_html("<code>{}</code>" if n % 2 else "{}", part) for n, part in enumerate(words.split("`"))]
    return mark_safe("".join(parts))  # noqa: S308  # each part is escaped above


def _doors(paths: Mapping[str, Any]) -> Iterator[Door]:
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield _door(path, method, methods[method])


def _door(path: str, method: str, told: Mapping[str, Any]) -> Door:
    content = told.get("requestBody", {}).get("content", {})
    body: Mapping[str, Any] = next((one["schema"] for one in content.values()), {})
    asked = tuple(
        Row(one["name"], _type(one["schema"]), one.get("required", False), one["schema"].get("description", ""))
        for one in told.get("parameters", ())
    )
    return Door(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        title=told.get("summary", ""),
        words=marked(told.get("description", "")),
        scopes=tuple(told.get("x-scopes", ())),
        asked=asked,
        body=_rows(body),
        forms=tuple(content),
        answers=tuple((str(status), _answer(one)) for status, one in told["responses"].items()),
    )


def _answer(told: Mapping[str, Any]) -> str:
    for form, content in told.get("content", {}).items():
        schema = content["schema"]
        return str(form) if schema.get("format") == "binary" else _type(schema)
    return ""


def _rows(model: Mapping[str, Any]) -> tuple[Row, ...]:
    needed = set(model.get("required", ()))
    return tuple(
        Row(name, _type(one), name in needed, one.get("description", ""))
        for name, one in model.get("properties", {}).items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A type as a person reads it: `Brief`, `list of Brief`, `date-time or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return _(" 或 ").join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return _("%(type)s 的列表") % {"type": _type(schema.get("items", {}))}
    return str(schema.get("format") or schema.get("type") or "…")
