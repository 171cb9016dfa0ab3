"""Sortition: a draw that anybody can repeat from the published seed and the published list.

Each name's ticket is SHA-256(seed, hash of the list, name); the lowest tickets win. The hash fixes the list before
the seed is known (a seed is best a number that nobody chooses, such as a coming lottery's). Strata get their seats by
largest remainder, so that grids, sexes and ages sit as they live.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weizhi.methods.elections.apportionment import Share, largest_remainder


@dataclass(frozen=True)
class Draw:
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]  # all others, in the order in which they step in, within their stratum first
    list_hash: str
    seed: str
    strata: tuple[Share, ...]

    @property
    def sentence(self) -> str:
        told = "；".join(f"{one.group} {one.size:,} 人抽 {one.seats} 人" for one in self.strata)
        return (
            f"名单 {sum(one.size for one in self.strata):,} 人（指纹 {self.list_hash[:12]}…），种子“{self.seed}”，"
            f"抽出 {len(self.drawn)} 人：{told}。任何人都可以用同一份名单和种子重抽核对。"
        )


def list_hash(people: Mapping[str, Sequence[str]]) -> str:
    """Of the names and their strata, whatever their order. Publish it before the seed is known."""
    lines = sorted("\t".join((name, *strata)) for name, strata in people.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def ticket(seed: str, hashed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}\n{hashed}\n{name}".encode()).hexdigest()


def draw(people: Mapping[str, Sequence[str]], seats: int, seed: str, *, least: int = 0) -> Draw:
    """people: name → its stratum (grid, sex, age group …; empty for none). least: seats for every stratum."""
    if not 0 <= seats <= len(people):
        raise ValueError(f"要抽 {seats} 人，名单上有 {len(people)} 人。")
    if not seed:
        raise ValueError("没有种子就没有办法让别人核对。请先公布种子。")
    if any("\t" in word or "\n" in word for name, strata in people.items() for word in (name, *strata)):
        raise ValueError("名单里不能有制表符或换行。")
    hashed = list_hash(people)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(people, key=lambda one: ticket(seed, hashed, one)):
        groups["·".join(people[name]) or "全体"].append(name)
    if not groups:
        return Draw((), (), hashed, seed, ())
    sizes = {group: len(groups[group]) for group in sorted(groups)}
    shares = largest_remainder(sizes, seats, least=least, order=sorted(groups, key=lambda g: ticket(seed, hashed, g)))
    drawn = [name for share in shares for name in groups[share.group][: share.seats]]
    rest = [name for share in shares for name in groups[share.group][share.seats :]]
    return Draw(tuple(drawn), tuple(rest), hashed, seed, tuple(shares))
