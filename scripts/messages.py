"""Gather what people read from the source into the English catalogue: ``make messages``.

Chinese stands in the source; each other language is a catalogue beside it. With Babel and Django's own reading of
templates, so that no gettext package of the operating system is needed. What the source no longer says is dropped,
what it says anew stands there empty until somebody translates it, and a test fails until then.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "weizhi"
ENGLISH = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# What marks a text for translation, and which of its arguments are texts.
MARKS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
TEXT = r"""[uU]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
CALL = re.compile(rf"(?:\b(?P<kind>n|p|np)?gettext|(?<![\w.])_)\(\s*(?P<texts>{TEXT}(?:\s*,\s*{TEXT})*\s*,?)")
Found = tuple[str | tuple[str, ...], str, str | None]  # text (or singular and plural), file, context


def texts(package: Path = PACKAGE) -> Iterator[Found]:
    """Everything in the source that is marked for translation; tests speak to developers."""
    for path in sorted(package.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "tests" in path.parts:
            continue
        name = path.relative_to(package.parent.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), MARKS):
                yield text, name, context
        elif "/templates/" in name:
            yield from ((text, name, context) for text, context in of_template(source, name))


def of_template(source: str, name: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Django turns a template into something like Python, of which the calls of gettext count."""
    for call in CALL.finditer(templatize(source, origin=name)):
        said = ast.literal_eval(f"({call['texts'].rstrip().rstrip(',')},)")
        context, said = (said[0], said[1:]) if call["kind"] in ("p", "np") else (None, said)
        yield (said[0] if len(said) == 1 else said), context


def catalogue() -> Catalog:
    """What the source says now, with the places where it says it."""
    found = Catalog(locale="en", project="Weizhi", version="1", header_comment="# What people read, in English.")
    found.fuzzy = False
    for text, name, context in texts():
        found.add(text, locations=[(name, 0)], context=context)
    return found


def read(path: Path = ENGLISH) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale="en", domain="django", abort_invalid=True)


def main() -> None:
    now = catalogue()
    if ENGLISH.exists():
        kept = read()
        kept.update(now, no_fuzzy_matching=True, update_creation_date=False)
        kept.obsolete.clear()
        now = kept
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as target:
        write_po(target, now, width=0, sort_output=True, include_lineno=False)
    empty = sum(1 for message in now if message.id and not message.string)
    print(f"==> {ENGLISH.relative_to(PACKAGE.parent.parent)}: {len(now)} texts, {empty} to translate")


if __name__ == "__main__":
    main()
