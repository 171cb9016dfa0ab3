"""One text as a page: what it says, what changed between two versions, who wrote which and why; where it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deliberating import DELIBERATING, DraftParams
from weizhi.deliberation.in_force import edition_in_force, words_of
from weizhi.deliberation.kinds.draft import DRAFT
from weizhi.deliberation.models import Text
from weizhi.deliberation.versions import Version, versions_of, why_and_words
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.queries import Offer, offers
from weizhi.matters.story import Reader, name_of
from weizhi.methods.text.differing import Paragraph, differences, paragraphs
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.forms import Draft
from weizhi.portal.saying import due_chip, matter_url, number, when
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload


@dataclass(frozen=True)
class Line:
    """One version in the list."""

    n: int
    who: str
    when: str
    why: str
    url: str
    compare: str  # with the one before
    here: bool
    frozen: bool


@dataclass(frozen=True)
class Writing:
    """The desk at which the next version is written."""

    step: str
    base: int
    fields: tuple[p.Field, ...]
    ways: tuple[p.Outcome, ...]
    hint: str
    error: str
    begins: str  # whose words stand in the field of a text that nobody has written yet; "": nobody's
    after: str  # what keeping and freezing mean


@dataclass(frozen=True)
class TextPage:
    matter: Matter
    number: str
    url: str
    title: str
    chip: p.Chip
    shown: str  # which version stands here, in words
    paragraphs: tuple[str, ...]
    gone: bool  # written once, and deleted since by the law
    compared: tuple[Paragraph, ...]
    compares: str
    same: bool
    lines: tuple[Line, ...]
    choices: tuple[int, ...]
    n: int
    other: int
    paper: str
    write: Writing | None


@dataclass
class Desk:
    """A text, read for one person. `n` is the version to read, `other` the one to compare it with; 0: none."""

    matter: Matter
    step: str
    who: Standing
    now: datetime
    draft: Draft
    n: int = 0
    other: int = 0

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.matter, self.who, "desk" if self.who.posts else "resident")

    @cached_property
    def text(self) -> Text | None:
        return Text.objects.filter(matter=self.matter, step=self.step).first()

    @cached_property
    def row(self) -> StepRow | None:
        """The step as it stands now, or stood last."""
        rows = [row for row in self.reader.steps if row.key == self.step and row.kind == DRAFT]
        return max(rows, key=lambda row: (row.round, row.opened_at), default=None)

    @cached_property
    def offer(self) -> Offer | None:
        """What this person may do at the step."""
        return next((one for one in offers(self.reader) if self.row and one.step_id == self.row.pk), None)

    @cached_property
    def versions(self) -> list[Version]:
        return versions_of(self.matter.pk, self.step)

    @property
    def reads(self) -> int:
        """The version that is read: the one asked for, else the newest."""
        last = len(self.versions)
        return self.n if 1 <= self.n <= last else last

    @property
    def against(self) -> int:
        return self.other if 1 <= self.other <= len(self.versions) and self.other != self.reads else 0

    @cached_property
    def said(self) -> tuple[dict[int, str], dict[int, str]]:
        """Why each version was written, and the words of those that are read."""
        wanted = {self.reads, self.against}
        return why_and_words(self.versions, wanted, closed=self.reader.involved) if self.versions else ({}, {})

    @property
    def bodies(self) -> dict[int, str]:
        return self.said[1]


def text_page(desk: Desk) -> TextPage:
    """Six queries: the matter, steps, parties, the text, its versions, what was said; one more for whoever begins a
    text with what somebody said."""
    text, matter, n, other = desk.text, desk.matter, desk.reads, desk.against
    assert text is not None and desk.row is not None, "fetched with permission"
    old, new = sorted((n, other)) if other else (0, n)
    bodies = desk.bodies
    readable = not other or (old in bodies and new in bodies)
    compared = differences(bodies[old], bodies[new]) if other and readable else ()
    return TextPage(
        matter=matter,
        number=number(matter),
        url=matter_url(matter.pk),
        title=desk.reader.title_of(desk.step),
        chip=_chip(desk),
        shown=_shown(desk, n),
        paragraphs=tuple(paragraphs(bodies.get(n, ""))),
        gone=bool(n) and (n not in bodies or not readable),
        compared=compared,
        compares=_("第 %(old)s 版到第 %(new)s 版改了什么") % {"old": old, "new": new} if other else "",
        same=bool(compared) and not any(one.changed for one in compared),
        lines=tuple(_lines(desk)),
        choices=tuple(one.n for one in desk.versions),
        n=n,
        other=other or max(1, n - 1),
        paper=_address(desk, n, other, "portal:text-paper") if n else "",
        write=_writing(desk),
    )


def _chip(desk: Desk) -> p.Chip:
    assert desk.row is not None and desk.text is not None
    if desk.row.closed_at is None:
        return due_chip(desk.row.due, desk.now) if desk.row.due else p.Chip(_("正在写"), "moving")
    return p.Chip(_("定稿了"), "done") if desk.text.frozen else p.Chip(
        _("没有写成"), "refused"
    )  # fmt: skip


def _shown(desk: Desk, n: int) -> str:
    assert desk.text is not None
    if not n:
        return _("还没有写。")
    last = len(desk.versions)
    if n == desk.text.frozen:
        return _("第 %(n)s 版，定稿") % {"n": n}
    return (_("第 %(n)s 版，最新") if n == last else _("第 %(n)s 版，后来又改过")) % {"n": n}


def _lines(desk: Desk) -> Iterator[Line]:
    """The newest first."""
    assert desk.text is not None
    for one in reversed(desk.versions):
        before = _address(desk, one.n, one.n - 1) if one.n > 1 else ""
        yield Line(
            one.n, _who(desk, one), when(one.at, desk.now), desk.said[0].get(one.n, ""), _address(desk, one.n), before,
            one.n == desk.reads and not desk.against, one.n == desk.text.frozen,
        )  # fmt: skip


def _who(desk: Desk, one: Version) -> str:
    """Who writes in a post stands by his name; a resident's is for those who have to do with the matter."""
    mine = one.who is not None and one.who.pk == desk.who.person_id
    if not one.post and not mine and not desk.reader.involved:
        return _("一位居民")
    name = name_of(one.who, desk.who)
    return _("%(name)s（%(post)s）") % {"name": name, "post": one.post} if one.post else name


