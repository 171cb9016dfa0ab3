"""One meeting as a page: read once, the same for those who come and for those who hold it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deliberating import HELD
from weizhi.deliberation import rules
from weizhi.deliberation.agenda import heard_at, waiting_for
from weizhi.deliberation.clerks import is_clerk, is_named
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.deliberation.resolved import Resolved, resolved_before
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.rules import official_names
from weizhi.matters.scene import outcome_title
from weizhi.matters.sentences import name_title
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import UNHAPPY, drafted
from weizhi.portal.forms import Draft
from weizhi.portal.meeting import forms
from weizhi.portal.meeting.promises import Promise, decided_words, hidden_title, promise, rule_of
from weizhi.portal.picking.asking import PlacesOf
from weizhi.portal.saying import due_chip, matter_url, number, when


@dataclass(frozen=True)
class Line:
    """A matter on the agenda."""

    n: int
    title: str
    url: str
    urgent: bool
    said: str  # how it was decided
    left: str  # that it was not
    now: bool  # it is this one's turn
    turn: str  # where to take it up instead


@dataclass(frozen=True)
class Hears:
    """An online hall of which this meeting hears by word of mouth."""

    title: str
    url: str
    chip: p.Chip
    does: str


@dataclass(frozen=True)
class Chair:
    """A seat and who sits there, or a guest."""

    title: str
    name: str
    leaves: str  # the attendance, for whoever may write down that somebody left


@dataclass(frozen=True)
class MeetingPage:
    matter: Matter
    number: str
    url: str
    when: str
    where: str
    chip: p.Chip
    seated: p.Progress
    mine: str
    promises: tuple[Promise, ...]
    agenda: tuple[Line, ...]
    hears: tuple[Hears, ...]
    seats: tuple[Chair, ...]
    guests: tuple[Chair, ...]  # neighbours: their names are for those who are there
    guests_count: int
    acts: tuple[p.Action, ...]
    papers: tuple[tuple[str, str], ...]
    clerk: bool


@dataclass
class Floor:
    """A meeting, read for one person. `item`: the place on the agenda that the chair chose."""

    sitting: Sitting
    who: Standing
    now: datetime
    draft: Draft
    item: int | None = None

    @cached_property
    def clerk(self) -> bool:
        return is_clerk(self.sitting, self.who)

    @cached_property
    def there(self) -> list[Attendance]:
        return list(self.sitting.attendances.at(self.now).select_related("person").order_by("came_at", "id"))

    @cached_property
    def items(self) -> list[Item]:
        """What is on the agenda; before it is opened, what would be."""
        if self.sitting.opened_at is None:
            return [Item(n=n, step=row) for n, row in enumerate(waiting_for(self.sitting), 1)]
        rows = Item.objects.seen_by(self.who).filter(sitting=self.sitting)
        return list(rows.select_related("step__matter__place").order_by("n"))

    @cached_property
    def resolved(self) -> Sequence[Resolved]:
        """上次定的事."""
        return resolved_before(self.sitting, self.now, self.who)

    @cached_property
    def seen(self) -> set[UUID]:
        """Which of them this reader may see; the others stand there by their number alone."""
        shown = [*(one.item for one in self.resolved), *self.items]
        found = {one.step.matter_id for one in shown if getattr(one, "seen", False)}
        asked = [one.step.matter_id for one in shown if not hasattr(one, "seen")]
        asked += [row.matter_id for row in self.hears]
        rows = Matter.objects.visible_to(self.who).filter(pk__in=asked) if asked else Matter.objects.none()
        return found | set(rows.values_list("pk", flat=True))

    @cached_property
    def current(self) -> Item | None:
        """Whose turn it is: the one chosen, else the first that is not decided."""
        if not self.open:
            return None
        left = [one for one in self.items if not one.outcome]
        return next((one for one in left if one.n == self.item), left[0] if left else None)

    @cached_property
    def hears(self) -> Sequence[StepRow]:
        """What else people speak of here, once the doors are open and until it is over."""
        return heard_at(self.sitting) if self.sitting.closed_at is None else ()

    @property
    def lacking(self) -> list[rules.Lack]:
        """Classes of seats of which too few are here."""
        taken = {one.seat for one in self.there if one.seat is not None}
        return rules.lacking(self.sitting.quorum_rule, self.sitting.seat_list, taken)

    @property
    def named(self) -> bool:
        """Whether this reader learns the names of guests: whoever holds it or is there."""
        return self.clerk or self.is_there

    @property
    def body_title(self) -> str:
        """What the body that meets is called."""
        charter = charter_by_hash(self.sitting.matter.charter_id)
        return charter.bodies[self.sitting.body].title or self.sitting.body

    @property
    def own_step(self) -> StepRow:
        """The meeting's own step, with the matter that was read with it."""
        step = self.sitting.step
        step.matter = self.sitting.matter
        return step

    @property
    def is_there(self) -> bool:
        return any(one.person_id == self.who.person_id for one in self.there)

    @property
    def open(self) -> bool:
        return self.sitting.opened_at is not None and self.sitting.closed_at is None

    @property
    def doors(self) -> bool:
        """Whether one may check in now."""
        return self.sitting.closed_at is None and self.now >= self.sitting.starts_at - rules.DOORS_OPEN

    @property
    def seated(self) -> int:
        return sum(one.seat is not None for one in self.there)

    @property
    def needed(self) -> int:
        return rules.asked(self.sitting.quorum_rule, len(self.sitting.seats))


