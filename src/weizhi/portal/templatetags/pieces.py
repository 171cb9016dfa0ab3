"""``{% piece story %}`` draws a piece by its own template; ``{% icon "home" %}`` one sign of the sprite."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Final
from uuid import uuid4

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from weizhi.portal.frame import SHEETS, Frame, frame_of
from weizhi.portal.pieces import Choice, Field, Nav, Piece
from weizhi.portal.stencils import Holed, Stencils, moment

register = template.Library()


@register.simple_tag(takes_context=True)
def piece(context: Context, thing: Piece | None) -> str:
    """Draw `thing`; nothing where there is none. Of the page only the form token passes into it."""
    if not thing:
        return ""
    if thing.plain:
        return _plain(thing)
    if isinstance(thing, Holed) and thing.holed:
        return STENCILS.draw(thing, get_language(), str(context.get("csrf_token") or "") if thing.SENT else "")
    return _whole(thing, context.get("csrf_token"))


def _whole(thing: Piece, token: object = "") -> str:
    return get_template(f"portal/pieces/{thing.template}.html").render({"piece": thing, "csrf_token": token})


STENCILS: Final = Stencils(_whole)


@register.simple_tag(takes_context=True)
def each(context: Context, things: Iterable[Piece]) -> SafeString:
    """Draw one after the other; fields that belong beside each other in one row."""
    drawn: list[str] = []
    for beside, some in groupby(things, lambda one: isinstance(one, Field) and one.beside):
        row = "".join([piece(context, one) for one in some])
        drawn.append(f'<div class="in-row">{row}</div>' if beside else row)
    return SafeString("".join(drawn))


register.filter("moment", moment)


@lru_cache(maxsize=4096)
def _plain(thing: Piece) -> str:
    """A work table has a chip on every line, most of them alike."""
    return _whole(thing)


@register.simple_tag
def options(field: Field) -> str:
    """The choices of a list. Those of places and categories stand on every work table, mostly the same."""
    return _options(field.choices, field.chosen)


@lru_cache(maxsize=64)
def _options(choices: tuple[Choice, ...], chosen: tuple[str, ...]) -> str:
    groups: dict[str, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.group, []).append(choice)
    return get_template("portal/pieces/options.html").render({"groups": list(groups.items()), "chosen": chosen})


@register.simple_tag
def still(name: str) -> str:
    """A part of a page that says the same to everybody."""
    return _still(name, get_language())


@lru_cache(maxsize=32)
def _still(name: str, language: str) -> str:
    return get_template(f"portal/{name}.html").render()


@register.simple_tag
def dock(frame: Frame) -> str:
    """The way to the main pages; a person's is the same from page to page."""
    return _dock(frame.nav, frame.here_key, get_language()) if frame.nav.items else ""


@lru_cache(maxsize=512)
def _dock(nav: Nav, here_key: str, language: str) -> str:
    return get_template("portal/dock.html").render({"nav": nav, "here_key": here_key})


@register.simple_tag
@lru_cache(maxsize=1)
def sheets() -> SafeString:
    """The style sheets of every page, after the tokens."""
    links = [(static(f"portal/css/{sheet}.css"),) for sheet in SHEETS]
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, look: str = "") -> SafeString:
    """A sign beside a word; silent for the ear, since the word says it. A page draws dozens: each is made once."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        look,
        static("portal/img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def frame(context: Context) -> Frame:
    """What surrounds the page. A tag and not a context processor: the pages of sign-in get it as well."""
    return frame_of(context.get("request"), str(context.get("here") or ""), context.get("nav"))


@register.simple_tag
def fresh_key() -> str:
    """A client key for a form: sent twice, done once."""
    return str(uuid4())
