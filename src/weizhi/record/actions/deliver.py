"""Send what lies in the outbox: e-mail, text messages, notices to a body's chat group, digests. Never in a request."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from weizhi.people.models import Body, Person
from weizhi.people.vault import PHONE, get, webhook_of
from weizhi.people.wishes import USUAL, after_quiet, wishes_of
from weizhi.record import text_messages
from weizhi.record.models import Delivery, Digest
from weizhi.record.notices import CHAT, EMAIL, TEXT, Notice, Words
from weizhi.record.origin import the_clock

log = logging.getLogger(__name__)

TRIES_AT_MOST: Final = 9  # 1, 2, 4 … 256 minutes: given up after about eight hours
FIRST_PAUSE: Final = timedelta(minutes=1)
BATCH: Final = 200
TEXT_AT_MOST: Final = 200  # characters of a text message: three parts, paid one by one
NO_WAY, GONE, OFF, UNUSABLE = "no-way", "gone", "switched-off", "unusable"
NEVER: Final = 99  # tries of what nobody waits for any more: the person left, or took the address back


def deliver(words: Words, now: datetime | None = None) -> int:
    """Send what is due and return how many arrived. A notice that fails is tried again later, the others go on."""
    limit = the_clock(now)
    due = Delivery.objects.filter(sent_at__isnull=True, send_at__lte=limit, tries__lt=TRIES_AT_MOST, digest=None)
    rows = due.select_related("to__notice_choice", "entry").order_by("send_at", "id")[:BATCH]
    single = sum(_send(row, words, limit) for row in list(rows))
    waiting = Digest.objects.filter(send_at__lte=limit, tries__lt=TRIES_AT_MOST, deliveries__sent_at__isnull=True)
    gathered = waiting.distinct().select_related("to__notice_choice").order_by("send_at", "id")[:BATCH]
    return single + sum(_send_digest(digest, words, limit) for digest in list(gathered))


def _send(row: Delivery, words: Words, now: datetime) -> bool:
    """One row, never inside a transaction: a mail server may take its time.

    Claimed first, so that a second worker leaves it alone; a worker that dies here leaves it to a later try:
    a notice may come twice, never not at all.
    """
    if not _claim(Delivery.objects.filter(pk=row.pk, sent_at__isnull=True, tries=row.tries), row.to, row.tries, now):
        return False
    fault = _tried(row.channel, row, words)
    found = Delivery.objects.filter(pk=row.pk)
    if fault:
        found.update(fault=fault, **({"tries": NEVER} if fault == GONE else {}))
        return False
    found.update(sent_at=now, fault="")
    return True


def _send_digest(digest: Digest, words: Words, now: datetime) -> bool:
    """All its notices that have not gone out yet, as one message."""
    rows = digest.deliveries.filter(sent_at__isnull=True).select_related("to", "entry__actor", "entry__holding")
    told = list(rows.order_by("entry__at", "id")[:BATCH])
    if not told or not _claim(Digest.objects.filter(pk=digest.pk, tries=digest.tries), digest.to, digest.tries, now):
        return False
    notices = [words(row) for row in told]
    fault = _tried(digest.channel, told[0], lambda _row: gather(notices))
    listed = Delivery.objects.filter(pk__in=[row.pk for row in told])
    if fault:
        listed.update(fault=fault, tries=digest.tries + 1)
        Digest.objects.filter(pk=digest.pk, sent_at=None).update(tries=NEVER if fault == GONE else digest.tries + 1)
        return False
    listed.update(sent_at=now, fault="")
    Digest.objects.filter(pk=digest.pk).update(sent_at=now, tries=0)
    return True


def gather(notices: Sequence[Notice]) -> Notice:
    """One message of several: each with its own title, sentence and link."""
    first, *others = notices
    if not others:
        return first
    told = [f"{notice.title}\n{notice.text}\n{settings.ADDRESS}{notice.url}" for notice in notices]
    title = _("%(n)s 条消息：%(first)s等") % {"n": len(notices), "first": first.title}
    return Notice(title, "\n\n".join(told), "/notices")


def _claim(rows: "QuerySet[Delivery] | QuerySet[Digest]", to: Person | None, tries: int, now: datetime) -> bool:
    """Note the next try before this one. In somebody's night nothing is tried, however long it has been due."""
    quiet = (wishes_of(getattr(to, "notice_choice", None)) if to else USUAL).quiet
    if (morning := after_quiet(now, quiet)) > now:
        rows.update(send_at=morning)
        return False
    return bool(rows.update(tries=tries + 1, send_at=now + FIRST_PAUSE * 2**tries))


def _tried(channel: str, row: Delivery, words: Words) -> str:
    """Send it; why it did not go out, or ""."""
    send = WAYS.get(channel)
    if send is None:
        log.error("No way is known to send a notice by %r", channel)
        return NO_WAY
    try:
        return send(row, words(row))
    except (OSError, SMTPException) as error:
        log.warning("A notice by %s did not go out (try %d): %s", channel, row.tries + 1, error)
        return type(error).__name__[:80]


def _by_email(row: Delivery, notice: Notice) -> str:
    if row.to is None or not row.to.email or not row.to.is_active:
        return GONE
    body = f"{notice.text}\n\n{settings.ADDRESS}{notice.url}\n"
    return "" if send_mail(notice.title, body, None, [row.to.email]) else UNUSABLE


def _by_text(row: Delivery, notice: Notice) -> str:
    if row.to is None or not row.to.phone_cipher or not row.to.is_active:
        return GONE
    log.info("A telephone number is read to send a notice that its owner asked for (%s)", row.pk)
    said = f"【微治】{notice.title}。{notice.text}"
    text_messages.post(get(row.to, PHONE), said if len(said) <= TEXT_AT_MOST else f"{said[: TEXT_AT_MOST - 1]}…")
    return ""


def _by_chat(row: Delivery, notice: Notice) -> str:
    """A group outside our walls: apprise knows the forms of WeCom, DingTalk, Feishu and many others."""
    body = Body.objects.filter(pk=row.address).first()
    target = webhook_of(body) if body and settings.CHAT else ""
    if not target:
        return OFF
    from apprise import Apprise  # slow to import; most communities never need it

    group = Apprise()
    if not group.add(target):
        log.error("The chat address of the body %s is none that can be used", row.address)
        return UNUSABLE
    sent = group.notify(title=notice.title, body=f"{notice.text}\n{settings.ADDRESS}{notice.url}")
    return "" if sent else UNUSABLE


WAYS: dict[str, Callable[[Delivery, Notice], str]] = {EMAIL: _by_email, TEXT: _by_text, CHAT: _by_chat}
