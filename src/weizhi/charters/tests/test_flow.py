"""Tokens in random checked charters under random choices: none lost, none doubled, forks join once, ended is ended."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weizhi.charters.flow import BETWEEN, BUILT_IN_ENDS, Closed, Ended, Opened, Token, Walk, branches_of, opener
from weizhi.charters.loading import parse_text
from weizhi.charters.steps import Procedure
from weizhi.charters.tests.random_charters import charter_texts

MOVES = 40


@dataclass
class ChanceWorld:
    """Gates hold or not, and grids are concerned, as hypothesis wishes; a set is the same whenever it is asked."""

    data: st.DataObject
    sets: dict[str, list[str]] = field(default_factory=dict)

    def holds(self, gate: Any, token: Token) -> bool:
        return self.data.draw(st.booleans())

    def members(self, name: str) -> Sequence[str]:
        if name not in self.sets:
            self.sets[name] = [f"xfl/g{n}" for n in range(self.data.draw(st.integers(0, 3)))]
        return self.sets[name]

    def at_once(self, step: Any) -> str | None:
        return "published" if step.kind == "publish" and not step.by else None


def standing(walk: Walk) -> list[Token]:
    """Open tokens that wait for a person or for time."""
    return [token for token in walk.open_tokens() if walk.procedure.steps[token.key].kind != "fork"]


def moves(walk: Walk, token: Token) -> list[str]:
    """What a person may choose at a step, or time."""
    step = walk.procedure.steps[token.key]
    chosen = [outcome for outcome in step.outcomes or ["done"] if walk.may_take(token.key, outcome)]
    return chosen + ([f">{step.when_due}"] if step.when_due else [])


def check(walk: Walk) -> None:
    """What holds after every act."""
    if walk.ended is not None:
        assert not walk.open_tokens()
        return
    assert standing(walk), "an open matter at which nobody can do anything"
    for (fork, branch), count in Counter((token.fork, token.branch) for token in walk.open_tokens()).items():
        assert count == 1, f"{count} tokens on the line {fork}{BETWEEN}{branch}"
    for token in walk.open_tokens():
        assert moves(walk, token) or walk.procedure.steps[token.key].kind == "fork", f"{token} has no way left"
        if token.fork:
            came_from = walk.procedure.steps[opener(token.fork).key]
            decided = walk.past[opener(token.fork)] is not None
            assert not decided or came_from.params.get("rest") == "keep", f"{token} lives on after its fork"
    for token in walk.open_tokens():
        if walk.procedure.steps[token.key].kind == "fork":
            branches = branches_of(walk.procedure.steps[token.key], walk.world.members)
            lines = {other.branch for other in walk.past if other.fork == token.inner}
            assert lines == set(branches), f"{token}: a branch was never opened"
            assert any(other.fork == token.inner for other in walk.open_tokens()), f"{token} waits for nobody"


def check_events(walk: Walk, before: Mapping[Token, str | None]) -> None:
    """What the events of a whole walk tell is what stands: each token opens once and closes at most once."""
    opened = Counter(event.token for event in walk.events if isinstance(event, Opened))
    closed = Counter(event.token for event in walk.events if isinstance(event, Closed))
    assert set(opened) == set(walk.past) and set(opened.values()) == {1}
    assert set(closed) == {token for token, outcome in walk.past.items() if outcome is not None}
    assert all(count == 1 for count in closed.values()), "a step, or a fork, closed twice"
    assert sum(isinstance(event, Ended) for event in walk.events) == (walk.ended is not None)
    for token, outcome in before.items():
        assert outcome is None or walk.past[token] == outcome, f"{token} changed after it closed"


@given(charter_texts(), st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_token_is_lost_or_doubled(text: str, data: st.DataObject) -> None:
    checked = parse_text(text, "random.toml")
    assert checked.charter is not None, "\n".join([text, *map(str, checked.findings)])
    walk = walked(checked.charter.procedures["random"], data)
    if walk.ended is not None:
        assert walk.ended in {*walk.procedure.ends, *BUILT_IN_ENDS}


def walked(procedure: Procedure, data: st.DataObject) -> Walk:
    walk = Walk(procedure, ChanceWorld(data))
    walk.start()
    walk.leave(walk.open_tokens()[0], "raised")
    check(walk)
    for _ in range(MOVES):
        if walk.ended is not None:
            break
        before = dict(walk.past)
        token = data.draw(st.sampled_from(standing(walk)))
        walk.leave(token, data.draw(st.sampled_from(moves(walk, token))))
        check(walk)
        check_events(walk, before)
    return walk


@given(charter_texts(), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_withdrawing_ends_every_token_wherever_the_matter_stands(text: str, data: st.DataObject) -> None:
    checked = parse_text(text, "random.toml")
    assert checked.charter is not None
    walk = walked(checked.charter.procedures["random"], data)
    if walk.ended is None:
        walk.end("withdrawn")
    check(walk)
    check_events(walk, {})
