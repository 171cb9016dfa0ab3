"""What every rule of the checker looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..findings import Faults, Path
from ..graph import StepGraph
from ..models import Charter, MatterKind
from ..spec import StepKindSpec
from ..steps import Procedure, Step
from ..words import RELATIONS, STATUSES


@dataclass
class Scene:
    """A charter under check; procedures in `broken` have faults of shape, so their graph is not read."""

    charter: Charter
    specs: Mapping[str, StepKindSpec]
    faults: Faults
    broken: set[str]
    _graphs: dict[str, StepGraph] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[Procedure, Step, Path]]:
        """Yield every step with its procedure and the path of its table."""
        for procedure in self.charter.procedures.values():
            for step in procedure.steps.values():
                yield procedure, step, ("procedures", procedure.key, "steps", step.key)

    def graphs(self) -> Iterator[tuple[StepGraph, Path]]:
        """Yield the graph of every procedure whose shape is right."""
        for key, procedure in self.charter.procedures.items():
            if key not in self.broken and procedure.steps:
                if key not in self._graphs:
                    self._graphs[key] = StepGraph(procedure, self.specs)
                yield self._graphs[key], ("procedures", key)

    def kinds_of(self, procedure: str) -> list[MatterKind]:
        """Return the matter kinds that run a procedure."""
        return [kind for kind in self.charter.kinds.values() if kind.procedure == procedure]

    def relations(self, procedure: str | None = None) -> set[str]:
        """Return the relations that may be named: everywhere, or in one procedure."""
        kinds = self.charter.kinds.values() if procedure is None else self.kinds_of(procedure)
        return set(RELATIONS).union(*(kind.relations for kind in kinds))

    def who(self, procedure: str | None = None) -> set[str]:
        """Return every name that may stand in `by`."""
        return self.relations(procedure) | set(self.charter.posts) | set(self.charter.bodies) | set(STATUSES)
