"""The code on a slip: ten digits, said over the telephone like a number, found by its blind index alone."""

import re
import unicodedata
from datetime import datetime
from itertools import count
from typing import Final
from uuid import UUID

from weizhi.matters.models import Matter
from weizhi.people.vault import keyring
from weizhi.reports.models import Slip

DIGITS: Final = 10
FIELD: Final = "reports.Slip"
MAKES: Final = f"{FIELD}.code"


def make_slip(matter: Matter, at: datetime) -> Slip:
    """Give the matter a code of its own: two alike among ten thousand million do meet in a large city."""
    for turn in count():
        index = blind(code_of(matter.pk, turn))
        if not Slip.objects.filter(code_blind=index).exists():
            return Slip.objects.create(matter=matter, turn=turn, code_blind=index, made_at=at)
    raise AssertionError("counting never ends")


def code_of(matter_id: UUID, turn: int) -> str:
    """The matter's code: of the installation's keys, so that it can be printed again and need not be kept."""
    return f"{int(keyring().blind(f'{matter_id}:{turn}', MAKES)[:16], 16) % 10**DIGITS:0{DIGITS}}"


def slip_with(typed: str) -> Slip | None:
    """The slip with this code, however it is typed, with its matter."""
    code = as_code(typed)
    found = Slip.objects.filter(code_blind=blind(code)) if code else Slip.objects.none()
    return found.select_related("matter__place__parent__parent", "matter__stream", "matter__community").first()


def as_code(typed: str) -> str | None:
    """Ten digits, or None where this is no code."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return plain if re.fullmatch(rf"[0-9]{{{DIGITS}}}", plain) else None


def said(code: str) -> str:
    """As it is printed and read out: 483 920 1576."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def blind(code: str) -> str:
    return keyring().blind(code, FIELD)
