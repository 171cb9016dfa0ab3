"""Who may change a community's rules, and whether a text can become its charter."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from weizhi.charters.findings import Finding
from weizhi.charters.loading import Checked, parse_text
from weizhi.charters.models import Charter
from weizhi.charters.titles import who_titles
from weizhi.matters import rules
from weizhi.matters.refused import Refused
from weizhi.matters.registry import specs
from weizhi.people.access import Standing, body_key, standing
from weizhi.people.models import CharterDraft, Person
from weizhi.places.models import Community
from weizhi.record.binding import Adopted, AdoptedLibrary, above, contradictions, in_force

TEXT_AT_MOST = 200_000


class BadCharter(Refused):
    """The text cannot be this community's charter; every finding is told, and `line` names all their lines."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        told = [finding for finding in findings if finding.severity == "error"] or list(findings)
        lines = "、".join(dict.fromkeys(f"{finding.file}:{finding.line}" for finding in told))
        super().__init__("bad-charter", f"这份章程还有 {len(told)} 处要改。{told[0].message}", line=lines)
        self.findings = findings


def deciding_bodies(community: Community, charter: Charter | None) -> tuple[str, ...]:
    """Who proposes and confirms the rules: the body that owns what nobody else has, or those of a higher level."""
    if charter is None:
        return ("committee",)
    owner = rules.owner_of(charter)
    if rules.level_of(charter, owner) == community.level:
        return (owner,)
    return tuple(key for key, body in charter.bodies.items() if body.at == community.level) or (owner,)


def may_decide(who: Standing, community: Community, charter: Charter | None) -> bool:
    return not who.keys.isdisjoint(body_key(key, community.slug) for key in deciding_bodies(community, charter))


def permit(who: Standing, community: Community, now: datetime) -> Adopted | None:
    """The charter in force, or a refusal for whoever may not change it."""
    here = in_force(community, now)
    charter = here.charter if here else None
    if not may_decide(who, community, charter):
        titles = who_titles(deciding_bodies(community, charter), charter)
        raise Refused("not-yours", f"章程由{titles}的人来改。")
    return here


def draft_for(draft_id: UUID, by: Person, now: datetime) -> CharterDraft:
    """The draft, or a refusal for whoever may not decide on it. What it says may be out of date: see `unsettled`."""
    draft = CharterDraft.objects.select_related("community").filter(pk=draft_id).first()
    if draft is None:
        raise Refused("not-found", "没有这份修改。")
    permit(standing(by, now), draft.community, now)
    return draft


def unsettled(draft_id: UUID) -> CharterDraft:
    """The draft read again, once the charter register is locked: of two who press at once the second is told."""
    draft = CharterDraft.objects.select_related("community").get(pk=draft_id)
    if draft.settled_at is not None:
        raise Refused("closed", "这份修改已经处理过了。请刷新看看。")
    return draft


def check_for(community: Community, text: str, now: datetime) -> Checked:
    """Check a text as this community's charter: by itself, and against what the levels above have adopted."""
    higher = above(community, now)
    checked = parse_text(text[:TEXT_AT_MOST], "charter.toml", specs=specs(), library=AdoptedLibrary(higher))
    if checked.charter is None:
        return checked
    found = contradictions(checked.charter, higher, checked.origins, "charter.toml")
    if not found:
        return checked
    return replace(checked, charter=None, findings=tuple(dict.fromkeys((*checked.findings, *found))))


def usable(checked: Checked) -> Charter:
    """The charter, or a refusal with every finding; a step kind that no room provides yet cannot be adopted."""
    if checked.charter is None or checked.findings:
        raise BadCharter(checked.findings)
    return checked.charter
