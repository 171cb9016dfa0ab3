"""The minutes as whoever reads them may see them: one shape for the page and for the paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.deliberation import minutes, wording
from weizhi.deliberation.minutes import Written
from weizhi.deliberation.models import Attendance, Item
from weizhi.matters.scene import outcome_title
from weizhi.matters.story import name_of
from weizhi.people.access import NOBODY
from weizhi.portal.meeting.page import Floor
from weizhi.portal.meeting.promises import Promise, hidden_title, promise, rule_of, task_words
from weizhi.portal.saying import matter_url


@dataclass(frozen=True)
class Sat:
    """Somebody in a seat, or a seat that stayed empty."""

    n: int
    title: str
    name: str
    when: str


@dataclass(frozen=True)
class Point:
    """A matter of the agenda and what was decided; `words` None: erased; `section` as a correction names it."""

    n: int
    section: str
    title: str
    url: str
    outcome: str
    counted: str
    task: str
    words: str | None
    seen: bool


@dataclass(frozen=True)
class Change:
    """A version: who changed which sections, what stood there before and what stands there now."""

    version: int
    who: str
    at: str
    why: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass
class Record:
    """A closed meeting, read for one person."""

    floor: Floor

    @cached_property
    def written(self) -> Written:
        return minutes.written(self.floor.sitting, self.items)

    @property
    def items(self) -> list[Item]:
        """What was on the agenda; nothing where it never began."""
        return self.floor.items if self.floor.sitting.opened_at is not None else []

    @cached_property
    def words(self) -> dict[str, str | None]:
        return self.written.words()

    @cached_property
    def came(self) -> list[Attendance]:
        return list(self.floor.sitting.attendances.select_related("person").order_by("seat", "came_at", "id"))

    @cached_property
    def digest(self) -> str:
        return minutes.digest_of(self.floor.sitting, self.came, self.items, len(self.written.corrections))

    @property
    def intact(self) -> bool:
        """Whether what was counted is still what was signed."""
        return all(one.digest == self.digest for one in self.written.standing)

    @property
    def guests(self) -> list[Attendance]:
        return [one for one in self.came if one.seat is None]

    @property
    def names_guests(self) -> bool:
        """Neighbours who looked on: their names are for those who were there."""
        me = self.floor.who.person_id
        return self.floor.clerk or any(one.person_id == me for one in self.came if me is not None)

    def opening(self) -> str:
        """宣布开会 in one sentence."""
        sitting = self.floor.sitting
        if sitting.opened_at is None:
            return _("到会的席位不够，会没有开成。")
        told = {
            "time": clock_words(sitting.opened_at), "who": self.chair,
            "seated": sum(one.seat is not None and _there(one, sitting.opened_at) for one in self.came),
            "total": len(sitting.seats), "needed": self.floor.needed,
        }  # fmt: skip
        return _("%(time)s%(who)s宣布开会。到会 %(seated)s 席，一共 %(total)s 席，按章程要 %(needed)s 席。") % told

    @property
    def chair(self) -> str:
        chair = self.floor.sitting.chair
        return name_of(chair, NOBODY) if chair else ""

    def seats(self) -> Iterator[Sat]:
        """Seat by seat; who came later or went earlier with the time."""
        for seat in self.floor.sitting.seat_list:
            sat = [one for one in self.came if one.seat == seat.n]
            for one in sat:
                yield Sat(seat.n, seat.title, one.called, self._when(one))
            if not sat:
                yield Sat(seat.n, seat.title, "", "")

    def _when(self, one: Attendance) -> str:
        sitting = self.floor.sitting
        said = [str(Attendance.Channel(one.channel).label)]
        if sitting.opened_at and one.came_at > sitting.opened_at:
            said.append(_("%(time)s到") % {"time": clock_words(one.came_at)})
        if one.left_at and (sitting.closed_at is None or one.left_at < sitting.closed_at):
            said.append(_("%(time)s离开") % {"time": clock_words(one.left_at)})
        return "，".join(said)

    def promises(self) -> list[Promise]:
        return [promise(one, self.floor.seen) for one in self.floor.resolved]

    def points(self) -> Iterator[Point]:
        for item in self.items:
            yield self._point(item)

    def _point(self, item: Item) -> Point:
        matter, section = item.step.matter, minutes.section_of(item.n)
        seen = matter.pk in self.floor.seen
        if not seen:
            said = _("议过了") if item.outcome else _("没有议，留到下次会")
            return Point(item.n, section, hidden_title(item), "", said, "", "", "", seen)
        outcome = outcome_title(rule_of(item.step)[1], item.outcome) if item.outcome else _("没有议，留到下次会")
        seated = _("在座 %(n)s 席") % {"n": item.seated} if item.seated is not None else ""
        counted = "，".join(filter(None, (seated, wording.hands(item.hands))))
        words = self.words.get(section, "")
        return Point(
            item.n, section, matter.title, matter_url(matter.pk), outcome, counted, task_words(item), words, seen
        )

    def changes(self) -> Iterator[Change]:
        """The versions after the first, the newest first."""
        hidden = {minutes.section_of(one.n) for one in self.items if one.step.matter_id not in self.floor.seen}
        titles = {minutes.section_of(one.n): _("第 %(n)s 件") % {"n": one.n} for one in self.items}
        titles |= {minutes.OPENING: _("开场"), minutes.MORE: _("其他")}
        for one in reversed(self.written.corrections):
            before, now = self.written.words(one.version - 1), self.written.words(one.version)
            changes = tuple(
                (titles.get(key, key), text_of(before.get(key, "")), text_of(now.get(key, "")))
                for key in one.changed if key not in hidden
            )  # fmt: skip
            yield Change(one.version, name_of(one.who, NOBODY), day_words(one.at), one.why, changes)


def _there(one: Attendance, at: datetime) -> bool:
    return one.came_at <= at and (one.left_at is None or one.left_at > at)


def text_of(words: str | None) -> str:
    """What stands in a section; where it was erased, that."""
    return _("（这一段已经依法删去）") if words is None else words


def clock_words(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def day_words(at: datetime) -> str:
    day = at.astimezone(ZONE)
    told = {"year": day.year, "month": day.month, "day": day.day, "time": f"{day:%H:%M}"}
    return _("%(year)s年%(month)s月%(day)s日 %(time)s") % told
