"""A piece from a stencil looks as its template draws it, whatever its words are."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from weizhi.portal import frame, gallery
from weizhi.portal import pieces as p
from weizhi.portal.queries.matter import About, Link, MatterTop
from weizhi.portal.stencils import Holed, Stencils
from weizhi.portal.templatetags.pieces import STENCILS

NASTY = "{0} {x} %s <b>\"'&amp; 灯</b>"
TOKEN = "tok<en"


def by_template(thing: Any, token: str = TOKEN) -> str:
    return get_template(f"portal/pieces/{thing.template}.html").render({"piece": thing, "csrf_token": token})


def holed(things: Any) -> Iterator[Any]:
    """Everything that may be drawn from a stencil, however deep it stands in a piece."""
    for thing in things if isinstance(things, tuple | list) else [things]:
        if isinstance(thing, p.Piece) and isinstance(thing, Holed) and thing.holed:
            yield thing
        if hasattr(thing, "__dataclass_fields__"):
            for field in fields(thing):
                yield from holed(getattr(thing, field.name))


def other_words(thing: Any) -> Any:
    """The same shape with other words: what would stay of the first ones must show."""
    if isinstance(thing, tuple):
        return tuple(other_words(one) for one in thing)
    if not isinstance(thing, Holed) or not thing.holed:
        return thing
    given = {field.name: getattr(thing, field.name) for field in fields(thing)}  # type: ignore[arg-type]  # dataclasses
    changed = {name: other(value) if name in thing.HOLES else other_words(value) for name, value in given.items()}
    return replace(thing, **changed)  # type: ignore[type-var]  # likewise


def other(word: Any) -> Any:
    if isinstance(word, tuple):
        return tuple(other(one) for one in word)
    if isinstance(word, datetime):
        return word + timedelta(hours=31)
    return f"{NASTY}{word}" if word else word


FACTS = p.Facts((("在哪里", "2 单元"),))
FRAMES = [
    frame.Head("light dark", "screen"),
    frame.DemoLine("11月22日 08:00"),
    *(
        frame.Top(size, "dark", other, "/desk", place, "/m/1?told=x")
        for size, other, place in [("large", "en", "幸福里"), ("plain", "", "")]
    ),
    *(
        MatterTop("灯不亮", "0001", "2 单元", p.Chip("正在办", "moving"), seal, act, True, "/desk", skip)
        for seal, act, skip in [(None, "去看看", "/desk/next"), (p.Seal("办好了"), "", "")]
    ),
    About(FACTS, (Link("接着 0007", "/m/7"),), "/m/1/paper", "/report?kind=report"),
    About(FACTS, (), "/m/1/paper", ""),
]
SHOWN = FRAMES + [thing for specimen in gallery.specimens() for piece in specimen.shown for thing in holed(piece)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("thing", SHOWN, ids=lambda thing: type(thing).__name__)
def test_a_stencil_looks_as_its_template_draws_it(thing: Any, language: str) -> None:
    with override(language):
        token = TOKEN if thing.SENT else ""
        for one in (thing, other_words(thing), thing):
            assert STENCILS.draw(one, get_language(), token) == by_template(one)


def test_one_shape_is_drawn_once_and_keeps_nobodys_words() -> None:
    asked: list[Any] = []

    def drawn(thing: Any, token: str) -> str:
        asked.append(thing)
        return by_template(thing, token)

    stencils = Stencils(drawn)
    said = [p.Sentence(f"说了{n}", "刚刚", gallery.NOW, p.Who(f"林{n}", "", f"代{n}")) for n in "甲乙丙"]
    pages = [stencils.draw(one, "zh-hans") for one in said]
    assert len(asked) == 1
    assert pages == [by_template(one) for one in said]
    assert "甲" not in repr(stencils.__dict__)


def test_what_somebody_typed_is_drawn_by_the_template() -> None:
    empty, typed = p.Field("words", "text", "想说什么？"), p.Field("words", "text", "想说什么？", value="门牌 301")
    assert [empty.holed, typed.holed] == [True, False]
    assert [p.Action("说", "", "", "comment", (), fields=(one,)).holed for one in (empty, typed)] == [True, False]
    page = Template("{% load pieces %}{% piece field %}").render(Context({"field": typed}))
    assert "门牌 301" in page
    assert "301" not in repr(STENCILS.__dict__)


def test_a_charter_may_use_any_character() -> None:
    action = p.Action("办", "/", "k", "act", (p.Outcome("\ue000", "好\ue001"),))
    assert STENCILS.draw(action, "zh-hans", TOKEN) == by_template(action)


def test_what_is_safe_already_is_not_escaped_again() -> None:
    facts = p.Facts((("在哪里", SafeString("<b>2 单元</b>")), ("谁", "<i>")))
    assert STENCILS.draw(facts, "zh-hans") == by_template(facts)
    assert "<b>2 单元</b>" in by_template(facts)
