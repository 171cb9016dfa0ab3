"""The matter that asks first, and the one it opens, name their places in words where a community has many."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from weizhi.cases.reading import CHARTERS
from weizhi.charters.loading import load
from weizhi.matters.tests.conftest import Stage, stage
from weizhi.record import clock
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.models import Payload

__all__ = ["stage"]


@pytest.fixture
def town(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    add_places(stage.community, [NewPlace("building", f"{n}", f"{n} 号楼", "e1") for n in range(4, 40)], at=stage.now)
    adopt_charter(stage.community, load(CHARTERS / "asks-first.toml"), at=stage.later(seconds=1))
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return stage


def raised(stage: Stage, login: str, kind: str, where: str) -> Any:
    client = Client()
    client.force_login(stage.people[login])
    page = client.get("/report", {"kind": kind, "whole": "1"}).content.decode()
    assert '<textarea class="input" id="f-where[]"' in page and 'name="by_name" value="where[]"' in page
    sent = {"kind": kind, "words": "装灯", "place": str(stage.places["e1"].pk), "key": str(uuid4()), "anyway": "yes"}
    return client.post("/report", {**sent, "by_name": "where[]", "where[]": where})


def where(step: str) -> list[str]:
    rows = Payload.objects.filter(entry__step=step, part__startswith="fields")
    return [one for row in rows for one in row.read()["where"]]


def test_what_is_proposed_names_its_places(town: Stage) -> None:
    assert raised(town, "lin", "change", "").status_code == 422, "it must say where"
    assert raised(town, "lin", "change", "中心广场，三号楼二单元").status_code == 302
    assert where("propose") == [str(town.places[code].pk) for code in ("square", "3-2")]


def test_what_need_not_be_said_may_be_left_out(town: Stage) -> None:
    assert raised(town, "wang", "asking", " ").status_code == 302 and where("begin") == []
    assert raised(town, "wang", "asking", "3号楼").status_code == 302
    assert where("begin") == [str(town.places["3"].pk)]
