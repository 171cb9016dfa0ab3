"""What could not be sent: for those who look after the community, with the reason and the next try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.people.models import Body
from weizhi.places.models import Community
from weizhi.portal.saying import matter_url, when
from weizhi.record.actions.deliver import NEVER, NO_WAY, OFF, TRIES_AT_MOST, UNUSABLE
from weizhi.record.models import Delivery, Digest
from weizhi.record.notices import CHAT, EMAIL, TEXT

SHOWN: Final = 60
BY: Final = {EMAIL: gettext_lazy("邮件"), TEXT: gettext_lazy("短信"), CHAT: gettext_lazy("工作群")}
WHY: Final[dict[str, Promise]] = {
    OFF: gettext_lazy("工作群通知没有打开。请管理员设 WEIZHI_CHAT=1，或去掉这个群。"),
    UNUSABLE: gettext_lazy("地址收不了消息。请核对后改过来。"),
    NO_WAY: gettext_lazy("没有这种发送方式。请联系管理员。"),
}


@dataclass(frozen=True)
class Line:
    number: str
    url: str
    to: str
    by: str
    why: str
    then: str


def stuck(community: Community) -> QuerySet[Delivery]:
    """Tried at least once, not arrived, and still wanted."""
    tried = Delivery.objects.filter(entry__community=community, sent_at__isnull=True, tries__gt=0)
    return tried.exclude(Q(tries=NEVER) | Q(fault=""))


def lines(community: Community, now: datetime) -> tuple[Line, ...]:
    """Two queries: the notices with whom they were for, and the names of the groups."""
    rows = stuck(community).select_related("to", "entry__stream__matter").order_by("-entry__at", "-pk")[:SHOWN]
    found = list(rows)
    groups = {row.address for row in found if row.channel == CHAT}
    names = (
        {str(pk): name for pk, name in Body.objects.filter(pk__in=groups).values_list("pk", "name")} if groups else {}
    )
    return tuple(_line(row, names, now) for row in found)


def _line(row: Delivery, names: dict[str, str], now: datetime) -> Line:
    matter = row.entry.stream.matter
    given_up = row.tries >= TRIES_AT_MOST
    return Line(
        number=f"{matter.number:04d}",
        url=matter_url(matter.pk),
        to=row.to.name if row.to else names.get(row.address, ""),
        by=str(BY.get(row.channel, row.channel)),
        why=str(WHY.get(row.fault, _("对方的服务器没有收。"))),
        then=_("试了 %(n)s 次，不再试了") % {"n": row.tries}
        if given_up
        else _("下次 %(when)s") % {"when": when(row.send_at, now)},
    )


def try_again(community: Community, now: datetime) -> int:
    """All that is stuck, from the first try on. Somebody mended the cause."""
    digests = Digest.objects.filter(deliveries__in=stuck(community).values("pk"))
    Digest.objects.filter(pk__in=list(digests.values_list("pk", flat=True))).update(tries=0, send_at=now)
    return stuck(community).update(tries=0, send_at=now, fault="")
