"""Files in work, outside the database: what was sent (sealed: telephone numbers stand in it), what was found."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from weizhi.census import plan
from weizhi.census.findings import Finding
from weizhi.census.reading import Source
from weizhi.people.vault import keyring

# So a spreadsheet would begin to compute what somebody wrote into a name of a file, a sheet or a column.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SEVERITY = {"error": "要改", "note": "提醒"}


def keep(import_id: UUID, files: Sequence[bytes]) -> None:
    for number, data in enumerate(files):
        sealed = keyring().encrypt(data.decode("latin-1"), _identity(import_id, number))
        _write(_path(import_id, number), sealed)


def sources(import_id: UUID, names: Sequence[str]) -> list[Source]:
    """The files as they were sent."""
    return [Source(name, _opened(import_id, number)) for number, name in enumerate(names)]


def keep_findings(import_id: UUID, found: Iterable[Finding]) -> None:
    """All of them as a table that a spreadsheet opens, for whoever mends the file."""
    path = findings_path(import_id)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(["文件", "表", "行", "列", "", "怎么改"])
        for one in found:
            told = [*map(str, one.spot), one.column, SEVERITY[one.severity], one.message]
            table.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in told])


def findings(import_id: UUID, most: int) -> list[list[str]]:
    """The first of them, as rows of file, sheet, line, column, severity, words."""
    path = findings_path(import_id)
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return [row for row, _ in zip(rows, range(most), strict=False)]


def findings_path(import_id: UUID) -> Path:
    return plan.folder() / f"{import_id}.csv"


def forget(import_id: UUID) -> None:
    """Delete what was sent. What was found stays for whoever mends it, until it is old."""
    for path in plan.folder().glob(f"{import_id}-*.sealed"):
        path.unlink(missing_ok=True)


def _opened(import_id: UUID, number: int) -> bytes:
    sealed = _path(import_id, number).read_bytes()
    return keyring().decrypt(sealed, _identity(import_id, number)).encode("latin-1")


def _path(import_id: UUID, number: int) -> Path:
    return plan.folder() / f"{import_id}-{number}.sealed"


def _identity(import_id: UUID, number: int) -> str:
    return f"census.Import:{import_id}:{number}"


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
