"""Every step kind that stands: what a charter may use today."""

from collections.abc import Mapping
from types import MappingProxyType

from .deciding import DECIDING
from .generic import GENERIC
from .spec import StepKindSpec

_DECIDING_NOW = ("roll", "vote", "consent", "intake", "pick", "notice", "support", "appoint", "budget")

STANDING: Mapping[str, StepKindSpec] = MappingProxyType({**GENERIC, **{name: DECIDING[name] for name in _DECIDING_NOW}})
