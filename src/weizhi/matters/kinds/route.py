"""route: goes by gates, no person; the record says why."""

from weizhi.charters.generic import GENERIC
from weizhi.matters.registry import StepKind
from weizhi.matters.sentences import BY_ITSELF


class Route(StepKind):
    spec = GENERIC["route"]
    says = {"route": BY_ITSELF["route"]}
