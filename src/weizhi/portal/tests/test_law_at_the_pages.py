"""The table of the law of owners' votes (民法典 278, 最高法区分所有权解释 8, 9) through the doors that people use: each
owner's own form on the page of the vote, papers read by two clerks at the desk, and the page that tells the result.

The same cases are held in pure rules (`methods/tests/test_owners.py`) and by actions (`decisions/tests/test_law.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.models import Entitlement, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.urned import second_clerk
from weizhi.portal.tests.conftest import some_key

__all__ = ["estate"]
Homes = Sequence[int | str]
PASSED, FAILED, NO_QUORUM = "passed", "failed", "no-quorum"


@dataclass
class Doors:
    """What people send, by whom, to the pages of one vote."""

    estate: Estate
    vote: Vote
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, login: str) -> Client:
        if login not in self.clients:
            self.clients[login] = Client()
            self.clients[login].force_login(self.estate.people[login])
        return self.clients[login]

    def line(self, home: int | str) -> Entitlement:
        return Entitlement.objects.select_related("person").get(roll=self.vote.roll_id, label=str(home))

    def phone(self, choice: str, *homes: int | str, by: str = "") -> None:
        """Its owner's own form."""
        for home in homes:
            line = self.line(home)
            who = by or (line.person.login if line.person else "")
            sent = {"line": str(line.pk), "choice": choice, "key": some_key()}
            answer = self.client(who).post(reverse("portal:vote", args=[self.vote.pk]), sent)
            assert answer.status_code == 302, answer.content.decode()

    def paper(self, choice: str, *homes: int | str, signed: bool = True) -> None:
        """Read off by two at the desk."""
        where = reverse("portal:vote-desk", args=[self.vote.pk])
        for home in homes:
            sent = {"channel": "paper", "line": str(self.line(home).n), "choice": choice}
            for clerk in ("wang", "li"):
                more = {"key": some_key()} | ({} if signed else {"unsigned": "yes"})
                assert self.client(clerk).post(where, sent | more).status_code == 302

    def page(self) -> str:
        return self.client("wang").get(reverse("portal:vote", args=[self.vote.pk])).content.decode()


@dataclass(frozen=True)
class Case:
    """A row of the table: whose homes, of which kind of vote, what everybody does, and what comes out; `sums` are
    heads and area (0.01 m²) of the roll, of those present, of those who agree."""

    name: str
    kind: str
    build: Callable[[Estate], None]
    say: Callable[[Doors], None]
    outcome: str
    sums: tuple[tuple[int, int], ...] = ()
    aside: int = 0


def twelve(kind: str, yes: int, present: int, outcome: str) -> Case:
    def say(doors: Doors) -> None:
        doors.phone("yes", *range(1, yes + 1))
        doors.phone("no", *range(yes + 1, present + 1))

    sums = ((12, 120_000), (present, present * 10_000), (yes, yes * 10_000))
    return Case(f"{present} of 12, {yes} yes, {kind}", kind, lambda here: here.homes(12), say, outcome, sums)


def big_owner(here: Estate) -> None:
    here.homes(5, "big")
    here.homes(7, start=6)


def developer(here: Estate) -> None:
    here.homes(40, "developer")
    here.homes(60, start=41)


def with_parking(here: Estate) -> None:
    here.homes(6)
    for n in range(1, 7):
        here.home(f"p{n}", f"outsider{n}", area=1_300, kind="parking")


def one_large(here: Estate) -> None:
    here.home("1", "o1", area=60_000)
    here.homes(6, start=2)


def brothers(here: Estate) -> None:
    here.home("1", "jia", "yi")
    here.home("2", "o2")


def both_and_the_neighbour(doors: Doors) -> None:
    doors.phone("yes", 1, by="jia")
    doors.phone("no", 1, by="yi")
    doors.phone("yes", 2)


def abstaining(doors: Doors) -> None:
    doors.phone("yes", *range(1, 5))
    doors.phone("no", 5, 6)


def three_follow(doors: Doors) -> None:
    doors.phone("yes", 1)
    doors.phone("no", 2, 3)
    doors.phone("follow", *range(4, 8))


def named_one(doors: Doors) -> None:
    wang, jia = doors.estate.people["wang"], doors.estate.people["jia"]
    name_speaker(doors.vote.pk, doors.line(1).pk, jia, by=wang, proxy=False, evidence="推选书 1")
    both_and_the_neighbour(doors)


