"""Who belongs to an electorate right now: what `matters` asks of this room before any roll is drawn up."""

from uuid import UUID

from django.db.models import Q

from weizhi.decisions.electing import STATUSES, inside, lines_of
from weizhi.decisions.models import Entitlement, Roll, Speaker
from weizhi.decisions.rolls import electorate_of, scope_of
from weizhi.matters.scene import Scene
from weizhi.people.models import Holding, Residence


class ElectorsNow:
    """`size` as a roll of this day would count heads, `has` without drawing one up."""

    def size(self, scene: Scene, key: str) -> int:
        electorate = electorate_of(scene, key)
        found = lines_of(electorate, scene.matter.community_id, scope_of(scene, electorate), scene.now)
        return len({line.head for line in found})

    def has(self, scene: Scene, key: str, person: UUID) -> bool:
        """By the frozen roll where the matter has one (who was struck, who is under age), else by the registers."""
        electorate = electorate_of(scene, key)
        rolls = Roll.objects.filter(matter=scene.matter, electorate=key, frozen_at__isnull=False)
        if roll := rolls.order_by("-drawn_at", "-id").first():
            owns = Q(speakers__person=person, speakers__as_what=Speaker.As.OWNER, speakers__until__isnull=True)
            return Entitlement.objects.filter(roll=roll).standing().filter(Q(person=person) | owns).exists()
        here = inside(electorate, scope_of(scene, electorate))
        if electorate.of == "deputies":
            held = Holding.objects.open_at(scene.now).filter(person=person, post__in=electorate.posts)
            return held.filter(community=scene.matter.community_id, place__in=here).exists()
        lives = Residence.objects.open_at(scene.now).filter(person=person, community=scene.matter.community_id)
        return lives.filter(status__in=STATUSES[electorate.of], household__in=here).exists()
