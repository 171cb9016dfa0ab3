"""What the checker says: one fault, where it stands, what was expected and the nearest right name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Origin = tuple[str, int]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One fault of a charter, in Chinese words that say what to do."""

    file: str
    line: int
    table: str
    key: str
    message: str
    expected: str = ""
    nearest: str = ""
    severity: Literal["error", "missing"] = "error"

    def __str__(self) -> str:
        where = f"[{self.table}] {self.key}：" if self.table else f"{self.key}：" if self.key else ""
        told = f"{self.file}:{self.line}: {where}{self.message}"
        if self.nearest:
            told += f" 最接近的是“{self.nearest}”。"
        return told


class CharterError(Exception):
    """The charter cannot be used; every finding is told at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name that the word was probably meant to be, or nothing."""
    close = get_close_matches(word, list(names), n=1, cutoff=0.5)
    return close[0] if close else ""


class Faults:
    """Collects findings and puts each on the line that its key path was written on."""

    def __init__(self, file: str, origins: Mapping[Path, Origin]) -> None:
        self.file = file
        self.origins = origins
        self.found: list[Finding] = []

    def where(self, path: Path) -> Origin:
        """Return file and line of the path, or of its nearest ancestor that is written."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.origins:
                return self.origins[path[:end]]
        return self.file, 1

    def add(
        self,
        path: Path,
        message: str,
        *,
        expected: Iterable[str] = (),
        near: str = "",
        severity: Literal["error", "missing"] = "error",
    ) -> None:
        """Add a fault; `near` is the word that was written, whose nearest right name is looked for."""
        names = sorted(set(expected))
        file, line = self.where(path)
        table, key = split_path(path)
        close = nearest(near, names) if near else ""
        self.found.append(Finding(file, line, table, key, message, "、".join(names), close, severity))

    def sorted(self) -> tuple[Finding, ...]:
        """Return each fault once, in the order of the file."""
        return tuple(sorted(set(self.found), key=lambda f: (f.file != self.file, f.file, f.line, f.table, f.key)))


def split_path(path: Path) -> tuple[str, str]:
    """Return the table and the key that people see: ("procedures.x.steps.sort", "by")."""
    words = [part if isinstance(part, str) else f"第 {part + 1} 项" for part in path]
    last = max((n for n, part in enumerate(path) if isinstance(part, str)), default=0)
    return ".".join(words[:last]), " ".join(words[last:])
