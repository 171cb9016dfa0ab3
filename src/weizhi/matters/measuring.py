"""How a trial stands: how many matters were raised there since it began and in as many days before, or what somebody
wrote down. Read by the trial's own clock and by the page, so that both say the same number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, Q

from weizhi.charters.models import Charter
from weizhi.charters.trying import BEFORE, TrialMeasure, TrialParams
from weizhi.matters.merging import MERGED, next_of
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow

WITHDRAWN = "withdrawn"
MERGES_AT_MOST = 9  # one after the other
FIGURES, LESS = "figures", "less"  # in the open step's memory: turn -> number; what is taken off
FROZEN = "frozen"  # the measure as it stood at its day, while people decide


@dataclass(frozen=True)
class Measured:
    """A trial in numbers. `number` is what its rules look at: None where nobody has written anything down yet."""

    since: Fraction | int | None
    before: int | None = None
    turns: int = 0  # how often a figure was written down

    @property
    def number(self) -> Fraction | int | None:
        return None if self.since is None else self.since - (self.before or 0)


def measured(params: TrialParams, charter: Charter, row: StepRow, now: datetime) -> Measured:
    """One query where matters are counted, none where somebody writes the figure down."""
    if params.measure.kinds:
        return _counted(params.measure, charter, row, now)
    figures: dict[str, int] = row.memory.get(FIGURES, {})
    mean = Fraction(sum(figures.values()), len(figures)) if figures else None
    return Measured(mean, row.memory.get(LESS), len(figures))


def _counted(measure: TrialMeasure, charter: Charter, row: StepRow, now: datetime) -> Measured:
    """Merged reports count as those who made them meant them; what was withdrawn does not."""
    began, wanted = row.opened_at, set[str]()
    raised = Matter.objects.filter(
        Q(place__path=row.path) | Q(place__path__gte=f"{row.path}/", place__path__lt=f"{row.path}0"),
        community=row.community_id, kind__in=measure.kinds, raised_at__gt=began - (now - began), raised_at__lte=now,
    ).exclude(counts=WITHDRAWN).exclude(pk=row.matter_id)  # fmt: skip
    mine, unsorted = Q(), Q(pk__in=())
    if measure.categories:
        wanted = with_those_below(charter, measure.categories)
        mine, unsorted = Q(category__in=wanted), Q(counts=MERGED, category="")
    found = raised.aggregate(
        since=Count("pk", mine & Q(raised_at__gt=began)), before=Count("pk", mine & Q(raised_at__lte=began)),
        unsorted=Count("pk", unsorted),
    )  # fmt: skip
    if found["unsorted"]:
        for one in raised.filter(unsorted).select_related("stream"):
            if _category_of(one) in wanted:
                found["since" if one.raised_at > began else "before"] += 1
    return Measured(found["since"], found["before"] if measure.less == BEFORE else None)


def _category_of(merged: Matter) -> str:
    """What was merged before anybody sorted it is of the category of the matter that went on in its place."""
    into: Matter | None = merged
    for _step in range(MERGES_AT_MOST):
        if into is None or into.category or into.counts != MERGED:
            break
        into = next_of(into)
    return into.category if into else ""


def with_those_below(charter: Charter, keys: Iterable[str]) -> set[str]:
    """Categories and all that stand below them in the charter's tree."""
    found = set(keys)
    grown = True
    while grown:
        below = {key for key, one in charter.categories.items() if one.parent in found}
        grown = not below <= found
        found |= below
    return found
