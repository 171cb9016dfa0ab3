"""Seats by the largest remainder (Hamilton, Hare quota): deputies to grids, seats to groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """exact: what the group would have if seats could be cut."""

    group: str
    size: int
    exact: Fraction
    seats: int

    @property
    def sentence(self) -> str:
        return f"{self.group}：{self.size:,}，应得 {float(self.exact):.3f}，分到 {self.seats} 席。"


def largest_remainder(
    sizes: Mapping[str, int], seats: int, *, least: int = 0, order: Sequence[str] | None = None
) -> list[Share]:
    """sizes: group → people or households. least: seats that every group gets first (it must fit).

    Equal remainders go to the larger group, then by ``order`` (default: as given).
    """
    if seats < 0 or any(size < 0 for size in sizes.values()):
        raise ValueError("席位数和各组的人数不能小于零。")
    total = sum(sizes.values())
    if not total:
        raise ValueError("各组的人数都是零，没有办法分席位。")
    if least * len(sizes) > seats:
        raise ValueError(f"每组至少 {least} 席，{len(sizes)} 组就要 {least * len(sizes)} 席，多于 {seats} 席。")
    place = {group: number for number, group in enumerate(order or sizes)}
    exact = {group: Fraction(size * seats, total) for group, size in sizes.items()}
    given = {group: max(least, share.__floor__()) for group, share in exact.items()}
    while sum(given.values()) > seats:  # the guaranteed seats come from those that have most above their share
        over = [group for group in given if given[group] > least]
        group = max(over, key=lambda g: (given[g] - exact[g], -place[g]))
        given[group] -= 1
    ranked = sorted(given, key=lambda g: (given[g] - exact[g], -sizes[g], place[g]))
    for group in ranked[: seats - sum(given.values())]:
        given[group] += 1
    return [Share(group, sizes[group], exact[group], given[group]) for group in sizes]
