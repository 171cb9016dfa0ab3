"""The code on a paper: what a phone's camera opens, drawn for print."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def code_of(address: str) -> str:
    import segno

    svg: str = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
