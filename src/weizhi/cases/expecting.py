"""What a case expects: each expectation answers with what was expected and what was found, or with nothing."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from weizhi.cases import counted, heard
from weizhi.cases.counted import Unmet
from weizhi.cases.language import ZONE, Expect, Waits, sentences_seen
from weizhi.cases.stage import Stage
from weizhi.deliberation.in_force import edition_in_force
from weizhi.matters.duties import performances
from weizhi.matters.models import CalendarOpening, Matter, Party, Step
from weizhi.matters.story import Reader
from weizhi.people.access import person_key, standing
from weizhi.record.actions.publish_root import publish_root, root_file
from weizhi.record.binding import in_force
from weizhi.record.export import write_record
from weizhi.record.models import Delivery, Entry
from weizhi.record.notices import PAGE

NONE = "没有"


def unmet(expect: Expect, matter: Matter | None, stage: Stage, now: datetime) -> Iterator[Unmet]:
    """Everything that the table asks for and that does not hold."""
    if matter is not None:
        for name, ask in PLAIN.items():
            wanted = getattr(expect, name)
            if wanted is not None and (found := ask(matter)) != wanted:
                yield TITLES[name], _said(wanted), _said(found)
        yield from _stands(expect, matter)
        yield from _waits(expect, matter, stage)
        yield from _sees(expect, matter, stage, now)
        yield from _told(expect, matter, stage)
        if expect.result is not None:
            yield from counted.unmet(expect.result, matter, stage)
        if expect.survey is not None:
            yield from counted.unmet_survey(expect.survey, matter)
        if expect.hall is not None:
            yield from heard.unmet(expect.hall, matter)
    yield from _opened(expect, stage)
    yield from _duties(expect, stage, now)
    yield from _in_force(expect, stage, now)
    yield from _conventions(expect, stage)
    if expect.record == "verifies":
        yield from _verifies(stage, now)


def _entries(matter: Matter) -> list[Entry]:
    return list(matter.stream.entries.order_by("n"))


def _marks(matter: Matter) -> tuple[str, ...]:
    """What figures count so far: marks of steps, also of those that passed by themselves, and of duties done."""
    given = [
        *matter.steps.values_list("mark", flat=True),
        *(entry.public.get("mark", "") for entry in _entries(matter)),
    ]
    return tuple(sorted({mark for marks in given for mark in str(marks).split(",") if mark}))


def _stars(matter: Matter) -> int | None:
    return next((entry.public["stars"] for entry in reversed(_entries(matter)) if "stars" in entry.public), None)


PLAIN: dict[str, Callable[[Matter], object]] = {
    "ended": lambda matter: matter.ended_as,
    "counts": lambda matter: matter.counts,
    "category": lambda matter: matter.category,
    "class_": lambda matter: matter.sorted_as,
    "urgency": lambda matter: matter.urgency,
    "entries": lambda matter: len(_entries(matter)),
    "verbs": lambda matter: tuple(entry.verb for entry in _entries(matter)),
    "stars": _stars,
}
TITLES = {
    "ended": "结束为", "counts": "统计为", "category": "类别", "class_": "分成", "urgency": "紧急程度",
    "entries": "记录笔数", "verbs": "记录的动作", "stars": "星",
}  # fmt: skip


def _said(value: object) -> str:
    if isinstance(value, tuple | list | set | frozenset):
        return "、".join(map(str, value)) or NONE
    return str(value) if value not in (None, "") else NONE


def _stands(expect: Expect, matter: Matter) -> Iterator[Unmet]:
    if expect.stands_at is not None:
        found = sorted(matter.steps.filter(closed_at__isnull=True).values_list("key", flat=True))
        if found != sorted(expect.stands_at):
            yield "停在", _said(expect.stands_at), _said(found) if found else f"{NONE}（已结束：{matter.ended_as}）"
    if expect.marks is not None and (marks := _marks(matter)) != tuple(sorted(expect.marks)):
        yield "标记", _said(sorted(expect.marks)), _said(marks)


def _waits(expect: Expect, matter: Matter, stage: Stage) -> Iterator[Unmet]:
    rows = list(Party.objects.waiting().filter(matter=matter).select_related("step").order_by("step_id", "id"))
    for waits in expect.waits_for:
        if not any(_fits(waits, row, stage) for row in rows):
            yield "等着", _owner(waits), "、".join(_row(row) for row in rows) or NONE


def _fits(waits: Waits, row: Party, stage: Stage) -> bool:
    assert row.step is not None
    if waits.person is not None:
        owner = row.who == person_key(stage.people[waits.person].pk)
    else:
        kind, name = next((k, n) for k in ("post", "body", "status") if (n := getattr(waits, k)))
        owner = row.who.startswith(f"{kind}:{name}@")
    return owner and waits.step in (None, row.step.key) and (waits.due is None or _due(row.step).startswith(waits.due))


def _due(step: Step) -> str:
    return f"{step.due.astimezone(ZONE):%Y-%m-%d %H:%M}" if step.due else NONE


def _owner(waits: Waits) -> str:
    named = [f"{key} {value}" for key, value in waits.model_dump(exclude_none=True).items()]
    return " ".join(named)


def _row(row: Party) -> str:
    assert row.step is not None
    return f"{row.who.partition('@')[0]} step {row.step.key} due {_due(row.step)}"


def _sees(expect: Expect, matter: Matter, stage: Stage, now: datetime) -> Iterator[Unmet]:
    for login, wanted in expect.sees.items():
        who = standing(stage.people[login], now)
        visible = Matter.objects.visible_to(who).filter(pk=matter.pk).exists()
        count = len(Reader(matter, who).story().lines) if visible else 0
        found = f"story of {count} sentences" if visible else "not-found"
        if visible != (wanted != "not-found") or sentences_seen(wanted) not in (None, count):
            yield f"{stage.people[login].name}看到", wanted, found


def _told(expect: Expect, matter: Matter, stage: Stage) -> Iterator[Unmet]:
    for login, wanted in expect.told.items():
        found = Delivery.objects.filter(entry__stream=matter.stream_id, to=stage.people[login], channel=PAGE).count()
        if found != wanted:
            yield f"通知{stage.people[login].name}的次数", str(wanted), str(found)


def _opened(expect: Expect, stage: Stage) -> Iterator[Unmet]:
    for entry, wanted in expect.opened.items():
        found = CalendarOpening.objects.filter(community=stage.community, entry=entry).count()
        if found != wanted:
            yield f"日历“{entry}”开的件数", str(wanted), str(found)


def _duties(expect: Expect, stage: Stage, now: datetime) -> Iterator[Unmet]:
    """How the duties of the list were met this month, as the charter's page tells it."""
    told = performances(stage.community.pk, stage.charter, now.astimezone(ZONE).date(), now) if expect.duties else []
    found = {one.duty: f"{one.in_time} of {one.due}" for one in told}
    for duty, wanted in expect.duties.items():
        if found.get(duty) != wanted:
            yield f"本月职责“{duty}”按时办的", wanted, found.get(duty, NONE)


