"""The rules of routing: to whom a report goes by its category and class, and which rule says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from .models import Charter
from .people_tables import Dispatch
from .steps import Procedure, Step
from .words import SENT_TO


@dataclass(frozen=True)
class Ruling:
    """The first rule that fits, with its place in the charter's list: "rule 7, because …"."""

    n: int
    rule: Dispatch


def ruling(charter: Charter, category: str, sorted_as: str = "") -> Ruling | None:
    """The first rule for a category (or one above it) and class. A rule that names neither fits whatever is left."""
    line = set(with_those_above(charter, category))
    for n, rule in enumerate(charter.dispatch.values(), start=1):
        fits = not rule.categories or not line.isdisjoint(rule.categories)
        if fits and (not rule.classes or sorted_as in rule.classes):
            return Ruling(n, rule)
    return None


def with_those_above(charter: Charter, category: str) -> Iterator[str]:
    """The category, then its parents, nearest first; a circle (which the checker refuses) ends where it closes."""
    seen: set[str] = set()
    here: str | None = category
    while here in charter.categories and here not in seen:
        seen.add(here)
        yield here
        here = charter.categories[here].parent


def sending(procedure: Procedure, target: str) -> tuple[bool, bool]:
    """Whether a way leads, past routes, to a step of whom it was sent to; whether to a fork with a part for each."""
    one, several = False, False
    seen: set[str] = set()
    todo = [target]
    while todo:
        key = todo.pop()
        step = procedure.steps.get(key)
        if step is None or key in seen:
            continue
        seen.add(key)
        several = several or step.params.get("for_each") == SENT_TO
        one = one or SENT_TO in step.by
        todo += _at_once(step)
    return one, several


def _at_once(step: Step) -> list[str]:
    """Where a step leads in the same act, without anybody's doing."""
    return [str(row["to"]) for row in step.params["routes"]] if step.kind == "route" else []
