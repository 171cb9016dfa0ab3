"""Which matters a table holds: those of the search or the work table whose conditions stand in the address."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db.models import F, Min, QuerySet

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.portal.finding.wanted import Wanted, found
from weizhi.portal.queries.asked import Asked, narrowed_matters
from weizhi.portal.queries.desk import waiting_steps


def of_search(standing: Standing, sent: Mapping[str, str]) -> tuple[QuerySet[Matter], dict[str, str]]:
    """What the page of the search shows, all pages of it."""
    wanted = Wanted.of(sent)
    rows = found(wanted, standing) if wanted.asks else Matter.objects.none()
    return rows, {name: value for name, value in wanted.said.items() if value}


def of_desk(standing: Standing, sent: Mapping[str, str], now: datetime) -> tuple[QuerySet[Matter], dict[str, str]]:
    """What the work table shows, in its order."""
    asked = Asked.of(sent)
    said = {name: value for name, value in asdict(asked).items() if value and name != "page"}
    if asked.ours:
        steps = waiting_steps(standing, asked, now).order_by().values("step")
        waiting = Matter.objects.filter(steps__in=steps).annotate(first=Min("steps__due"))
        return waiting.order_by(F("first").asc(nulls_last=True), "number"), said
    rows = Matter.objects.visible_to(standing).filter(
        community__in=standing.communities, ended_at__isnull=asked.view == "open"
    )
    return rows.filter(narrowed_matters(asked, now)).order_by("-changed_at"), said
