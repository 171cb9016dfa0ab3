"""Say what happened, in lines: when, who, the record's own sentence; and what was refused, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from weizhi.cases.language import ZONE, Act
from weizhi.cases.stage import Stage
from weizhi.charters.spoken_time import say_due
from weizhi.charters.workdays import state_calendar
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.story import Line, Reader
from weizhi.people.access import NOBODY
from weizhi.record.models import Entry

DAYS = "一二三四五六日"
FILES, WORDS = "file:", "words"


@dataclass(frozen=True)
class Heard:
    """One line of what happened. `sort`: somebody did it, time did it, or somebody was refused."""

    at: datetime
    sort: Literal["done", "time", "refused"]
    matter: str
    text: str
    detail: str = ""

    def __str__(self) -> str:
        sign = {"done": " ", "time": "·", "refused": "✗"}[self.sort]
        detail = f"\n{'':24}{self.detail}" if self.detail else ""
        return f"{when(self.at):18} {sign} {self.text}{detail}"


def when(at: datetime) -> str:
    """An instant in a list: "3月2日 周一 09:15"; the year stands above."""
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日 周{DAYS[local.weekday()]} {local:%H:%M}"


def news(known: set[UUID]) -> list[Heard]:
    """What the record says since last asked, in the order in which it happened."""
    entries = (
        Entry.objects.filter(stream__kind="matter")
        .exclude(pk__in=known)
        .select_related("actor", "holding", "on_behalf_of")
        .prefetch_related("parts")
        .order_by("at", "id")
    )
    heard, readers = [], {}
    for entry in entries:
        known.add(entry.pk)
        if entry.stream_id not in readers:
            readers[entry.stream_id] = Reader(Matter.objects.preloaded().get(pk=entry.stream_id), NOBODY, "desk")
        heard.append(_heard(entry, readers[entry.stream_id]))
    return heard


def _heard(entry: Entry, reader: Reader) -> Heard:
    line = reader.line(entry, list(entry.parts.all()))
    post = f"（{line.post}）" if line.post else ""
    behalf = f"代{line.on_behalf_of}：" if line.on_behalf_of else ""
    text = line.text.replace(line.who, f"{line.who}{post}{behalf}", 1) if entry.actor_id else line.text
    said = f"“{line.words}”" if line.words else ""
    photos = f"[照片 {len(line.photos)} 张]" if line.photos else ""
    number = f"{reader.matter.number:04d}"
    return Heard(
        entry.at,
        "done" if entry.actor_id else "time",
        number,
        f"{number} {text}{said}{photos}",
        _next(entry, reader, line),
    )


def _next(entry: Entry, reader: Reader, line: Line) -> str:
    """Where the matter stands after this entry, and until when."""
    public = entry.public
    if "ended" in public:
        return f"→ 结束：{reader.title_of(public['ended'])}"
    told = []
    for opened in public.get("opens", ()):
        due = datetime.fromisoformat(opened["due"]) if opened["due"] else None
        until = f"，{say_due(due, entry.at, state_calendar()).words}（{when(due)}）" if due else ""
        told.append(f"{reader.title_of(opened['step'])}{until}")
    return f"→ {'；'.join(told)}" if told else ""


def tried(scene: Act, stage: Stage) -> str:
    """What somebody wanted to do, in words."""
    who = stage.people[scene.by].name
    if scene.propose or scene.confirm:
        return f"{who}想{'提出' if scene.propose else '确认'}章程“{scene.propose or scene.confirm}”"
    if scene.raise_:
        kind = stage.charter.kinds.get(scene.raise_)
        behalf = f"代{stage.people[scene.for_].name}" if scene.for_ else ""
        return f"{who}想{behalf}提出“{kind.title if kind else scene.raise_}”"
    return f"{who}想在“{scene.matter}”上 {scene.do}{' ' + scene.outcome if scene.outcome else ''}"


def refusal(scene: Act, stage: Stage, at: datetime, refused: Refused) -> Heard:
    line = f"（章程 {refused.line}）" if refused.line else ""
    return Heard(at, "refused", scene.matter or "", tried(scene, stage), f"{refused.code}：{refused.message}{line}")
