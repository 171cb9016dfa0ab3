"""The repository's own files, for the tests that read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = REPOSITORY / "src" / "weizhi"


@cache
def all_files() -> tuple[Path, ...]:
    """What belongs to the repository: committed, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def files(*suffixes: str, under: Path = REPOSITORY) -> Iterator[Path]:
    return (path for path in all_files() if path.suffix in suffixes and path.is_relative_to(under))


def programs(*, tests: bool = False) -> Iterator[Path]:
    """Python files of the package, without migrations."""
    for path in files(".py", under=PACKAGE):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" not in parts and (tests or not {"tests", "conftest.py"} & set(parts)):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int | None = None) -> str:
    name = path.relative_to(REPOSITORY).as_posix()
    return name if line is None else f"{name}:{line}"


def listing(findings: list[str]) -> str:
    return "\n" + "\n".join(findings)
