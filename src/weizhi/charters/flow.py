"""How tokens move through a procedure: pure, so that every promise of the engine can be tested without a database.

A token stands at one step. When the step closes with an outcome, `Walk.leave` says what opens next. Forks are
structured: the fork's own token stays open while its branches run, and a branch leaves only through `<fork>.yes`
or `<fork>.no`. A fork's *path* (`consents#1`, or `outer#1|branch|inner#2` when nested) names the one opening of
the fork in which a token runs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

BETWEEN = "|"  # never part of a key, a branch or a place's path
CANCELLED = "cancelled"
SENT = ">"  # the outcome of a step that time or a rule sent to a target, not a person: `>street-meets`
# A walk opens at most this many steps at once: the checker proves bounds, this guards charters it never saw.
AT_ONCE_AT_MOST = 500


class StepLike(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def then(self) -> str | None: ...
    @property
    def outcomes(self) -> Mapping[str, str]: ...
    @property
    def at_most(self) -> Mapping[str, int]: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


class ProcedureLike(Protocol):
    @property
    def steps(self) -> Mapping[str, Any]: ...
    @property
    def ends(self) -> Mapping[str, Any]: ...


class World(Protocol):
    """What a walk asks of the matter's facts: plain answers, decided before the walk begins or read on demand."""

    def holds(self, gate: Any, token: "Token") -> bool:
        """Whether a gate of a route holds now."""

    def members(self, name: str) -> Sequence[str]:
        """The closed set that `for_each` names, such as the grids concerned."""

    def at_once(self, step: Any) -> str | None:
        """The outcome with which a step passes by itself as soon as it opens, or None where it stays."""


@dataclass(frozen=True)
class Token:
    key: str
    round: int = 1
    fork: str = ""
    branch: str = ""

    @property
    def inner(self) -> str:
        """The fork path of branches that this token (of a fork) opens."""
        here = f"{self.key}#{self.round}"
        return BETWEEN.join([self.fork, self.branch, here]) if self.fork else here


def opener(fork: str) -> Token:
    """The fork's token that a fork path names."""
    *outer, last = fork.split(BETWEEN)
    key, _, round_ = last.rpartition("#")
    return Token(key, int(round_), BETWEEN.join(outer[:-1]), outer[-1] if outer else "")


@dataclass(frozen=True)
class Opened:
    token: Token


@dataclass(frozen=True)
class Closed:
    token: Token
    outcome: str
    because: str = ""


@dataclass(frozen=True)
class Ended:
    end: str


Event = Opened | Closed | Ended


class Lost(Exception):
    """An outcome that the procedure does not map: a charter that was never checked."""


