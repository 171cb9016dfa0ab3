"""A matter as people read it: each entry a sentence, newest last; what comes next, who must do it, by when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.steps import Field as Asked
from weizhi.charters.steps import Procedure, Step
from weizhi.matters import reads
from weizhi.matters.fields import WHOLE, WORDS, in_words
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pauses import pauses_of
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.published import masked
from weizhi.matters.recorded import CALLER, CHANNEL, CHANNELS, CLAIM, NUMBER, READ
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import outcome_title, title_in
from weizhi.matters.sending import asked_names
from weizhi.matters.sentences import BESIDE, BY_ITSELF, OUTCOMES, Audience, Saying, fill, name_title
from weizhi.people.access import Standing, person_key
from weizhi.people.models import Person
from weizhi.places.models import Place
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Entry, Payload

ALL = "answers_all"  # of an answer to many: the numbers of their entries
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOTE = "note"  # an inner remark: for those who handle the matter
COUNTED = ("n", "of", "size", "line", "people")  # numbers of an entry that its sentence may say
SEEN_BY_ALL = {
    Party.FOLLOWER,
    Party.JOINT,
    Party.AGAIN,
    "supporter",
    "interested",
}  # relations that open no closed part


def involved(parties: Sequence[Party], who: Standing) -> bool:
    """Whether somebody has to do with a matter, more than by looking on or being asked whether it is good."""
    joint = {party.who for party in parties if party.relation == Party.JOINT}
    return any(
        party.who in who.keys
        and party.relation not in SEEN_BY_ALL
        and not (party.relation == Party.WAITS and party.who in joint)
        for party in parties
    )


@dataclass(frozen=True)
class PhotoOf:
    """A photo in the story: the part's id serves it, with permission."""

    id: UUID
    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """One entry as a sentence."""

    id: UUID
    n: int
    verb: str
    who: str
    post: str
    text: str
    at: datetime
    told_at: datetime | None = None
    on_behalf_of: str = ""
    words: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    photos: tuple[PhotoOf, ...] = ()
    marks: tuple[str, ...] = ()
    stars: int | None = None
    thanks: bool = False
    because: tuple[str, ...] = ()
    decides: bool = False  # where something was decided or ended: the red seal
    mine: bool = False
    channel: str = ""  # how it reached the officer who wrote it down
    caller: str = ""  # who said it, where that is no person of ours
    number: UUID | None = None  # the part that holds the caller's telephone number
    by_resident: bool = False  # said by somebody without a post: others do not learn the name


@dataclass(frozen=True)
class Coming:
    """What comes next: the step, who must do it, by when."""

    step_id: UUID
    key: str
    title: str
    who: tuple[str, ...]
    opened_at: datetime
    due: datetime | None
    due_words: str
    still: datetime | None = None  # until when its clock stands, or stood, still


@dataclass(frozen=True)
class Story:
    matter: Matter
    lines: tuple[Line, ...]
    coming: tuple[Coming, ...]
    ended_title: str = ""


