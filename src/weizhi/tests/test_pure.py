"""`charters`, `methods` and every `rules.py`: values in, values out; no Django, no clock, no chance, no database."""

import ast
from collections.abc import Iterator

import pytest

from weizhi.tests import sources

FORBIDDEN = {"django", "allauth", "ninja", "psycopg", "sqlite3", "time", "uuid_utils", "os", "subprocess"}
PURE_ROOMS = {"charters", "methods"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                modules = [module]
            case ast.Attribute(value=ast.Name(id="random"), attr=attr) if attr != "Random":
                yield node.lineno, f"leaves it to chance that no argument fixes: random.{attr}"
                continue
            case ast.Call(func=ast.Attribute(value=ast.Name(id="random"), attr="Random"), args=[]):
                yield node.lineno, "leaves it to chance that no argument fixes: random.Random()"
                continue
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in CLOCKS:
                yield node.lineno, f"reads the clock: .{attr}()"
                continue
            case _:
                continue
        for module in modules:
            if module.split(".")[0] in FORBIDDEN:
                yield node.lineno, f"imports {module}"


def test_pure_code_stays_pure():
    pure = [
        path
        for path in sources.programs()
        if path.relative_to(sources.PACKAGE).parts[0] in PURE_ROOMS or path.name == "rules.py"
    ]
    assert pure
    found = [f"{sources.place(path, line)} {what}" for path in pure for line, what in impurities(sources.tree(path))]
    assert not found, sources.listing(found)


@pytest.mark.parametrize(
    "line",
    [
        "import django.db",
        "from django.utils import timezone",
        "random.choice(x)",
        "random.Random()",
        "datetime.now()",
        "date.today()",
    ],
)
def test_an_impurity_is_seen(line):
    assert list(impurities(ast.parse(line)))


def test_chance_that_an_argument_fixes_is_none():
    assert not list(impurities(ast.parse("import random\nrandom.Random(seed).choice(x)")))
