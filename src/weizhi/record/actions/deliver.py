"""Send what lies in the outbox: e-mail to persons, notices to a body's chat group. Never within a request."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from weizhi.people.models import Body
from weizhi.people.vault import webhook_of
from weizhi.record import clock
from weizhi.record.models import Delivery
from weizhi.record.notices import CHAT, EMAIL, Notice, Words
from weizhi.record.origin import the_clock

log = logging.getLogger(__name__)

TRIES_AT_MOST = 9  # 1, 2, 4 … 256 minutes: given up after about eight hours
FIRST_PAUSE = timedelta(minutes=1)
BATCH = 200


def deliver(words: Words, now: datetime | None = None) -> int:
    """Send what is due and return how many arrived. A notice that fails is tried again later, the others go on."""
    limit = the_clock(now)
    due = Delivery.objects.filter(sent_at__isnull=True, send_at__lte=limit, tries__lt=TRIES_AT_MOST)
    rows = due.select_related("to", "entry").order_by("send_at", "id")[:BATCH]
    return sum(_send(row, words, limit) for row in list(rows))


def _send(row: Delivery, words: Words, now: datetime) -> bool:
    """One row, never inside a transaction: a mail server may take its time.

    Claimed first, so that a second worker leaves it alone; a worker that dies here leaves it to a later try:
    a notice may come twice, never not at all.
    """
    pause = FIRST_PAUSE * 2**row.tries
    claim = Delivery.objects.filter(pk=row.pk, sent_at__isnull=True, tries=row.tries)
    if not claim.update(tries=row.tries + 1, send_at=now + pause):
        return False
    if not _arrived(row, words):
        return False
    Delivery.objects.filter(pk=row.pk).update(sent_at=clock.now())
    return True


def _arrived(row: Delivery, words: Words) -> bool:
    send = WAYS.get(row.channel)
    if send is None:
        log.error("No way is known to send a notice by %r", row.channel)
        return False
    try:
        return send(row, words(row))
    except (OSError, SMTPException) as error:
        log.warning("A notice by %s did not go out (try %d): %s", row.channel, row.tries + 1, error)
        return False


def _by_email(row: Delivery, notice: Notice) -> bool:
    if row.to is None or not row.to.email or not row.to.is_active:
        return False  # the person left or took the address back
    body = f"{notice.text}\n\n{settings.ADDRESS}{notice.url}\n"
    return bool(send_mail(notice.title, body, None, [row.to.email]))


def _by_chat(row: Delivery, notice: Notice) -> bool:
    """A group outside our walls: apprise knows the forms of WeCom, DingTalk, Feishu and many others."""
    body = Body.objects.filter(pk=row.address).first()
    target = webhook_of(body) if body and settings.CHAT else ""
    if not target:
        return False
    from apprise import Apprise  # slow to import; most communities never need it

    group = Apprise()
    if not group.add(target):
        log.error("The chat address of the body %s is none that can be used", row.address)
        return False
    return bool(group.notify(title=notice.title, body=f"{notice.text}\n{settings.ADDRESS}{notice.url}"))


WAYS: dict[str, Callable[[Delivery, Notice], bool]] = {EMAIL: _by_email, CHAT: _by_chat}
