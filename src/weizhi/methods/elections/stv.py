"""The single transferable vote by the Scottish Local Government Elections Order 2007 (rules 45–52).

Droop quota; surpluses by weighted inclusive Gregory, one candidate at a time, values cut at five decimals: all sums
are integers of 0.00001 vote. Ties are settled by the latest stage at which the candidates differed, then by the lot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UNIT = 100_000


@dataclass(frozen=True)
class Stage:
    """One count: what happened, and every candidate's votes (in 0.00001) after it."""

    what: str
    votes: dict[str, int]
    lost: int  # not transferable, with what cutting took


@dataclass(frozen=True)
class Count:
    elected: tuple[str, ...]
    quota: int
    stages: tuple[Stage, ...]


def stv(candidates: Sequence[str], ballots: Iterable[Sequence[str]], seats: int, *, lot: Sequence[str]) -> Count:
    """ballots: names, best first; names after a repeated or unknown one are not read. lot: all candidates, drawn."""
    if seats < 1 or len(set(candidates)) != len(candidates):
        raise ValueError("应选名额至少是 1，候选人不能重名。")
    if set(lot) != set(candidates):
        raise ValueError("抽签次序要正好包括全部候选人，而且在计票前抽定。")
    return _Count(candidates, ballots, seats, lot).run()


class _Count:
    def __init__(
        self, candidates: Sequence[str], ballots: Iterable[Sequence[str]], seats: int, lot: Sequence[str]
    ) -> None:
        self.seats, self.lot = seats, {name: place for place, name in enumerate(lot)}
        self.hopeful = list(candidates)
        self.elected: list[str] = []
        self.papers: dict[str, list[tuple[Sequence[str], int]]] = {name: [] for name in candidates}
        valid = 0
        for ballot in ballots:
            names = _readable(ballot, self.papers)
            if names:
                valid += 1
                self.papers[names[0]].append((names, UNIT))
        self.votes = {name: sum(worth for _, worth in papers) for name, papers in self.papers.items()}
        self.total = valid * UNIT
        self.quota = (valid // (seats + 1) + 1) * UNIT
        self.surpluses: list[str] = []
        self.stages: list[Stage] = []

    def run(self) -> Count:
        self.close("首选票")
        while len(self.elected) < self.seats and self.hopeful:
            if len(self.hopeful) <= self.seats - len(self.elected):
                for name in self.order(self.hopeful):
                    self.elect(name)
                break
            if self.surpluses:
                name = self.order(self.surpluses)[0]
                self.surpluses.remove(name)
                self.transfer(name, self.votes[name] - self.quota)
                self.close(f"{name} 的余票转出")
            else:
                name = self.order(self.hopeful)[-1]
                self.hopeful.remove(name)
                self.transfer(name, None)
                self.close(f"{name} 票最少，退出，票转出")
        return Count(tuple(self.elected), self.quota, tuple(self.stages))

    def close(self, what: str) -> None:
        """Record the stage, then elect whoever has the quota: never more than there are seats (Droop)."""
        self.stages.append(Stage(what, dict(self.votes), self.total - sum(self.votes.values())))
        for name in self.order([name for name in self.hopeful if self.votes[name] >= self.quota]):
            self.elect(name)
            if self.votes[name] > self.quota:
                self.surpluses.append(name)

    def elect(self, name: str) -> None:
        self.elected.append(name)
        self.hopeful.remove(name)

    def order(self, names: Sequence[str]) -> list[str]:
        """Most votes first; equal ones by the latest stage that told them apart, then by the lot."""
        return sorted(
            names,
            key=lambda name: (
                [-self.votes[name], *(-stage.votes[name] for stage in reversed(self.stages))],
                self.lot[name],
            ),
        )

    def transfer(self, name: str, surplus: int | None) -> None:
        """Every paper moves to its next continuing name: at its own worth, or cut to its part of the surplus."""
        whole = self.votes[name]
        for names, worth in self.papers.pop(name):
            moved = worth if surplus is None else worth * surplus // whole
            for following in names[names.index(name) + 1 :]:
                if following in self.hopeful:
                    self.papers[following].append((names, moved))
                    self.votes[following] += moved
                    break
        self.votes[name] = 0 if surplus is None else self.quota


def _readable(ballot: Sequence[str], known: dict[str, list[tuple[Sequence[str], int]]]) -> list[str]:
    names: list[str] = []
    for name in ballot:
        if name in names or name not in known:
            break
        names.append(name)
    return names
