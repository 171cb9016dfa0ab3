"""The code on a slip: ten digits, said over the telephone like a number, found by its blind index alone."""

import re
import unicodedata
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from weizhi.people.vault import keyring
from weizhi.reports.models import Report

DIGITS: Final = 10
TURNS: Final = 8
FIELD: Final = "reports.Slip"  # under this name the keys make codes and find them: slips in people's hands keep theirs
MAKES: Final = f"{FIELD}.code"


def save_with_slip(report: Report) -> None:
    """Give the report a code of its own: two alike among ten thousand million do meet in a large city.

    Nobody asks first whether a code is free, the database refuses the second of two.
    """
    for turn in range(TURNS):
        report.turn, report.code_blind = turn, blind(code_of(report.matter_id, turn))
        try:
            with transaction.atomic():
                report.save(force_insert=True)
            return
        except IntegrityError:
            if turn == TURNS - 1:
                raise


def code_of(matter_id: UUID, turn: int) -> str:
    """The matter's code: of the installation's keys, so that it can be printed again and need not be kept."""
    return f"{int(keyring().blind(f'{matter_id}:{turn}', MAKES)[:16], 16) % 10**DIGITS:0{DIGITS}}"


def slip_with(typed: str) -> Report | None:
    """The report whose slip says this code, however it is typed, with its matter."""
    code = as_code(typed)
    found = Report.objects.filter(code_blind=blind(code)) if code else Report.objects.none()
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
