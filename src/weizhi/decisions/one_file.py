"""The recount as one file: what a neighbour downloads, with every kind of vote in it."""

from functools import cache
from pathlib import Path

from weizhi.decisions import recount, recount_kinds

HERE = "# here the other kinds are put in: recount_kinds.py\n"
BEGINS = "# --- put in ---"


@cache
def program() -> str:
    """recount.py with recount_kinds.py inside; the latter's imports but one are the former's."""
    first = Path(recount.__file__).read_text(encoding="utf-8")
    second = Path(recount_kinds.__file__).read_text(encoding="utf-8")
    before, after = first.split(HERE)
    body = second[second.index(BEGINS) :].partition("\n")[2]
    return f"{before}{body}\n\n{after.lstrip()}"
