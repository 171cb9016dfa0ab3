"""A person's own e-mail address: taken only when the code that went there has come back.

What waits for its code lies in the session, which is encrypted; nothing is written about an address that is not one's.
"""

import hmac
import logging
import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.accounts.helping import note_in_register

log = logging.getLogger(__name__)

WAITS: Final = "new-email"  # in the session
HOLDS: Final = timedelta(minutes=15)
TRIES_AT_MOST: Final = 5
SENT_AT_MOST: Final = 5  # an hour and person: nobody uses us to fill another's letter box
ADDRESS_AT_MOST: Final = 254


def waiting_for(session: SessionBase, now: datetime) -> str:
    """The address to which a code is under way, or ""."""
    held: dict[str, Any] | None = session.get(WAITS)
    return str(held["address"]) if held and now < datetime.fromisoformat(held["until"]) else ""


def send_code(session: SessionBase, person: Person, typed: str, now: datetime) -> None:
    """Send a code to the address. Raises Refused."""
    address = _address(typed)
    if address == person.email:
        raise Refused("bad-data", _("现在登记的就是这个邮箱。"), field="email")
    counted = f"email-codes:{person.pk}"
    if _counted(counted, 3600) > SENT_AT_MOST:
        raise Refused("too-often", _("发得太多了。请过一个小时再试。"), field="email")
    code = f"{secrets.randbelow(1_000_000):06}"
    words = _("您的验证码是 %(code)s，15 分钟内有效。不是您要换邮箱，就不用管这封信。") % {"code": code}
    if not _mailed(_("【微治】换邮箱的验证码"), words, address):
        raise Refused("closed", _("信没有发出去。请检查邮箱写得对不对，过一会儿再试。"), field="email")
    session[WAITS] = {"address": address, "code": code, "until": (now + HOLDS).isoformat()}


def confirm(session: SessionBase, person: Person, typed: str, now: datetime) -> str:
    """Take the address whose code came back; return it. Raises Refused."""
    address = waiting_for(session, now)
    if not address:
        session.pop(WAITS, None)
        raise Refused("closed", _("验证码过期了。请再发一次。"), field="email")
    held = session[WAITS]
    if not hmac.compare_digest("".join(typed.split()).encode(), str(held["code"]).encode()):
        # Beside the session: guesses sent at the same moment each bring the same session along.
        if _counted(f"email-tries:{person.pk}:{held['until']}", int(HOLDS.total_seconds())) >= TRIES_AT_MOST:
            session.pop(WAITS)
            raise Refused("too-often", _("错得太多了。请再发一次验证码。"), field="email")
        raise Refused("bad-data", _("验证码不对。请再看一眼信，重新输入。"), field="code")
    before = person.email
    session.pop(WAITS)
    _keep(person, address)
    if before:
        _mailed(_("【微治】您的邮箱换了"), _("以后的消息发到新的邮箱。如果不是您换的，请马上告诉居委会。"), before)
    return address


def _counted(name: str, seconds: int) -> int:
    """One more, for so long. Not `incr`: kept in the database it would set the time back to five minutes."""
    known = int(cache.get(name, 0)) + 1
    cache.set(name, known, seconds)
    return known


def forget(session: SessionBase, person: Person) -> None:
    """No address any more: nothing is sent there."""
    session.pop(WAITS, None)
    if person.email:
        _keep(person, "")


def _keep(person: Person, address: str) -> None:
    with transaction.atomic():
        person.email = address
        person.save(update_fields=["email"])
        note_in_register(person, "set-email", person)


def _address(typed: str) -> str:
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > ADDRESS_AT_MOST:
        raise Refused("bad-data", _("这不像一个邮箱。请写成 name@example.com 这样。"), field="email")
    return address


def _mailed(title: str, words: str, address: str) -> bool:
    try:
        return bool(send_mail(title, words, None, [address]))
    except (OSError, SMTPException) as error:
        log.warning("A letter about an address did not go out: %s", type(error).__name__)
        return False
