"""Read a charter from a file, the library or a stored text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from .checking import check
from .findings import CharterError, Faults, Finding, Origin, Path
from .merging import Merged, merge_text
from .models import Charter, charter_of
from .shapes import tell
from .spec import StepKindSpec
from .standing import STANDING

LIBRARY = FilePath(__file__).parent / "library"


class Library:
    """Charters by name: those in the given folders first, then those that come with Weizhi."""

    def __init__(self, search: Iterable[FilePath | str] = ()) -> None:
        self.folders = [*(FilePath(folder) for folder in search), LIBRARY]

    def __call__(self, name: str) -> tuple[str, str] | None:
        """Return file name and text of a charter."""
        for folder in self.folders:
            file = folder / f"{name}.toml"
            if file.is_file():
                return str(file), file.read_text(encoding="utf-8")
        return None

    def names(self) -> list[str]:
        """Return the name of every charter that can be read."""
        return sorted({file.stem for folder in self.folders for file in folder.glob("*.toml")})


@dataclass(frozen=True)
class Checked:
    """What came out of a text: the charter if it could be built, every finding, and where each key stands."""

    charter: Charter | None
    findings: tuple[Finding, ...]
    origins: Mapping[Path, Origin]

    def where(self, path: Path) -> Origin:
        """Return file and line of a key path, or of its nearest ancestor that is written."""
        return Faults("", self.origins).where(path)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that forbid its use, not those that only name a step kind nobody provides yet."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def library_names() -> list[str]:
    """Return the names of the charters that come with Weizhi."""
    return Library().names()


def load(
    path_or_name: str | FilePath,
    *,
    specs: Mapping[str, StepKindSpec] = STANDING,
    search: Sequence[FilePath | str] = (),
    allow_unprovided: bool = False,
) -> Charter:
    """Load a charter by file or by name; raise `CharterError` with every finding when it cannot be used."""
    checked = check_file(path_or_name, specs=specs, search=search)
    refused = checked.errors if allow_unprovided else checked.findings
    if refused or checked.charter is None:
        raise CharterError(checked.findings)
    return checked.charter


def check_file(
    path_or_name: str | FilePath,
    *,
    specs: Mapping[str, StepKindSpec] = STANDING,
    search: Sequence[FilePath | str] = (),
) -> Checked:
    """Read and check a charter by file or by name, without refusing it."""
    file = FilePath(path_or_name)
    if file.suffix == ".toml":
        if not file.is_file():
            raise CharterError([Finding(str(file), 1, "", "", "没有这个文件。请检查路径。")])
        library = Library([*search, file.parent])
        return parse_text(file.read_text(encoding="utf-8"), str(path_or_name), specs=specs, library=library)
    library = Library(search)
    found = library(str(path_or_name))
    if found is None:
        faults = Faults(str(path_or_name), {})
        faults.add((), f"没有叫“{path_or_name}”的章程。", expected=library.names(), near=str(path_or_name))
        raise CharterError(faults.sorted())
    return parse_text(found[1], found[0], specs=specs, library=library)


def parse_text(
    text: str, filename: str, *, specs: Mapping[str, StepKindSpec] = STANDING, library: Library | None = None
) -> Checked:
    """Read and check a charter's text; every finding at once."""
    faults = Faults(filename, {})
    merged = merge_text(text, filename, library or Library(), faults)
    if merged is None:
        return Checked(None, faults.sorted(), {})
    faults.origins = merged.origins
    charter, wrong = _shaped(merged.tables, faults)
    if charter is not None:
        broken = frozenset(str(path[1]) for path in wrong if len(path) > 1 and path[0] == "procedures")
        check(charter, specs, faults, broken=broken, above=_above(merged))
    findings = faults.sorted()
    usable = charter if charter is not None and not any(f.severity == "error" for f in findings) else None
    return Checked(usable, findings, merged.origins)


def thaw(canonical_json: str) -> Charter:
    """Build a charter again from what `canonical()` wrote, without reading any file or checking it anew."""
    return charter_of(json.loads(canonical_json))


def _above(merged: Merged) -> list[tuple[Charter, Mapping[Path, Origin]]]:
    """Return the charters of higher levels, which this one may narrow but not contradict."""
    found: list[tuple[Charter, Mapping[Path, Origin]]] = []
    for parent in merged.parents:
        head = parent.tables.get("charter", {})
        if isinstance(head, dict) and head.get("level"):
            charter, _ = _shaped(parent.tables, Faults("", {}))
            if charter is not None:
                found.append((charter, parent.origins))
        found += _above(parent)
    return found


def _shaped(tables: dict[str, Any], faults: Faults) -> tuple[Charter | None, list[Path]]:
    """Build the charter; what has the wrong shape is told and left out, so that the rest is checked too."""
    wrong: list[Path] = []
    tables = deepcopy(tables)
    for _ in range(4):
        try:
            return charter_of(tables), wrong
        except ValidationError as error:
            paths = tell(error, tables, Charter, faults, told=wrong)
            wrong += paths
            if not paths or not all(_leave_out(tables, path) for path in paths):
                return None, wrong
    return None, wrong


def _leave_out(tables: dict[str, Any], path: Path) -> bool:
    """Delete the wrong key; when it is missing, the table that misses it. False: nothing is left to check."""
    here: Any = tables
    for n, part in enumerate(path[:-1]):
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            return len(path[:n]) > 0  # its table has gone already
    last = path[-1] if path else None
    if isinstance(here, dict) and last in here:
        del here[last]
    elif isinstance(here, list) and isinstance(last, int):
        here[last : last + 1] = []
    elif len(path) > 1 and path[0] != "charter":
        return _leave_out(tables, path[:-1])
    else:
        return False
    return True
