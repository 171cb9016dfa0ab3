"""The code on the wall and on the sheet at the door: who scans it is there, and checks in with one press."""

from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from weizhi.deliberation.models import Sitting
from weizhi.portal.printing import on_a_wall

DIGITS = 20


def token_of(sitting: UUID) -> str:
    """What the address of this one meeting's code carries; nobody can make it who has not seen it."""
    return Signer(salt="meeting-here").signature(str(sitting)).replace("-", "a").replace("_", "b")[:DIGITS]


def fits(sitting: Sitting, token: str) -> bool:
    return constant_time_compare(token_of(sitting.pk), token)


def here_url(sitting: Sitting) -> str:
    """The whole address, as a code carries it."""
    path = reverse("portal:meeting-here", args=[sitting.matter_id, token_of(sitting.pk)])
    return f"{settings.ADDRESS}{path}"


def drawn(sitting: Sitting) -> str:
    """The code for a wall: as large as the page makes it."""
    return on_a_wall(here_url(sitting))
