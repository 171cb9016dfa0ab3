"""Ask that a person be erased, or take it back: by the person, or by one who holds a post: then the first of the two.

Nothing is erased yet: `settle_erasure` does that, by the same verb as the command.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from weizhi.matters.refused import Refused
from weizhi.people.models import Erasure, Holding, Person
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.erase import GROUNDS
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock

OWN_WISH = "consent-withdrawn"


def ask_erasure(
    community: Community, person: Person, *, by: Person, ground: str = OWN_WISH, at: datetime | None = None
) -> Erasure:
    """Raises Refused where the person holds a post, or where it has been asked for already."""
    now = the_clock(at)
    own = by.pk == person.pk
    if person.erased_at is not None:
        raise Refused("closed", _("这个人的信息已经删除了。"))
    if ground not in GROUNDS:
        raise Refused("bad-data", _("删除要有法律依据。请选一项。"), field="ground")
    if Holding.objects.open_at(now).filter(person=person).exists():
        raise Refused("not-yet", _("这个人还担任职务。请先免去职务，再删除。"))
    if not own and not Holding.objects.open_at(now).filter(person=by, community=community).exists():
        raise Refused("not-yours", _("只有本人，或者本社区在任的工作人员，可以提出。"))
    try:
        with transaction.atomic():
            note(community, person, "ask-erasure", by, now, {"ground": ground})
            return Erasure.objects.create(
                community=community, person=person, ground=ground, asked_by=by, asked_at=now, first=None if own else by
            )
    except IntegrityError:
        raise Refused("too-often", _("已经提出过了，正等着办。")) from None


def take_back_erasure(erasure: Erasure, *, by: Person, at: datetime | None = None) -> None:
    """The person has thought better of it."""
    now = the_clock(at)
    if by.pk != erasure.person_id:
        raise Refused("not-found", _("没有这个申请。"))
    with transaction.atomic():
        settle(erasure, by, now)
        note(erasure.community, erasure.person, "take-back-erasure", by, now)


def settle(erasure: Erasure, by: Person, now: datetime, **more: object) -> None:
    """Close it, once: of two who press at the same moment the second is told."""
    open_now = Erasure.objects.filter(pk=erasure.pk, settled_at=None)
    if not open_now.update(settled_at=now, settled_by=by, **more):
        raise Refused("closed", _("这个申请已经处理过了。请刷新看看。"))


def note(
    community: Community, person: Person, verb: str, by: Person, now: datetime, public: dict[str, str] | None = None
) -> None:
    part = Part("person", {"person": str(person.pk)}, grade=2)
    append(lock_register(community, "people"), verb, Deed(at=now, actor=by, public=public or {}), [part])
