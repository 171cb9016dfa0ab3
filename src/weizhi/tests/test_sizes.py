"""Small pieces: the tail of long files and functions is what makes a system unpleasant."""

import ast
from collections.abc import Iterator
from pathlib import Path

from weizhi.tests import sources

FILE_LINES = 500
FUNCTION_LINES = 70
TEMPLATE_LINES = 160
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "tools"}


def lines_of(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size >= FUNCTION_LINES:
                yield node.lineno, node.name, size


def test_files_stay_short():
    written = [*sources.programs(tests=True), *sources.files(".css", ".js", under=sources.PACKAGE)]
    found = [f"{sources.place(path)}: {lines_of(path)}" for path in written if lines_of(path) >= FILE_LINES]
    assert not found, sources.listing(found)


def test_functions_stay_short():
    found = [
        f"{sources.place(path, line)} {name}: {size} lines"
        for path in sources.programs(tests=True)
        for line, name, size in long_functions(sources.tree(path))
    ]
    assert not found, sources.listing(found)


def test_templates_stay_short():
    templates = sources.files(".html", ".txt", ".svg", under=sources.PACKAGE)
    found = [f"{sources.place(path)}: {lines_of(path)}" for path in templates if lines_of(path) >= TEMPLATE_LINES]
    assert not found, sources.listing(found)


def test_modules_have_names_that_say_something():
    found = [
        sources.place(path)
        for path in sources.programs(tests=True)
        if SAYS_NOTHING & {path.stem, *path.relative_to(sources.PACKAGE).parts[:-1]}
    ]
    assert not found, sources.listing(found)


def test_a_long_function_is_seen():
    body = "\n".join(["    x = 1"] * FUNCTION_LINES)
    assert list(long_functions(ast.parse(f"def long():\n{body}\n"))) == [(1, "long", FUNCTION_LINES + 1)]
