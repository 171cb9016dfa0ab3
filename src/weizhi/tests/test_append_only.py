"""Only ``record.actions.append`` makes entries, and nobody changes them; the database's triggers refuse it as well."""

import ast
import re
from collections.abc import Iterator

import pytest

from weizhi.tests import sources

DOOR = sources.PACKAGE / "record" / "actions" / "append.py"
KEPT = {"Entry", "Leaf", "Root"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "acreate", "abulk_create"}
CHANGES = {"update", "bulk_update", "delete", "aupdate", "adelete", "abulk_update"}
SQL = re.compile(r"\b(insert\s+into|update|delete\s+from|truncate)\s+\W?record_(entry|leaf|root)\b", re.IGNORECASE)


def first_name(node: ast.expr) -> str:
    """The class at the beginning of ``Entry.objects.filter(…).update(…)``; also of ``models.Entry.objects``."""
    while True:
        match node:
            case ast.Call(func=inner):
                node = inner
            case ast.Attribute(value=ast.Name(), attr=name) if name in KEPT:
                return name
            case ast.Attribute(value=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def breaches(tree: ast.Module, *, at_the_door: bool = False) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield node.lineno, "SQL that writes the record"
        if not isinstance(node, ast.Call):
            continue
        called = first_name(node.func)
        verb = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if called in KEPT and verb in CHANGES:
            yield node.lineno, f"{called} is changed"
        makes = isinstance(node.func, ast.Name) or verb == "Entry" or verb in WRITES
        if called == "Entry" and makes and not at_the_door:
            yield node.lineno, "an Entry is made outside append"


def test_the_record_has_one_door():
    found = [
        f"{sources.place(path, line)}: {what}"
        for path in sources.programs()
        for line, what in breaches(sources.tree(path), at_the_door=path == DOOR)
    ]
    assert not found, sources.listing(found)


def test_the_door_is_where_this_test_thinks():
    assert [line for line, _ in breaches(sources.tree(DOOR))], "append.py makes no Entry any more: mend DOOR"


@pytest.mark.parametrize(
    "line",
    [
        "Entry.objects.create(n=1)",
        "models.Entry.objects.bulk_create(rows)",
        "Entry(n=1).save()",
        "models.Entry(n=1)",
        "Entry.objects.filter(n=1).update(n=2)",
        "Leaf.objects.all().delete()",
        "cursor.execute('UPDATE record_entry SET n = 2')",
        "cursor.execute('delete from \"record_leaf\" where 1')",
    ],
)
def test_a_breach_is_seen(line):
    assert list(breaches(ast.parse(line)))


@pytest.mark.parametrize("line", ["Entry.objects.filter(n=1).count()", "append(stream, 'say', deed)", "x.update(y)"])
def test_reading_is_no_breach(line):
    assert not list(breaches(ast.parse(line)))
