"""Change a division building by building: what need not move stays, and names stay with the largest overlap."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from weizhi.methods.division.codes import next_code
from weizhi.methods.division.dividing import Division, components
from weizhi.methods.division.improving import choices, summed
from weizhi.methods.division.splitting import Dice, split
from weizhi.methods.division.trees import patch_of
from weizhi.methods.division.units import DivisionError, Ints, Units

NEIGHBOURHOODS = 6  # neighbourhoods tried of each size before a larger one
LARGEST = 4  # grids split anew together with the one that left the range
TREES = 6
CHAIN = 3  # buildings that may change over one after the other
CHAINS = 4  # chains tried of each length


def insert(
    division: Division, unit: str, *, x: float, y: float, households: int, neighbours: Sequence[str], estate: int = -1
) -> Division:
    """Add a building to the neighbouring grid that leaves the range least; split anew only if it does leave it.

    The stored neighbourhood is only added to. A building without neighbours becomes a grid of its own.
    """
    old, limits = division.units, division.limits
    place = {name: n for n, name in enumerate(old.ids)}
    if unit in place:
        raise DivisionError(f"编号“{unit}”已经有了，新楼要用新的编号。")
    unknown = [name for name in neighbours if name not in place]
    if unknown:
        raise DivisionError(f"新楼的邻居里有不认识的编号：{'、'.join(unknown)}。")
    near = [place[name] for name in neighbours]
    units = Units(
        (*old.ids, unit),
        np.append(old.x, x),
        np.append(old.y, y),
        np.append(old.households, households),
        np.concatenate(
            [old.edges, np.array([[n, len(old)] for n in sorted(set(near))], dtype=np.int64).reshape(-1, 2)]
        ),
        np.append(old.estate, estate),
    )
    if not near:
        return _alone(division, units)
    sizes = division.households()
    best = min(
        {int(division.grid[n]) for n in near},
        key=lambda grid: (
            int(limits.violation(sizes[grid : grid + 1] + households)[0]),
            not (estate >= 0 and bool((old.estate[division.grid == grid] == estate).any())),
            min((old.x[n] - x) ** 2 + (old.y[n] - y) ** 2 for n in near if division.grid[n] == grid),
            grid,
        ),
    )
    joined = replace(division, units=units, grid=np.append(division.grid, best))
    return settle(joined, best)


def revise(division: Division, unit: str, households: int) -> Division:
    """Change a building's households (0 where it is pulled down: its place stays, so that neighbours stay joined)."""
    if unit not in division.units.ids:
        raise DivisionError(f"没有编号为“{unit}”的楼。")
    at = division.units.ids.index(unit)
    changed = division.units.households.copy()
    changed[at] = households
    units = replace(division.units, households=changed)
    return settle(replace(division, units=units), int(division.grid[at]))


def moved(before: Division, after: Division) -> int:
    """Households whose grid has another name than before; new buildings have not moved."""
    old = {name: before.codes[grid] for name, grid in zip(before.units.ids, before.grid.tolist(), strict=True)}
    return sum(
        households
        for name, grid, households in zip(
            after.units.ids, after.grid.tolist(), after.units.households.tolist(), strict=True
        )
        if name in old and old[name] != after.codes[grid]
    )


def _alone(division: Division, units: Units) -> Division:
    code = next_code(division.community, set(division.codes) | division.retired)
    grid = np.append(division.grid, division.count)
    return replace(division, units=units, grid=grid, codes=(*division.codes, code))


