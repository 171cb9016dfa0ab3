"""Small changes of a charter's text for people who do not write TOML: another period, one more step.

The text stays the writer's own: only the lines that must change do, comments and order remain, and whatever comes out
is checked like any other text.
"""

import re

from .findings import Path
from .lines import line_map
from .periods import parse_period
from .steps import PERIOD_KEYS

INDENT_OF_STEP = re.compile(r"\s*\[procedures\.")


class CannotEdit(ValueError):
    """The change cannot be made in this text; says in Chinese what to do instead."""


def set_period(text: str, procedure: str, step: str, period: str) -> str:
    """Give a step another period, whichever of the three words it used."""
    found = parse_period(period)
    lines, where = text.split("\n"), line_map(text)
    table: Path = ("procedures", procedure, "steps", step)
    header = _header(lines, where, table)
    used = next((key for key in PERIOD_KEYS if (*table, key) in where), None)
    if used == "for_days" and found.unit != "day":
        raise CannotEdit("这一步是公示，期限按天算。请写几天。")
    value = str(found.amount) if used == "for_days" else f'"{period}"'
    if used is None:
        lines.insert(header + 1, f"within = {value}")
    else:
        n = where[(*table, used)] - 1
        lines[n], times = re.subn(rf'(\b{used}\s*=\s*)("[^"]*"|\d+)', rf"\g<1>{value}", lines[n], count=1)
        if times != 1:
            raise CannotEdit(f"第 {n + 1} 行的期限写法特别，请直接在原文里改。")
    return "\n".join(lines)


def add_step(
    text: str, procedure: str, after: str, outcome: str | None, *, key: str, title: str, by: str, period: str
) -> str:
    """Put somebody's look between a step (by this outcome, or by `then`) and where it led: good goes on, else back."""
    parse_period(period)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", key):
        raise CannotEdit("新步骤的代号用小写英文字母、数字和连字符，例如 second-look。")
    if not title.strip() or re.search(r'["\\\n]', title):
        raise CannotEdit("给新步骤起个名字，不要用引号。")
    lines, where = text.split("\n"), line_map(text)
    table: Path = ("procedures", procedure, "steps", after)
    _header(lines, where, table)
    if ("procedures", procedure, "steps", key) in where:
        raise CannotEdit(f"已经有叫“{key}”的步骤了。请换一个代号。")
    word = outcome or "then"
    path: Path = (*table, "outcomes", outcome) if outcome else (*table, "then")
    if path not in where:
        raise CannotEdit("这一步没有这条路。请重新选一次。")
    n = where[path] - 1
    led = re.search(rf'(?<![\w-]){re.escape(word)}\s*=\s*"([^"]+)"', lines[n])
    if led is None:
        raise CannotEdit(f"第 {n + 1} 行的写法特别，请直接在原文里改。")
    lines[n] = lines[n][: led.start(1)] + key + lines[n][led.end(1) :]
    block = [
        f"[procedures.{procedure}.steps.{key}]",
        'kind = "check"',
        f'title = "{title.strip()}"',
        f'by = ["{by}"]',
        f'within = "{period}"',
        f'outcomes = {{ good = "{led[1]}", again = "{after}" }}',
        'outcome_titles = { good = "好了", again = "还没好" }',
        "at_most = { again = 2 }",
    ]
    end = _end_of(lines, where, table)
    return "\n".join([*lines[:end], *block, *lines[end:]])


def _header(lines: list[str], where: dict[Path, int], table: Path) -> int:
    """The line (from 0) of the step's own table; what another file says cannot be edited here."""
    if table not in where:
        raise CannotEdit("这一步写在上级章程里。要改它，先把整个程序抄到这份章程里来。")
    n = where[table] - 1
    if not INDENT_OF_STEP.match(lines[n]):
        raise CannotEdit(f"第 {n + 1} 行的写法特别，请直接在原文里改。")
    return n


def _end_of(lines: list[str], where: dict[Path, int], table: Path) -> int:
    """The line (from 0) after the last that belongs to the table."""
    last = max(line for path, line in where.items() if path[: len(table)] == table)
    while last < len(lines) and lines[last].strip() and not lines[last].lstrip().startswith(("[", "#")):
        last += 1
    return last
