"""weizhi charters: list, check, draw and explain charters. Needs no database and no Django."""

import argparse
import json
import sys
from pathlib import Path

from weizhi.charters.drawing import draw
from weizhi.charters.explaining import explain
from weizhi.charters.findings import CharterError, nearest
from weizhi.charters.loading import Checked, check_file, library_names
from weizhi.charters.models import Charter, Procedure
from weizhi.charters.schema import schema


def register(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    noun = sub.add_parser("charters", help="list, check, draw and explain charters")
    noun.set_defaults(django=False)
    verbs = noun.add_subparsers(title="verbs", metavar="VERB", required=True)
    verbs.add_parser("list", help="the charters that come with Weizhi").set_defaults(run=list_charters)

    check = verbs.add_parser("check", help="every fault at once, with its line")
    check.add_argument("files", nargs="+", metavar="FILE", help="a .toml file or the name of a charter")
    check.add_argument(
        "--allow-unprovided", action="store_true", help="step kinds that no room provides yet are named but no failure"
    )
    check.set_defaults(run=check_charters)

    drawn = verbs.add_parser("draw", help="a procedure as an SVG drawing")
    drawn.add_argument("name", metavar="NAME", help="a .toml file or the name of a charter")
    drawn.add_argument("--procedure", help="which procedure (else the charter's only or last one)")
    drawn.add_argument("--out", type=Path, help="write here instead of to the screen")
    drawn.set_defaults(run=draw_charter)

    verbs.add_parser("schema", help="the JSON Schema of the language").set_defaults(run=print_schema)

    told = verbs.add_parser("explain", help="what may happen at a step, by whom, by when, and the lines")
    told.add_argument("name", metavar="NAME", help="a .toml file or the name of a charter")
    told.add_argument("step", metavar="STEP", help="a step, or procedure.step")
    told.set_defaults(run=explain_step)


def list_charters(_arguments: argparse.Namespace) -> int:
    for name in library_names():
        checked = check_file(name)
        charter = checked.charter
        print(f"{name:<22}{charter.title if charter else f'有 {len(checked.findings)} 处要改'}")
    return 0


def check_charters(arguments: argparse.Namespace) -> int:
    worst = 0
    for name in arguments.files:
        try:
            checked = check_file(name)
        except CharterError as refused:
            print(refused)
            worst = 1
            continue
        for finding in checked.findings:
            print(finding)
        failing = checked.errors if arguments.allow_unprovided else checked.findings
        print(f"{name}：{_verdict(checked)}")
        worst = worst or int(bool(failing))
    return worst


def _verdict(checked: Checked) -> str:
    errors, all_found = len(checked.errors), len(checked.findings)
    if not all_found:
        return "没有问题。"
    waiting = f"{all_found - errors} 处要等别的房间装上" if all_found > errors else ""
    wrong = f"{errors} 处要改" if errors else ""
    return "，".join(part for part in (wrong, waiting) if part) + "。"


def draw_charter(arguments: argparse.Namespace) -> int:
    checked = _usable(arguments.name)
    if checked is None or checked.charter is None:
        return 1
    procedure = _procedure(checked.charter, arguments.procedure or _own(checked, checked.charter))
    if procedure is None:
        return 1
    picture = draw(procedure, charter=checked.charter)
    if arguments.out:
        arguments.out.write_text(picture, encoding="utf-8")
    else:
        print(picture)
    return 0


def _own(checked: Checked, charter: Charter) -> str:
    """Return the first procedure that the file itself writes down, else the first that it inherits."""
    file = checked.where(("charter",))[0]
    written = [key for key in charter.procedures if checked.where(("procedures", key))[0] == file]
    return (written or list(charter.procedures) or [""])[0]


def _procedure(charter: Charter, wanted: str) -> Procedure | None:
    if wanted in charter.procedures:
        return charter.procedures[wanted]
    near = nearest(wanted, charter.procedures)
    print(
        f"没有叫“{wanted}”的流程。有：{'、'.join(charter.procedures)}。" + (f"最接近的是“{near}”。" if near else ""),
        file=sys.stderr,
    )
    return None


def print_schema(_arguments: argparse.Namespace) -> int:
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return 0


def explain_step(arguments: argparse.Namespace) -> int:
    checked = _usable(arguments.name)
    if checked is None or checked.charter is None:
        return 1
    charter = checked.charter
    wanted, _, key = arguments.step.rpartition(".")
    found = [
        procedure.key
        for procedure in charter.procedures.values()
        if key in procedure.steps and wanted in ("", procedure.key)
    ]
    if not found:
        known = [step for procedure in charter.procedures.values() for step in procedure.steps]
        near = nearest(key, known)
        print(f"没有“{arguments.step}”这一步。" + (f"最接近的是“{near}”。" if near else ""), file=sys.stderr)
        return 1
    print("\n\n".join(explain(charter, procedure, key, checked.where) for procedure in found))
    return 0


def _usable(name: str) -> Checked | None:
    """Read a charter and tell its faults; one that only waits for other rooms' step kinds is drawn and explained."""
    try:
        checked = check_file(name)
    except CharterError as refused:
        print(refused, file=sys.stderr)
        return None
    for finding in checked.errors:
        print(finding, file=sys.stderr)
    return checked
