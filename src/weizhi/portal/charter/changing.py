"""The table at which rules are changed: the text with its findings, its drawing, what changed, and a rehearsal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import unified_diff
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.comparing import compare
from weizhi.charters.editing import CannotEdit, add_step, set_period
from weizhi.charters.findings import Finding
from weizhi.charters.lines import line_map
from weizhi.charters.loading import Library
from weizhi.charters.models import Charter
from weizhi.charters.titles import outcome_title, place_title, step_title, who_title, who_titles
from weizhi.matters.deciding import TEXT_AT_MOST, check_for
from weizhi.people.models import CharterDraft
from weizhi.places.models import Community
from weizhi.portal.charter import telling
from weizhi.portal.charter.rehearsal import Played, rehearse
from weizhi.record.binding import Adopted, contradicting_below

FINDINGS_AT_MOST: Final = 60
CHANGES_AT_MOST: Final = 200
DRAFTS_AT_MOST: Final = 5  # each is checked anew, in a tenth of a second


@dataclass(frozen=True)
class Change:
    """A line that went or came; `where` opens a passage."""

    sign: str
    text: str


@dataclass(frozen=True)
class Asked:
    """What was sent: the text, which kind of matter is looked at, and the choices of the rehearsal."""

    source: str
    kind: str = ""
    path: tuple[str, ...] = ()
    walks: bool = False
    why: str = ""
    trouble: str = ""  # why a small change could not be made

    @classmethod
    def of(cls, sent: Mapping[str, str], path: Sequence[str], first: str) -> "Asked":
        """A browser sends lines ended by CR LF; the charter keeps its own."""
        source = sent.get("source", first).replace("\r\n", "\n")[:TEXT_AT_MOST]
        chosen = [one for one in path if len(one) < 80]
        do = sent.get("do", "")
        if do == "restart":
            chosen = []
        elif do.startswith("choose:"):
            chosen.append(do.removeprefix("choose:"))
        walks = do == "walk" or do == "restart" or do.startswith("choose:") or (do == "" and bool(chosen))
        return cls(source, sent.get("kind", "")[:60], tuple(chosen), walks, sent.get("why", "")[:300])


def edited(asked: Asked, sent: Mapping[str, str], charter: Charter | None) -> Asked:
    """Make the small change that a button asks for: another period, or one more step. Else what was sent."""
    do, procedure = (
        sent.get("do", ""),
        charter.kinds[asked.kind].procedure if charter and asked.kind in charter.kinds else "",
    )
    try:
        if do.startswith("period:") and procedure:
            step = do.removeprefix("period:")
            period = f"{sent.get(f'p-{step}-number', '').strip()} {sent.get(f'p-{step}-unit', '')}"
            return replace(asked, source=set_period(asked.source, procedure, step, period))
        if do == "add" and charter is not None and procedure:
            after, _sign, outcome = sent.get("after", "").partition("|")
            known = charter.procedures[procedure].steps
            key = next(name for name in (f"added-{n}" for n in range(1, 99)) if name not in known)
            by = sent.get("new-by", "")
            if by not in charter.posts and by not in charter.bodies:
                raise CannotEdit(_("请选由谁来看。"))
            period = f"{sent.get('new-number', '').strip()} working days"
            title = sent.get("new-title", "")[:40]
            more = {"key": key, "title": title, "by": by, "period": period}
            return replace(asked, source=add_step(asked.source, procedure, after, outcome or None, **more))
    except ValueError as error:  # CannotEdit, or a period that nobody can read
        return replace(asked, trouble=str(error))
    return asked


@dataclass(frozen=True)
class PeriodShown:
    """A step whose period can be changed by a form."""

    key: str
    title: str
    who: str
    number: int
    unit: str
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Forms:
    """What can be changed without writing TOML."""

    periods: tuple[PeriodShown, ...]
    ways: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def forms(charter: Charter, kind: str, source: str) -> Forms:
    """The steps that this text itself writes: their periods, and the ways between which somebody can look."""
    procedure = charter.procedure_of(kind)
    written = line_map(source)
    own = [step for step in procedure.steps.values() if ("procedures", procedure.key, "steps", step.key) in written]
    units = {"working day": _("工作日"), "day": _("天"), "hour": _("小时")}
    choices = tuple((f"{unit}s", words) for unit, words in units.items())
    periods = (
        PeriodShown(
            step.key, step_title(step), who_titles(step.by, charter), step.period.amount, f"{step.period.unit}s",
            choices if step.for_days is None else (("days", units["day"]),),
        )
        for step in own
        if step.period is not None and step.period.unit in units
    )  # fmt: skip
    ways = [
        (
            f"{step.key}|{outcome}",
            f"{step_title(step)} · {outcome_title(step, outcome)} → {place_title(target, procedure)}",
        )
        for step in own
        if step.kind in ("handle", "sort", "check")
        for outcome, target in step.outcomes.items()
        if "." not in target
    ]
    acting = {name for each in charter.procedures.values() for step in each.steps.values() for name in step.by}
    people = [(key, who_title(key, charter)) for key in (*charter.posts, *charter.bodies) if key in acting]
    return Forms(tuple(periods), tuple(ways), tuple(people))


@dataclass(frozen=True)
class Bench:
    """Everything beside the text."""

    asked: Asked
    findings: tuple[Finding, ...] = ()
    more_findings: int = 0
    changes: tuple[Change, ...] = ()
    sentences: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    kind: telling.KindTold | None = None
    played: Played | None = None
    below: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    forms: Forms | None = None

    @property
    def right(self) -> bool:
        return not self.findings


def text_in_force(here: Adopted | None) -> str:
    """The charter as it was written; where only its resolved form was kept, the library's if it is the same."""
    if here is None:
        return ""
    if here.source:
        return here.source
    found = Library()(here.charter.name)
    return found[1] if found else ""


