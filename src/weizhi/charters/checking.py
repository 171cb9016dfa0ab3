"""The checker: every fault of a charter at once, before it opens."""

from collections.abc import Mapping, Sequence

from .findings import CharterError, Faults, Finding, Origin, Path
from .models import Charter
from .spec import StepKindSpec

__all__ = ["CharterError", "Faults", "Finding", "check"]


def check(
    charter: Charter,
    specs: Mapping[str, StepKindSpec],
    faults: Faults,
    *,
    broken: frozenset[str] = frozenset(),
    above: Sequence[tuple[Charter, Mapping[Path, Origin]]] = (),
) -> None:
    """Run every rule; procedures in `broken` already have faults of shape, their graph would only add noise."""
