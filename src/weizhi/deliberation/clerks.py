"""Who runs a meeting or a survey: whoever the charter's step names in `by`."""

from collections.abc import Iterable

from weizhi.charters.words import RELATIONS
from weizhi.deliberation.models import Sitting, Survey
from weizhi.matters import rules
from weizhi.matters.models import Matter, Party
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import Standing


def is_clerk(run: Sitting | Survey, who: Standing) -> bool:
    """Whether somebody of this standing runs it. The row comes with its matter, step and place."""
    return is_named(run.matter, run.step.key, who)


def is_named(matter: Matter, key: str, who: Standing, names: Iterable[str] | None = None) -> bool:
    """Whether the charter names this reader at step `key` (or in `names`). The matter comes with its place.

    One query where a relation to the matter is named, such as whoever raised it; else none.
    """
    charter = charter_by_hash(matter.charter_id)
    kind = charter.kinds[matter.kind]
    step = charter.procedure_of(matter.kind).steps[key]
    wanted = tuple(step.by if names is None else names)
    relations: dict[str, list[str]] = {}
    if not {*RELATIONS, *kind.relations}.isdisjoint(wanted):
        for party in Party.objects.filter(matter=matter.pk, step__isnull=True, relation__in=wanted):
            relations.setdefault(party.relation, []).append(party.who)
    here = rules.here_at(matter.place.levels, matter.place.path, kind.raised_in)
    keys = rules.keys_for(wanted, charter=charter, here=here, relations=relations, at=step.at)
    return not who.keys.isdisjoint(keys)
