"""The code on an invitation: ten digits of the installation's keys, found by their blind index alone."""

import re
import unicodedata
from typing import Final
from uuid import UUID

from weizhi.deliberation.models import Invitation
from weizhi.people.vault import keyring

DIGITS: Final = 10
FIELD: Final = "deliberation.Invitation"  # under this name the keys make codes and find them
MAKES: Final = f"{FIELD}.code"


def code_of(invitation: UUID) -> str:
    """So that a letter can be printed again, and no list of codes lies in the database."""
    return f"{int(keyring().blind(str(invitation), MAKES)[:16], 16) % 10**DIGITS:0{DIGITS}}"


def blind(code: str) -> str:
    return keyring().blind(code, FIELD)


def invitation_with(typed: str) -> Invitation | None:
    """The home whose letter says this code, however it is typed."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", plain):
        return None
    found = Invitation.objects.homes().select_related("matter__place", "matter__community", "home", "step")
    return found.filter(code_blind=blind(plain)).first()
