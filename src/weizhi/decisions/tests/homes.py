"""A stairwell whose homes and owners a test names, a charter of small votes on it, and the doors of the box."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from weizhi.charters.loading import parse_text
from weizhi.decisions.actions.cast import Cast, cast
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.models import Entitlement, Vote
from weizhi.matters.actions.act import raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.people.models import Body, Person, Residence
from weizhi.places.models import Community, Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.found_community import found_community
from weizhi.record.origin import made_as

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai

HEAD = """
[charter]
language = 1
name = "box"
title = "试验：投票箱"
extends = ["base"]
[electorates.owners]
title = "本单元业主"
of = "owners"
within = "stairwell"
[electorates.owners-with-parking]
title = "本单元业主，车位计入"
of = "owners"
within = "stairwell"
parking = true
citation = "本市物业管理条例第 41 条"
[electorates.owners-who-follow]
title = "本单元业主，可以随多数"
of = "owners"
within = "stairwell"
follow = true
citation = "本市物业管理条例第 40 条"
[electorates.neighbours]
title = "本单元居民"
of = "residents"
within = "stairwell"
age = 18
secret = true
[electorates.owners-in-secret]
title = "本单元业主，不记名"
of = "owners"
within = "stairwell"
secret = true
[electorates.two-keys]
title = "本单元居民，两个人一起开票"
of = "residents"
within = "stairwell"
secret = true
counters = ["committee-director", "committee-member"]
[electorates.doors]
title = "本单元各户"
of = "households"
within = "stairwell"
secret = true
"""
KIND = """
[kinds.{key}]
title = "{key}"
procedure = "{key}"
raised_in = "stairwell"
visible = "community"
[procedures.{key}]
title = "{key}"
[procedures.{key}.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{{ key = "words", type = "text", title = "什么事", required = true }}]
then = "decide"
[procedures.{key}.steps.decide]
kind = "vote"
title = "表决"
by = ["committee"]
about = "propose"
electorate = "{electorate}"
open_for = "15 days"
{more}
outcomes = {{ passed = "agreed", failed = "refused", no-quorum = "not-held" }}
[procedures.{key}.ends]
agreed = {{ counts = "solved" }}
refused = {{ counts = "refused" }}
not-held = {{ counts = "failed" }}
"""
KINDS = {
    "special": ("owners", 'rule = "owners-special"'),
    "ordinary": ("owners", 'rule = "owners-ordinary"'),
    "parking": ("owners-with-parking", 'rule = "owners-ordinary"'),
    "follow": ("owners-who-follow", 'rule = "owners-ordinary"'),
    "once": ("owners", 'rule = "owners-ordinary"\nrevote = false'),
    "wish": ("owners", 'form = "ranking"\nchoices = ["红", "黄", "蓝"]'),
    "poll": ("owners", 'form = "choice"\nchoices = ["红", "黄", "蓝"]'),
    "secret": ("neighbours", 'rule = "residents-meeting"'),
    "taste": ("neighbours", 'form = "ranking"\nchoices = ["红", "黄", "蓝"]'),
    "owners-in-secret": ("owners-in-secret", ""),
    "two-keys": ("two-keys", 'rule = "residents-meeting"'),
    "doors": ("doors", 'rule = "residents-meeting"'),
}


@dataclass
class Estate:
    """`people` by login; homes by code. Time moves a minute with every ballot."""

    community: Community
    places: dict[str, Place]
    people: dict[str, Person] = field(default_factory=dict)
    now: datetime = MONDAY

    def person(self, login: str) -> Person:
        if login not in self.people:
            self.people[login] = Person.objects.create(login=login, name=f"住户{login}", password="!")
        return self.people[login]

    def home(self, code: str, *owners: str, area: int = 10_000, kind: str = "household", status: str = "owner") -> None:
        """A home (or a parking space) with its owners, or with those who live in it."""
        new = NewPlace(kind, code, f"{code} 室", "s1", area_cm2=area)
        self.places |= add_places(self.community, [new], at=MONDAY)
        self.lives(code, *owners, status=status)

    def lives(self, code: str, *who: str, status: str = "owner") -> None:
        Residence.objects.bulk_create(
            Residence(
                community=self.community, person=self.person(login), household=self.places[code],
                status=status, since=MONDAY,
            )
            for login in who
        )  # fmt: skip

    def homes(self, count: int, owner: str = "", start: int = 1, area: int = 10_000, status: str = "owner") -> None:
        """Homes 1, 2, 3 … each of its own person (o1, o2 …), or all of one owner."""
        for n in range(start, start + count):
            self.home(str(n), owner or f"o{n}", area=area, status=status)

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**(span or {"minutes": 1}))
        return self.now

    def open(self, kind: str) -> Vote:
        done = raise_matter(
            self.community, kind, by=self.people["wang"], data={"words": "请大家决定"},
            place=self.places["s1"].pk, at=self.later(),
        )  # fmt: skip
        return Vote.objects.get(matter=done.matter_id)

    def line(self, vote: Vote, code: str) -> UUID:
        return Entitlement.objects.get(roll=vote.roll_id, label=code).pk

    def cast(self, vote: Vote, who: str, *choice: str, home: str = "", **rest: Any) -> Cast:
        return cast(
            vote.pk, choice, by=self.people[who], entitlement=self.line(vote, home) if home else None,
            at=rest.pop("at", None) or self.later(), **rest,
        )  # fmt: skip

    def paper(self, vote: Vote, home: str, *choice: str, **rest: Any) -> Cast:
        """Written down by the committee's director: on paper, if nothing else is said."""
        values: dict[str, Any] = {"channel": "paper", "evidence": f"纸票 {home}", "by": self.people["wang"]} | rest
        of = values.pop("of", None)
        return record_ballot(
            vote.pk, choice, entitlement=self.line(vote, home), of=self.people[of] if of else None,
            at=self.later(), **values,
        )  # fmt: skip

    def all_say(self, vote: Vote, choice: str, homes: Sequence[int]) -> None:
        for n in homes:
            self.paper(vote, str(n), choice)

    def close(self, vote: Vote) -> Vote:
        """Let its time end and be counted."""
        self.now = vote.closes_at
        run_due(self.now)
        vote.refresh_from_db()
        return vote


def build() -> Estate:
    made_as("test", MONDAY)
    community = found_community("xfl", "幸福里", at=MONDAY)
    places = add_places(
        community,
        [
            NewPlace("estate", "e1", "幸福里一期"),
            NewPlace("building", "b1", "1 号楼", "e1"),
            NewPlace("stairwell", "s1", "1 单元", "b1"),
        ],
        at=MONDAY,
    )
    kinds = "".join(KIND.format(key=key, electorate=of, more=more) for key, (of, more) in KINDS.items())
    checked = parse_text(HEAD + kinds, "box.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(community, checked.charter, at=MONDAY)
    estate = Estate(community, {**places, "xfl": Place.objects.get(code="xfl")})
    body = Body.objects.create(community=community, key="committee", place=estate.places["xfl"], name="居委会")
    appoint(community, estate.person("wang"), body, "committee-director", "主任", place=estate.places["xfl"], at=MONDAY)
    estate.person("guo")  # of nowhere
    return estate


@pytest.fixture
def estate(db: None, tmp_path: Any, settings: Any) -> Estate:
    settings.FILES = tmp_path / "files"
    return build()


@pytest.fixture
def committed_estate(transactional_db: None, tmp_path: Any, settings: Any) -> Estate:
    """The same for tests with several connections."""
    settings.FILES = tmp_path / "files"
    return build()
