"""Points, calendar, assessments, funds, indicators: what these tables name exists, and dates do not collide."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from ..falls import days_between
from ..findings import Path
from ..rhythm import CalendarEntry
from .scene import Scene

# Three years hold every pattern of a yearly, quarterly or monthly rule; recurrences are compared over them.
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def check_tables(scene: Scene) -> None:
    """Check the tables that stand beside the procedures."""
    _earns(scene)
    _calendar(scene)
    _collisions(scene)
    _assessments(scene)
    _funds(scene)


def _name(scene: Scene, name: str | None, known: Iterable[str], path: Path, what: str) -> None:
    names = set(known)
    if name is not None and name not in names:
        scene.faults.add(path, f"没有叫“{name}”的{what}。", expected=names, near=name)


def _earns(scene: Scene) -> None:
    charter = scene.charter
    for earn in charter.earn.values():
        path: Path = ("earn", earn.key)
        kind_key, _, mark = earn.on.partition(".")
        kind = charter.kinds.get(kind_key)
        if kind is None:
            known = [f"{key}.{mark}" for key in charter.kinds]
            scene.faults.add(
                (*path, "on"), f"没有叫“{kind_key}”的事项。请写 “事项.标记”。", expected=known, near=earn.on
            )
            continue
        procedure = charter.procedures.get(kind.procedure)
        marks = {mark for step in procedure.steps.values() for mark in step.all_marks} if procedure else set()
        if mark not in marks:
            known = [f"{kind_key}.{name}" for name in marks]
            scene.faults.add(
                (*path, "on"), f"“{kind_key}”的流程里没有一步给出标记“{mark}”。", expected=known, near=earn.on
            )
        who = scene.relations(kind.procedure)
        if earn.to not in who:
            scene.faults.add((*path, "to"), f"“{earn.to}”不是这种事项里的关系。", expected=who, near=earn.to)
    for indicator in charter.indicators.values():
        for n, kind_name in enumerate(indicator.kinds):
            _name(scene, kind_name, charter.kinds, ("indicators", indicator.key, "kinds", n), "事项")


def _calendar(scene: Scene) -> None:
    charter = scene.charter
    for entry in charter.calendar.values():
        path: Path = ("calendar", entry.key)
        _name(scene, entry.opens, charter.kinds, (*path, "opens"), "事项")
        _name(scene, entry.body, charter.bodies, (*path, "body"), "组织")
        if entry.opens is None and entry.body is None:
            scene.faults.add(path, "这条日历不开任何事项，也不是哪个组织的会。请写 opens 或 body。")
        if entry.for_each:
            groups = {f"body-kind:{body.kind}" for body in charter.bodies.values() if body.kind}
            groups |= {f"place:{level}" for level in charter.levels.known}
            _name(scene, entry.for_each, groups, (*path, "for_each"), "一组对象")
        for n, other in enumerate(entry.beside):
            _name(scene, other, charter.calendar, (*path, "beside", n), "日历")


def _collisions(scene: Scene) -> None:
    for one, two in combinations(scene.charter.calendar.values(), 2):
        beside = one.key in two.beside or two.key in one.beside
        if one.body is None or one.body != two.body or beside or (one.at and two.at and one.at != two.at):
            continue
        same = sorted(_days(one) & _days(two))
        if same:
            scene.faults.add(
                ("calendar", two.key),
                f"“{one.key}”和“{two.key}”是同一个组织的会，{same[0]} 那天撞在一起。"
                "请改日期，给两个都写不同的钟点 at，或写 beside 说明本来就一起开。",
            )


def _days(entry: CalendarEntry) -> set[date]:
    return set(days_between(entry, FIRST, LAST))


def _assessments(scene: Scene) -> None:
    charter = scene.charter
    for table in charter.assess.values():
        path: Path = ("assess", table.key)
        group, _, name = table.of.partition(":")
        if group == "body-kind":
            _name(scene, name, {body.kind for body in charter.bodies.values() if body.kind}, (*path, "of"), "组织类别")
        elif group == "body":
            _name(scene, name, charter.bodies, (*path, "of"), "组织")
        elif group == "matter":
            _name(scene, name, charter.kinds, (*path, "of"), "事项")
        elif group == "place":
            _name(scene, name, charter.levels.known, (*path, "of"), "层级")
        _name(scene, table.procedure, charter.procedures, (*path, "procedure"), "流程")
        for n, source in enumerate(table.sources):
            where: Path = (*path, "sources", n)
            _name(scene, source.electorate, charter.electorates, (*where, "electorate"), "选民名单")
            for m, name in enumerate(source.by):
                _name(scene, name, {*charter.posts, *charter.bodies}, (*where, "by", m), "职务或组织")


def _funds(scene: Scene) -> None:
    charter = scene.charter
    for fund in charter.funds.values():
        if fund.second_person:
            _name(scene, fund.second_person, scene.who(), ("funds", fund.key, "second_person"), "关系、职务或组织")
    if charter.bank:
        for key in ("issuer", "branches", "offices"):
            _name(scene, getattr(charter.bank, key), charter.levels.known, ("bank", key), "层级")
        if charter.bank.cover:
            _name(scene, charter.bank.cover.fund, charter.funds, ("bank", "cover", "fund"), "资金")