def meeting_page(floor: Floor, more: Sequence[p.Action] = ()) -> MeetingPage:
    """Six queries: the agenda, what of it I may see, who is there, and who I am."""
    sitting, matter = floor.sitting, floor.sitting.matter
    acts = tuple(drafted(form, n, floor.draft) for n, form in enumerate([*_acts(floor), *more]))
    guests = [one for one in floor.there if one.seat is None]
    return MeetingPage(
        matter=matter,
        number=number(matter),
        url=matter_url(matter.pk),
        when=when(sitting.starts_at, floor.now),
        where=sitting.where,
        chip=_chip(floor),
        seated=_seated(floor),
        mine=_mine(floor),
        promises=tuple(promise(one, floor.seen) for one in floor.resolved),
        agenda=tuple(line_of(floor, one) for one in floor.items),
        hears=tuple(_hears(floor)),
        seats=tuple(_seats(floor)),
        guests=tuple(_chair(floor, "", one) for one in guests) if floor.clerk or floor.is_there else (),
        guests_count=len(guests),
        acts=acts,
        papers=tuple(_papers(floor)),
        clerk=floor.clerk,
    )


def _papers(floor: Floor) -> Iterator[tuple[str, str]]:
    """What of the meeting may be printed now, and the minutes to read."""
    pk = floor.sitting.matter_id
    if floor.sitting.closed_at is not None:
        yield _("会议记录"), reverse("portal:minutes", args=[pk])
    yield _("打印议程"), reverse("portal:meeting-paper", args=[pk, "agenda"])
    if floor.clerk:
        yield _("打印会议通知（一席一张）"), reverse("portal:meeting-paper", args=[pk, "invitation"])
        yield _("大屏（投影用）"), reverse("portal:wall", args=[pk])
        yield _("打印签到表"), reverse("portal:meeting-paper", args=[pk, "sheet"])


def _chip(floor: Floor) -> p.Chip:
    sitting = floor.sitting
    if sitting.closed_at is not None:
        return p.Chip(_("散会了"), "done") if sitting.opened_at else p.Chip(_("没有开成"), "refused")
    if sitting.opened_at is not None:
        return p.Chip(_("正在开会"), "moving")
    return p.Chip(_("在签到"), "waiting") if floor.doors else p.Chip(_("还没开"), "ok")


def _seated(floor: Floor) -> p.Progress:
    total = len(floor.sitting.seats)
    words = _("到会 %(seated)s 席，一共 %(total)s 席，%(needed)s 席可以开会") % {
        "seated": floor.seated, "total": total, "needed": floor.needed,
    }  # fmt: skip
    return p.Progress(_("到会席位"), floor.seated, total, words)


def _mine(floor: Floor) -> str:
    me = next((one for one in floor.there if one.person_id == floor.who.person_id), None)
    if me is None:
        return ""
    if me.seat is None:
        return _("您签到了，列席：可以发言，不举手。")
    return _("您签到了，坐第 %(n)s 席（%(title)s）。") % {"n": me.seat, "title": _seat(floor, me.seat).title}


def _seat(floor: Floor, n: int) -> rules.Seat:
    return floor.sitting.seat_list[n - 1]


