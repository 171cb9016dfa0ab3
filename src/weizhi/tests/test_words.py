"""Every word in front of people goes through the catalogue: the source is Chinese, and other languages can come."""

import re
from collections.abc import Iterator

import pytest

from weizhi.tests import sources

CHINESE = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = re.compile(
    r"""
      \{\#.*?\#\}
    | \{%\s*comment\b.*?\{%\s*endcomment\s*%\}
    | \{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}
    | \{%\s*trans(?:late)?\s.*?%\}
    | _\(\s*(?:"[^"]*"|'[^']*')\s*\)
    """,
    re.VERBOSE | re.DOTALL,
)


def untranslated(template: str) -> Iterator[tuple[int, str]]:
    rest = TRANSLATED.sub(lambda found: "\n" * found.group().count("\n"), template)
    for number, line in enumerate(rest.splitlines(), 1):
        if CHINESE.search(line):
            yield number, line.strip()


def test_templates_say_nothing_past_the_catalogue():
    templates = (path for path in sources.files(".html", ".txt", ".svg") if "templates" in path.parts)
    found = [
        f"{sources.place(path, line)}: {words}"
        for path in templates
        for line, words in untranslated(path.read_text(encoding="utf-8"))
    ]
    assert not found, sources.listing(found)


@pytest.mark.parametrize(
    "template",
    ["<p>收到了</p>", '<a title="报事">x</a>', '{% include "due.html" with label="今天" %}', "{% translate '好' %} 坏"],
)
def test_words_past_the_catalogue_are_seen(template):
    assert list(untranslated(template))


@pytest.mark.parametrize(
    "template",
    [
        "{% translate '收到了' %}",
        "{% blocktranslate %}收到了\n{{ number }}{% endblocktranslate %}",
        "{# 说明 #}",
        "{% comment %}说明{% endcomment %}",
        '{% include "due.html" with label=_("今天") %}',
    ],
)
def test_translated_words_pass(template):
    assert not list(untranslated(template))