@dataclass
class Reader:
    """Reads one matter for one person. Four queries, each when first needed: entries, parts, steps, parties."""

    matter: Matter
    who: Standing
    audience: Audience = "resident"
    words: str = field(default="", init=False)  # what was said when it was raised, once the story is read
    objections: int = field(default=0, init=False)  # not answered yet; likewise
    stood_for: bool = field(default=False, init=False)  # whether something was entered on the reader's behalf; likewise
    kept: dict[str, Any] = field(default_factory=dict, init=False)  # what several pieces of a page read, read once
    charter: Charter = field(init=False)
    procedure: Procedure = field(init=False)

    def __post_init__(self) -> None:
        self.charter = charter_by_hash(self.matter.charter_id)
        self.procedure = self.charter.procedure_of(self.matter.kind)

    @cached_property
    def steps(self) -> list[StepRow]:
        return reads.steps(self.matter.pk)

    @cached_property
    def parties(self) -> list[Party]:
        return reads.parties(self.matter.pk)

    @cached_property
    def parts(self) -> list[Payload]:
        return reads.parts(self.matter.stream_id)

    @property
    def involved(self) -> bool:
        return involved(self.parties, self.who)

    @cached_property
    def shielded(self) -> bool:
        """Whether the reader is one of whom a neighbour said that he did not keep a convention: he answers to what was
        said, not to who said it. Those who handle it, and whoever raised it, read the names."""
        kind = self.matter.kind
        if self.who.person_id is None or not self.charter.tells_on_somebody(kind):
            return False
        mine = {party.relation for party in self.parties if party.who == person_key(self.who.person_id)}
        return Party.RAISER not in mine and not mine.isdisjoint(self.charter.kinds[kind].relations)

    def keeps_back(self, entry: Entry) -> bool:
        """Whether the names of an entry are not for this reader: a neighbour's own, or of one who had it written."""
        me = self.who.person_id
        mine = me is not None and me in (entry.actor_id, spoken_for(entry))
        by_neighbour = entry.actor_id is not None and (entry.holding_id is None or told_by_other(entry))
        return by_neighbour and not mine and self.shielded

    @property
    def handles(self) -> bool:
        """Whether the reader is one of those who handle it in a post."""
        return any(
            party.who in self.who.keys and not party.who.startswith(("person:", "status:")) for party in self.parties
        )

    def story(self) -> Story:
        parts: dict[UUID, list[Payload]] = {}
        for part in self.parts:
            parts.setdefault(part.entry_id, []).append(part)
        entries = reads.entries(self.matter.stream_id)
        lines = [self.line(entry, parts.get(entry.id, [])) for entry in entries if self._may_read(entry)]
        self.words = lines[0].words if lines else ""
        answered = sum(len(answered_in(entry)) for entry in entries if entry.verb == "answer")
        self.objections = sum(entry.verb == "object" for entry in entries) - answered
        me = self.who.person_id
        self.stood_for = me is not None and any(spoken_for(entry) == me for entry in entries)
        ended = self.title_of(self.matter.ended_as) if self.matter.ended_at else ""
        return Story(self.matter, tuple(lines), self.coming(), ended)

    def _may_read(self, entry: Entry) -> bool:
        return entry.verb not in (NOTE, READ) or self.handles

    def line(self, entry: Entry, parts: Sequence[Payload]) -> Line:
        seen = [part for part in parts if part.grade < HOUSEHOLD or self.involved]
        bodies = {part.part: part.read() for part in seen if part.part.startswith(("words", "fields"))}
        public = entry.public
        kept_back = self.keeps_back(entry)
        words = str(bodies.get(WORDS, "") if kept_back else bodies.get(WHOLE) or bodies.get(WORDS, ""))
        other = entry.on_behalf_of.name if entry.on_behalf_of else ""
        return Line(
            id=entry.id,
            n=entry.n,
            verb=entry.verb,
            who=self.actor_of(entry),
            post=entry.holding.title if entry.holding else "",
            text=self.sentence(entry),
            at=entry.at,
            told_at=entry.told_at,
            on_behalf_of=a_neighbour() if other and kept_back else other,
            words=self._without_names(entry, words) if kept_back else words,
            fields=tuple(
                (title, self._without_names(entry, said) if kept_back else said)
                for title, said in self._fields(entry.step, bodies)
            ),
            photos=tuple(_photo(part) for part in seen if part.part.startswith("file:")),
            marks=tuple(mark for mark in str(public.get("mark", "")).split(",") if mark),
            stars=public.get("stars"),
            thanks=bool(public.get("thanks")),
            because=tuple(public.get("because", ())),
            decides="ended" in public,
            mine=entry.actor_id is not None and entry.actor_id == self.who.person_id,
            channel=str(CHANNELS.get(str(public.get(CHANNEL, "")), "")),
            caller="" if kept_back else next((str(part.read()) for part in seen if part.part == CALLER), ""),
            number=None if kept_back else next((part.pk for part in seen if part.part == NUMBER), None),
            by_resident=entry.actor_id is not None and entry.holding_id is None,
        )

    def sentence(self, entry: Entry) -> str:
        """The entry's sentence for this reader's audience."""
        public, step = entry.public, self.procedure.steps.get(entry.step)
        outcome = str(public.get("outcome") or public.get("chose") or "")
        next_keys = [opened["step"] for opened in public.get("opens", ())] or [str(public.get("ended", ""))]
        return fill(
            saying_of(entry.verb, step),
            self.audience,
            who=self.actor_of(entry),
            outcome=self.outcome_words(step, outcome),
            step=self.title_of(entry.step),
            next="、".join(self.title_of(key) for key in next_keys if key),
            category=self._category(public),
            tell="、".join(self.name_title(name) for name in public.get("tell", ())),
            because="".join(_("（%(why)s）") % {"why": because} for because in public.get("because", ())),
            detail=self._detail(entry, step),
            sent=self._sent(public),
            **{name: public[name] for name in COUNTED if name in public},
        )

    def actor_of(self, entry: Entry) -> str:
        hidden = entry.holding_id is None and self.keeps_back(entry)
        return a_neighbour() if hidden else name_of(entry.actor, self.who)

    def _without_names(self, entry: Entry, said: str) -> str:
        """What a neighbour wrote, without his name and numbers where he wrote them into it."""
        for person in filter(None, (entry.actor if entry.holding_id is None else None, entry.on_behalf_of)):
            said = said.replace(person.name, a_neighbour()) if person.name else said
        return masked(said, self.matter.charter_id)

    def outcome_words(self, step: Step | None, outcome: str) -> str:
        if outcome.startswith(">"):
            return self.title_of(outcome[1:])
        return outcome_title(step, outcome) if step else str(OUTCOMES.get(outcome, outcome))

    def title_of(self, key: str) -> str:
        return title_in(self.procedure, key)

    def name_title(self, name: str) -> str:
        """What a post, body, status or relation is called in front of people."""
        return name_title(self.charter, self.matter.kind, name)

    def coming(self) -> tuple[Coming, ...]:
        rows = [row for row in self.steps if row.closed_at is None and not kind_named(row.kind).spec.automatic]
        return tuple(self._coming(row) for row in rows)

    def _coming(self, row: StepRow) -> Coming:
        still = max((until for _since, until in pauses_of(row.memory)), default=None)
        who, title = self.who_of(row), self.title_of(row.key)
        return Coming(row.pk, row.key, title, who, row.opened_at, row.due, row.due_words, still)

    def who_of(self, row: StepRow) -> tuple[str, ...]:
        names = asked_names(self.procedure.steps[row.key], row.brief)
        if names:
            return tuple(dict.fromkeys(self.name_title(name) for name in names))
        waits = [party.who for party in self.parties if party.step_id == row.pk]
        return tuple(self.name_title(who.partition(":")[2].partition("@")[0]) for who in waits)

    def _sent(self, public: dict[str, Any]) -> str:
        """To whom it was sent, and by which rule."""
        names = "、".join(self.name_title(str(name)) for name in public.get("sent", ()))
        rule = _("（按派单规则第 %(n)s 条）") % {"n": public["rule"]} if "rule" in public else ""
        return _("，派给%(names)s%(rule)s") % {"names": names, "rule": rule} if names else ""

    def _category(self, public: dict[str, Any]) -> str:
        found = self.charter.categories.get(str(public.get("category", "")))
        return _("，%(category)s") % {"category": found.title} if found else ""

    def _detail(self, entry: Entry, step: Step | None) -> str:
        public = entry.public
        if entry.verb in {"keep", "missed", "unknown"} and step:
            duties = {str(duty["key"]): duty for duty in step.params.get("duties", ())}
            duty = duties.get(str(public.get("duty")), {})
            day = str(public.get("occurrence", "")).rpartition(".")[2]
            return _("%(name)s（%(more)s）") % {"name": duty.get("title") or duty.get("key", ""), "more": day}
        if "again" in public:
            return _("，要求再提（第 %(n)s 位，满 %(of)s 位可以再提）") % {"n": public["again"], "of": public["needed"]}
        if "calendar" in public:
            return self._date(public)
        if "until" in public:
            goes_on = date.fromisoformat(str(public["until"]))
            return _("，到%(month)s月%(day)s日接着算期限") % {"month": goes_on.month, "day": goes_on.day}
        if "relations" in public:
            return self._parts_given(public["relations"])
        if ALL in public:
            return _("（%(n)s 条一起）") % {"n": len(public[ALL])}
        number = public.get("child") or public.get("parent") or public.get("into") or public.get("holder")
        if isinstance(number, int):
            return f"{_('编号')} {number:04d}"
        return kind_named(step.kind).detail(public) if step else ""

    def _parts_given(self, counts: dict[str, int]) -> str:
        """Which parts were given, and to how many: the entry names nobody; "assignee" says no more than the verb."""
        given = [(self.name_title(part), n) for part, n in counts.items() if part != "assignee" and n]
        told = "、".join(title if n == 1 else _("%(n)s 位%(part)s") % {"n": n, "part": title} for title, n in given)
        return _("：%(parts)s") % {"parts": told} if told else ""

    def _date(self, public: dict[str, Any]) -> str:
        """Which calendar of the charter, and its day."""
        entry, day = self.charter.calendar.get(str(public["calendar"])), date.fromisoformat(str(public["date"]))
        name = entry.title if entry and entry.title else self.charter.kinds[self.matter.kind].title
        told = _("%(name)s，%(month)s月%(day)s日") % {"name": name, "month": day.month, "day": day.day}
        return told + _("，晚了才开") if public.get("late") else told

    def _fields(self, step: str, bodies: dict[str, Any]) -> list[tuple[str, str]]:
        rule = self.procedure.steps.get(step)
        if rule is None:
            return []
        given = {
            key: value for name, body in bodies.items() if name.startswith("fields") for key, value in body.items()
        }
        shown = [asked for asked in rule.fields if asked.key in given]
        return [(asked.title or asked.key, self._shown(asked, given[asked.key])) for asked in shown]

    def _shown(self, asked: Asked, value: Any) -> str:
        if asked.type == "fen":
            return f"{int(value) / 100:,.2f} {_('元')}"
        if asked.type == "yes-no":
            return _("是") if value == "yes" else _("否")
        if asked.type in ("place", "places"):
            named = [value] if asked.type == "place" else list(value)
            return "、".join(self.place_names.get(str(one), _("一处地方")) for one in named)
        return in_words(asked, value)

    @cached_property
    def place_names(self) -> dict[str, str]:
        """What the places are called that people named in this matter: asked once, and only where somebody did."""
        bodies = [part.read() for part in self.parts if part.part.startswith("fields")]
        said = [value for body in bodies for value in body.values()]
        found = {str(one) for value in said for one in (value if isinstance(value, list) else [value])}
        known = Place.objects.select_related("parent__parent").filter(
            pk__in=[one for one in found if ID.fullmatch(one)]
        )
        return {str(place.pk): place.called for place in known}


