"""Paper: sheets set by typst, the code on them, long lists in pieces, and the answer that carries a PDF.

typst sets Chinese with both margins flush. What people and charters say goes in as JSON, never into its source.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from django.http import HttpResponse

from weizhi.matters.refused import Refused

PORTAL: Final = Path(__file__).parent  # the sheets of all rooms share one house style
Form = Literal["pdf", "png"]
MINE: Final = "private, no-store"


def typeset(sheet: str, told: Mapping[str, Any], form: Form = "pdf") -> list[bytes]:
    """Set a sheet of `portal`, in about half a second: one PDF; or each page as png, for looking at it."""
    import typst  # a compiler of 20 MB: only where paper is asked for

    said = {"told": json.dumps(told, ensure_ascii=False)}
    source, ppi = str(PORTAL / sheet), None if form == "pdf" else 90
    made: Any = typst.compile(source, root=str(PORTAL), sys_inputs=said, format=form, ppi=ppi)
    return made if isinstance(made, list) else [made]


def pdf_answer(made: bytes, name: str, *, cache: str = MINE) -> HttpResponse:
    """A PDF that opens in the browser. `name`: of the file, without its ending."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": cache}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@lru_cache(maxsize=1024)
def qr_of(address: str) -> str:
    """What a phone's camera opens, drawn for print."""
    import segno

    svg: str = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


@dataclass(frozen=True)
class Range:
    """Numbers of a list from … to …; a town's list is printed in pieces."""

    first: int
    last: int

    @classmethod
    def asked(cls, wanted: Mapping[str, str], at_most: int) -> "Range":
        """Raises Refused where it is no range or too much."""
        try:
            first = int(wanted.get("from") or 1)
            last = int(wanted.get("to") or first + at_most - 1)
        except ValueError:
            raise Refused("bad-data", f"从几号到几号，请写数字，例如 from=1&to={at_most}。") from None
        if first < 1 or not first <= last < first + at_most:
            raise Refused("bad-data", f"一份最多印 {at_most} 号。请分几次打印，例如先 1 到 {at_most}。")
        return cls(first, last)

    def words(self, size: int) -> str:
        return f"第 {self.first:,} 到 {min(self.last, max(size, 1)):,} 号，名册共 {size:,} 号"


def on_a_wall(address: str) -> str:
    """A code as a drawing inside a page: as large as the page makes it, with a white of its own."""
    import segno

    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True
    )
    return drawn
