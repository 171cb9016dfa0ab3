"""The text of a file as people have it: what a Chinese spreadsheet writes, whichever way it was saved."""

from typing import Final

ENCODINGS: Final = ("utf-8-sig", "gb18030")


class BadFile(Exception):
    """A file that cannot be read at all; says what to do."""


def text_of(raw: bytes, name: str) -> str:
    """The bytes as text. Raises BadFile, which names the file as people know it."""
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(f"{name}：看不懂这个文件的编码。请另存为 UTF-8。")


def cannot_open(name: object, error: OSError) -> BadFile:
    """To raise where the file itself cannot be opened."""
    return BadFile(f"{name}：打不开（{error.strerror}）。请检查文件名和权限。")