def answered_in(entry: Entry) -> list[str]:
    """Which objections an answer answers: one by its id, several by the numbers of their entries."""
    return [str(one) for one in entry.public.get(ALL, (entry.public.get("answers"),))]


def told_by_other(entry: Entry) -> bool:
    """Whether an officer wrote down what somebody else said."""
    return entry.on_behalf_of_id is not None or CHANNEL in entry.public


def spoken_for(entry: Entry) -> UUID | None:
    """The person for whom the entry was made, or who says by a slip that it is his."""
    return entry.actor_id if entry.verb == CLAIM else entry.on_behalf_of_id


def saying_of(verb: str, step: Step | None) -> Saying:
    """The sentence registered for a verb: by the step's kind, else beside the steps, else what time does."""
    says = kind_named(step.kind).says if step else {}
    return says.get(verb) or BESIDE.get(verb) or BY_ITSELF.get(verb) or BY_ITSELF["happened"]


def a_neighbour() -> str:
    return _("一位邻居")


def name_of(person: Person | None, reader: Standing) -> str:
    if person is None:
        return _("系统")
    if person.erased_at is not None:
        return _("一位居民")
    return _("您") if person.pk == reader.person_id else person.name


def _photo(part: Payload) -> PhotoOf:
    body = part.read() or {}
    return PhotoOf(part.pk, int(body.get("width", 0)), int(body.get("height", 0)))
