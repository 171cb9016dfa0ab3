"""Find the line on which each key path of a TOML text is defined.

`tomllib` gives values without positions; this second pass walks the same text again. It trusts that tomllib has
accepted the text, so it only needs to know where keys and values begin and end. Nothing here builds values.
"""

import re
import tomllib

Path = tuple[str | int, ...]
Lines = dict[Path, int]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_LINE_REST = re.compile(r"[^\n]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2}(?!"))', re.DOTALL),
    "'''": re.compile(r"'''.*?'''(?:'{0,2}(?!'))", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\])*"'),
    "'": re.compile(r"'[^']*'"),
}


def line_map(text: str) -> Lines:
    """Return the line (from 1) of every key path, of arrays' items and of tables that are only implied."""
    return _Scanner(text).run()


def line_of(lines: Lines, path: Path) -> int:
    """Return the line of the path or of its nearest ancestor; 1 when nothing of it is written."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


class _Scanner:
    """One walk over one text."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: Lines = {}
        self.items: dict[Path, int] = {}  # how many [[tables]] each array has so far

    def run(self) -> Lines:
        table: Path = ()
        self._skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _define(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def _header(self) -> Path:
        """Read [table] or [[array of tables]]."""
        line = self._line()
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        path = self._current(self._key())
        self._skip(_LINE_REST)
        if array:
            number = self.items[path] = self.items.get(path, -1) + 1
            self._define(path, line)
            path = (*path, number)
        elif path in self.lines:
            self.lines[path] = line  # implied before by [a.b]; here is where it is really defined
        self._define(path, line)
        return path

    def _current(self, key: list[str]) -> Path:
        """Put the number of the latest item wherever the key goes through an array of tables."""
        path: Path = ()
        for n, part in enumerate(key):
            path = (*path, part)
            if path in self.items and n < len(key) - 1:
                path = (*path, self.items[path])
        return path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANK)
            quote = self.text[self.at]
            if quote in "\"'":
                raw = self._skip(_STRINGS[quote])
                parts.append(next(iter(tomllib.loads(f"{raw} = 0"))))
            else:
                parts.append(self._skip(_BARE))
            self._skip(_BLANK)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._key())
        self.at += 1  # the equals sign
        self._skip(_BLANK)
        self._define(path, line)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline(path)
        elif opening in "\"'":
            triple = self.text[self.at : self.at + 3]
            self._skip(_STRINGS.get(triple, _STRINGS[opening]))
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        while True:
            self._skip(_SPACE)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._define((*path, number), self._line())
            self._value((*path, number))
            number += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip(_SPACE)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