def bench(community: Community, here: Adopted | None, asked: Asked, now: datetime) -> Bench:
    """Check the text, draw the kind that is looked at, tell what changed, and rehearse where that is asked for."""
    checked = check_for(community, asked.source, now)
    changes = tuple(_changes(text_in_force(here), asked.source))
    findings = checked.findings[:FINDINGS_AT_MOST]
    if checked.charter is None or findings:
        return Bench(asked, findings, len(checked.findings) - len(findings), changes)
    charter = checked.charter
    kind = asked.kind if asked.kind in charter.kinds else _touched(here, charter)
    told = telling.kind_told(charter, charter.kinds[kind]) if kind else None
    played = rehearse(community, charter, asked.source, kind, asked.path, now) if kind and asked.walks else None
    return Bench(
        asked,
        changes=changes,
        sentences=_sentences(here, charter),
        kinds=tuple((one.key, one.title) for one in charter.kinds.values()),
        kind=told,
        played=played,
        below=contradicting_below(community, charter, asked.source, now),
        forms=forms(charter, kind, asked.source) if kind else None,
    )


def _touched(here: Adopted | None, charter: Charter) -> str:
    """The first kind whose procedure was changed, else the first there is."""
    for key in charter.kinds:
        old = here.charter.kinds.get(key) if here else None
        if old is None or here is None or here.charter.procedure_of(key) != charter.procedure_of(key):
            return key
    return next(iter(charter.kinds), "")


def _sentences(here: Adopted | None, charter: Charter | None) -> tuple[str, ...]:
    return tuple(compare(here.charter, charter)) if here and charter else ()


def _changes(old: str, new: str) -> list[Change]:
    found = []
    for line in list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:][:CHANGES_AT_MOST]:
        if line.startswith("@@"):
            place = line.split("+")[1].split(" ")[0].split(",")[0]
            found.append(Change("@", _("第 %(line)s 行") % {"line": place}))
        else:
            found.append(Change(line[0], line[1:]))
    return found


@dataclass(frozen=True)
class Draft:
    """A change that waits for the second person."""

    pk: UUID
    by: str
    at: datetime
    why: str
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]
    mine: bool
    outdated: bool


def drafts(community: Community, here: Adopted | None, person: UUID | None, now: datetime) -> list[Draft]:
    """The changes that nobody has settled yet, the oldest first, in sentences and line by line."""
    rows = (
        CharterDraft.objects.filter(community=community, settled_at__isnull=True)
        .select_related("by")
        .order_by("at")[:DRAFTS_AT_MOST]
    )
    base, text = here.charter.hash if here else "", text_in_force(here)
    return [
        Draft(
            pk=row.pk,
            by=row.by.name,
            at=row.at,
            why=row.why,
            changes=tuple(_changes(text, row.source)),
            sentences=_sentences(here, check_for(community, row.source, now).charter),
            mine=row.by_id == person,
            outdated=row.base != base,
        )
        for row in rows
    ]
