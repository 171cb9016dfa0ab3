"""Pages, acts and the record ask `record/clock.py` what time it is, or a demo's clock would stop at one of them."""

from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1]
ROOMS = ("record", "matters", "reports", "portal")
BY_THE_MACHINE = {  # and why
    "record/clock.py": "it is the clock",
    "record/origin.py": "a database is made in the machine's time",
    "record/export.py": "an export says when the machine wrote it",
    "portal/accounts/sessions.py": "how long a session lives",
    "portal/accounts/helping.py": "how long a session lives",
    "portal/api/errors.py": "when the limit of a minute is over",
    "portal/api/evidence.py": "how long a signature of ours holds",
}


def asking() -> set[str]:
    """The files in which somebody asks the machine."""
    files = (path for room in ROOMS for path in (SOURCE / room).rglob("*.py") if "tests" not in path.parts)
    words = ("timezone.now()", "timezone.localdate()", "timezone.localtime()", "datetime.now(", "date.today(")
    return {
        str(path.relative_to(SOURCE))
        for path in files
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }


@pytest.mark.parametrize("file", sorted(asking() | set(BY_THE_MACHINE)))
def test_nobody_else_asks_the_machine(file: str) -> None:
    assert file in BY_THE_MACHINE, f"{file}: ask weizhi.record.clock.now() instead"
