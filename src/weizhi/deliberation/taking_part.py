"""Who may do what in a hall, and under which hash a person stands there."""

from datetime import datetime
from uuid import UUID

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.discussing import DiscussParams
from weizhi.charters.models import Charter
from weizhi.charters.steps import Step
from weizhi.deliberation.models import Hall
from weizhi.matters import rules
from weizhi.matters.models import Party
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.people.vault import keyring

VOICE = "hall-voice"


def rule_of(hall: Hall) -> tuple[Charter, Step, DiscussParams]:
    """What the charter says of it. The hall comes with its matter, place and step."""
    charter = charter_by_hash(hall.matter.charter_id)
    step = charter.procedure_of(hall.matter.kind).steps[hall.step.key]
    return charter, step, step.parsed(DELIBERATING["discuss"])


def _keys(hall: Hall, names: tuple[str, ...]) -> list[str]:
    charter, step, _params = rule_of(hall)
    place = hall.matter.place
    here = rules.here_at(place.levels, place.path, charter.kinds[hall.matter.kind].raised_in)
    relations: dict[str, list[str]] = {}
    if set(names) - set(charter.posts) - set(charter.bodies) - {*rules.STATUSES, rules.SIGNED_IN}:
        for party in Party.objects.filter(matter=hall.matter, step__isnull=True):
            relations.setdefault(party.relation, []).append(party.who)
    return rules.keys_for(names, charter=charter, here=here, relations=relations, at=step.at)


def takes_part(hall: Hall, who: Standing) -> bool:
    return not who.keys.isdisjoint(_keys(hall, rule_of(hall)[2].who))


def adds(hall: Hall, who: Standing) -> bool:
    params = rule_of(hall)[2]
    return not who.keys.isdisjoint(_keys(hall, params.statements.by or params.who))


def runs(hall: Hall, who: Standing) -> bool:
    """Whether somebody writes down here what others say on paper or by word of mouth."""
    return not who.keys.isdisjoint(_keys(hall, rule_of(hall)[1].by))


def moderator_keys(hall: Hall) -> list[str]:
    _charter, step, params = rule_of(hall)
    return _keys(hall, params.moderated_by or step.by)


def moderates(hall: Hall, who: Standing) -> bool:
    return not who.keys.isdisjoint(moderator_keys(hall))


def voice_of(hall: UUID, person: UUID) -> str:
    """The person's hash in this hall: without the keys, which lie outside the database, it leads to nobody."""
    return keyring().blind(f"{hall}:{person}", VOICE)


def check_open(hall: Hall, at: datetime) -> None:
    """Raises Refused."""
    if at < hall.opens_at:
        raise Refused("not-yet", "议事厅还没有开。")
    if hall.shut_at is not None or hall.step.closed_at is not None or at >= hall.closes_at:
        raise Refused("closed", "这次议事厅已经结束了，不能再说了。大家的结果在议事厅的页面上。")