def line_of(floor: Floor, item: Item) -> Line:
    """A matter of the agenda as this reader may see it."""
    matter, current = item.step.matter, floor.current
    seen = matter.pk in floor.seen
    said = ""
    if item.outcome and not seen:
        said = _("议过了")
    elif item.outcome:
        said = decided_words(item)
    left = floor.sitting.opened_at is not None and floor.sitting.closed_at is not None and not item.outcome
    return Line(
        n=item.n,
        title=matter.title if seen else hidden_title(item),
        url=matter_url(matter.pk) if seen else "",
        urgent=seen and matter.urgency == rules.URGENCIES[0],
        said=said,
        left=_("这次没有议，留到下次会。") if left else "",
        now=current is not None and current.n == item.n,
        turn=f"?item={item.n}" if floor.clerk and floor.open and not item.outcome else "",
    )


def _hears(floor: Floor) -> Iterator[Hears]:
    """Whoever runs a hall writes down there what people say; others speak for themselves."""
    for row in floor.hears:
        if row.matter_id not in floor.seen:
            continue
        runs = is_named(row.matter, row.key, floor.who)
        does = _("把大家说的记下来") if runs else _("去说几条")
        url = reverse("portal:hall-desk" if runs else "portal:hall", args=[row.matter_id])
        yield Hears(row.matter.title, url, due_chip(row.due, floor.now), does)


def _seats(floor: Floor) -> Iterator[Chair]:
    sits = {one.seat: one for one in floor.there if one.seat is not None}
    for seat in floor.sitting.seat_list:
        yield _chair(floor, seat.title, sits[seat.n]) if seat.n in sits else Chair(seat.title, "", "")


def _chair(floor: Floor, title: str, one: Attendance) -> Chair:
    return Chair(title, one.called, str(one.pk) if floor.clerk and floor.sitting.closed_at is None else "")


def _acts(floor: Floor) -> Iterator[p.Action]:
    """What is to do now, the most pressing first."""
    sitting = floor.sitting
    if sitting.closed_at is not None:
        return
    if floor.doors and not floor.is_there and floor.who.person_id is not None:
        yield forms.checking_in()
    if not floor.clerk:
        return
    if floor.open:
        left, places = sum(not one.outcome for one in floor.items), PlacesOf(sitting.matter.community_id)
        if (item := floor.current) is not None and (ways := _ways(floor, item.step)):
            yield from _deciding(floor, item, ways, places).forms()
        asked = [one for one in rule_of(floor.own_step)[1].fields if not one.only_for or HELD in one.only_for]
        yield forms.closing(left, forms.fields_asked(asked, places))
    elif floor.doors:
        yield forms.opening(floor.needed - floor.seated, floor.lacking)
    if floor.doors:
        taken = {one.seat for one in floor.there}
        yield forms.writing_down([seat for seat in sitting.seat_list if seat.n not in taken])
    if sitting.opened_at is None:
        yield forms.arranging(sitting.where)
        yield forms.postponing()
        if floor.now >= sitting.starts_at and (floor.seated < floor.needed or floor.lacking):
            yield forms.not_held()


def _deciding(floor: Floor, item: Item, ways: Sequence[p.Outcome], places: PlacesOf) -> forms.Deciding:
    charter, step = rule_of(item.step)
    procedure = charter.procedure_of(item.step.matter.kind)
    names = [*official_names(charter, procedure.steps.values()), *(seat.key for seat in floor.sitting.seat_list)]
    doers = [p.Choice(name, name_title(charter, item.step.matter.kind, name)) for name in dict.fromkeys(names)]
    title = f"{item.n}. {item.step.matter.title}"
    return forms.Deciding(str(item.step_id), title, ways, doers, step.fields, places, step.reasons)


def _ways(floor: Floor, row: StepRow) -> Sequence[p.Outcome]:
    """The charter's words for where the matter goes, if this reader is one of those whom its step names."""
    charter, step = rule_of(row)
    if row.matter_id not in floor.seen or not is_named(row.matter, row.key, floor.who):
        return ()
    ends = charter.procedure_of(row.matter.kind).ends
    found: list[p.Outcome] = []
    for key, target in step.outcomes.items():
        bad = target in ends and ends[target].counts in UNHAPPY
        found.append(p.Outcome(key, outcome_title(step, key), "refuse" if bad else "plain" if found else "primary"))
    return found or [p.Outcome("", _("记下会上的结果"), "primary")]
