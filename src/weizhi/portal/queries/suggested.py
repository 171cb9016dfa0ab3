"""The suggester's word in front of people: what it looks like, how sure that is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.matters.models import Matter
from weizhi.portal.pieces import Choice
from weizhi.reports.suggesting import PRESELECTED, SIZES, suggest_for

SURE: Final = 0.75


@dataclass(frozen=True)
class Hint:
    """What stands in a field of the sorting before the officer says it; `value` only where it is likely enough."""

    value: str
    words: str


def sort_hints(charter: Charter, matter: Matter, words: str) -> Mapping[str, Hint]:
    """By what the charter's `asks` calls a column. No query."""
    found = suggest_for(charter, matter.place.path.partition("/")[0], words or matter.title)
    hints = {}
    if one := found.category:
        hints["category"] = _hint(one.key, charter.categories[one.key].title, one.certainty, one.reason)
    if found.size and not own_classes(charter):
        size = found.size
        hints["class"] = _hint(size.size, str(SIZES[size.size]), size.certainty, size.reason)
    elif found.category and (own := charter.categories[found.category.key].class_):
        hints["class"] = _hint(own, _class_title(charter, own), found.category.certainty, found.category.reason)
    return hints


def _hint(value: str, title: str, certainty: float, reason: str) -> Hint:
    told = _("看着像“%(title)s”（%(sure)s %(percent)s%%）：%(reason)s。不对请改。") % {
        "title": title, "sure": sure(certainty), "percent": round(certainty * 100), "reason": reason,
    }  # fmt: skip
    return Hint(value if certainty >= PRESELECTED else "", told)


def sure(certainty: float) -> str:
    """How sure, as people say it."""
    if certainty >= SURE:
        return _("很有把握")
    return _("有些把握") if certainty >= PRESELECTED else _("把握不大")


def own_classes(charter: Charter) -> tuple[str, ...]:
    """The classes of the city's own where its categories name them instead of 大事, 小事, 私事."""
    named = dict.fromkeys(one.class_ for one in charter.categories.values() if one.class_)
    return tuple(key for key in named if key not in SIZES)


def class_choices(charter: Charter) -> tuple[Choice, ...]:
    own = own_classes(charter)
    return tuple(Choice(key, _class_title(charter, key)) for key in own or SIZES)


def _class_title(charter: Charter, key: str) -> str:
    """A city names its class as the category at the root of it."""
    return str(SIZES.get(key) or (charter.categories[key].title if key in charter.categories else key))