def settle(division: Division, grid: int) -> Division:
    """Bring one grid back into the range with the smallest neighbourhood and the fewest households moved."""
    limits = division.limits
    sizes = division.households()
    if limits.violation(sizes[grid : grid + 1])[0] == 0:
        return division
    near = _touching(division)
    for further in range(CHAIN):
        handed = _hand_over(division, grid, near, further)
        if handed is not None:
            return handed[1]
    dice = Dice(division.seed)
    for more, keeping in [(more, keeping) for keeping in (True, False) for more in range(LARGEST + 1)]:
        found: list[tuple[int, int, Ints, list[int]]] = []
        for group in _neighbourhoods(grid, more, near, sizes):
            was = int((limits.violation(sizes[group]) > 0).sum())
            for label, bad in _divisions(division, group, dice, keeping):
                if bad < was:
                    found.append((bad, _moving(division, group, label), label, group))
        if found:
            _, _, label, group = min(found, key=lambda one: (one[0], one[1]))
            return _renamed(division, group, label)
    return division


def _hand_over(division: Division, grid: int, near: dict[int, list[int]], further: int) -> tuple[int, Division] | None:
    """Let a building change over, or a chain of ``1 + further``: how many households move, and the outcome."""
    sizes, limits = division.households(), division.limits
    done: list[tuple[int, int, Division]] = []
    for _, households, unit, taker in _offers(division, grid, near.get(grid, []), sizes):
        changed = _given(division, unit, taker)
        if changed is None:
            continue
        after = changed.households()
        ends = [one for one in (int(division.grid[unit]), taker) if limits.violation(after[one : one + 1])[0]]
        if not ends:
            return households, changed
        if further and len(ends) == 1 and ends[0] != grid and len(done) < CHAINS:
            rest = _hand_over(changed, ends[0], near, further - 1)
            if rest is not None:
                done.append((households + rest[0], len(done), rest[1]))
    return _least(done)


def _least(done: list[tuple[int, int, Division]]) -> tuple[int, Division] | None:
    if not done:
        return None
    households, _, division = min(done, key=lambda one: one[:2])
    return households, division


def _offers(division: Division, grid: int, near: list[int], sizes: Ints) -> list[tuple[bool, int, int, int]]:
    """Buildings on the border whose change brings the grid into the range: both ends in range first, then light."""
    units, limits = division.units, division.limits
    over = int(sizes[grid]) > limits.most
    found: list[tuple[bool, bool, int, int, int]] = []
    for other in near:
        giver, taker = (grid, other) if over else (other, grid)
        for unit in _border(division, giver, taker):
            households = int(units.households[unit])
            after = np.array([sizes[giver] - households, sizes[taker] + households], dtype=np.int64)
            out = limits.violation(after) > 0
            if not out[0 if over else 1]:
                mates = (division.grid == giver) & (units.estate == units.estate[unit])
                torn = units.estate[unit] >= 0 and int(mates.sum()) > 1
                found.append((bool(out.any()), torn, households, unit, taker))
    return [offer[1:] for offer in sorted(found)]


def _given(division: Division, unit: int, taker: int) -> Division | None:
    """Give a building to another grid, unless that would leave its own in pieces or empty."""
    left = np.flatnonzero(division.grid == division.grid[unit])
    left = left[left != unit]
    if not len(left) or not _in_one_piece(division, left):
        return None
    changed = division.grid.copy()
    changed[unit] = taker
    return replace(division, grid=changed)


def _border(division: Division, giver: int, taker: int) -> list[int]:
    """Return units of the giver that have a neighbour in the taker."""
    a, b = division.units.edges[:, 0], division.units.edges[:, 1]
    one, other = division.grid[a], division.grid[b]
    found = np.concatenate([a[(one == giver) & (other == taker)], b[(other == giver) & (one == taker)]])
    unique: list[int] = np.unique(found).tolist()
    return unique


def _in_one_piece(division: Division, members: Ints) -> bool:
    inside = np.zeros(len(division.units), dtype=np.bool_)
    inside[members] = True
    edges = division.units.edges[inside[division.units.edges].all(axis=1)]
    place = np.searchsorted(members, edges)
    return int(components(len(members), place, np.zeros(len(members), dtype=np.int64)).max()) == 0


