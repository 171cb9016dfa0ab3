"""The questions of a guided first step, and where in them somebody stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter, MatterKind
from weizhi.charters.steps import Field as Asked
from weizhi.matters.models import Party
from weizhi.people.access import Standing, person_key
from weizhi.portal import pieces as p
from weizhi.portal.forms import charter_field

KEPT = ("at", "follows")  # of the address: the sign on the wall, what it follows


@dataclass(frozen=True)
class GuidedPage:
    title: str
    hint: str
    n: int
    of: int
    field: p.Field
    answers: tuple[tuple[str, str], ...]  # to the other questions, carried along: nothing is kept here
    kept: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str], ...]  # what was answered so far, in words
    last: bool
    whole: str  # all at once, for who needs no help
    kind: str


def is_guided(charter: Charter, kind: MatterKind) -> bool:
    """Whether the charter leads a first-time proposer of this kind, and there is something to ask."""
    start = charter.procedure_of(kind.key).start
    return start.params.get("guided") is True and bool(questions(charter, kind))


def questions(charter: Charter, kind: MatterKind) -> Sequence[Asked]:
    """What is asked in words; money and places are asked at the end, on the page that shows the whole."""
    return [field for field in charter.procedure_of(kind.key).start.fields if field.type == "text"]


def is_first(who: Standing, kind: str) -> bool:
    """Whether this person has raised none of the kind yet. One query."""
    if who.person_id is None:
        return False
    mine = Party.objects.filter(who=person_key(who.person_id), relation=Party.RAISER, step=None, matter__kind=kind)
    return not mine.exists()


def guided_page(charter: Charter, kind: MatterKind, sent: Mapping[str, str], n: int, error: str = "") -> GuidedPage:
    asked = questions(charter, kind)
    n = min(max(n, 0), len(asked) - 1)
    shown = replace(charter_field(asked[n]), value=sent.get(asked[n].key, ""), error=error)
    others = [field for field in asked if field.key != asked[n].key]
    kept = tuple((name, sent[name]) for name in KEPT if sent.get(name))
    return GuidedPage(
        title=kind.title,
        hint=kind.hint or str(_("一句一句来，不用写得像公文。")),
        n=n + 1,
        of=len(asked),
        field=shown,
        answers=tuple((field.key, sent.get(field.key, "")) for field in others),
        kept=kept,
        said=tuple(
            (field.title or field.key, sent[field.key]) for field in asked[:n] if sent.get(field.key, "").strip()
        ),
        last=n == len(asked) - 1,
        whole=f"{reverse('portal:report')}?{urlencode({'kind': kind.key, 'whole': '1', **dict(kept)})}",
        kind=kind.key,
    )
