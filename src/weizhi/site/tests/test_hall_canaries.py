"""Who said what in an online hall, and whose a statement is, stands nowhere; words that were put away or wait are seen
by their author and by who moderates, and by nobody else.

小罗, whose name stands nowhere else, writes three statements: one is let out, one is put away, one waits. Then every
address is asked by every role, by programs, and every export is read.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.actions.speak import speak
from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.deliberation.taking_part import voice_of
from weizhi.deliberation.tests.halls import CHARTER, crowd
from weizhi.matters.actions.tell import tell
from weizhi.matters.notice_words import with_words, words_for
from weizhi.matters.tests.conftest import Stage, build
from weizhi.people.models import Person
from weizhi.portal.tests.roles import ROLES, World, world
from weizhi.record import clock
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.seal import seal
from weizhi.record.export import Exported, write_record
from weizhi.record.models import Delivery, Entry, Leaf, Origin
from weizhi.site.tests.canaries import (
    POSTS,
    a_program,
    every_answer,
    every_answer_to_a_program,
    found_in,
    here_signed_in,
)

NAME, LET_OUT, PUT_AWAY, WAITS, WHY = "白鹭小罗", "白鹭晚上关灯吧", "白鹭三楼太吵了", "白鹭还等着看", "说到了人家"
READ_THEM = ("chen",)  # who moderates here
REGISTER = ("portal:people", "portal:record-people", "portal:letters")  # whoever lives here stands there


@dataclass(frozen=True)
class Planted:
    world: World
    matter: UUID
    hall: Hall
    author: Person
    voice: Voice

    @property
    def traces(self) -> tuple[str, ...]:
        """What leads to the author: of the person and of the voice."""
        return NAME, str(self.author.pk), str(self.voice.pk), self.voice.pk.hex, self.voice.who


Plant = Callable[..., Planted]


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Iterator[Stage]:
    settings.FILES = tmp_path / "files"
    settings.KEYS_FILE = tmp_path / "keys.json"
    settings.IMPORTS = tmp_path / "imports"
    cache.clear()
    yield build()
    cache.clear()


@pytest.fixture
def planted(stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Planted]:
    return lambda role="anonymous": _planted(stage, settings, monkeypatch, role)


def _planted(stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch, role: str) -> Planted:
    here = world(stage, role, settings)
    made_as = Origin.objects.get().made_as
    Origin.objects.update(made_as=Origin.MadeAs.TEST)  # a live database takes no instants that somebody says
    stage.now = clock.now()
    luo = stage.people["luo"] = Person.objects.create_user("luo", NAME)
    enrol(stage.community, luo, stage.places["3-1-101"], ["resident"], at=stage.now)
    stage.adopt(CHARTER)
    done = stage.report("lin", kind="topic", words="架空层空着", place="3-2")
    hall = Hall.objects.get(matter=done.matter_id)
    now = stage.later(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    out, away, _waits = (add_statement(hall.pk, words, by=luo, at=now) for words in (LET_OUT, PUT_AWAY, WAITS))
    moderate(hall.pk, [out.n], "open", by=stage.people["chen"], at=now)
    moderate(hall.pk, [away.n], "hidden", by=stage.people["chen"], reason=WHY, at=now)
    speak(hall.pk, {1: "agree", 2: "disagree"}, by=luo, at=now)
    crowd(hall, 60)
    draw_halls(now)
    Origin.objects.update(made_as=made_as)
    voice = Voice.objects.get(hall=hall, who=voice_of(hall.pk, luo.pk))
    return Planted(replace(here, matter=done.matter_id), done.matter_id, hall, luo, voice)


def pages_of(client: Client, there: Planted) -> bytes:
    names = ("portal:hall", "portal:hall-result", "portal:matter", "portal:hall-desk")
    return b"".join(client.get(reverse(name, args=[there.matter])).content for name in names)


def test_the_author_and_who_moderates_read_it(stage: Stage, planted: Plant):
    """What is looked for below is really there: a test that finds nothing must know what it would find."""
    there = planted()
    own = pages_of(here_signed_in(stage, "luo"), there)
    assert found_in(own, (LET_OUT, PUT_AWAY, WAITS, WHY)) == [LET_OUT, PUT_AWAY, WAITS, WHY]
    desk = pages_of(here_signed_in(stage, "chen"), there)
    assert found_in(desk, (LET_OUT, PUT_AWAY, WAITS, WHY)) == [LET_OUT, PUT_AWAY, WAITS, WHY]
    assert (
        Statement.objects.filter(author=there.voice).count() == 3 and Stance.objects.filter(voice=there.voice).exists()
    )
    listed = here_signed_in(stage, "zhao").get(f"/api/v1/matters/{there.matter}/hall/statements").json()
    assert LET_OUT in [one["words"] for one in listed]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_tells_whose_it_is_nor_shows_what_was_put_away(planted: Plant, role: str):
    there = planted(role)
    asked = {name: {"q": "白鹭"} for name in ("portal:search", "portal:search-table", "portal:desk", "portal:common")}
    words = () if role in READ_THEM else (PUT_AWAY, WAITS)
    leaks = []
    for name, body in every_answer(there.world, role, asked):
        traces = there.traces[2:] if name.partition(" ")[2] in REGISTER else there.traces
        leaks += [f"{name}: {one}" for one in found_in(body, (*words, *traces))]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("body", POSTS)
def test_no_program_reads_it(stage: Stage, planted: Plant, body: str):
    there = planted()
    Origin.objects.update(made_as=Origin.MadeAs.TEST)
    client = a_program(stage, body)
    answers = [*every_answer_to_a_program(client, there.world)]
    hidden = client.get(f"/api/v1/matters/{there.matter}/hall/statements", {"state": "hidden"})
    moderates = body == "property"
    assert hidden.status_code == (200 if moderates else 403 if body == "committee" else hidden.status_code)
    answers += [] if moderates else [("hidden", hidden.content)]
    looked_for = (*there.traces, PUT_AWAY, WAITS)
    assert not [f"{name}: {one}" for name, told in answers for one in found_in(told, looked_for)]


def test_the_record_and_its_exports_know_neither(stage: Stage, planted: Plant, tmp_path: Path):
    there = planted()
    seal(everything=True)
    entries = Entry.objects.filter(stream=there.matter)
    kept = [[entry.public, *(part.read() for part in entry.parts.all())] for entry in entries.prefetch_related("parts")]
    told = json.dumps(kept, ensure_ascii=False, default=str).encode()
    assert WHY.encode() in told and not found_in(told, (*there.traces, LET_OUT, PUT_AWAY, WAITS))
    assert not entries.filter(actor=there.author).exists() and not entries.filter(on_behalf_of=there.author).exists()
    for grade in (0, 1, 2):
        _check_export(there, grade, tmp_path / f"record-{grade}", stage)
    leaves = Leaf.objects.filter(entry__stream=there.matter)
    assert leaves.count() == entries.count()
    assert not found_in(b"".join(bytes(leaf.hash) for leaf in leaves), there.traces)


def _check_export(there: Planted, grade: int, folder: Path, stage: Stage) -> None:
    lines = list(Exported(stage.community, grade).lines())
    assert not found_in(b"\n".join(lines), (PUT_AWAY, WAITS, *there.traces[2:])), grade
    acts = [line for line in lines if b'"moderate"' in line]
    assert len(acts) == 2 and not found_in(b"\n".join(acts), there.traces), grade
    for file in write_record(stage.community, folder, grade=grade).rglob("*"):
        if file.is_file():
            assert not found_in(file.read_bytes(), (PUT_AWAY, WAITS, *there.traces[2:])), file.name


def test_no_notice_leads_to_the_author(stage: Stage, planted: Plant):
    there = planted()
    Origin.objects.update(made_as=Origin.MadeAs.TEST)
    tell(stage.now)
    rows: Sequence[Delivery] = list(with_words(Delivery.objects.filter(entry__stream=there.matter)))
    assert rows and not [row for row in rows if row.to_id == there.author.pk]
    for row in rows:
        notice = f"{words_for(row)}"
        assert not found_in(notice.encode(), (*there.traces, LET_OUT, PUT_AWAY, WAITS)), notice


def test_no_row_of_the_hall_names_its_people(planted: Plant):
    """While it is open a keyed hash stands in their place; the keys lie outside the database."""
    there = planted()
    for model in (Hall, Voice, Statement, Stance):
        for row in model._default_manager.values():
            plain = str(row)
            assert NAME not in plain and str(there.author.pk) not in plain and there.author.pk.hex not in plain
