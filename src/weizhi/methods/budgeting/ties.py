"""Which of two equal projects comes first: fixed before the count, stored with the result."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from weizhi.methods.budgeting.election import Election

Ties = Literal["cost-votes-lot", "lexicographic"]


def draw_lot(ids: Sequence[str], seed: str) -> list[str]:
    """Put the ids in the order of SHA-256(seed + newline + id): anybody can draw it again from the published seed."""
    return sorted(ids, key=lambda one: (hashlib.sha256(f"{seed}\n{one}".encode()).digest(), one))


def ranks(election: Election, ties: Ties, lot: Sequence[str] | None = None) -> list[int]:
    """Rank of each project (0 wins every tie).

    cost-votes-lot: lowest cost, then most votes, then the place in ``lot`` (all ids in the order drawn; without a
    lot, by id). lexicographic: by id as text, as other programs do.
    """
    ids = election.ids
    place = {one: number for number, one in enumerate(lot if lot is not None else sorted(ids))}
    missing = [one for one in ids if one not in place]
    if missing:
        raise ValueError(f"抽签结果里没有项目“{missing[0]}”，请把全部项目放进签里重新抽。")

    def key(number: int) -> tuple[object, ...]:
        if ties == "lexicographic":
            return (ids[number],)
        return election.costs[number], -election.scores[number], place[ids[number]]

    order = sorted(range(len(ids)), key=key)
    rank = [0] * len(ids)
    for position, number in enumerate(order):
        rank[number] = position
    return rank