@dataclass
class Walk:
    """The tokens of one matter and what happens to them. `past` maps each token to its outcome, None while open."""

    procedure: ProcedureLike
    world: World
    past: dict[Token, str | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    ended: str | None = None

    def open_tokens(self) -> list[Token]:
        return [token for token, outcome in self.past.items() if outcome is None]

    def start(self) -> None:
        self._open(Token(next(iter(self.procedure.steps))))

    def leave(self, token: Token, outcome: str, because: str = "") -> None:
        """Close `token` with `outcome` and open what follows."""
        self._close(token, outcome, because)
        self._go(token, self.target(token.key, outcome))

    def send(self, token: Token, target: str, because: str = "") -> None:
        """Close `token` because time or a rule sends it to `target` (`when_due`, an escalation's `to`)."""
        self.leave(token, SENT + target, because)

    def end(self, end: str) -> None:
        """End the matter now: every open token is cancelled. An ended matter never moves again."""
        for token in self.open_tokens():
            self._close(token, CANCELLED)
        self.ended = end
        self.events.append(Ended(end))

    def target(self, key: str, outcome: str) -> str:
        if outcome.startswith(SENT):
            return outcome[len(SENT) :]
        step = self.procedure.steps[key]
        found = step.outcomes.get(outcome) or step.then
        if not found:
            raise Lost(f"{key}: {outcome}")
        return str(found)

    def taken(self, key: str, outcome: str) -> int:
        return sum(token.key == key and was == outcome for token, was in self.past.items())

    def may_take(self, key: str, outcome: str) -> bool:
        """Whether `at_most` still allows the outcome."""
        limit = self.procedure.steps[key].at_most.get(outcome)
        return limit is None or self.taken(key, outcome) < limit

    def _close(self, token: Token, outcome: str, because: str = "") -> None:
        self.past[token] = outcome
        self.events.append(Closed(token, outcome, because))

    def _go(self, token: Token, target: str) -> None:
        if self.ended:
            return
        fork, dot, answer = target.rpartition(".")
        if target in self.procedure.ends or target in BUILT_IN_ENDS:
            self.end(target)
        elif dot and answer in {"yes", "no"} and fork in self.procedure.steps:
            self._join(token.fork)
        else:
            self._open(Token(target, 1, token.fork, token.branch))

    def _open(self, token: Token) -> None:
        if sum(isinstance(event, Opened) for event in self.events) > AT_ONCE_AT_MOST:
            raise Lost(f"{token.key}: the procedure runs in a circle")
        same = [t.round for t in self.past if (t.key, t.fork, t.branch) == (token.key, token.fork, token.branch)]
        token = replace(token, round=1 + max(same, default=0))
        step = self.procedure.steps[token.key]
        self.past[token] = None
        self.events.append(Opened(token))
        if step.kind == "route":
            self.leave(token, *self._choose(step, token))
        elif step.kind == "fork":
            self._branch(step, token)
        elif (outcome := self.world.at_once(step)) is not None:
            self.leave(token, outcome)

    def _choose(self, step: Any, token: Token) -> tuple[str, str]:
        for row in step.params["routes"]:
            if all(self.world.holds(gate, token) for gate in row.get("when", ())):
                return SENT + row["to"], row.get("because", "")
        raise Lost(f"{step.key}: no route holds")

    def _branch(self, step: Any, token: Token) -> None:
        branches = branches_of(step, self.world.members)
        for branch, first in branches.items():
            # A sibling may already have decided the fork (need = any) and cancelled the rest.
            if self.past.get(token) is None and not self.ended:
                self._open(Token(first, 1, token.inner, branch))
        if not branches:
            self.leave(token, "met")

    def _join(self, fork: str) -> None:
        token = opener(fork)
        if self.past.get(token, CANCELLED) is not None:
            return  # decided before; `rest = keep` let this branch run to its end
        step = self.procedure.steps[token.key]
        outcome = decided(step.params.get("need", "all"), self._answers(fork), self._opened(step, fork))
        if outcome is None:
            return
        if step.params.get("rest", "cancel") == "cancel":
            for other in self.open_tokens():
                if other.fork == fork or other.fork.startswith(fork + BETWEEN):
                    self._close(other, CANCELLED)
        self.leave(token, outcome)

    def _opened(self, step: Any, fork: str) -> Iterable[str]:
        """The branches of one opening of a fork. A closed set may have changed since; those asked then must answer."""
        if step.params.get("for_each"):
            return dict.fromkeys(token.branch for token in self.past if token.fork == fork)
        return branches_of(step, self.world.members)

    def _answers(self, fork: str) -> dict[str, bool]:
        """Which branches of a fork have answered, and how."""
        answers = {}
        for token, outcome in self.past.items():
            if token.fork == fork and outcome not in {None, CANCELLED}:
                _, dot, answer = self._target_of(token, str(outcome)).rpartition(".")
                if dot and answer in {"yes", "no"}:
                    answers[token.branch] = answer == "yes"
        return answers

    def _target_of(self, token: Token, outcome: str) -> str:
        try:
            return self.target(token.key, outcome)
        except Lost:
            return ""


BUILT_IN_ENDS: Mapping[str, str] = {"withdrawn": "withdrawn", "merged": "merged"}


def branches_of(step: Any, members: Callable[[str], Sequence[str]]) -> dict[str, str]:
    """Branch name → its first step."""
    if each := step.params.get("for_each"):
        return dict.fromkeys(members(each), str(step.params["first"]))
    return dict(step.params["branches"])


def decided(need: str | int, answers: Mapping[str, bool], branches: Iterable[str]) -> str | None:
    """`met`, `unmet`, or None while it is open. `need` is all, any or a number of branches."""
    names = list(branches)
    wanted = {"all": len(names), "any": 1}.get(str(need)) or int(need)
    yes = sum(answers.get(name) is True for name in names)
    no = sum(answers.get(name) is False for name in names)
    if yes >= wanted:
        return "met"
    return "unmet" if no > len(names) - wanted else None
