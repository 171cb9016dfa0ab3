"""raise: somebody says it. The first step; it closes as the matter begins."""

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC
from weizhi.matters.registry import StepKind
from weizhi.matters.sentences import Saying


class Raise(StepKind):
    spec = GENERIC["raise"]
    says = {
        "raise": Saying(_("{who}报了这件事"), desk=_("{who}提出"), print=_("{who}提出")),
        "opened": Saying(_("由另一件事（{detail}）带出来的"), desk=_("由 {detail} 立项")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()  # raised by raise_matter, never again
