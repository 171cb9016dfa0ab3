"""weizhi methods visits FILE: whom each officer visits on a day, and in what order."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, Wrong, answer, answered, load, progress, take
from weizhi.cli.methods.match import coordinate

if TYPE_CHECKING:
    from weizhi.methods.matching import Household, Tour


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("visits", help="plan a day's visits of each officer")
    verb.add_argument("file", type=Path, metavar="FILE", help='{"day": "2026-11-21", "officers": [{id, households}]}')
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: visits(arguments)))


def visits(arguments: argparse.Namespace) -> int:
    from weizhi.methods.matching import plan

    clock = Clock()
    day, officers = read(arguments.file)
    clock.stop("load")
    progress(f"{len(officers)} 位网格员，{sum(len(homes) for _, _, homes in officers)} 户。")
    tours = {name: plan(homes, day, start=start) for name, start, homes in officers}
    clock.stop("count")
    found = {"day": day.isoformat(), "tours": [told(name, tour) for name, tour in tours.items()]}
    return answer({**found, "seconds": clock.seconds}, readable(tours), as_json=arguments.json)


Officer = tuple[str, tuple[float, float], "list[Household]"]


def read(path: Path) -> tuple[date, list[Officer]]:
    given = take(load(path), str(path), {"day": str, "officers": list}, needed=["day", "officers"])
    officers = []
    for n, row in enumerate(given["officers"], 1):
        where = f"{path} 第 {n} 位网格员"
        known = {"id": str, "x": object, "y": object, "households": list}
        one = {"x": 0, "y": 0, **take(row, where, known, needed=["id", "households"])}
        homes = [household(home, f"{where}第 {place} 户") for place, home in enumerate(one["households"], 1)]
        officers.append((one["id"], (coordinate(one, "x", where), coordinate(one, "y", where)), homes))
    return day_of(given["day"], str(path)), officers


def household(row: Any, where: str) -> "Household":
    from weizhi.methods.matching import Household

    known = {"id": str, "x": object, "y": object, "every": str, "last": (str, type(None))}
    one = take(row, where, known, needed=["id", "x", "y", "every"])
    last = one.get("last")
    return Household(
        one["id"],
        coordinate(one, "x", where),
        coordinate(one, "y", where),
        one["every"],
        day_of(last, where) if last else None,
    )


def day_of(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{where}：“{text}”不是日期，请写成 2026-11-21 的样子。") from None


def told(name: str, tour: "Tour") -> dict[str, Any]:
    return {
        "officer": name,
        "due": tour.due,
        "visits": list(tour.households),
        "metres": round(tour.metres, 1),
        "nearest_metres": round(tour.nearest_metres, 1),
    }


def readable(tours: "dict[str, Tour]") -> Iterator[str]:
    for name, tour in tours.items():
        way = " → ".join(tour.households)
        yield f"{name}：到期 {tour.due} 户，今天走访 {len(tour.households)} 户，{tour.metres:.0f} 米：{way}"
