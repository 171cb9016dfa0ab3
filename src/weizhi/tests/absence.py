"""What a test needs and a machine lacks: skipped at home with the reason, a failure where CI is set."""

import os
from typing import NoReturn

import pytest


def absent(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(f"{reason} CI is set, so this counts as a failure.", pytrace=False)
    pytest.skip(reason)
