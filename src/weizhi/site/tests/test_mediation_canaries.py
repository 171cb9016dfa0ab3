"""A mediation's words are seen by its parties and its mediator, and by nobody else.

A string that stands nowhere else is planted in everything that is said in two mediations. Then every address is asked
by every role, every program's token, every export is read, and every row of the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image

from weizhi.deliberation.tests.mediation_stage import CHARTER
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.notice_words import with_words, words_for
from weizhi.matters.tests.conftest import Stage, build, committed_stage
from weizhi.people.access import standing
from weizhi.people.models import Body, Person
from weizhi.portal.tests.conftest import give_second_factor
from weizhi.portal.tests.roles import ROLES, World, world
from weizhi.record import clock
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.seal import seal
from weizhi.record.export import Exported, write_record
from weizhi.record.files import path_of as file_of
from weizhi.record.models import Delivery, Entry, Leaf, Origin, Payload
from weizhi.record.photos import take
from weizhi.site.tests.canaries import (
    POSTS,
    a_program,
    every_answer,
    every_answer_to_a_program,
    found_in,
    here_signed_in,
)
from weizhi.site.upkeep.moving import export_community

__all__ = ["committed_stage"]

WORDS, SAID, NOTED, WHO, TEXT, WHY = "白鹭漏水", "白鹭留言", "白鹭备注", "白鹭老罗", "白鹭协议", "白鹭去法院"
CANARIES = (WORDS, SAID, NOTED, WHO, TEXT, WHY)
OUTSIDERS = [role for role in ROLES if role != "lin"]


@dataclass(frozen=True)
class Planted:
    """Two mediations of lin: one that 罗 signed, one that was sent elsewhere; and what is looked for."""

    world: World
    matters: tuple[UUID, UUID]
    photo: Payload
    hours: tuple[str, ...]

    @property
    def looked_for(self) -> tuple[str, ...]:
        return (*CANARIES, *self.hours)


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Iterator[Stage]:
    settings.FILES = tmp_path / "files"
    settings.KEYS_FILE = tmp_path / "keys.json"
    settings.IMPORTS = tmp_path / "imports"
    cache.clear()
    yield build()
    cache.clear()


def planted(stage: Stage, settings: Any, role: str = "anonymous") -> Planted:
    here = world(stage, role, settings)
    made_as = Origin.objects.get().made_as
    Origin.objects.update(made_as=Origin.MadeAs.TEST)  # a live database takes no instants that somebody says
    stage.now = clock.now()
    since = stage.now - timedelta(seconds=5)  # those who hold a post now
    stage.adopt(CHARTER.replace('"09:00", "10:00"', '"09:37", "10:37"'))
    for login, name in (("luo", "楼上小罗"), ("sun", "孙调解")):
        stage.people[login] = Person.objects.create_user(login, name)
    enrol(stage.community, stage.people["luo"], stage.places["3-1-101"], ["resident"], at=since)
    room = Body.objects.create(community=stage.community, key="talking-room", name="说说吧", place=stage.places["xfl"])
    appoint(stage.community, stage.people["sun"], room, "mediator", "调解员", place=stage.places["xfl"], at=since)
    first, hours = _signed(stage)
    second = _sent_elsewhere(stage)
    run_due(stage.now)
    Origin.objects.update(made_as=made_as)
    photo = Payload.objects.get(entry__stream=first, part="file:1")
    said = replace(here, matter=first, photo=photo.pk)
    return Planted(said, (first, second), photo, hours)


def _signed(stage: Stage) -> tuple[UUID, tuple[str, ...]]:
    """Everything that can be said in one that ends well, but for a name without an account."""
    done = stage.report("lin", kind="mediation", words=WORDS, place="3-2-301")
    stage.act(done, "invite", "sun", data={"person": str(stage.people["luo"].pk)})
    stage.act(done, "take-part", "luo", data={"words": SAID})
    stage.act(done, "comment", "luo", data={"words": SAID})
    stage.act(done, "note", "sun", data={"words": NOTED})
    hour = _first_hour(stage, done.matter_id)
    stage.act(done, "book", "lin", data={"slot": f"lawyer-day {hour}"})
    stage.act(done, "write-down", "sun", data={"text": TEXT})
    stage.act(done, "sign", "lin", data={"seen": 1})
    file = BytesIO()
    Image.new("RGB", (67, 41), "teal").save(file, "JPEG")
    stage.act(done, "sign", "sun", data={"side": "other", "words": SAID}, evidence=[take(file.getvalue())])
    assert stage.matter(done).ended_as == "agreed"
    return done.matter_id, (hour[:16], f"{hour[5:7]}月{hour[8:10]}日 09:37")


def _first_hour(stage: Stage, matter: UUID) -> str:
    client = Client()
    client.force_login(stage.people["luo"])
    page = client.get(reverse("portal:mediation", args=[matter])).content.decode()
    return page.partition('value="lawyer-day ')[2].partition('"')[0]


def _sent_elsewhere(stage: Stage) -> UUID:
    done = stage.report("lin", kind="mediation", words=WORDS, place="3-2-301")
    stage.act(done, "invite", "sun", data={"name": WHO})
    stage.act(done, "mediate", "sun", "court", data={"words": WHY})
    return done.matter_id


def test_the_parties_and_the_mediator_read_it(stage: Stage, settings: Any):
    """What is looked for below is really there: a test that finds nothing must know what it would find."""
    there = planted(stage, settings)
    give_second_factor(stage.people["sun"])
    for login, more in (("lin", ()), ("luo", ()), ("sun", (NOTED,))):
        client = here_signed_in(stage, login)
        pages = [
            reverse("portal:matter", args=[there.matters[0]]),
            reverse("portal:mediation", args=[there.matters[0]]),
        ]
        body = b"".join(client.get(path).content for path in pages)
        assert found_in(body, (WORDS, SAID, TEXT, *more)) == [WORDS, SAID, TEXT, *more], login
        assert client.get(reverse("portal:photo", args=[there.photo.pk])).status_code == 200
    other = here_signed_in(stage, "sun")
    body = other.get(reverse("portal:mediation", args=[there.matters[1]])).content
    body += other.get(reverse("portal:matter", args=[there.matters[1]])).content
    assert found_in(body, (WHO, WHY)) == [WHO, WHY]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_shows_it_to_anybody_else(stage: Stage, settings: Any, role: str):
    there = planted(stage, settings, role)
    asked = {"portal:search": {"q": "白鹭"}, "portal:search-table": {"q": "白鹭"}, "portal:mediation": {"find": "罗"}}
    answers = every_answer(there.world, role, asked)
    leaks = [f"{name}: {one}" for name, body in answers for one in found_in(body, there.looked_for)]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_list_knows_that_there_is_one(stage: Stage, settings: Any, role: str):
    there = planted(stage, settings, role)
    client = there.world.browser(role)
    for name in ("portal:home", "portal:common", "portal:search", "portal:desk", "portal:map", "portal:figures"):
        body = client.get(reverse(name), {"q": "调解"}).content.decode()
        assert not [pk for pk in there.matters if str(pk) in body], name
    if role in stage.people:
        who = standing(stage.people[role], stage.now)
        assert not Matter.objects.visible_to(who).filter(pk__in=there.matters).exists()


@pytest.mark.parametrize("body", POSTS)
def test_no_program_reads_it(stage: Stage, settings: Any, body: str):
    there = planted(stage, settings)
    Origin.objects.update(made_as=Origin.MadeAs.TEST)
    client = a_program(stage, body)
    answers = [*every_answer_to_a_program(client, there.world)]
    assert answers and not [f"{name}: {one}" for name, told in answers for one in found_in(told, there.looked_for)]
    for pk in there.matters:
        assert client.get(f"/api/v1/matters/{pk}").status_code == 404


def test_no_export_shows_it(stage: Stage, settings: Any, tmp_path: Path):
    there = planted(stage, settings)
    seal(everything=True)
    told = there.photo.read()
    for grade in (0, 1, 2):
        lines = b"\n".join(Exported(stage.community, grade).lines())
        assert not found_in(lines, (*there.looked_for, told["hash"], "楼上小罗")), grade
        folder = write_record(stage.community, tmp_path / f"record-{grade}", grade=grade)
        assert not [file for file in folder.rglob("*") if file.name in (told["hash"], told["thumb"])], grade
    assert file_of(told["hash"]).exists()
    leaves = Leaf.objects.filter(entry__stream__in=there.matters)
    assert leaves.count() == Entry.objects.filter(stream__in=there.matters).count()
    assert not found_in(b"".join(bytes(leaf.hash) for leaf in leaves), there.looked_for)


def test_no_community_that_moves_shows_it(committed_stage: Stage, settings: Any, tmp_path: Path):
    """It leaves in one snapshot, which begins a transaction of its own."""
    planted(committed_stage, settings)
    export_community(committed_stage.community, tmp_path / "moved")
    for file in (tmp_path / "moved").rglob("*"):
        if file.is_file():
            assert not found_in(file.read_bytes(), CANARIES), file.name


def test_no_notice_says_it(stage: Stage, settings: Any):
    there = planted(stage, settings)
    Origin.objects.update(made_as=Origin.MadeAs.TEST)
    tell(stage.now)
    told = list(with_words(Delivery.objects.filter(entry__stream__in=there.matters)))
    assert {row.to.login for row in told if row.to} == {"lin", "luo", "sun"}
    for row in told:
        notice = words_for(row)
        assert not found_in(f"{notice}".encode(), there.looked_for), notice


def test_no_row_of_the_database_holds_it_in_clear(stage: Stage, settings: Any):
    there = planted(stage, settings)
    for model in apps.get_models():
        for row in model._default_manager.values():
            plain = {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
            assert not found_in(str(plain).encode(), CANARIES), model.__name__
    assert there.matters
