"""The blocks of which a paper is made; how each looks is paper/document.typ's part."""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]


def section(title: str, *blocks: Block | None) -> dict[str, Any]:
    return {"title": title, "blocks": [block for block in blocks if block]}


def p(words: str) -> Block:
    return {"kind": "p", "words": words}


def big(words: str) -> Block:
    return {"kind": "big", "words": words}


def quote(words: str) -> Block:
    return {"kind": "quote", "words": words}


def head(words: str) -> Block:
    return {"kind": "head", "words": words}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    return {"kind": "facts", "rows": [list(row) for row in rows if row[1]]}


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], right: Sequence[int] = (), **look: Any
) -> Block:
    """widths: 0 as wide as needed, else a share of what is left."""
    return {
        "kind": "table", "head": list(heads), "rows": [list(row) for row in rows], "widths": list(widths),
        "right": list(right), **look,
    }  # fmt: skip


def fill(*rows: str) -> Block:
    return {"kind": "fill", "rows": list(rows)}


def sign(*names: str) -> Block:
    return {"kind": "sign", "names": list(names)}


def mono(words: str, label: str = "") -> Block:
    """What is compared letter by letter, with what it is."""
    return {"kind": "mono", "words": words, "label": label}


def bars(checks: Iterable[dict[str, Any]]) -> Block:
    """Thresholds with the mark that they must reach; parts of a thousand, cut and never rounded up."""
    rows = []
    for one in checks:
        whole = one["whole"] or 1
        above, below = one["share"]
        rows.append(
            {
                "name": f"{one['name']}：要{one['words']}", "met": one["met"], "sentence": one["sentence"],
                "verdict": "达到" if one["met"] else "未达到", "reached": min(one["part"] * 1000 // whole, 1000),
                "mark": above * 1000 // below,
            }
        )  # fmt: skip
    return {"kind": "bars", "rows": rows}


def changes(rows: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> Block:
    """What changed in a text: what the margin says of a paragraph, and its runs (same, gone or new)."""
    told = [{"sign": sign, "runs": [{"mark": mark, "text": words} for mark, words in runs]} for sign, runs in rows]
    return {"kind": "diff", "rows": told}
