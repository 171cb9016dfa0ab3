"""One hall, read for whoever looks: fetched with permission, or it does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation import taking_part
from weizhi.deliberation.models import Hall
from weizhi.deliberation.opinions import Drawn
from weizhi.matters.reads import seen_by
from weizhi.people.access import Standing
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.saying import matter_url, number, when
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@dataclass(frozen=True)
class Room:
    """A hall and its reader."""

    hall: Hall
    who: Standing
    now: datetime

    @cached_property
    def takes_part(self) -> bool:
        return self.who.person_id is not None and taking_part.takes_part(self.hall, self.who)

    @cached_property
    def adds(self) -> bool:
        return self.who.person_id is not None and taking_part.adds(self.hall, self.who)

    @cached_property
    def runs(self) -> bool:
        return taking_part.runs(self.hall, self.who)

    @cached_property
    def moderates(self) -> bool:
        return taking_part.moderates(self.hall, self.who)

    @cached_property
    def drawn(self) -> Drawn:
        return Drawn.of(self.hall.drawn)

    @property
    def open(self) -> bool:
        hall = self.hall
        return hall.shut_at is None and hall.step.closed_at is None and hall.opens_at <= self.now < hall.closes_at

    @property
    def question(self) -> str:
        _charter, step, params = taking_part.rule_of(self.hall)
        return params.question or self.hall.matter.title or step.title

    @property
    def longest(self) -> int:
        return taking_part.rule_of(self.hall)[2].statements.length

    @property
    def looked_at(self) -> bool:
        """Whether somebody looks at a statement before others see it."""
        return taking_part.rule_of(self.hall)[2].statements.shown == "looked-at"

    @property
    def chip(self) -> p.Chip:
        if self.open:
            return p.Chip(_("开着，到%(day)s") % {"day": when(self.hall.closes_at, self.now)}, "moving")
        if self.hall.final_at is None:
            return p.Chip(_("结束了，正在算结果"), "waiting")
        return p.Chip(_("结束了"), "done")

    def url(self, name: str) -> str:
        return reverse(f"portal:{name}", args=[self.hall.matter_id])

    @property
    def head(self) -> dict[str, object]:
        """What every page of it begins with."""
        matter = self.hall.matter
        return {
            "matter_url": matter_url(matter.pk), "number": number(matter), "question": self.question,
            "chip": self.chip, "hall_url": self.url("hall"), "result_url": self.url("hall-result"),
            "desk_url": self.url("hall-desk") if self.runs or self.moderates else "", "open": self.open,
        }  # fmt: skip


def _of_matter(matter: UUID, keys: Sequence[str], paths: Sequence[str]) -> QuerySet[Hall]:
    """Without what is long and not always shown: the map, and the place's drawn outline."""
    rows = Hall.objects.visible_to(seen_by(keys, paths)).filter(matter=matter).select_related("matter__place", "step")
    return rows.defer("drawn", "matter__place__geometry").order_by("-opens_at", "-id")[:1]


_newest: Prepared[Hall] = Prepared(_of_matter)


def room_of(request: HttpRequest, matter_id: UUID) -> Room:
    """The newest hall of the matter. One query; 404 for whoever may not see it."""
    who = standing_of(request)
    found = _newest.first(matter_id, who.keys, who.paths)
    if found is None:
        raise Http404
    return Room(found, who, clock.now())
