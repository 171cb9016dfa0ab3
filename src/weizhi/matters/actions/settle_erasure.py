"""Say yes to an erasure, two people in post each by himself; with the second yes it is done. Or say no, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters.actions.ask_erasure import note, settle
from weizhi.matters.actions.erase_person import erase_person
from weizhi.matters.refused import Refused
from weizhi.people.models import Erasure, Holding, Person
from weizhi.record.origin import the_clock

WHY_AT_MOST = 300


def agree_to_erasure(erasure: Erasure, *, by: Person, at: datetime | None = None) -> int | None:
    """The first yes, or the second: then the person is erased. Returns how many parts went, None after the first."""
    now = the_clock(at)
    _permit(erasure, by, now)
    with transaction.atomic():
        open_now = Erasure.objects.filter(pk=erasure.pk, settled_at=None)
        # Whoever said yes and holds no post any more is no second pair of eyes: the next yes is the first.
        in_post = Holding.objects.open_at(now).filter(community=erasure.community_id).values("person")
        if open_now.exclude(first__in=in_post).update(first=by):
            note(erasure.community, erasure.person, "agree-to-erasure", by, now)
            return None
        first = Person.objects.filter(pk__in=open_now.values("first")).first()
        if first is not None and first.pk == by.pk:
            raise Refused("not-yours", _("您已经同意了。要请另一位在任的同事来确认。"))
        settle(erasure, by, now, done=True)
        assert first is not None, "it is open and somebody was the first"
        return erase_person(
            erasure.community, erasure.person, by=first, second=by, ground=erasure.ground, at=at and now
        )


def decline_erasure(erasure: Erasure, *, by: Person, why: str, at: datetime | None = None) -> None:
    """The person learns why (个人信息保护法 50: 拒绝个人行使权利的请求的，应当说明理由)."""
    now = the_clock(at)
    _permit(erasure, by, now)
    why = why.strip()
    if not why or len(why) > WHY_AT_MOST:
        raise Refused("bad-data", _("请写一句为什么不能删除，本人会看到（最多 300 个字）。"), field="why")
    with transaction.atomic():
        settle(erasure, by, now, why_not=why)
        note(erasure.community, erasure.person, "decline-erasure", by, now)


def _permit(erasure: Erasure, by: Person, now: datetime) -> None:
    if by.pk == erasure.person_id:
        raise Refused("not-yours", _("不能由本人来办。请由两位在任的同事一起办。"))
    if not Holding.objects.open_at(now).filter(person=by, community=erasure.community_id).exists():
        raise Refused("not-yours", _("只有本社区在任的工作人员可以办。"))
