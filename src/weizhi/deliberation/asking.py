"""Whom a survey asks: the homes or people of a place now, all of them or as many as are drawn."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from uuid_utils.compat import uuid7

from weizhi.charters.surveying import SurveyParams
from weizhi.deliberation.models import Asked, Survey
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.methods.elections.sortition import list_hash
from weizhi.methods.sampling import households
from weizhi.people.models import Residence
from weizhi.places import bulk
from weizhi.places.models import Place, PlaceQuerySet

GRID, HOUSEHOLD = "grid", "household"
ROW = ("id", "survey_id", "n", "place_id", "person_id", "grid", "code")
MANY = 200
CODE_DIGITS, CODES = 8, 9 * 10**7
Status = Residence.Status
STATUSES: Mapping[str, tuple[str, ...]] = {
    "households": (Status.RESIDENT, Status.OWNER, Status.TENANT),
    "residents": (Status.RESIDENT, Status.TENANT),
    "owners": (Status.OWNER,),
    "tenants": (Status.TENANT,),
    "members": (Status.MEMBER,),
}
BY_HOME = ("households", "owners")  # owners speak for what they own, once


@dataclass(frozen=True)
class Line:
    """One home or person of the list, before anything is drawn. name: what stands for it in the published list."""

    name: str
    place: UUID
    person: UUID | None
    grid: str


def open_survey(scene: Scene, row: StepRow, params: SurveyParams, why: str) -> Survey:
    """Fix whom and what is asked, inside the matter's lock. Raises Refused where nobody lives there."""
    asks, path, level = _whom(scene, params)
    survey = Survey(
        id=uuid7(), community_id=scene.matter.community_id, matter=scene.matter, step=row,
        asks=Survey.Asks.HOUSEHOLDS if asks in BY_HOME else Survey.Asks.RESIDENTS, statuses=list(STATUSES[asks]),
        path=path, questions=[one.model_dump(mode="json", exclude_defaults=True) for one in params.questions],
        why=why, at_least=params.at_least or "", opens_at=scene.now,
    )  # fmt: skip
    lines = list(_lines(survey, level == GRID))
    if not lines:
        raise Refused("not-yet", "名单上一个人也没有，没有人可以问。请先把住户登记好，或者换一个范围。")
    asked = _drawn(survey, lines, len(lines) if params.sample == "all" else params.sample)
    survey.population, survey.asked = len(lines), len(asked)
    survey.frame = [[one.name, one.grid] for one in lines]
    survey.save(force_insert=True)
    codes = secrets.SystemRandom().sample(range(CODES), len(asked))
    rows = (
        (uuid7(), survey.pk, n, one.place, one.person, one.grid, str(CODES // 9 + code))
        for n, (one, code) in enumerate(zip(asked, codes, strict=True), 1)
    )
    bulk.insert(Asked, ROW, rows)
    if len(asked) >= MANY:
        bulk.looked_at(Asked)
    return survey


def _whom(scene: Scene, params: SurveyParams) -> tuple[str, str, str | None]:
    """Who is asked, within which path, of which level."""
    asks, level = str(params.asks), params.living_in
    if params.electorate is not None:
        electorate = scene.charter.electorates[params.electorate]
        asks, level = electorate.of, electorate.within
    path = scene.here.at(level) if level else scene.here.scope
    if path is None:
        title = scene.charter.levels.titles.get(str(level), "范围")
        raise Refused(
            "not-yet", f"这件事不在任何一个“{title}”里，找不到要问的人。请撤回这一件，选好在哪个“{title}”再提一次。"
        )
    return asks, path, level


def _inside(path: str, by_grid: bool) -> PlaceQuerySet:
    """The places at a path and below it; a grid is no parent of homes, it covers them."""
    return Place.objects.filter(Q(path=path) | Q(levels__grid=path)) if by_grid else Place.objects.under(path)


def _lines(survey: Survey, by_grid: bool) -> Iterator[Line]:
    """Of each home, or each person, one line, in the order of the doors. One query."""
    rows = (
        Residence.objects.open_at(survey.opens_at)
        .filter(community=survey.community_id, status__in=survey.statuses)
        .filter(household__in=_inside(survey.path, by_grid), household__kind=HOUSEHOLD)
        .filter(person__erased_at__isnull=True, person__is_machine=False)
        .order_by("household__path", "person", "since")
        .values_list("household", "household__code", "household__levels", "person")
    )
    homes, seen = survey.asks == Survey.Asks.HOUSEHOLDS, set()
    for home, code, levels, person in rows.iterator(chunk_size=5000):
        whose = home if homes else person
        if whose not in seen:
            seen.add(whose)
            name = code if homes else hidden_name(survey.pk, person)
            yield Line(name, home, None if homes else person, str((levels or {}).get(GRID) or ""))


def hidden_name(survey: UUID, person: UUID) -> str:
    """What stands for a person in the list: who has been asked is nobody's business."""
    return hashlib.sha256(f"{survey}:{person}".encode()).hexdigest()[:16]


def _drawn(survey: Survey, lines: Sequence[Line], size: int) -> Sequence[Line]:
    """All, or a draw by grids from a seed that is chosen only after the list is fixed."""
    strata = strata_of([one.name, one.grid] for one in lines)
    survey.list_hash = list_hash(strata)
    if size >= len(lines):
        return lines
    survey.seed = secrets.token_hex(16)
    drawn = set(households(strata, size, survey.seed).drawn)
    return [one for one in lines if one.name in drawn]


def strata_of(frame: Any) -> Mapping[str, Sequence[str]]:
    """The list as `methods` draws from it: name → its grid."""
    return {name: (grid,) for name, grid in frame}


def redrawn(survey: Survey) -> Sequence[str]:
    """Draw again from the kept list and the published seed, as anybody may who has both."""
    strata = strata_of(survey.frame)
    return households(strata, survey.asked, survey.seed).drawn if survey.seed else list(strata)
