"""Bloc approval with thresholds and run-off, SNTV, Borda: candidates by their votes or points."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from weizhi.methods.thresholds import Bound


@dataclass(frozen=True)
class Winners:
    """elected: best first. tied: those between whom the last ``open_seats`` seats must be settled."""

    elected: tuple[str, ...]
    points: dict[str, int]
    tied: tuple[str, ...] = ()
    open_seats: int = 0
    run_off: tuple[str, ...] = ()
    cast: int = 0

    @property
    def sentence(self) -> str:
        told = "；".join(f"{name} {points:,}" for name, points in self.points.items())
        told = f"收回 {self.cast:,} 张票，得票：{told}。"
        if self.elected:
            told += f"当选：{'、'.join(self.elected)}。"
        if self.tied:
            told += f"{'、'.join(self.tied)} 票数相同，争剩下的 {self.open_seats} 个名额，要另投或抽签。"
        elif self.open_seats:
            told += f"还缺 {self.open_seats} 名" + (f"，由 {'、'.join(self.run_off)} 再选。" if self.run_off else "。")
        return told


def bloc_approval(
    candidates: Sequence[str],
    ballots: Iterable[Collection[str]],
    seats: int,
    *,
    bound: Bound | None = None,
    most: int | None = None,
    run_off_of: int = 2,
    lot: Sequence[str] = (),
) -> Winners:
    """Each ballot approves any candidates (at most ``most``; more spoil it, but it was cast). Most votes win.

    bound: the share of the ballots cast that a winner needs; for each seat that stays open ``run_off_of`` of the best
    of the others stand again.
    """
    votes, cast = Counter(dict.fromkeys(candidates, 0)), 0
    for ballot in ballots:
        cast += 1
        names = _known(set(ballot), votes)
        if most is None or len(names) <= most:
            votes.update(names)
    return _winners(candidates, votes, seats, cast, bound, run_off_of, lot)


def sntv(candidates: Sequence[str], ballots: Iterable[str], seats: int, *, lot: Sequence[str] = ()) -> Winners:
    """One name on each ballot; most votes win."""
    votes, cast = Counter(dict.fromkeys(candidates, 0)), 0
    for name in ballots:
        cast += 1
        votes.update(_known({name}, votes))
    return _winners(candidates, votes, seats, cast, None, 2, lot)


def borda(
    candidates: Sequence[str], ballots: Iterable[Sequence[str]], seats: int, *, lot: Sequence[str] = ()
) -> Winners:
    """Of m candidates the first of a ballot gets m − 1 points, the next m − 2 …; whoever is not ranked gets none."""
    points, cast = Counter(dict.fromkeys(candidates, 0)), 0
    for ballot in ballots:
        cast += 1
        if len(set(ballot)) != len(ballot):
            raise ValueError(f"同一张票上“{'、'.join(ballot)}”有重复的名字。")
        _known(set(ballot), points)
        for place, name in enumerate(ballot, 1):
            points[name] += len(candidates) - place
    return _winners(candidates, points, seats, cast, None, 2, lot)


def _known(names: set[str], votes: Counter[str]) -> set[str]:
    strangers = names.difference(votes)
    if strangers:
        raise ValueError(f"“{min(strangers)}”不是候选人，请核对选票。")
    return names


def _winners(
    candidates: Sequence[str],
    points: Counter[str],
    seats: int,
    cast: int,
    bound: Bound | None,
    run_off_of: int,
    lot: Sequence[str],
) -> Winners:
    if seats < 1:
        raise ValueError("应选名额至少是 1。")
    place = {name: number for number, name in enumerate(lot or ())}
    order = sorted(candidates, key=lambda name: (-points[name], place.get(name, len(place)), candidates.index(name)))
    listed = {name: points[name] for name in order}
    reached = [name for name in order if points[name] and (bound is None or bound.met(points[name], cast))]
    elected, tied = reached[:seats], []
    if len(reached) > seats and points[reached[seats - 1]] == points[reached[seats]]:
        last = points[reached[seats]]
        level = [name for name in reached if points[name] == last]
        if not set(level) <= set(place):
            tied, elected = level, [name for name in reached if points[name] > last]
    left = min(seats, len(candidates)) - len(elected)
    rest = [name for name in order if name not in elected and points[name]]
    again = rest[: left * run_off_of] if left and bound is not None and not tied else []
    return Winners(tuple(elected), listed, tuple(tied), left, tuple(again), cast)
