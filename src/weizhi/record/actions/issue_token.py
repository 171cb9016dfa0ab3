"""Give a program a token, and take it back: both are entries of the people's register. The token is shown once."""

import hashlib
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from weizhi.people.models import Body, Holding, MachineToken, Person
from weizhi.places.models import Place
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.appoint import appoint, dismiss
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock

PREFIX: Final = "wz_"  # so that whoever finds one in a file or a log knows what it opens
HINT: Final = 4
# No hyphen: the last letters name a token on the command line, where what begins with one is an option.
ALPHABET: Final = string.ascii_letters + string.digits
LENGTH: Final = 43  # 256 bits
DAYS, DAYS_AT_MOST = 180, 366
PER_MINUTE, PER_MINUTE_AT_MOST = 60, 600
NAME_AT_MOST: Final = 40


class TokenRefused(Exception):
    """Why none was given, and what to do. `field` names what has to be mended."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Issued:
    """The row, and the token itself, which is kept nowhere."""

    row: MachineToken
    token: str


def digest_of(token: str) -> str:
    """Under what a token is found. Unsalted: it is 256 random bits, which nobody guesses from a hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(
    holding: Holding,
    name: str,
    scopes: Iterable[str],
    *,
    days: int = DAYS,
    per_minute: int = PER_MINUTE,
    by: Person | None = None,
    at: datetime | None = None,
) -> Issued:
    """Let a program do, within `scopes`, what the holding may do, for so many days. Raises TokenRefused."""
    now = the_clock(at)
    asked, name = known(scopes), " ".join(name.split())
    check(name, asked, days, per_minute)
    if holding.until is not None and holding.until <= now:
        raise TokenRefused(_("这个职务已经结束了。请换一个。"), "post")
    token = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    hint, ends = token[-HINT:], now + timedelta(days=days)
    with transaction.atomic():
        public = {"scopes": asked, "post": holding.post, "hint": hint, "until": ends.isoformat()}
        parts = [Part("token", {"name": name, "holding": str(holding.pk)})]
        register = lock_register(holding.community, "people")
        entry = append(register, "issue-token", Deed(at=now, actor=by, public=public), parts)
        row = MachineToken.objects.create(
            community=holding.community, holding=holding, name=name, hash=digest_of(token), hint=hint, scopes=asked,
            per_minute=per_minute, made_at=now, made_by=by, by_entry=entry.pk, expires_at=ends,
        )  # fmt: skip
    return Issued(row, token)


def known(scopes: Iterable[str]) -> list[str]:
    asked = set(scopes)
    return [scope for scope in MachineToken.Scope.values if scope in asked]


def check(name: str, scopes: Iterable[str], days: int, per_minute: int) -> None:
    """Refuse what no token can be, in the order in which a form asks. Raises TokenRefused."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_AT_MOST:
        raise TokenRefused(_("请写它给谁用，最多 %(n)s 个字。") % {"n": NAME_AT_MOST}, "name")
    if not known(scopes):
        raise TokenRefused(_("请选它可以做什么。"), "scopes")
    if not 1 <= days <= DAYS_AT_MOST:
        raise TokenRefused(_("有效期请填 1 到 %(n)s 天。") % {"n": DAYS_AT_MOST}, "days")
    if not 1 <= per_minute <= PER_MINUTE_AT_MOST:
        raise TokenRefused(_("每分钟次数请填 1 到 %(n)s。") % {"n": PER_MINUTE_AT_MOST}, "per_minute")


def open_account(
    body: Body,
    name: str,
    post: str,
    title: str,
    *,
    place: Place | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Holding:
    """A service account: a name of its own in the record, in a post of the body, that never signs in."""
    with transaction.atomic():
        account = Person(login=f"machine-{uuid7().hex}", name=name[:NAME_AT_MOST], is_machine=True)
        account.set_unusable_password()
        account.save(force_insert=True)
        return appoint(body.community, account, body, post, title, place=place, by=by, at=at)


def revoke_token(row: MachineToken, *, by: Person | None = None, at: datetime | None = None) -> bool:
    """End a token now; with its last one a service account leaves its post. Whether it was still open."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(row.community, "people")
        if not MachineToken.objects.filter(pk=row.pk, revoked_at__isnull=True).update(revoked_at=now):
            return False
        public = {"hint": row.hint, "given_by": str(row.by_entry)}
        append(register, "revoke-token", Deed(at=now, actor=by, public=public), [Part("token", {"name": row.name})])
        holding = row.holding
        living = holding.tokens.filter(revoked_at__isnull=True, expires_at__gt=now)
        if holding.person.is_machine and holding.until is None and not living.exists():
            dismiss(holding, by=by, at=at)
    row.revoked_at = now
    return True