def _touching(division: Division) -> dict[int, list[int]]:
    a, b = division.grid[division.units.edges[:, 0]], division.grid[division.units.edges[:, 1]]
    keys = np.unique(np.concatenate([a, b]) * division.count + np.concatenate([b, a]))
    near: dict[int, list[int]] = {}
    for key in keys.tolist():
        one, other = divmod(key, division.count)
        if one != other:
            near.setdefault(one, []).append(other)
    return near


def _neighbourhoods(grid: int, more: int, near: dict[int, list[int]], sizes: Ints) -> list[list[int]]:
    """Connected groups of the grid and ``more`` others, the smallest households first."""
    groups = {frozenset([grid])}
    for _ in range(more):
        groups = {
            group | {other} for group in groups for one in group for other in near.get(one, []) if other not in group
        }
        ranked = sorted(groups, key=lambda group: (int(sizes[list(group)].sum()), sorted(group)))
        groups = set(ranked[:NEIGHBOURHOODS])
    return sorted((sorted(group) for group in groups), key=lambda group: (int(sizes[group].sum()), group))


def _divisions(division: Division, group: list[int], dice: Dice, keeping: bool) -> list[tuple[Ints, int]]:
    """Split the group's units anew into each number of grids that may do, tearing old grids as little as may be."""
    units, limits = division.units, division.limits
    chosen = np.isin(division.grid, group)
    at = np.flatnonzero(chosen)
    edges = np.searchsorted(at, units.edges[chosen[units.edges].all(axis=1)])
    households = units.households[at]
    # An old grid counts as an estate here: trees run along it, and a cut takes one piece off it.
    kept = division.grid[at] if keeping else units.estate[at]
    patch = patch_of(Units(tuple(units.ids[n] for n in at), units.x[at], units.y[at], households, edges, kept))
    total = int(households.sum())
    if limits.fewest(total) > limits.highest(total):
        return []
    found = []
    for number in choices(total, limits)[:2]:
        label = split(patch, np.zeros(len(at), dtype=np.int64), np.array([number]), limits, dice, TREES)
        label = np.unique(label, return_inverse=True)[1].astype(np.int64)
        sizes = summed(label, households, int(label.max()) + 1)
        found.append((label, int((limits.violation(sizes) > 0).sum())))
    return found


def _names(division: Division, group: list[int], label: Ints) -> dict[int, int]:
    """Pair new grids with old ones by the largest overlap of households, each once."""
    at = np.flatnonzero(np.isin(division.grid, group))
    weight: dict[tuple[int, int], int] = {}
    for new, unit in zip(label.tolist(), at.tolist(), strict=True):
        pair = (new, int(division.grid[unit]))
        weight[pair] = weight.get(pair, 0) + int(division.units.households[unit])
    names: dict[int, int] = {}
    for new, old in sorted(weight, key=lambda pair: (-weight[pair], pair)):
        if new not in names and old not in names.values():
            names[new] = old
    return names


def _moving(division: Division, group: list[int], label: Ints) -> int:
    names = _names(division, group, label)
    at = np.flatnonzero(np.isin(division.grid, group))
    kept = np.array([names.get(new, -1) for new in label.tolist()]) == division.grid[at]
    return int(division.units.households[at][~kept].sum())


def _renamed(division: Division, group: list[int], label: Ints) -> Division:
    """Write the new grids into the division: old names where they overlap most, fresh ones for the others."""
    names = _names(division, group, label)
    codes, used = list(division.codes), set(division.codes) | division.retired
    for new in sorted(set(label.tolist()) - set(names)):
        names[new] = len(codes)
        codes.append(next_code(division.community, used))
        used.add(codes[-1])
    grid = division.grid.copy()
    grid[np.isin(division.grid, group)] = np.array([names[new] for new in label.tolist()], dtype=np.int64)
    living, compact = np.unique(grid, return_inverse=True)
    left = {codes[n] for n in range(len(codes))} - {codes[n] for n in living.tolist()}
    return replace(
        division,
        grid=compact.astype(np.int64),
        codes=tuple(codes[n] for n in living.tolist()),
        retired=division.retired | left,
    )
