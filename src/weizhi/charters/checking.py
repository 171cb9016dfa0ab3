"""The checker: every fault of a charter at once, before it opens."""

from collections.abc import Mapping, Sequence

from .checks.confiding import check_confiding
from .checks.conventions import check_conventions
from .checks.deciding import check_deciding
from .checks.discussing import check_discussing
from .checks.distances import check_distances
from .checks.forks import check_forks
from .checks.holding import check_holding
from .checks.intervening import check_intervention
from .checks.inviting import check_invitations
from .checks.lists import check_lists
from .checks.meetings import check_meetings
from .checks.movement import check_movement
from .checks.names import check_names
from .checks.narrowing import check_narrowing
from .checks.opening import check_opening
from .checks.owners import check_owners
from .checks.references import check_references
from .checks.scene import Scene
from .checks.sending import check_sending
from .checks.step_kinds import check_step_kinds
from .checks.surveys import check_surveys
from .checks.tables import check_tables
from .checks.trying import check_trials
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
    scene = Scene(charter, specs, faults, set(broken))
    # Kinds and targets come first: what they find wrong is not read as a graph by the rules after them.
    check_step_kinds(scene)
    check_movement(scene)
    check_forks(scene)
    check_owners(scene)
    check_names(scene)
    check_references(scene)
    check_deciding(scene)
    check_meetings(scene)
    check_invitations(scene)
    check_intervention(scene)
    check_trials(scene)
    check_distances(scene)
    check_surveys(scene)
    check_confiding(scene)
    check_discussing(scene)
    check_conventions(scene)
    check_holding(scene)
    check_tables(scene)
    check_opening(scene)
    check_sending(scene)
    check_lists(scene)
    for higher, origins in above:
        check_narrowing(scene, higher, origins)
