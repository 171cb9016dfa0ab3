"""Who runs a vote: whoever the charter's step names in `by`, else the body that owns what nobody else has."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef

from weizhi.decisions.interests import interest_of
from weizhi.decisions.models import Vote
from weizhi.matters import rules
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person


def clerk_keys(vote: Vote) -> list[str]:
    """The keys of access of those who may write down ballots and prepare the papers. One query."""
    return _clerks(vote, None)[0]


def _clerks(vote: Vote, person: UUID | None) -> tuple[list[str], bool]:
    """The clerks' keys, and whether this person declared an interest in the matter. One query for both."""
    rows = StepRow.objects.select_related("matter__place").annotate(sits_out=interest_of(OuterRef("matter"), person))
    row = rows.get(pk=vote.step_id)
    matter = row.matter
    charter = charter_by_hash(matter.charter_id)
    step = charter.procedure_of(matter.kind).steps[row.key]
    here = rules.here_at(matter.place.levels, matter.place.path, charter.kinds[matter.kind].raised_in)
    names = step.by or (rules.owner_of(charter),)
    relations: dict[str, list[str]] = {}
    if set(names) - set(charter.posts) - set(charter.bodies):
        for party in Party.objects.filter(matter=matter, step__isnull=True):
            relations.setdefault(party.relation, []).append(party.who)
    return rules.keys_for(names, charter=charter, here=here, relations=relations, at=step.at), row.sits_out


def is_clerk(vote: Vote, who: Standing) -> bool:
    """Whether somebody of this standing runs the vote: by his office, and without an interest of his own in it."""
    keys, sits_out = _clerks(vote, who.person_id)
    return not who.keys.isdisjoint(keys) and not sits_out


def may_record(vote: Vote, by: Person, at: datetime, who: Standing | None = None) -> None:
    """Raises Refused where this person does not run the vote."""
    if not is_clerk(vote, who or standing(by, at)):
        raise Refused("not-yours", "代记选票要由负责这次投票的人来做，申报了利害关系的除外。请交给居委会。")
