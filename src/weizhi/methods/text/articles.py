"""The articles of a text: what 第三条 says, so that a point, a breach or an amendment can name it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from weizhi.methods.text.differing import paragraphs

ARTICLE = re.compile(r"(第[零〇一二三四五六七八九十百0-9]{1,6}条)[\s　、，。：:]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Article:
    """One article: its name, "第三条", and what it says, further paragraphs after a line break."""

    name: str
    words: str


def articles(text: str) -> tuple[Article, ...]:
    """The articles in their order. What stands before the first is a preamble and none of them."""
    found: list[tuple[str, list[str]]] = []
    for line in paragraphs(text):
        if match := ARTICLE.match(line):
            found.append((match[1], [match[2]] if match[2] else []))
        elif found:
            found[-1][1].append(line)
    return tuple(Article(name, "\n".join(lines)) for name, lines in found)


def repeated(found: Sequence[Article]) -> tuple[str, ...]:
    """Names that stand more than once: nobody could tell which is meant."""
    names = [article.name for article in found]
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
