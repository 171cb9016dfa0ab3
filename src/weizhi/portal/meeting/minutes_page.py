"""The page of a meeting's minutes: everything that was counted, the words section by section, versions, signatures."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation import minutes
from weizhi.deliberation.clerks import is_named
from weizhi.matters.story import name_of
from weizhi.people.access import NOBODY
from weizhi.portal import pieces as p
from weizhi.portal.acting import drafted
from weizhi.portal.meeting.promises import Promise
from weizhi.portal.meeting.record import Change, Point, Record, Sat, clock_words, day_words, text_of


@dataclass(frozen=True)
class SignedBy:
    name: str
    post: str
    at: str


@dataclass(frozen=True)
class MinutesPage:
    title: str
    number: str
    url: str
    chip: p.Chip
    facts: tuple[tuple[str, str], ...]
    opening: str
    more_opening: str
    promises: tuple[Promise, ...]
    points: tuple[Point, ...]
    more: str
    seats: tuple[Sat, ...]
    guests: tuple[str, ...]
    guests_count: int
    version: int
    changes: tuple[Change, ...]
    signatures: tuple[SignedBy, ...]
    digest: str
    broken: bool
    forms: tuple[p.Action, ...]
    paper: str


def minutes_page(record: Record) -> MinutesPage:
    floor, sitting = record.floor, record.floor.sitting
    acts = tuple(drafted(form, n, floor.draft) for n, form in enumerate(_forms(record)))
    return MinutesPage(
        title=sitting.matter.title,
        number=f"{sitting.matter.number:04d}",
        url=reverse("portal:meeting", args=[sitting.matter_id]),
        chip=chip(record),
        facts=facts(record),
        opening=record.opening(),
        more_opening=text_of(record.words.get(minutes.OPENING, "")),
        promises=tuple(record.promises()),
        points=tuple(record.points()),
        more=text_of(record.words.get(minutes.MORE, "")),
        seats=tuple(record.seats()),
        guests=tuple(one.called for one in record.guests) if record.names_guests else (),
        guests_count=len(record.guests),
        version=record.written.version,
        changes=tuple(record.changes()),
        signatures=tuple(signatures(record)),
        digest=record.digest,
        broken=not record.intact,
        forms=acts,
        paper=reverse("portal:meeting-paper", args=[sitting.matter_id, "minutes"]),
    )


def chip(record: Record) -> p.Chip:
    if record.written.signed:
        return p.Chip(_("签过了"), "done")
    if record.written.step is None:
        return p.Chip(_("自动整理，没有签字"))
    return p.Chip(_("草稿，等签字"), "waiting")


def facts(record: Record) -> tuple[tuple[str, str], ...]:
    """When, where, who held it, how many were there."""
    sitting = record.floor.sitting
    opened, closed = sitting.opened_at, sitting.closed_at
    assert closed is not None
    seated = sum(1 for seat in record.seats() if seat.name)
    rows = [
        (
            _("时间"),
            _("%(from)s到%(to)s") % {"from": day_words(opened or sitting.starts_at), "to": clock_words(closed)},
        ),
        (_("地点"), sitting.where),
        (_("主持"), record.chair),
        (_("到会"), _("%(seated)s 席，一共 %(total)s 席") % {"seated": seated, "total": len(sitting.seats)}),
        (_("列席"), _("%(n)s 人") % {"n": len(record.guests)} if record.guests else ""),
    ]
    return tuple(row for row in rows if row[1])


def signatures(record: Record) -> Iterator[SignedBy]:
    for one in record.written.standing:
        yield SignedBy(name_of(one.who, NOBODY), one.post, day_words(one.at))


def _forms(record: Record) -> Iterator[p.Action]:
    """To sign, then folded one form to correct the words."""
    written = record.written
    if written.step is None or written.step.closed_at is not None:
        return
    floor = record.floor
    if not is_named(floor.sitting.matter, written.step.key, floor.who):
        return
    step, me = str(written.step.pk), floor.who.person_id
    if not any(one.who is not None and one.who.pk == me for one in written.standing):
        hint = _("签的是第 %(n)s 版。席位、举手和结果是会上记下的，不能改；话写得不准，先改再签。") % {
            "n": written.version
        }
        version = p.Outcome(str(written.version), _("看过了，签字"), "primary")
        form = p.Action(_("您签字吗？"), "", "", minutes.SIGN, (version,), step, (), hint)
        yield form
    yield p.Action(
        _("改里面的话"), "", "", minutes.CORRECT, (p.Outcome("", _("改好了，存成新的一版"), "plain"),), step,
        tuple(_texts(record)), _("改了就是新的一版，签过的要再签。"), folded=True,
    )  # fmt: skip


def _texts(record: Record) -> Iterator[p.Field]:
    words = record.words
    yield _text(minutes.OPENING, _("开场说的"), words.get(minutes.OPENING, ""))
    for point in record.points():
        if point.seen:
            yield _text(point.section, f"{point.n}. {point.title}", words.get(point.section, ""))
    yield _text(minutes.MORE, _("其他"), words.get(minutes.MORE, ""))
    yield p.Field("words", "text", _("为什么改？"), _("会写在记录的历史里。"))


def _text(section: str, label: str, words: str | None) -> p.Field:
    return p.Field(f"texts.{section}", "text", label, value=words or "")
