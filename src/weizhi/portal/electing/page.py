"""The candidates of one nomination as everybody reads them, and what this reader may do about each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.nominating import BY_ELECTORS, BY_ONESELF, Way
from weizhi.decisions.candidates import Declared, declarations, nominate_params, seats_for, ways_of
from weizhi.decisions.kinds.nominate import ACCEPT, DECLINE, NOMINATE, STRIKE
from weizhi.decisions.models import Candidate
from weizhi.matters import rules
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.queries import scene_of
from weizhi.matters.refused import Refused
from weizhi.matters.registry import electors
from weizhi.matters.scene import Scene
from weizhi.matters.story import Reader
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.acting import drafted
from weizhi.portal.electing.forms import accepting, declining, naming, oneself, striking
from weizhi.portal.forms import Draft
from weizhi.portal.saying import due_chip, matter_url, number

KIND: Final = "nominate"
State = Candidate.State


@dataclass(frozen=True)
class Shown:
    """One name: how it came, what the bearer says, how many have joined in, and what I may do."""

    name: str
    sub: str
    words: tuple[str, ...] = ()
    criteria: tuple[tuple[str, str], ...] = ()
    progress: p.Progress | None = None
    why: str = ""
    acts: tuple[p.Action, ...] = ()
    joins: str = ""  # whom I may put forward with the others, by the candidate's id


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    people: tuple[Shown, ...]
    empty: str = ""


@dataclass(frozen=True)
class CandidatesPage:
    matter: Matter
    title: str
    number: str
    url: str
    chip: p.Chip | None
    seats: str
    ways: str
    open: bool
    mine: str  # what is asked of me, or how I stand
    my_acts: tuple[p.Action, ...]
    groups: tuple[Group, ...]
    acts: tuple[p.Action, ...]
    staff: bool


@dataclass
class Floor:
    """One nomination step, read for one person."""

    reader: Reader
    row: StepRow
    now: datetime
    draft: Draft

    @cached_property
    def scene(self) -> Scene:
        return scene_of(self.reader)

    @property
    def who(self) -> Standing:
        return self.reader.who

    @property
    def open(self) -> bool:
        return self.row.closed_at is None

    @cached_property
    def step(self) -> str:
        return self.row.key

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        return tuple(nominate_params(self.reader.procedure.steps[self.step]).criteria)

    @cached_property
    def all_ways(self) -> list[Way]:
        return ways_of(self.scene, nominate_params(self.reader.procedure.steps[self.step]).rule)

    @cached_property
    def is_elector(self) -> bool:
        electorate = nominate_params(self.reader.procedure.steps[self.step]).electorate
        me = self.who.person_id
        return me is not None and (electorate is None or electors().has(self.scene, electorate, me))

    @cached_property
    def runs_it(self) -> bool:
        """An office of the step, which may say who cannot stand; a fellow elector may not."""
        names = rules.official_names(self.reader.charter, [self.reader.procedure.steps[self.step]])
        return self.open and self._holds(tuple(names))

    @cached_property
    def named(self) -> bool:
        """Whether the step's `by` lets me act at it at all."""
        return self.open and self._holds(self.reader.procedure.steps[self.step].by)

    @cached_property
    def mine(self) -> list[Way]:
        """The ways in which I may put somebody forward."""
        return [way for way in self.all_ways if self.named and self._may(way)]

    def _may(self, way: Way) -> bool:
        return self.is_elector if way.who == BY_ELECTORS or way.key == BY_ONESELF else self._holds((way.who,))

    def _holds(self, names: tuple[str, ...]) -> bool:
        keys = rules.keys_for(names, charter=self.reader.charter, here=self.scene.here, relations={})
        return not self.who.keys.isdisjoint(keys)

    def way_words(self, way: Way) -> str:
        if way.key == BY_ONESELF:
            return _("自己报名")
        if way.who == BY_ELECTORS:
            return _("%(n)s 位选民联名") % {"n": way.together}
        return _("%(who)s提名") % {"who": self.reader.name_title(way.who)}


def floor_of(matter: Matter, standing: Standing, now: datetime, draft: Draft) -> Floor | None:
    """The newest nomination of a matter; None where it has none. Two queries."""
    reader = Reader(matter, standing, "desk" if standing.posts else "resident")
    rows = [row for row in reader.steps if row.kind == KIND]
    rows.sort(key=lambda row: (row.closed_at is None, row.opened_at))
    return Floor(reader, rows[-1], now, draft) if rows else None


def candidates_page(floor: Floor) -> CandidatesPage:
    """Two queries, and one or two for whether I am an elector."""
    matter, row = floor.reader.matter, floor.row
    rows = Candidate.objects.filter(matter=matter, step=row.key).select_related("person")
    found = list(rows.order_by("number", "since", "id"))
    said = declarations(matter.pk, row.key)
    me = next((one for one in found if one.person_id == floor.who.person_id), None)
    acts = _Acts(floor)
    return CandidatesPage(
        matter=matter,
        title=floor.reader.title_of(row.key),
        number=number(matter),
        url=matter_url(matter.pk),
        chip=due_chip(row.due, floor.now) if floor.open else p.Chip(_("提名结束了"), "done"),
        seats=_seats(floor),
        ways="；".join(floor.way_words(way) for way in floor.all_ways),
        open=floor.open,
        mine=_asked(floor, me) if me else "",
        my_acts=tuple(acts.of_mine(me)) if me and floor.open else (),
        groups=tuple(_groups(floor, found, said, acts)),
        acts=tuple(acts.to_nominate(me)) if floor.open else (),
        staff=floor.runs_it,
    )