def delegate(doors: Doors) -> None:
    doors.paper("yes", *range(4, 21))
    doors.paper("yes", 1, 2, 3, signed=False)


def steps(*each: Callable[[Doors], None]) -> Callable[[Doors], None]:
    def say(doors: Doors) -> None:
        for one in each:
            one(doors)

    return say


def cases() -> Iterator[Case]:
    yield from (
        twelve("special", 6, 8, PASSED), twelve("special", 5, 8, FAILED), twelve("ordinary", 4, 8, FAILED),
        twelve("ordinary", 5, 8, PASSED), twelve("ordinary", 7, 7, NO_QUORUM), twelve("special", 7, 7, NO_QUORUM),
    )  # fmt: skip
    yield Case(
        "one owner of five homes, with five others", "ordinary", big_owner,
        lambda doors: doors.phone("yes", *range(1, 11)), PASSED, ((8, 120_000), (6, 100_000), (6, 100_000)),
    )  # fmt: skip
    yield Case(
        "all others without him", "ordinary", big_owner, lambda doors: doors.phone("yes", *range(6, 13)), NO_QUORUM,
        ((8, 120_000), (7, 70_000)),
    )  # fmt: skip
    yield Case(
        "the developer is silent", "ordinary", developer, lambda doors: doors.phone("yes", *range(41, 101)),
        NO_QUORUM, ((61, 1_000_000), (60, 600_000)),
    )  # fmt: skip
    yield Case(
        "the developer says no", "special", developer,
        steps(lambda doors: doors.phone("yes", *range(41, 101)), lambda doors: doors.phone("no", *range(1, 41))),
        FAILED, ((61, 1_000_000), (61, 1_000_000), (60, 600_000)),
    )  # fmt: skip
    yield Case(
        "three abstain", "ordinary", lambda here: here.homes(9),
        steps(abstaining, lambda doors: doors.phone("abstain", 7, 8, 9)), FAILED, ((9, 90_000), (9, 90_000)),
    )  # fmt: skip
    yield Case(
        "three do not answer", "ordinary", lambda here: here.homes(9), abstaining, PASSED, ((9, 90_000), (6, 60_000)),
    )  # fmt: skip
    yield Case(
        "parking left out", "ordinary", with_parking, lambda doors: doors.phone("yes", *range(1, 5)), PASSED,
        ((6, 60_000), (4, 40_000)),
    )  # fmt: skip
    yield Case(
        "parking counted", "parking", with_parking, lambda doors: doors.phone("yes", *range(1, 5)), NO_QUORUM,
        ((12, 67_800), (4, 40_000)),
    )  # fmt: skip
    yield Case(
        "majorities differ, so followers abstain", "follow", one_large, three_follow, FAILED,
        ((7, 120_000), (7, 120_000), (1, 60_000)),
    )  # fmt: skip
    yield Case(
        "owners who differ and named nobody", "ordinary", brothers, both_and_the_neighbour, NO_QUORUM,
        ((2, 20_000), (1, 10_000)), aside=1,
    )  # fmt: skip
    yield Case(
        "owners who differ and named one", "ordinary", brothers, named_one, PASSED, ((2, 20_000), (2, 20_000)),
    )  # fmt: skip
    yield Case(
        "a delegate's twenty papers, three unsigned", "ordinary", lambda here: here.homes(20), delegate, PASSED,
        ((20, 200_000), (17, 170_000), (17, 170_000)), aside=3,
    )  # fmt: skip


WORDS = {PASSED: "通过了", FAILED: "没有通过", NO_QUORUM: "参加的不够"}


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_each_row_of_the_table_comes_out_exactly(estate: Estate, case: Case) -> None:
    case.build(estate)
    second_clerk(estate)
    estate.now = timezone.now() - timedelta(hours=2)
    doors = Doors(estate, estate.open(case.kind))
    case.say(doors)
    vote = estate.close(doors.vote)
    rows = [vote.result["roll"], vote.result["present"], vote.result["sides"]["yes"]]
    assert vote.outcome == case.outcome
    assert tuple((one["heads"], one["area"]) for one in rows)[: len(case.sums)] == case.sums
    assert len(vote.result["aside"]) == case.aside
    page = doors.page()
    assert "《民法典》第 278 条" in page and WORDS[case.outcome] in page
