"""Read a caller's telephone number, to call back. Every reading is an entry: who, when, of which matter."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter
from weizhi.matters.moving import handlers_of
from weizhi.matters.recorded import NUMBER, READ
from weizhi.matters.refused import Refused
from weizhi.matters.scene import load
from weizhi.people.access import Standing, may
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Payload
from weizhi.record.origin import the_clock


def read_number(matter_id: UUID, *, by: Person, who: Standing, at: datetime | None = None) -> str:
    """The number, for those who handle the matter in a post. Raises Refused."""
    now = the_clock(at)
    found = Matter.objects.visible_to(who).only("top_id").filter(pk=matter_id).first()
    if found is None:
        raise Refused("not-found", _("没有这件事，或者您看不到它。"))
    with transaction.atomic():
        lock([found.top_id])
        scene = load(Matter.objects.preloaded().get(pk=matter_id), now)
        keys = handlers_of(scene.charter, scene.matter.kind, scene.here)
        post = who.holding_for(keys)
        if post is None or not may(who, keys):
            raise Refused("not-yours", _("只有经办的人看得到电话。"))
        part = Payload.objects.filter(entry__stream=matter_id, part=NUMBER).order_by("entry__n").first()
        if part is None:
            raise Refused("not-found", _("没有留下电话。"))
        deed = Deed(at=now, actor=by, holding_id=post.holding_id, charter_hash=scene.matter.charter_id)
        append(scene.matter.stream, READ, deed)
        return str(part.read())
