"""The repository as a stranger gets it: links that lead somewhere, locks that fit, nothing of anybody's machine."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from weizhi.tests import sources

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
MACHINE = re.compile(
    r"(?<![\w.])/(work|home|root|opt|Users)/\w|file://|--(extra-)?index-url|--find-links|"
    r"\b(py" + r"pi\.org|pythonhosted\.org|npm" + r"js\.(org|com))\b|\"resolved\""
)
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def dead_links(document: Path) -> Iterator[str]:
    for target in LINK.findall(CODE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        if not (document.parent / unquote(target.split("#")[0])).exists():
            yield f"{sources.place(document)}: {target}"


def test_links_between_documents_lead_somewhere():
    found = [link for document in sources.files(".md") for link in dead_links(document)]
    assert not found, sources.listing(found)


def test_a_dead_link_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "REPOSITORY", tmp_path)
    document = tmp_path / "page.md"
    document.write_text("[here](page.md) `[code](none.md)` [there](none.md#part) [out](https://example.org)")
    assert list(dead_links(document)) == ["page.md: none.md#part"]


def test_nothing_names_a_machine_or_a_package_host():
    found = []
    for path in sources.all_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path != Path(__file__):
            found += [
                f"{sources.place(path, number)}: {line.strip()[:100]}"
                for number, line in enumerate(text.splitlines(), 1)
                if MACHINE.search(line)
            ]
    assert not found, sources.listing(found)


@pytest.mark.parametrize("line", ["see /home/me/x", "cd /work/main", "pip --index-url x", "file:///srv/wheels"])
def test_a_machine_is_seen(line):
    assert MACHINE.search(line)


@pytest.mark.parametrize("purpose", ["run", "dev"])
def test_the_locks_hold_what_the_project_asks_for(purpose):
    project = tomllib.loads((sources.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if purpose == "dev" else [])]
    lock = (sources.REPOSITORY / "requirements" / f"{purpose}.txt").read_text(encoding="utf-8")
    locked = {canonicalize_name(name): version for name, version in LOCKED.findall(lock)}
    unfit = [
        line
        for line in asked
        if not Requirement(line).specifier.contains(locked.get(canonicalize_name(Requirement(line).name), "0"))
        or canonicalize_name(Requirement(line).name) not in locked
    ]
    assert not unfit, f"run `make lock`: {unfit}"
    assert lock.count("--hash=sha256:") >= len(locked)
