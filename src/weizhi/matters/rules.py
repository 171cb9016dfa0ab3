"""The law of matters, pure: whom a step's names mean here, who may see what, how a title is made."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weizhi.charters.models import Charter
from weizhi.charters.steps import Step
from weizhi.charters.words import VISIBILITIES

EVERYBODY = "*"
PARTIES_ONLY = "-"
COMMUNITY = "community"
STATUSES = frozenset({"resident", "owner", "tenant", "member"})
SIGNED_IN = "anyone-signed-in"
# Visibility classes that mean the people of a place, narrow to wide: one that is missing here widens to the next.
PARTIES_CLASSES = frozenset({"parties", "handlers", "care-team"})
PLACE_CLASSES = ("building", "grid", "estate", COMMUNITY)
TITLE_AT_MOST = 28
_SENTENCE = re.compile(r"[。!?！？;；\n]")


@dataclass(frozen=True)
class Here:
    """Where a matter is: the path of each level there, and the scope in which statuses count."""

    levels: Mapping[str, str]
    scope: str

    def at(self, level: str) -> str | None:
        return self.levels.get(level)


def here_at(levels: Mapping[str, str], path: str, raised_in: str | None) -> Here:
    """Where a matter of a kind is that is raised at a place: statuses count in `raised_in`, else in the community."""
    return Here(levels, levels.get(raised_in or "", levels.get(COMMUNITY, path)))


def level_of(charter: Charter, name: str) -> str:
    """The level at which a post or body stands."""
    if body := charter.bodies.get(name):
        return body.at or COMMUNITY
    post = charter.posts.get(name)
    if post and post.at:
        return post.at
    seated = (body.at for body in charter.bodies.values() if any(seat.post == name for seat in body.seats))
    return next((at for at in seated if at), COMMUNITY)


def keys_for(
    names: Iterable[str],
    *,
    charter: Charter,
    here: Here,
    relations: Mapping[str, Sequence[str]],
    at: str | None = None,
) -> list[str]:
    """The keys of access that `names` mean for a matter standing here, in order, each once.

    A post or body of a level that does not exist at this place (a space outside every grid) falls to the
    charter's `levels.owner`: nothing may lie where nobody can pick it up.
    """
    keys: dict[str, None] = {}
    for name in names:
        for key in _keys_of(name, charter, here, relations, at):
            keys[key] = None
    return list(keys)


def _keys_of(
    name: str, charter: Charter, here: Here, relations: Mapping[str, Sequence[str]], at: str | None
) -> list[str]:
    if name == SIGNED_IN:
        return ["signed-in"]
    if name in STATUSES:
        return [f"status:{name}@{here.scope}"]
    if name in charter.posts or name in charter.bodies:
        kind = "post" if name in charter.posts else "body"
        path = here.at(at if at and name in charter.posts else level_of(charter, name)) or here.at(
            level_of(charter, name)
        )
        if path:
            return [f"{kind}:{name}@{path}"]
        return [f"body:{owner_of(charter)}@{here.at(COMMUNITY) or here.scope}"]
    return list(relations.get(name, ()))


def owner_of(charter: Charter) -> str:
    """The body that picks up what has no owner at its own level."""
    first = (key for key, body in charter.bodies.items() if (body.at or COMMUNITY) == COMMUNITY)
    return charter.levels.owner or next(first)


def official_names(charter: Charter, steps: Iterable[Step]) -> list[str]:
    """Posts and bodies that any of the steps names: those who handle the matter sooner or later."""
    names: dict[str, None] = {}
    for step in steps:
        told = [name for rung in step.escalate for name in rung.tell]
        for name in (*step.by, *step.replying, *step.tell, *told):
            if name in charter.posts or name in charter.bodies:
                names[name] = None
    return list(names)


def audience_of(visible: str, here: Here) -> str:
    """`*`, the path of the place whose people may see it, or `-` for its parties only."""
    if visible == "public":
        return EVERYBODY
    if visible not in PLACE_CLASSES:
        return PARTIES_ONLY
    wider = PLACE_CLASSES[PLACE_CLASSES.index(visible) :]
    return next((path for level in wider if (path := here.at(level))), here.scope)


def narrower(visible: str | None, than: str) -> bool:
    """Whether a step or field shows less than the whole matter does."""
    return visible is not None and VISIBILITIES.index(visible) < VISIBILITIES.index(than)


def closed(visible: str | None, kind_visible: str) -> bool:
    """Whether what is said there is for the parties alone: narrowed, or in a matter that is theirs alone."""
    return (visible or kind_visible) in PARTIES_CLASSES or narrower(visible, kind_visible)


def title_of(words: str, fallback: str) -> str:
    """A title from what was said: the first sentence, shortened; never more than was said."""
    first = next((part.strip() for part in _SENTENCE.split(words) if part.strip()), fallback)
    return first if len(first) <= TITLE_AT_MOST else first[: TITLE_AT_MOST - 1] + "…"