def _in_force(expect: Expect, stage: Stage, now: datetime) -> Iterator[Unmet]:
    for which, wanted in expect.in_force.items():
        community = stage.communities[which]
        adopted = in_force(community, now) if community else None
        found = adopted.charter.name if adopted else NONE
        if found != wanted:
            yield f"{community or which}现在用的章程", wanted, found


def _conventions(expect: Expect, stage: Stage) -> Iterator[Unmet]:
    for key, wanted in expect.conventions.items():
        edition = edition_in_force(stage.community.pk, key)
        if (found := edition.n if edition else 0) != wanted:
            yield f"公约“{key}”施行的版", str(wanted), str(found)


def _verifies(stage: Stage, now: datetime) -> Iterator[Unmet]:
    """Seal, publish the root, export, and let the one file that needs only Python judge, in a process of its own."""
    root = publish_root(stage.community, now)
    if root is None:
        yield "核对记录", "有记录", NONE
        return
    with tempfile.TemporaryDirectory(prefix="weizhi-case-") as folder:
        exported, kept = write_record(stage.community, Path(folder) / "record"), Path(folder) / "root.json"
        kept.write_text(json.dumps(root_file(root)), encoding="utf-8")
        judged = subprocess.run(
            [sys.executable, "-I", str(exported / "verify_record.py"), str(exported), "--root", str(kept)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if judged.returncode != 0:
        yield "核对记录", "核对无误", judged.stdout + judged.stderr
