"""The demo community 幸福里: founded by the record's verbs and a census file, lived in for ninety days through
the matters' own doors.

Everything but ids, salts and the moment it is made is the same every time. The people are invented.
"""

import gc
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from weizhi.cases.doing import Doing
from weizhi.cases.everyday import DAYS, Everyday
from weizhi.cases.founding import CAST, found
from weizhi.cases.language import ZONE, Act, Head, Table, dated
from weizhi.cases.neighbours import Neighbours
from weizhi.cases.occasions import Occasions
from weizhi.cases.stage import Stage
from weizhi.cases.talks import CALENDAR, Talks
from weizhi.charters.models import Charter
from weizhi.charters.recurrence import days_of
from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.deliberation.models import Hall
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.record.models import Delivery, Origin
from weizhi.record.origin import made_as

SCRIPT = Path(__file__).with_name("demo.toml")
TODAY = 21  # the day of the script that is today
FOUNDED = timedelta(days=DAYS + 2)
ROUND = timedelta(hours=4)  # how often time acts between the acts; an act lets it act on its own matter in any case
RISEN, AN_HOUR = timedelta(hours=7), timedelta(hours=1)  # people are up, and something may have happened
READ = timedelta(hours=20)  # what is older was read by whoever it was for
Told = tuple[datetime, Act]


class Script(Table):
    """demo.toml: the acts of each matter together."""

    matters: tuple["Telling", ...]


class Telling(Table):
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Made:
    """What the demo holds now."""

    community: Community
    people: int
    matters: int
    acts: int


def exists() -> bool:
    """Whether anything lives in this database already."""
    return Community.objects.exists()


def make(now: datetime | None = None) -> Made:
    """Found 幸福里 in an empty database and let ninety days pass until `now`."""
    now = now or timezone.now()
    script = Script.model_validate(tomllib.loads(SCRIPT.read_text(encoding="utf-8")))
    with _no_sweeping(), transaction.atomic():  # all or nothing: half a community would never be filled again
        made_as(Origin.MadeAs.DEMO, now)
        stage = found(now - FOUNDED, _needed(script))
        acts = live(stage, script, now)
    people = Person.objects.count()
    return Made(stage.community, people, Community.objects.get(pk=stage.community.pk).matters, acts)


@contextmanager
def _no_sweeping() -> Iterator[None]:
    """Nothing that is made here goes in circles; looking for it would cost a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _needed(script: Script) -> frozenset[str]:
    """The doors that the script names."""
    named = {name for telling in script.matters for act in telling.acts for name in (act.by, act.for_) if name}
    return frozenset(named - set(CAST))


def live(stage: Stage, script: Script, now: datetime) -> int:
    """Play what is told in the order of its times, timers between the acts, and come to rest at `now`."""
    homes = {login: member.home for login, member in CAST.items() if member.home}
    doing = Doing(stage.people, stage.places, homes)
    acts = sorted(_told(stage, script, now), key=lambda told: told[0])
    acted = now - FOUNDED
    for at, act in acts:
        if at - acted > ROUND:
            _let_pass(at)
            acted = at
        doing.look_up(act.matter, stage.community)
        if dated(act.matter or "") and act.matter not in doing.matters:
            continue  # a meeting in the very first days, which no calendar opened
        try:
            _do(doing, act, at)
        except Refused as refused:
            refused.add_note(f"{at:%m-%d %H:%M} {act.by} {act.do or act.raise_} {act.matter} {act.outcome}")
            raise
    _let_pass(now)
    draw_halls(now)  # what is open has a map of today
    tell(now)
    Delivery.objects.filter(entry__at__lt=now - READ).update(seen_at=now - READ)
    return len(acts)


def _let_pass(until: datetime) -> None:
    """What is due happens; a hall that was shut meanwhile gets its map, which its matter takes when time acts again."""
    run_due(until)
    if Hall.objects.filter(shut_at__isnull=False, final_at=None).exists():
        draw_halls(until)
        run_due(until)


def _do(doing: Doing, act: Act, at: datetime) -> None:
    done = doing.do(act, at)
    if done is None:
        return
    if act.as_:
        doing.matters[act.as_] = done.matter_id
    if act.opens:
        opened = Matter.objects.filter(opened_by__matter=done.matter_id).order_by("-number")
        doing.matters[act.opens] = opened.values_list("pk", flat=True)[0]


def _told(stage: Stage, script: Script, now: datetime) -> Iterator[Told]:
    """The script's acts and everybody's; what would come after today does not happen."""
    local = now.astimezone(ZONE)
    midnight = datetime.combine(local.date(), time.min, ZONE)
    day_0 = (local - timedelta(days=TODAY)).replace(tzinfo=None)
    head = Head(name="demo", title="幸福里", charter="xingfuli", starts=day_0)
    for telling in script.matters:
        for act in telling.acts:
            assert act.at is not None  # demo.toml tells the time of each act
            yield _drawn_together(head.instant(act.at), now, midnight), act
    doors = [code for code, place in stage.places.items() if place.kind == "household" and code in stage.people]
    everyday = Everyday(Neighbours(sorted(doors)), midnight.replace(tzinfo=None))
    occasions = Occasions(everyday.near, everyday.midnight, everyday.words)
    tomorrow = midnight + timedelta(days=1)
    talks = Talks(everyday.near, everyday.midnight, _meetings(stage.charter, midnight.date()))
    for tale in (*everyday.tales(), *occasions.tales(), *talks.tales()):
        for when, act in tale.acts:
            at = when.replace(tzinfo=ZONE)
            if at < tomorrow:
                yield _drawn_together(at, now, midnight), act


def _meetings(charter: Charter, today: date) -> list[date]:
    """The days of the meetings since it was founded and before today."""
    rule = charter.calendar[CALENDAR].rrule
    days = days_of(rule=rule, lunar=None, start=today - FOUNDED, end=today - timedelta(days=1))
    return list(days)


def _drawn_together(at: datetime, now: datetime, midnight: datetime) -> datetime:
    """Today's acts are drawn together into the part of the day that has passed, from when people are up."""
    if at < midnight:
        return at
    risen = midnight + RISEN
    since = risen if now - midnight > RISEN + AN_HOUR else midnight
    return since + max(at - risen, timedelta()) * ((now - since) / (timedelta(days=1) - RISEN))
