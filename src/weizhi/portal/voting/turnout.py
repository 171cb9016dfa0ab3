"""How many have taken part so far: a number, never how and never who."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from weizhi.decisions.models import Envelope, Vote
from weizhi.portal import pieces as p
from weizhi.record import clock

MANY = 3000  # from so many lines on the number may be some seconds old: a page must not count a whole town
SPAN = 15


@dataclass(frozen=True)
class Turnout:
    cast: int
    progress: p.Progress


def turnout_of(vote: Vote) -> Turnout:
    """One query; of a large roll at most one in some seconds."""
    cast = _counted(vote.pk, int(clock.now().timestamp()) // SPAN) if vote.roll.size > MANY else count(vote.pk)
    said = _("%(cast)s / %(roll)s 票已经收到") % {"cast": f"{cast:,}", "roll": f"{vote.roll.size:,}"}
    return Turnout(cast, p.Progress(_("已经参加的"), cast, max(vote.roll.size, 1), said))


def count(vote: UUID) -> int:
    found = Envelope.objects.filter(vote=vote).aggregate(lines=Count("entitlement", distinct=True))
    return int(found["lines"])


@lru_cache(maxsize=64)
def _counted(vote: UUID, _moment: int) -> int:
    return count(vote)


def by_channel(vote: UUID) -> list[tuple[str, int]]:
    """How the ballots came in, for those who run the vote."""
    rows = Envelope.objects.filter(vote=vote).values("channel").annotate(many=Count("pk")).order_by("-many")
    return [(row["channel"], row["many"]) for row in rows]
