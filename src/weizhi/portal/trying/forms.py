"""What a trial asks of those who answer for it: a figure every so often, or a word at its end."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from weizhi.charters.trying import CANCEL, TrialParams
from weizhi.matters.queries import Offer
from weizhi.matters.story import Reader
from weizhi.portal.pieces import Action, Field, Outcome
from weizhi.record import clock

TRIAL: Final = "trial"


def trial_forms(reader: Reader, offer: Offer) -> Iterator[Action]:
    """Nothing where the system counts and the measure decides. No query."""
    params: TrialParams = offer.params
    row = next(row for row in reader.steps if row.pk == offer.step_id)
    over = row.due is not None and row.due <= clock.now()
    if params.measure.figure and not over:
        yield _writing_down(offer, params)
    if params.decides == "people":
        yield _deciding(offer) if over else _calling_off(offer)


def _writing_down(offer: Offer, params: TrialParams) -> Action:
    figure = Field("figure", "count", params.measure.figure, required=True, compact=True)
    said = Field("words", "text", _("想补充一句吗？"))
    hint = _("记错了，再记一次就改过来。")
    ways = (Outcome("", _("记下"), "primary"),)
    return Action(offer.title, "", "", TRIAL, ways, str(offer.step_id), (figure, said), hint=hint)


def _deciding(offer: Offer) -> Action:
    ways = tuple(
        Outcome(choice.key, choice.title, "primary" if n == 0 else "plain") for n, choice in enumerate(offer.choices)
    )
    why = Field("words", "text", _("为什么这样定？"), _("和试行前说好的不一样，一定要写。"))
    return Action(offer.title, "", "", TRIAL, ways, str(offer.step_id), (why,), hint=_("试行期满了，请来定。"))


def _calling_off(offer: Offer) -> Action:
    """Before its day people may only call it off, folded away: it is not what they are asked."""
    ways = tuple(Outcome(choice.key, choice.title, "refuse") for choice in offer.choices if choice.key == CANCEL)
    why = Field("words", "text", _("为什么提前取消？"), _("大家都会看到这句话。"), required=True)
    return Action(_("提前取消试行"), "", "", TRIAL, ways, str(offer.step_id), (why,), folded=True)
