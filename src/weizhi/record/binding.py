"""What binds a community's charter: those that the levels above it have adopted (SYSTEMS E6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from weizhi.charters.checks.narrowing import check_narrowing
from weizhi.charters.checks.scene import Scene
from weizhi.charters.findings import Faults, Finding, Origin, Path
from weizhi.charters.lines import line_map
from weizhi.charters.loading import Library, thaw
from weizhi.charters.models import Charter
from weizhi.people.models import CharterAdoption
from weizhi.places.models import Community

Origins = Mapping[Path, Origin]


@dataclass(frozen=True)
class Adopted:
    """A charter in force, with the lines of its source where that was kept."""

    community: Community
    charter: Charter
    source: str

    @property
    def file(self) -> str:
        return f"{self.charter.name}.toml"

    @property
    def origins(self) -> Origins:
        return {path: (self.file, line) for path, line in line_map(self.source).items()} if self.source else {}


class CharterContradicts(Exception):
    """The charter contradicts one of a level above; every line is told."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class AdoptedLibrary(Library):
    """Charters by name: those that the levels above have adopted, then those that come with Weizhi."""

    def __init__(self, above: Sequence[Adopted]) -> None:
        super().__init__()
        self.above = {one.charter.name: one for one in reversed(above) if one.source}

    def __call__(self, name: str) -> tuple[str, str] | None:
        found = self.above.get(name)
        return (found.file, found.source) if found else super().__call__(name)

    def names(self) -> list[str]:
        return sorted({*self.above, *super().names()})


def in_force(community: Community, at: datetime) -> Adopted | None:
    """The charter that a community has adopted last. One query."""
    newest = CharterAdoption.objects.filter(community=community, since__lte=at).order_by("-since")
    found = newest.select_related("text").first()
    return Adopted(community, thaw(found.text.text), found.source) if found else None


def above(community: Community, at: datetime) -> list[Adopted]:
    """The charters of the levels above, the nearest first."""
    return [found for higher in _higher(community) if (found := in_force(higher, at)) is not None]


def contradictions(
    charter: Charter, higher: Sequence[Adopted], origins: Origins, file: str = ""
) -> tuple[Finding, ...]:
    """Where the charter contradicts one that binds it; a charter without a level binds nobody."""
    faults = Faults(file or f"{charter.name}.toml", origins)
    for one in higher:
        if one.charter.charter.level:
            check_narrowing(Scene(charter, {}, faults, set()), one.charter, one.origins)
    return faults.sorted()


def contradicting_below(
    community: Community, charter: Charter, source: str, at: datetime
) -> dict[str, tuple[Finding, ...]]:
    """Whose charters below would contradict this one: all at once, by the name of the community."""
    if not charter.charter.level:
        return {}
    changed = [Adopted(community, charter, source)]
    found = {}
    for lower in _lower(community):
        if (theirs := in_force(lower, at)) is not None:
            said = contradictions(theirs.charter, changed, theirs.origins, theirs.file)
            if said:
                found[lower.name] = said
    return found


def _higher(community: Community) -> Iterator[Community]:
    here = community.parent
    while here is not None:
        yield here
        here = here.parent


def _lower(community: Community) -> Iterator[Community]:
    for child in community.children.order_by("slug"):
        yield child
        yield from _lower(child)
