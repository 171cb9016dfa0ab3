"""The number printed on a ballot paper of a secret vote: drawn by chance for each sheet, and never for anybody.

Thirteen digits by chance (of nine, two papers of one town would soon bear the same) and three that only the key file
can make, so that a slip of the finger and a paper of another vote are told at once, and no list of numbers needs to be
kept: a list could be laid beside the list of voters.
"""

import secrets
import unicodedata
from typing import Final
from uuid import UUID

from weizhi.people.vault import keyring

DRAWN: Final = 13
CHECKED: Final = 3
LENGTH: Final = DRAWN + CHECKED
GROUP: Final = 4
LOWEST: Final = 10 ** (DRAWN - 1)
PURPOSE: Final = "decisions.UrnPaper"


def new_number(vote: UUID) -> str:
    """A number that nobody chose."""
    return completed(vote, str(LOWEST + secrets.randbelow(9 * LOWEST)))


def completed(vote: UUID, drawn: str) -> str:
    """The number with the digits that make it one of this vote's."""
    check = int(keyring().blind(f"{vote}:{drawn}", PURPOSE)[:15], 16) % 10**CHECKED
    return f"{drawn}{check:0{CHECKED}d}"


def is_printed(vote: UUID, number: str) -> bool:
    """Whether this vote's papers can bear it."""
    digits = number.isascii() and number.isdecimal() and len(number) == LENGTH
    return digits and completed(vote, number[:DRAWN]) == number


def plain(typed: str) -> str:
    """The digits, however they are typed, or as a hand scanner reads the code (…?paper=1234567890123456)."""
    text = unicodedata.normalize("NFKC", typed).rpartition("paper=")[2]
    return "".join(c for c in text if not (c.isspace() or c == "-"))[: LENGTH + 1]


def shown(number: str) -> str:
    """In groups of four, as it is printed."""
    return " ".join(number[n : n + GROUP] for n in range(0, LENGTH, GROUP))
