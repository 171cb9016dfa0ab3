"""The lists of powers and duties (权责清单、负面清单、自治清单): which line of them speaks of a step, and of whom."""

from collections.abc import Iterable, Iterator

from .models import Charter
from .people_tables import Duty
from .steps import Step

FORBIDS = "must-not"


def steps_of(charter: Charter, duty: Duty) -> Iterator[tuple[str, Step]]:
    """The matter kind and step of every act that the line names; what does not exist is left to the checker."""
    for reference in duty.does:
        kind, _, key = reference.partition(".")
        procedure = charter.procedures.get(charter.kinds[kind].procedure) if kind in charter.kinds else None
        if procedure is not None and key in procedure.steps:
            yield kind, procedure.steps[key]


def lines_on(charter: Charter, kind: str, step: str) -> list[Duty]:
    """The lines that speak of a step, in the order of the charter."""
    return [duty for duty in charter.duties.values() if f"{kind}.{step}" in duty.does]


def of_post(charter: Charter, name: str) -> frozenset[str]:
    """A post or body with the bodies in which it has a seat: what is said of a body is said of its members."""
    found = {name}
    grown = True
    while grown:
        above = {
            key
            for key, body in charter.bodies.items()
            for seat in body.seats
            if (seat.post or seat.body or "") in found
        }
        grown = not above <= found
        found |= above
    return frozenset(found)


def speaks_of(charter: Charter, duty: Duty, names: Iterable[str]) -> bool:
    """Whether a line is about any of these posts, bodies or statuses."""
    return any(not of_post(charter, name).isdisjoint(duty.of) for name in names)


def forbidding(charter: Charter, kind: str, step: str, names: Iterable[str]) -> Duty | None:
    """The line of the negative list that forbids any of these names this step."""
    said = list(names)
    lines = (duty for duty in lines_on(charter, kind, step) if duty.sort == FORBIDS)
    return next((duty for duty in lines if speaks_of(charter, duty, said)), None)


def giving(charter: Charter, kind: str, step: str) -> Duty | None:
    """The line that gives a step to somebody."""
    return next((duty for duty in lines_on(charter, kind, step) if duty.sort != FORBIDS), None)
