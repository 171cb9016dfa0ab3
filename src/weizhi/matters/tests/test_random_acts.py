"""Random acts and random time on the shipped charters and on random ones: no open matter without owner and due date."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weizhi.charters.loading import library_names, load, parse_text
from weizhi.charters.models import Charter
from weizhi.charters.steps import Field, Step
from weizhi.charters.tests.random_charters import charter_texts
from weizhi.matters.actions.act import Refused, act, raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.fields import FILE_TYPES, own_fields
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.registry import kind_named
from weizhi.matters.rules import COMMUNITY, Here, keys_for
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import Standing, person_key
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.photos import Photo

MOVES = 14
# What takes more than one act by whoever is asked: people who come to a meeting, a measured map, a text.
# The stories play these.
COMPANY = {"sit", "minutes", "meet", "distance", "invite", "draft", "review", "discuss", "survey"}
PHOTO = Photo(b"\xff\xd8 a photo", b"\xff\xd8 small", "image/jpeg", 4, 3, None, None)
# What an act may be refused for without a fault of the engine: the charter's own limits.
LIMITS = {"too-often", "not-yet", "not-yours"}
lenient = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@lru_cache
def shipped(name: str) -> Charter:
    return load(name)


def playable(charter: Charter) -> list[str]:
    """The kinds of matter that one player alone can play; none where a calendar calls others together meanwhile."""
    if any(entry.opens and in_company(charter, entry.opens) for entry in charter.calendar.values()):
        return []
    # Nobody holds a post that one could be about, and no programme is open that would take a proposal in.
    alone = (kind for kind in charter.kinds.values() if kind.about != "post-holder" and not kind.held_by)
    return sorted(kind.key for kind in alone if not in_company(charter, kind.key))


def in_company(charter: Charter, kind: str) -> bool:
    """Whether a matter of this kind, or one that its steps open, needs company."""
    seen, left = set[str](), [kind]
    while left:
        one = left.pop()
        steps = charter.procedure_of(one).steps.values() if one not in seen else ()
        seen.add(one)
        if any(step.kind in COMPANY or cites(step) for step in steps):
            return True
        left += [str(step.params["opens"]) for step in steps if "opens" in step.params]
    return False


def cites(step: Step) -> bool:
    """Whether it names an article of a convention, which many adopt together first."""
    return any(field.type == "article" for field in step.fields)


def check_all(matters: Iterator[Matter] | None = None) -> None:
    """What holds of every matter after every act."""
    for matter in matters or Matter.objects.all():
        rows = list(StepRow.objects.filter(matter=matter))
        open_rows = [row for row in rows if row.closed_at is None]
        waits = Counter(Party.objects.waiting().filter(matter=matter).values_list("step_id", flat=True))
        entries = list(matter.stream.entries.values_list("n", flat=True))
        assert entries == list(range(1, len(entries) + 1)) and matter.stream.head == len(entries)
        assert set(waits) <= {row.pk for row in open_rows}, "somebody waits for a step that is closed"
        if matter.ended_at is not None:
            assert not open_rows, "an ended matter still stands somewhere"
            continue
        assert any(not kind_named(row.kind).spec.automatic for row in open_rows), "an open matter stands nowhere"
        lines = Counter((row.fork, row.branch) for row in open_rows)
        assert set(lines.values()) == {1}, f"a token was doubled: {lines}"
        for row in open_rows:
            check_open(row, rows, waits[row.pk])


def check_open(row: StepRow, rows: list[StepRow], waits: int) -> None:
    if kind_named(row.kind).spec.automatic:
        inner = f"{row.fork}|{row.branch}|{row.key}#{row.round}" if row.fork else f"{row.key}#{row.round}"
        assert any(other.fork == inner and other.closed_at is None for other in rows), "a fork waits for nobody"
        return
    assert waits, f"{row.key} has no owner"
    assert row.due is not None, f"{row.key} has no due instant"
    if row.kind == "open":
        assert row.opened_matters.filter(ended_at__isnull=True).exists(), f"{row.key} waits for no open matter"


class Player:
    """Plays any charter: whoever a step waits for acts at it, with what the step asks."""

    def __init__(self, stage: Stage, data: st.DataObject) -> None:
        self.stage, self.data, self.done = stage, data, 0

    def play(self, charter: Charter, kind: str) -> None:
        self.raise_one(charter, kind)
        check_all()
        for _ in range(MOVES):
            rows = list(StepRow.objects.open().order_by("matter__number", "id"))
            rows = [row for row in rows if row.kind in kind_named(row.kind).verbs]
            timed = StepRow.objects.open().filter(wakes_at__isnull=False).order_by("wakes_at").first()
            if not rows and timed is None:
                break
            if timed is not None and (not rows or self.data.draw(st.integers(0, 4)) == 0):
                assert timed.wakes_at is not None
                self.stage.now = max(self.stage.now, timed.wakes_at)
                run_due(self.stage.now)
                self.done += 1
            else:
                self.act_at(self.data.draw(st.sampled_from(rows)))
            check_all()

    def raise_one(self, charter: Charter, kind: str) -> None:
        start = charter.procedure_of(kind).start
        lin = self.stage.people["lin"]
        place = self.stage.places["3-2-301"]
        where = {**place.levels, COMMUNITY: "xfl"}
        here = Here(where, where.get(charter.kinds[kind].raised_in or COMMUNITY, "xfl"))
        keys = keys_for(start.by, charter=charter, here=here, relations={}, at=start.at)
        who = Standing(lin.pk, frozenset({person_key(lin.pk), "signed-in", *keys}), frozenset({"xfl"}))
        raise_matter(
            self.stage.community, kind, by=lin, who=who, place=place.pk, at=self.stage.later(minutes=1),
            data={"words": "三单元楼道灯坏了"} | self.fields(start), evidence=self.photos(start),
        )  # fmt: skip

    def act_at(self, row: StepRow) -> None:
        """By a person of flesh and blood who holds one of the keys that the step waits for; others are refused."""
        waits = sorted(Party.objects.waiting().filter(step=row).values_list("who", flat=True))
        key = self.data.draw(st.sampled_from(waits))
        by = self.stage.people[self.data.draw(st.sampled_from(["lin", "zhou", "wang", "chen", "zhao"]))]
        who = Standing(by.pk, frozenset({key}), frozenset({"xfl"}))
        rule = charter_by_hash(row.matter.charter_id).procedure_of(row.matter.kind).steps[row.key]
        kind = kind_named(row.kind)
        offered = list(kind.outcomes_for(rule))
        outcome = self.data.draw(st.sampled_from(offered)) if offered else None
        at = self.stage.later(minutes=self.data.draw(st.sampled_from([1, 60, 5000])))
        run_due(at)  # as the worker would have
        try:
            act(
                row.matter_id, kind.name, step=row.pk, by=by, who=who, outcome=outcome, at=at,
                data=self.own(rule, outcome) | self.fields(rule, outcome), evidence=self.photos(rule),
            )  # fmt: skip
            self.done += 1
            if rule.kind == "sort" and self.data.draw(st.booleans()):
                self.take_back(row.matter_id)
        except Refused as refused:
            late = refused.code in {"closed", "ended", "not-found"} and StepRow.objects.get(pk=row.pk).closed_at
            own = rule.kind in {"nominate", "support"} and refused.code in {"not-yours", "bad-data"}  # no elector
            unruled = rule.kind == "sort" and refused.field == "to"  # by the rules, and none covers it
            if refused.code not in LIMITS and not late and not own and not unruled:
                raise

    def take_back(self, matter: UUID) -> None:
        """What was just sent, wherever the charter lets the officer take it back."""
        zhou, key = self.stage.people["zhou"], "post:grid-officer@xfl/g1"
        who = Standing(zhou.pk, frozenset({key, person_key(zhou.pk)}), frozenset({"xfl"}))
        data = {"words": "派错了", "to": self.data.draw(st.sampled_from([[], ["committee"], ["property"]]))}
        with suppress(Refused):
            act(matter, "take-back", by=zhou, who=who, data=data, at=self.stage.later(minutes=1))
            self.done += 1

    def own(self, rule: Step, outcome: str | None) -> dict[str, Any]:
        """What the step's kind asks by itself, and the words that the outcome needs."""
        params = rule.parsed(kind_named(rule.kind).spec)
        if outcome in rule.reasons:
            return {"words": "有原因"}
        if rule.kind == "sort" and params.to:
            some = [[], ["dispatch"], *([name] for name in params.to), list(params.to[:2])]
            return {"to": self.data.draw(st.sampled_from(some))}
        if rule.kind == "sort" and "consensus" in params.asks:
            return {"urgency": "high", "consensus": "strong"}
        if rule.kind in {"wait", "rate"}:
            return {"words": "说明一下"}
        if rule.kind == "check":
            return {"met": list(params.criteria), "score": {part.key: part.max for part in params.score}}
        if rule.kind == "assign":
            people = sorted(person.pk for login, person in self.stage.people.items() if login != "guo")
            return {"people": {name: people[:count] for name, count in params.relations.items()}}
        return {}

    def fields(self, rule: Step, outcome: str | None = None) -> dict[str, Any]:
        return {field.key: self.value(field) for field in own_fields(rule, outcome or "")}

    def photos(self, rule: Step) -> list[Photo]:
        required = rule.params.get("evidence") == "required" or any(f.type in FILE_TYPES for f in rule.fields)
        return [PHOTO] if required else []

    def value(self, field: Field) -> Any:
        """Anything that the charter takes."""
        some = {
            "text": "几个字", "count": 3, "fen": 1200, "date": self.stage.now.date().isoformat(), "body": "committee",
            "place": self.stage.places["3"].pk, "person": self.stage.people["lin"].pk,
        }  # fmt: skip
        if field.type == "choice":
            return self.data.draw(st.sampled_from([choice.key for choice in field.choices]))
        if field.type == "yes-no":
            return self.data.draw(st.sampled_from(["yes", "no"]))
        if field.type == "places":
            return [self.stage.places[code].pk for code in self.data.draw(st.sampled_from([["3"], ["3", "square"]]))]
        return some[field.type]


@pytest.mark.parametrize("name", [name for name in library_names() if playable(shipped(name))])
@given(data=st.data())
@lenient
def test_a_shipped_charter_leaves_nothing_lying(stage: Stage, name: str, data: st.DataObject):
    with transaction.atomic():
        start = stage.now
        charter = shipped(name)
        adopt_charter(stage.community, charter, at=stage.later(seconds=1))
        player = Player(stage, data)
        player.play(charter, data.draw(st.sampled_from(playable(charter))))
        assert player.done or not StepRow.objects.open().exists(), "nothing could be done at all"
        transaction.set_rollback(True)
        stage.now = start


@given(text=charter_texts(), data=st.data())
@settings(lenient, max_examples=30)
def test_a_random_charter_leaves_nothing_lying(stage: Stage, text: str, data: st.DataObject):
    with transaction.atomic():
        start = stage.now
        charter = parse_text(text, "random.toml").charter
        assert charter is not None
        adopt_charter(stage.community, charter, at=stage.later(seconds=1))
        Player(stage, data).play(charter, "random")
        transaction.set_rollback(True)
        stage.now = start
