"""Every step kind that stands: what a charter may use today."""

from collections.abc import Mapping
from types import MappingProxyType

from .deciding import DECIDING
from .generic import GENERIC
from .spec import StepKindSpec

STANDING: Mapping[str, StepKindSpec] = MappingProxyType({**GENERIC, **DECIDING})
