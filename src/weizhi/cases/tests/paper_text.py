"""The words of a PDF that typst has set, without spaces: enough to check that a number or a decision stands on it."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.S)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
RESOURCES, CONTENTS = re.compile(rb"/Resources (\d+) 0 R"), re.compile(rb"/Contents (\d+) 0 R")
FONT = re.compile(rb"/([A-Za-z]\w*) (\d+) 0 R")
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)", re.S)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.S)
MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    found = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in found.values() if b"/Type/Page/" in body or b"/Type/Page>" in body]
    return re.sub(r"\s", "", "".join(_page(found, page) for page in pages))


def _page(found: dict[int, bytes], page: bytes) -> str:
    """Each page has names of its own for its fonts."""
    held = RESOURCES.search(page)
    named = FONT.findall(found[int(held[1])] if held else page)
    fonts = {
        name: _letters(found[int(unicode[1])])
        for name, number in named if (unicode := UNICODE.search(found.get(int(number), b"")))
    }  # fmt: skip
    said = CONTENTS.search(page)
    return _shown(_unpacked(found[int(said[1])]), fonts) if said else ""


def _unpacked(body: bytes) -> bytes:
    held = STREAM.search(body)
    if held is None:
        return b""
    return zlib.decompress(held[1]) if b"/FlateDecode" in body else held[1]


def _letters(body: bytes) -> dict[int, str]:
    """Which glyph stands for which letters."""
    table, found = _unpacked(body), {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        found |= {int(glyph, 16): _decoded(letters) for glyph, letters in PAIR.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, letter in RANGE.findall(block):
            start = int(letter, 16)
            found |= {n: chr(start + n - int(first, 16)) for n in range(int(first, 16), int(last, 16) + 1)}
    return found


def _decoded(letters: bytes) -> str:
    return bytes.fromhex(letters.decode()).decode("utf-16-be")


def _shown(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    said: list[str] = []
    letters: dict[int, str] = {}
    for font, string in SHOWN.findall(page):
        if font:
            letters = fonts.get(font, {})
        glyphs = ESCAPED.sub(_meant, string)
        said += [letters.get(int.from_bytes(glyphs[at : at + 2], "big"), "") for at in range(0, len(glyphs), 2)]
    return "".join(said)


def _meant(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if len(code) > 1 else MEANT.get(code, code)