def _seats(floor: Floor) -> str:
    try:
        return _("选 %(n)s 人") % {"n": seats_for(floor.scene, floor.step)}
    except Refused:  # the charter does not say; the ballot will
        return ""


def _asked(floor: Floor, me: Candidate) -> str:
    way = _way(floor, me.way)
    missing = max(way.together - len(me.by), 0) if way else 0
    return {
        State.GATHERING: _("有人提名您。联名还差 %(n)s 人，够了再请您决定。您不愿意，现在就可以说。") % {"n": missing},
        State.PROPOSED: _("有人提名您做候选人。接受了才算，您看愿不愿意？"),
        State.STANDING: _("您是候选人。您的名字和您写的话，大家都看得到。"),
        State.DECLINED: _("您说过不接受提名。"),
        State.STRUCK: _("您不在候选人名单上：%(why)s") % {"why": me.struck_why},
    }[State(me.state)]


def _way(floor: Floor, key: str) -> Way | None:
    return next((way for way in floor.all_ways if way.key == key), None)


def _groups(floor: Floor, found: Sequence[Candidate], said: Mapping[UUID, Declared], acts: "_Acts") -> Iterator[Group]:
    def people(*states: State) -> tuple[Shown, ...]:
        return tuple(_shown(floor, one, said, acts) for one in found if one.state in states)

    nobody = _("还没有人。提名的人要自己接受，才排到这里。") if floor.open else _("没有人。")
    yield Group("standing", _("候选人"), people(State.STANDING), nobody)
    if floor.open:
        yield Group("proposed", _("等本人接受"), people(State.PROPOSED))
        yield Group("gathering", _("正在联名"), people(State.GATHERING))
    yield Group("others", _("没有成为候选人"), people(State.DECLINED, State.STRUCK))


def _shown(floor: Floor, one: Candidate, said: Mapping[UUID, Declared], acts: "_Acts") -> Shown:
    declared, way = said.get(one.person_id), _way(floor, one.way)
    gone = one.person.erased_at is not None or (one.state == State.STANDING and declared is None)
    stands = one.state == State.STANDING and not gone
    why = one.struck_why if one.state == State.STRUCK else _("本人不接受") if one.state == State.DECLINED else ""
    return Shown(
        name=_numbered(_("本人已注销") if gone else one.person.name, one.number),
        sub="" if gone or way is None or one.state == State.GATHERING else floor.way_words(way),
        words=tuple(line for line in declared.words.splitlines() if line.strip()) if declared and stands else (),
        criteria=tuple(declared.criteria.items()) if declared and stands else (),
        progress=_progress(one, way, floor.way_words(way)) if one.state == State.GATHERING and way else None,
        why="" if gone else why,
        acts=() if gone else tuple(acts.on(one)),
        joins=str(one.pk) if acts.may_join(one, way) and not gone else "",
    )


def _numbered(name: str, number: int | None) -> str:
    """With the number on the paper, once it is drawn."""
    return name if number is None else _("%(name)s（%(n)s 号）") % {"name": name, "n": number}


def _progress(one: Candidate, way: Way, words: str) -> p.Progress:
    many = len(one.by)
    missing = _("已有 %(n)s 人，还差 %(missing)s 人") % {"n": many, "missing": max(way.together - many, 0)}
    return p.Progress(words, many, way.together, missing)


@dataclass
class _Acts:
    """The forms of the page, each with its own ids."""

    floor: Floor
    made: int = 0

    def _one(self, form: p.Action) -> p.Action:
        self.made += 1
        form = replace(form, url=reverse("portal:candidates", args=[self.floor.reader.matter.pk]))
        return drafted(form, self.made, self.floor.draft)

    def of_mine(self, me: Candidate) -> Iterator[p.Action]:
        if me.state == State.PROPOSED:
            yield self._one(accepting(self.floor.criteria))
        if me.state in (State.PROPOSED, State.GATHERING, State.STANDING):
            yield self._one(declining(stood=me.state == State.STANDING))

    def may_join(self, one: Candidate, way: Way | None) -> bool:
        me = str(self.floor.who.person_id)
        known = me in one.by or str(one.person_id) == me
        return one.state == State.GATHERING and way in self.floor.mine and not known

    def on(self, one: Candidate) -> Iterator[p.Action]:
        if self.floor.runs_it and one.state not in (State.STRUCK, State.DECLINED):
            yield self._one(striking(str(one.pk), one.person.name))

    def to_nominate(self, me: Candidate | None) -> Iterator[p.Action]:
        others = [way for way in self.floor.mine if way.key != BY_ONESELF]
        if others:
            yield self._one(naming([(way.key, self.floor.way_words(way)) for way in others]))
        free = me is None or me.state in (State.DECLINED, State.GATHERING)
        if free and any(way.key == BY_ONESELF for way in self.floor.mine):
            yield self._one(oneself(self.floor.criteria))


VERBS: Final = (NOMINATE, ACCEPT, DECLINE, STRIKE)
