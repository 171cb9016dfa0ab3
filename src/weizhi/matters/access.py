"""Who may see a matter, as a rule to be read, with its reason. Lists ask the same of the database in one query
(`MatterQuerySet.visible_to`); a property test holds the two together in random worlds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from weizhi.matters.models import Matter, Party
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import EVERYBODY, Standing

Reason = Literal["public", "place", "party", "outside"]


@dataclass(frozen=True)
class Seeing:
    """Whether somebody may see a matter, and why: because it is public, because of where he belongs, because of
    what he has to do with it; or because none of these holds."""

    may: bool
    reason: Reason
    relation: str = ""


def may_see(matter: Matter, parties: Iterable[Party], who: Standing) -> bool:
    return seeing(matter, parties, who).may


def seeing(matter: Matter, parties: Iterable[Party], who: Standing) -> Seeing:
    """The rule, in the order in which people would give their reasons."""
    if matter.audience == EVERYBODY:
        return Seeing(True, "public")
    if matter.audience != Matter.PARTIES_ONLY and matter.audience in who.paths:
        return Seeing(True, "place")
    for party in parties:
        if party.who in who.keys:
            return Seeing(True, "party", party.relation)
    return Seeing(False, "outside")


def explain(matter: Matter, parties: Iterable[Party], who: Standing) -> tuple[str, str]:
    """Why this person may or may not see the matter: a sentence, and the charter's line that decides.

    For those who look into a complaint. To an outsider the matter does not even exist.
    """
    found = seeing(matter, parties, who)
    charter = charter_by_hash(matter.charter_id)
    line = f"{charter.name}: kinds.{matter.kind}.visible = {charter.kinds[matter.kind].visible}"
    words = {
        "public": _("这件事公开，谁都可以看。"),
        "place": _("这件事给这里的人看，这个人在这里住、有房或任职。"),
        "party": _("这个人和这件事有关（%(relation)s）。") % {"relation": found.relation},
        "outside": _("这件事不公开；这个人不在可以看的范围里，也和这件事无关。"),
    }
    return words[found.reason], line
