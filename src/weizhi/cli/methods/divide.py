"""weizhi methods divide UNITS: connected grids with so many households each."""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, answer, answered, progress

if TYPE_CHECKING:
    from weizhi.methods.division import Division

SHOWN = 20  # grids out of range that are written out one by one


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("divide", help="divide buildings into connected grids")
    verb.add_argument("units", type=Path, metavar="UNITS", help="GeoJSON polygons, or csv id,x_m,y_m,households")
    verb.add_argument("--edges", type=Path, help="csv a,b of neighbours (else they are found)")
    verb.add_argument("--barriers", type=Path, help="GeoJSON lines that no grid crosses")
    verb.add_argument("--estate", default="estate", metavar="FIELD", help="column or property that names the estate")
    verb.add_argument("--min", type=int, required=True, help="fewest households of a grid")
    verb.add_argument("--max", type=int, required=True, help="most households of a grid")
    verb.add_argument("--target", type=int, help="households to aim at (the middle)")
    verb.add_argument("--community", default="", help="the community's code, before the grid's two digits")
    verb.add_argument("--seed", type=int, default=0, help="of the spanning trees (0)")
    verb.add_argument("--out", type=Path, help="write id,grid here (csv)")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: run(arguments)))


def run(arguments: argparse.Namespace) -> int:
    import scipy.sparse.csgraph  # noqa: F401 — before the clock starts: reading a library is not dividing

    from weizhi.methods.division import Range, divide, read

    clock = Clock()
    limits = Range.of(arguments.min, arguments.max, arguments.target)
    units = read(arguments.units, edges=arguments.edges, barriers=arguments.barriers, estate=arguments.estate)
    clock.stop("load")
    progress(f"{len(units)} 栋，{units.households.sum()} 户，{len(units.edges)} 对相邻。")
    division = divide(units, limits, community=arguments.community, seed=arguments.seed)
    clock.stop("count")
    if arguments.out:
        write(division, arguments.out)
        progress(f"已写入 {arguments.out}。")
    return answer(told(division, clock.seconds), readable(division), as_json=arguments.json)


def write(division: "Division", path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "grid"])
        rows.writerows(
            (name, division.codes[grid]) for name, grid in zip(division.units.ids, division.grid.tolist(), strict=True)
        )


def told(division: "Division", seconds: dict[str, float]) -> dict[str, Any]:
    return {
        "grids": division.count,
        "within": division.within(),
        "connected": division.connected(),
        "dispersion_m": round(division.dispersion(), 2),
        "impossible": [
            {"units": list(one.units), "reason": one.reason, "proof": one.proof} for one in division.impossible
        ],
        "seconds": seconds,
    }


def readable(division: "Division") -> Iterator[str]:
    limits, outside = division.limits, division.outside()
    yield f"分成 {division.count} 个网格，{division.within():.2%} 在 {limits.least}–{limits.most} 户之间，个个连片。"
    yield f"住户到网格中心的均方根距离 {division.dispersion():.1f} 米。"
    whole, could = division.whole_estates()
    if could:
        yield f"放得进一个网格的小区 {could} 个，其中 {whole} 个没有拆开。"
    households = division.households()
    for grid in outside[:SHOWN]:
        ground = "有证明，见下" if division.proved(grid) else "没有找到更好的分法，也没有证明做不到"
        yield f"  不在范围内：{division.codes[grid]}，{households[grid]} 户（{ground}）"
    if len(outside) > SHOWN:
        proved = sum(division.proved(grid) for grid in outside)
        yield f"  不在范围内的共 {len(outside)} 个，其中 {proved} 个有证明。"
    for one in division.impossible[:SHOWN]:
        yield f"  {one.proof}"
    if len(division.impossible) > SHOWN:
        yield f"  证明共 {len(division.impossible)} 条，全部写在 --json 里。"
