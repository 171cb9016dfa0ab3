"""What ties halls to the register of people: no merging while one speaks in both names; erasing takes the words."""

from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.deliberation.mine import voices_of
from weizhi.deliberation.models import Statement, Voice
from weizhi.matters.refused import Refused
from weizhi.people.models import Person


def check_no_open_hall(double: Person) -> None:
    """Raises Refused: what the double said could no longer be told from what the other one said."""
    if voices_of(double.pk):
        raise Refused("not-yet", _("这个人正在一个线上议事厅里表态，合并了会算两次。请等议事厅结束再合并。"))


def forget_in_halls(community: UUID, person: Person) -> None:
    """The person's own words go; what was agreed to or not stays, as nobody's."""
    for voice in voices_of(person.pk, community):
        Statement.objects.filter(author=voice).update(
            words=_("（已删除）"), state=Statement.State.HIDDEN, reason=_("本人要求删除"), author=None, key=""
        )
        Voice.objects.filter(pk=voice.pk).update(who="")
