"""fork: several branches at once, joined when enough of them have answered."""

from weizhi.charters.generic import GENERIC
from weizhi.matters.registry import StepKind
from weizhi.matters.sentences import BY_ITSELF


class Fork(StepKind):
    spec = GENERIC["fork"]
    says = {"fork": BY_ITSELF["fork"], "join": BY_ITSELF["join"]}