def _address(desk: Desk, n: int, other: int = 0, name: str = "portal:text") -> str:
    asked = {"v": n, "with": other} if other else {"v": n}
    return f"{reverse(name, args=[desk.matter.pk, desk.step])}?{urlencode(asked)}"


def _writing(desk: Desk) -> Writing | None:
    if desk.offer is None or desk.row is None or desk.against or desk.reads != len(desk.versions):
        return None
    last = len(desk.versions)
    words, begins = (desk.bodies.get(last, ""), "") if last else _begins_with(desk)
    text = p.Field(
        "text", "text", _("写在这里"), _("一段一行。每一条以“第一条”开头，大家才说得清是哪一条。"), required=True,
        value=words, prefix="w",
    )  # fmt: skip
    why = p.Field("words", "text", _("这次改了什么、为什么？"), _("大家会看到。"), prefix="w")
    fields: tuple[p.Field, ...] = (text, why)
    refused = desk.draft.refused
    if refused is not None:
        fields = tuple(desk.draft.filled(field) for field in fields)
    error = refused.message if refused and not any(field.error for field in fields) else ""
    kept = _("存成一版，还可以再改。定了稿，就交给下一步，不能再改。")
    after = kept if last else _("存成一版，还可以再改。存过了，才能定稿。")
    ways = _ways(desk.offer) if last else ()
    return Writing(str(desk.row.pk), last, fields, ways, desk.offer.hint, error, begins, after)


def _ways(offer: Offer) -> tuple[p.Outcome, ...]:
    """Freeze it and go on: the charter's own words where it has several ways."""
    found = tuple(p.Outcome(one.key, one.title, "plain") for one in offer.choices if one.allowed)
    return found or (p.Outcome("", _("定稿，交下一步"), "plain"),)


def _begins_with(desk: Desk) -> tuple[str, str]:
    """What an earlier step said, or what is in force, where the charter lets the first version begin with it; and
    a sentence that says whose words these are, and that nothing is written yet."""
    rule = desk.reader.procedure.steps[desk.step]
    params: DraftParams = rule.parsed(DELIBERATING[DRAFT])
    if params.convention is not None:
        edition = edition_in_force(desk.matter.community_id, params.convention)
        told = _("下面是正在施行的那一版，还没有人改过、存过。改好了，请存成一版。")
        return (words_of(edition), told) if edition else ("", "")
    if params.from_ is None:
        return "", ""
    said = Payload.objects.filter(
        entry__stream=desk.matter.stream_id, entry__step=params.from_, part=WORDS, grade__lt=HOUSEHOLD
    )
    newest = said.order_by("-entry__n").first()
    told = _("下面是前面说过的话，抄在这里，还不算写了稿。改好了，请存成一版。")
    return (str(newest.read()), told) if newest else ("", "")


def steps_with_texts(reader: Reader) -> Sequence[str]:
    """The keys of the draft steps that were ever opened, in the charter's order."""
    opened = {row.key for row in reader.steps if row.kind == DRAFT}
    return [key for key in reader.procedure.steps if key in opened]


def text_url(matter: UUID, step: str, n: int = 0) -> str:
    address = reverse("portal:text", args=[matter, step])
    return f"{address}?v={n}" if n else address
