"""The table at which rules are changed: the text with its findings, its drawing, what changed, and a rehearsal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import unified_diff
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.comparing import compare
from weizhi.charters.findings import Finding
from weizhi.charters.loading import Library
from weizhi.charters.models import Charter
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
