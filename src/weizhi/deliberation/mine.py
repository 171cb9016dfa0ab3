"""What open halls hold of one person, for that person's own eyes: found by the hash, which is asked of nobody else.

No row says whose a statement is, so nobody can be rung up about it: whoever wrote it is told when he looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.deliberation.taking_part import takes_part, voice_of
from weizhi.matters.reads import seen_by
from weizhi.people.access import Standing
from weizhi.places.prepared import Prepared

AT_MOST = 4
MET_AT_MOST = 12  # of a community; each number of them is a text of its own


@dataclass(frozen=True)
class Waiting:
    """An open hall that has statements for me, or put one of mine away and I did not read why."""

    hall: Hall
    left: int
    put_away: bool


def _of_voice(hashes: Sequence[str]) -> tuple[Subquery, Subquery]:
    """Of one of these voices in the hall at hand: how many open statements it answered, how many of its own it should
    read why they were put away."""
    here = {"hall": OuterRef("pk"), "who__in": hashes}
    stances = Voice.objects.filter(**here, stances__statement__state=Statement.State.OPEN)
    unread = Voice.objects.filter(**here, statements__state=Statement.State.HIDDEN, statements__reason_read=False)
    return tuple(  # type: ignore[return-value]  # two of them
        Subquery(rows.order_by().values("hall").annotate(many=Count("pk")).values("many")) for rows in (stances, unread)
    )


def _open_halls(
    communities: Sequence[UUID], keys: Sequence[str], paths: Sequence[str], at: datetime, hashes: Sequence[str]
) -> QuerySet[Hall]:
    answered, unread = _of_voice(hashes)
    rows = Hall.objects.visible_to(seen_by(keys, paths)).open_at(at).filter(community__in=communities)
    rows = rows.annotate(
        asks=Count("statements", filter=Q(statements__state=Statement.State.OPEN)), answered=answered, unread=unread
    )
    rows = rows.select_related("matter__place__parent__parent", "step").defer("drawn", "matter__place__geometry")
    return rows.order_by("closes_at", "id")[:AT_MOST]


_open: Prepared[Hall] = Prepared(_open_halls)
# Halls that this process met: only so that the hashes of their voices can be asked for in the same query.
_met: dict[UUID, set[UUID]] = {}


def waiting_for(who: Standing, at: datetime) -> list[Waiting]:
    """Open halls in which I have something to say or to read. One query; two where a hall is new to this process."""
    person = who.person_id
    if person is None or not who.communities:
        return []
    met = {hall for community in who.communities for hall in _met.get(community, ())}
    found = _asked(who, at, met, person)
    fresh = {hall.pk for hall in found}
    if not fresh <= met:
        found = _asked(who, at, fresh, person)
        _remember(found)
    mine = [
        Waiting(hall, hall.asks - (hall.answered or 0), bool(hall.unread))  # type: ignore[attr-defined]  # annotated
        for hall in found
        if takes_part(hall, who)
    ]
    return [one for one in mine if one.left or one.put_away]


def _remember(found: Sequence[Hall]) -> None:
    for hall in found:
        known = _met.setdefault(hall.community_id, set())
        if len(known) >= MET_AT_MOST:
            known.clear()
        known.add(hall.pk)


def _asked(who: Standing, at: datetime, halls: Iterable[UUID], person: UUID) -> list[Hall]:
    hashes = [voice_of(hall, person) for hall in halls] or ["-"]
    return _open(who.communities, who.keys, who.paths, at, hashes)


def voices_of(person: UUID, community: UUID | None = None) -> list[Voice]:
    """Those of the person in halls that still know whose they are. Two queries."""
    halls = Hall.objects.filter(final_at__isnull=True)
    rows = halls.filter(community=community) if community else halls
    hashes = [voice_of(hall, person) for hall in rows.values_list("pk", flat=True)]
    return list(Voice.objects.filter(who__in=hashes)) if hashes else []


def put_away(person: UUID) -> list[Statement]:
    """The person's own words that were put away, with the reason. Three queries at most."""
    voices = voices_of(person)
    rows = Statement.objects.filter(author__in=voices, state=Statement.State.HIDDEN)
    return list(rows.select_related("hall__matter").defer("hall__drawn").order_by("pk")) if voices else []


def own_words(person: UUID) -> tuple[list[Statement], list[Stance]]:
    """All that the person wrote and answered in halls that still know it. Four queries at most."""
    voices = voices_of(person)
    if not voices:
        return [], []
    written = Statement.objects.filter(author__in=voices).select_related("hall__matter").defer("hall__drawn")
    seen = Q(statement__state=Statement.State.OPEN) | Q(statement__author=F("voice"))  # not what was put away of others
    answered = Stance.objects.filter(seen, voice__in=voices).select_related("statement__hall__matter")
    return (
        list(written.order_by("hall", "n")),
        list(answered.defer("statement__hall__drawn").order_by("statement__hall", "statement__n")),
    )
