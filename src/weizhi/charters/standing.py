"""Every step kind that stands: what a charter may use today."""

from collections.abc import Mapping
from types import MappingProxyType

from .deciding import DECIDING
from .deliberating import DELIBERATING
from .generic import GENERIC
from .inviting import INVITING
from .spec import StepKindSpec
from .trying import TRYING

STANDING: Mapping[str, StepKindSpec] = MappingProxyType({**GENERIC, **DECIDING, **DELIBERATING, **INVITING, **TRYING})
