"""A charter in plain words: each kind of matter, who does what within how many days; the lists; the dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from weizhi.charters.drawing import draw
from weizhi.charters.models import Charter, MatterKind, Procedure
from weizhi.charters.people_tables import Duty
from weizhi.charters.steps import Step
from weizhi.charters.titles import outcome_title, place_title, step_title, who_title, who_titles
from weizhi.matters.pinned import charter_by_hash


@dataclass(frozen=True)
class StepTold:
    """One step: who does what by when, what happens when it is late, where it can go."""

    key: str
    title: str
    who: str
    within: str
    late: tuple[str, ...]
    ways: tuple[str, ...]
    asks: str = ""


@dataclass(frozen=True)
class KindTold:
    """One kind of matter, with its drawing."""

    key: str
    title: str
    hint: str
    who: str
    sees: str
    steps: tuple[StepTold, ...]
    ends: str
    drawing: str


@dataclass(frozen=True)
class DutyTold:
    """One line of the lists."""

    key: str
    title: str
    who: str
    source: str
    counted: bool

    @property
    def document(self) -> str:
        """The law or paper behind it; the numbers of our own source documents say nothing to anybody."""
        return "" if self.source.isdecimal() else self.source


@dataclass(frozen=True)
class ListTold:
    """Lines under one heading: a phase, a mechanism, or the negative list."""

    key: str
    title: str
    lines: tuple[DutyTold, ...]


@dataclass(frozen=True)
class Told:
    """The parts of a charter that do not change with the day."""

    kinds: tuple[KindTold, ...]
    lists: tuple[ListTold, ...]


@lru_cache(maxsize=16)
def tell(digest: str, language: str) -> Told:
    """What a hash says never changes: told once in a process and language."""
    return told(charter_by_hash(digest))


def told(charter: Charter) -> Told:
    return Told(tuple(kind_told(charter, kind) for kind in charter.kinds.values()), tuple(_lists(charter)))


def kind_told(charter: Charter, kind: MatterKind) -> KindTold:
    """A kind of matter in words, with its drawing."""
    procedure = charter.procedure_of(kind.key)
    steps = [step for step in procedure.steps.values() if step.kind != "fork"]
    return KindTold(
        key=kind.key,
        title=kind.title,
        hint=kind.hint,
        who=who_titles(procedure.start.by, charter),
        sees=sees(kind.visible),
        steps=tuple(step_told(charter, procedure, step) for step in steps),
        ends="、".join(end.title or key for key, end in procedure.ends.items()),
        drawing=draw(procedure, charter=charter),
    )


def step_told(charter: Charter, procedure: Procedure, step: Step) -> StepTold:
    """One step in words."""
    who = who_titles(step.by, charter) or _("不用人办，自动往下走")
    if step.people > 1:
        who = _("%(who)s（%(number)s 人一起）") % {"who": who, "number": step.people}
    if step.second_person:
        who = _("%(who)s，由%(second)s复核") % {"who": who, "second": who_title(step.second_person, charter)}
    return StepTold(
        step.key,
        step_title(step),
        who,
        step.period.words if step.period else "",
        tuple(_late(charter, procedure, step)),
        tuple(_ways(procedure, step)),
        "、".join(field.title or field.key for field in step.fields),
    )


def _late(charter: Charter, procedure: Procedure, step: Step) -> Iterator[str]:
    for rung in step.escalate:
        after = _("晚 %(delay)s") % {"delay": rung.delay.words} if rung.delay else _("一晚")
        if rung.tell:
            yield _("%(after)s就告诉%(who)s") % {"after": after, "who": who_titles(rung.tell, charter)}
        if rung.to:
            yield _("%(after)s就转到“%(step)s”") % {"after": after, "step": place_title(rung.to, procedure)}
    if step.when_due:
        yield _("到期转到“%(step)s”") % {"step": place_title(step.when_due, procedure)}


def _ways(procedure: Procedure, step: Step) -> Iterator[str]:
    if step.then:
        yield _("之后：%(step)s") % {"step": place_title(step.then, procedure)}
    for outcome, target in step.outcomes.items():
        times = _("（至多 %(number)s 次）") % {"number": step.at_most[outcome]} if outcome in step.at_most else ""
        said, goes = outcome_title(step, outcome), place_title(target, procedure)
        yield f"{said}{times}" if said == goes else f"{said}{times} → {goes}"
    if step.kind == "route":
        for row in step.params.get("routes", ()):
            because = row.get("because") or _("其他情况")
            yield f"{because} → {place_title(row['to'], procedure)}"


def sees(visible: str) -> str:
    """Who may read a kind of matter, in words."""
    return {
        "parties": _("只有当事人"),
        "care-team": _("当事人和照护的人"),
        "handlers": _("当事人和经办的人"),
        "building": _("同一楼栋的人"),
        "grid": _("同一网格的人"),
        "estate": _("同一小区的人"),
        "community": _("本社区的人"),
        "public": _("所有人"),
    }[visible]


def _lists(charter: Charter) -> Iterator[ListTold]:
    """The lists of powers and duties by mechanism or phase, then what is the residents' own, then what nobody may."""
    groups: dict[str, list[Duty]] = {}
    for duty in charter.duties.values():
        groups.setdefault(heading(duty), []).append(duty)
    last = [OWN, NEGATIVE]
    for key in [*(key for key in groups if key not in last), *(key for key in last if key in groups)]:
        lines = (
            DutyTold(
                duty.key,
                duty.title,
                who_titles(duty.of, charter),
                duty.source,
                bool(duty.does) and duty.sort != NEGATIVE,
            )
            for duty in groups[key]
        )
        yield ListTold(key, heading_title(key), tuple(lines))


OWN, NEGATIVE = "own", "must-not"


def heading(duty: Duty) -> str:
    """Under which heading a line stands."""
    return duty.sort if duty.sort in (OWN, NEGATIVE) else duty.mechanism or duty.phase or "duties"


def heading_title(key: str) -> str:
    known = {
        "decide": _("决策：谁来定"),
        "carry-out": _("执行：谁来做"),
        "supervise": _("监督：谁来看"),
        "duties": _("职责"),
        OWN: _("自治清单：居民自己的事"),
        NEGATIVE: _("负面清单：不得做的事"),
    }
    return known.get(key, key)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
