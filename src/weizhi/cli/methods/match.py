"""weizhi methods match FILE: wishes and volunteers, each at most once, at the least total cost."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, Wrong, answer, answered, load, progress, take

if TYPE_CHECKING:
    from weizhi.methods.matching import Pairing, Volunteer, Wish


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("match", help="pair wishes with volunteers")
    verb.add_argument("file", type=Path, metavar="FILE", help='{"wishes": [{id,x,y,skill,times}], "volunteers": […]}')
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: match(arguments)))


def match(arguments: argparse.Namespace) -> int:
    from weizhi.methods.matching import pair

    clock = Clock()
    wishes, volunteers = read(arguments.file)
    clock.stop("load")
    progress(f"{len(wishes)} 个愿望，{len(volunteers)} 位志愿者。")
    found = pair(wishes, volunteers)
    clock.stop("count")
    return answer(
        told(wishes, volunteers, found, clock.seconds), readable(wishes, volunteers, found), as_json=arguments.json
    )


def read(path: Path) -> "tuple[list[Wish], list[Volunteer]]":
    from weizhi.methods.matching import Volunteer, Wish

    given = take(load(path), str(path), {"wishes": list, "volunteers": list}, needed=["wishes", "volunteers"])
    place = {"id": str, "x": object, "y": object, "times": list}
    wishes = []
    for n, row in enumerate(given["wishes"], 1):
        where = f"{path} 愿望第 {n} 条"
        one = take(row, where, {**place, "skill": str, "urgency": int}, needed=["id", "x", "y", "skill", "times"])
        x, y = coordinate(one, "x", where), coordinate(one, "y", where)
        wishes.append(Wish(one["id"], x, y, one["skill"], frozenset(map(str, one["times"])), one.get("urgency", 1)))
    volunteers = []
    for n, row in enumerate(given["volunteers"], 1):
        where = f"{path} 志愿者第 {n} 位"
        one = take(row, where, {**place, "skills": list, "load": int}, needed=["id", "x", "y", "skills", "times"])
        x, y = coordinate(one, "x", where), coordinate(one, "y", where)
        skills, times = frozenset(map(str, one["skills"])), frozenset(map(str, one["times"]))
        volunteers.append(Volunteer(one["id"], x, y, skills, times, one.get("load", 0)))
    return wishes, volunteers


def coordinate(row: dict[str, Any], key: str, where: str) -> float:
    try:
        return float(row[key])
    except (TypeError, ValueError):
        raise Wrong(f"{where}：“{key}”应当是数字，单位是米。") from None


def told(
    wishes: "list[Wish]", volunteers: "list[Volunteer]", found: "Pairing", seconds: dict[str, float]
) -> dict[str, Any]:
    from weizhi.methods.matching import UNMATCHED

    chosen = found.volunteer.tolist()
    return {
        "pairs": [{"wish": wishes[n].id, "volunteer": volunteers[v].id} for n, v in enumerate(chosen) if v >= 0],
        "nobody_qualified": [wishes[n].id for n, v in enumerate(chosen) if v < 0 and not found.qualified[n]],
        "nobody_free": [wishes[n].id for n, v in enumerate(chosen) if v < 0 and found.qualified[n]],
        "penalty": UNMATCHED,
        "cost": found.cost,
        "bound": found.bound,
        "gap": found.gap,
        "seconds": seconds,
    }


def readable(wishes: "list[Wish]", volunteers: "list[Volunteer]", found: "Pairing") -> Iterator[str]:
    for n, v in enumerate(found.volunteer.tolist()):
        if v >= 0:
            yield f"{wishes[n].id} → {volunteers[v].id}"
        elif found.qualified[n]:
            yield f"{wishes[n].id}：合适的 {found.qualified[n]} 位志愿者都另有安排"
        else:
            yield f"{wishes[n].id}：没有技能和时间都合适的志愿者"
    yield f"总代价 {found.cost}，任何配法都不会低于 {found.bound:.0f}（相差 {found.gap:.3%}）。"
