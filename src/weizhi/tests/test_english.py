"""Whatever people read in Chinese can be read in English: a missing, stale or spoilt entry is named here."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest

HOLES = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names of invented places, which are names in every language.
NAMES = ("幸福里", "光明里")


@pytest.fixture(scope="session")
def messages(repository: Path) -> Any:
    sys.path.insert(0, str(repository / "scripts"))
    try:
        import messages
    finally:
        sys.path.pop(0)
    return messages


def said(message: Any) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def asked(message: Any) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_the_catalogue_says_what_the_source_says(messages: Any) -> None:
    now, kept = messages.catalogue(), messages.read()
    source = {(one.context, one.id) for one in now if one.id}
    translated = {(one.context, one.id) for one in kept if one.id}
    missing, stale = source - translated, translated - source
    assert not missing, f"Not in the English catalogue (make messages, then translate): {sorted(map(str, missing))}"
    assert not stale, f"No longer said by the source (make messages): {sorted(map(str, stale))}"


def test_every_entry_is_translated(messages: Any) -> None:
    empty = [one.id for one in messages.read() if one.id and not all(said(one))]
    assert not empty, f"To be translated: {empty}"


def test_holes_stay_and_chinese_goes(messages: Any) -> None:
    spoilt = []
    for one in messages.read():
        if not one.id:
            continue
        holes = {tuple(sorted(HOLES.findall(text))) for text in asked(one)}
        for text in said(one):
            if tuple(sorted(HOLES.findall(text))) not in holes:
                spoilt.append(f"{one.id} → {text}: other holes")
            without = text
            for name in NAMES:
                without = without.replace(name, "")
            if CHINESE.search(without):
                spoilt.append(f"{one.id} → {text}: Chinese")
    assert not spoilt, "\n".join(spoilt)
