"""Merge a charter with those it extends, and remember for every key which file and line it came from.

Tables merge by key and the deepest wins. A procedure is replaced whole: half of one city's procedure inside
another's would be nobody's agreement. The same key from two parents is a fault unless the child decides.
"""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from .findings import Faults, Origin, Path
from .lines import line_map

Tables = dict[str, Any]
Reader = Callable[[str], tuple[str, str] | None]  # name → (file name, text)


@dataclass
class Merged:
    """A charter's tables after merging, with the origin of every key and the names of all ancestors."""

    tables: Tables
    origins: dict[Path, Origin]
    ancestors: frozenset[str] = frozenset()  # file names
    parents: list["Merged"] = field(default_factory=list)


def merge_text(text: str, filename: str, read: Reader, faults: Faults, trail: tuple[str, ...] = ()) -> Merged | None:
    """Read a charter with everything it extends; None when the text itself cannot be read."""
    own = _read(text, filename, faults)
    if own is None:
        return None
    head = own.tables.get("charter")
    head = head if isinstance(head, dict) else {}
    faults.origins = {**own.origins, **{path: at for path, at in faults.origins.items() if path not in own.origins}}
    own.parents = _parents(head, read, faults, (*trail, str(head.get("name", filename))))
    merged = Merged({}, {}, frozenset().union(*(p.ancestors for p in own.parents)) | {filename}, own.parents)
    for parent in own.parents:
        _join(merged, parent, own.tables, faults)
    merged.tables.pop("charter", None)
    _overlay(merged.tables, own.tables, merged.origins, own.origins, ())
    _remove(merged, head, faults)
    return merged


def _read(text: str, filename: str, faults: Faults) -> Merged | None:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.origins = {("",): (filename, _error_line(str(error), text))}
        faults.add(("",), f"这不是完整的 TOML：{error}。请检查这一行的引号、括号和等号。")
        return None
    return Merged(tables, {path: (filename, line) for path, line in line_map(text).items()})


def _error_line(message: str, text: str) -> int:
    _, _, tail = message.partition("at line ")
    digits = tail.split(",")[0]
    return int(digits) if digits.isdigit() else text.count("\n") + 1


def _parents(head: Tables, read: Reader, faults: Faults, trail: tuple[str, ...]) -> list[Merged]:
    names = head.get("extends", [])
    found = []
    for n, name in enumerate(names if isinstance(names, list) else []):
        path: Path = ("charter", "extends", n)
        if not isinstance(name, str):
            continue  # the shape check tells it
        if name in trail:
            faults.add(path, f"章程绕成一圈：{' → '.join((*trail, name))}。请去掉其中一处 extends。")
            continue
        source = read(name)
        if source is None:
            known: list[str] = getattr(read, "names", list)()
            faults.add(path, f"找不到要继承的章程“{name}”。", expected=known, near=name)
            continue
        inner = Faults(source[0], {})
        parent = merge_text(source[1], source[0], read, inner, trail)
        faults.found.extend(inner.found)
        if parent is not None:
            found.append(parent)
    return found


def _atomic(path: Path) -> bool:
    return len(path) == 2 and path[0] == "procedures"


def _join(merged: Merged, parent: Merged, child: Tables, faults: Faults) -> None:
    """Add one more parent; where two say different things and the child is silent, tell it."""
    for path in _differences(merged.tables, parent.tables, ()):
        if path[0] == "charter" or _decides(child, path):
            continue
        mine, theirs = _origin(merged.origins, path), _origin(parent.origins, path)
        if mine[0] in parent.ancestors and mine[0] != theirs[0]:
            continue  # the newcomer has already decided over what both inherit
        if theirs[0] in merged.ancestors and mine[0] != theirs[0] and not _siblings(mine, theirs, merged):
            _keep(parent, merged, path)
            continue
        if mine == theirs:
            continue
        name = ".".join(str(part) for part in path)
        faults.add(
            ("charter", "extends"),
            f"两个上级章程对“{name}”说法不同：{mine[0]}:{mine[1]} 和 {theirs[0]}:{theirs[1]}。"
            "请在本章程里写明用哪一种。",
        )
    _overlay(merged.tables, deepcopy(parent.tables), merged.origins, parent.origins, ())


def _siblings(mine: Origin, theirs: Origin, merged: Merged) -> bool:
    """Tell whether two origins are different parents of the same child, neither above the other."""
    owner = next((p for p in merged.parents if mine[0] in p.ancestors), None)
    return owner is not None and theirs[0] not in owner.ancestors


def _keep(parent: Merged, merged: Merged, path: Path) -> None:
    """Let what was already decided stand: copy it over the newcomer's inherited value."""
    source, target = merged.tables, parent.tables
    for part in path[:-1]:
        source, target = source[str(part)], target[str(part)]
    target[str(path[-1])] = deepcopy(source[str(path[-1])])
    _move_origins(parent.origins, merged.origins, path)


def _differences(one: Tables, two: Tables, path: Path) -> list[Path]:
    found: list[Path] = []
    for key in one.keys() & two.keys():
        here = (*path, key)
        if isinstance(one[key], dict) and isinstance(two[key], dict) and not _atomic(here):
            found += _differences(one[key], two[key], here)
        elif one[key] != two[key]:
            found.append(here)
    return sorted(found, key=str)


def _decides(child: Tables, path: Path) -> bool:
    removed = child.get("charter", {}).get("remove", []) if isinstance(child.get("charter"), dict) else []
    if any(".".join(map(str, path[:end])) in removed for end in range(1, len(path) + 1)):
        return True
    here: Any = child
    for part in path:
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    return True


def _origin(origins: dict[Path, Origin], path: Path) -> Origin:
    for end in range(len(path), 0, -1):
        if path[:end] in origins:
            return origins[path[:end]]
    return "", 0


def _overlay(
    below: Tables, above: Tables, origins: dict[Path, Origin], above_origins: dict[Path, Origin], path: Path
) -> None:
    for key, value in above.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(below.get(key), dict) and not _atomic(here):
            origins[here] = above_origins.get(here, origins.get(here, ("", 0)))
            _overlay(below[key], value, origins, above_origins, here)
        else:
            below[key] = value
            _move_origins(origins, above_origins, here)


def _move_origins(origins: dict[Path, Origin], above: dict[Path, Origin], path: Path) -> None:
    size = len(path)
    for old in [p for p in origins if p[:size] == path]:
        del origins[old]
    origins.update({p: at for p, at in above.items() if p[:size] == path})


def _remove(merged: Merged, head: Tables, faults: Faults) -> None:
    names = head.get("remove", [])
    for n, name in enumerate(names if isinstance(names, list) else []):
        parts = str(name).split(".")
        here: Any = merged.tables
        for part in parts[:-1]:
            here = here.get(part) if isinstance(here, dict) else None
        if not isinstance(here, dict) or parts[-1] not in here:
            known = [".".join([*parts[:-1], key]) for key in here] if isinstance(here, dict) else list(merged.tables)
            faults.add(("charter", "remove", n), f"要去掉的“{name}”上级章程里没有。", expected=known, near=str(name))
            continue
        del here[parts[-1]]
