"""What else happens in 幸福里: letters, hotline calls, notices, changes of common ground, knocks, errands."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from weizhi.cases.neighbours import COMMITTEE, MANAGERS, OFFICERS, Neighbours, building_of, officer_of, place_of
from weizhi.cases.tale import Tale
from weizhi.cases.town import GRIDS

HERE = "xingfuli"
PAIRED = ("g1", "g2", "g3", "g4", "g6", "g9")  # grids in which somebody is knocked at
KNOCKER = "knock-"  # and the grid: who knocks there
CONCERNED = (  # by each of the notices
    ("g1", "g2", "g3"), ("g5", "g6"), ("g1", "g2", "g3", "g4"), ("g9", "g10"), ("g11", "g12"), ("g7", "g8"),
)  # fmt: skip
DEPUTIES = ("deputy-1", "deputy-2", "deputy-3")
BRANCH = "branch-"


class Occasions:
    """Tales of the other kinds, spread over the ninety days so that each state of each is there today."""

    def __init__(self, neighbours: Neighbours, midnight: datetime, words: Mapping[str, Any]) -> None:
        self.dice = random.Random("occasions")  # noqa: S311 - tales of a play, no secret
        self.near, self.midnight, self.words = neighbours, midnight, words

    def tales(self) -> Iterator[Tale]:
        yield from self._letters()
        yield from self._calls()
        yield from self._notices()
        yield from self._changes()
        yield from self._knocks()
        yield from self._errands()

    def _begin(self, name: str, days_ago: float, hour: float) -> Tale:
        start = self.midnight - timedelta(days=days_ago)
        return Tale(name, start.replace(hour=0, minute=0) + timedelta(hours=hour, minutes=self.dice.randrange(50)))

    def _letters(self) -> Iterator[Tale]:
        told = self.words["letters"]
        for n, said in enumerate(told["says"]):
            tale = self._begin(f"letter-{n}", 84 - 10.4 * n, 20)
            door = self.dice.choice(self.near.doors)
            tale.raised(door, "letter", place=place_of(door, "building"), words=said)
            for other in self.near.others(self.dice, door, 3):
                tale.aside(self.dice.uniform(1, 30), other, "support")
            late = 110 if n in (3, 8) else 0
            tale.done(self.dice.uniform(14, 50) + late, self.dice.choice(COMMITTEE), "handle", outcome="answered",
                      words=told["does"][n])  # fmt: skip
            if n % 4 == 1:
                tale.said(20, door, "rate", outcome="bad", words="还是没有说清楚，数字对不上。")
                tale.done(30, "wang", "handle", outcome="answered", words="重算了一遍，附上了明细。", photo="paper")
            if n % 3 != 2:
                tale.said(self.dice.uniform(2, 40), door, "rate", outcome="good")
            yield tale

    def _calls(self) -> Iterator[Tale]:
        told = self.words["calls"]
        whose = ("property", "committee", "property", "property", "committee", "unknown", "committee", "property")
        for n, said in enumerate(told["says"]):
            tale = self._begin(f"call-{n}", 78 - 11 * n, 11)
            door = self.dice.choice(self.near.doors)
            place = place_of(door, "building")
            tale.raised(door, "duty-call", place=place, words=said, data={"whose": whose[n]})
            if n == 5:
                tale.done(20, "li", "check", outcome="met", words="水箱三号洗过，报告贴晚了，贴在门厅了。")
                yield tale
                continue
            tale.done(self.dice.uniform(8, 40), "li", "check", outcome="unmet", words="查了记录，确实没有做。")
            mends = MANAGERS[self._estate(door)][0] if whose[n] == "property" else self.dice.choice(COMMITTEE)
            tale.done(self.dice.uniform(10, 50), mends, "handle", outcome="done", words=told["does"][n])
            tale.said(20, door, "rate", outcome="good", data={"stars": 4})
            yield tale

    def _estate(self, door: str) -> str:
        return next(code for code, doors in self.near.by_estate.items() if door in doors)

    def _notices(self) -> Iterator[Tale]:
        told = self.words["notices"]
        for n, said in enumerate(told["says"]):
            tale = self._begin(f"notice-{n}", 75 - 14.6 * n, 10)
            data = {"grids": [f"#{grid}" for grid in CONCERNED[n]]}
            tale.raised("li" if n % 2 else "wang", "disclosure", place=HERE, words=said, data=data)
            for grid in CONCERNED[n]:
                hours = self.dice.uniform(1, 4)
                tale.done(hours, OFFICERS[grid], "handle", outcome="posted", words="群里发了，门厅贴了。")
            if n % 3 == 2:
                tale.said(40, self.dice.choice(self.near.doors), "object", words=told["objects"][n % 2])
                tale.done(20, "wang", "answer", words="按实际工程量算的，工料单周五下午可以来看。")
            tale.wait(26)  # fifteen days, and the longest holidays after them
            tale.done(1, "li", "check", outcome="all-answered")
            yield tale

    def _changes(self) -> Iterator[Tale]:
        """The proposal waits while the neighbours are asked, in a matter that is called as it is, and -asked."""
        told = self.words["changes"]
        for n, said in enumerate(told["says"]):
            tale = self._begin(f"change-{n}", 80 - 15 * n, 9)
            door = self.near.door(self.dice, "e1-building")
            grids = ["g1", "g2"] if n % 2 else ["g3", "g4"]
            where = [f"#{code}" for grid in grids for code in GRIDS[grid][:1]]
            tale.raised(door, "change", place="e1", words=said, data={"where": where})
            opens = f"change-{n}-asked"
            tale.done(20, "wang", "sort", outcome="lawful", data={"consensus": "middling"}, opens=opens)
            asked = Tale(opens, tale.now)
            for other in self.near.others(self.dice, door, 3):
                asked.aside(self.dice.uniform(5, 120), other, "comment", words=self.dice.choice(told["for"]))
            if n == 2:
                asked.said(30, self.near.others(self.dice, door, 1)[0], "object", words=told["against"])
                asked.done(20, "wang", "answer", words=told["answers"])
            asked.now = tale.now + timedelta(days=17)  # seven days, and the longest holidays after them
            word = "against" if n == 3 else "for"
            for grid in grids:
                asked.done(self.dice.uniform(3, 20), OFFICERS[grid], "sort", outcome=word)
                if word == "against":
                    break
            tale.now = asked.now
            if n != 3:
                tale.done(90, "chen", "handle", outcome="done", words=told["made"], photo="bikes-tidy:1")
                met = {"met": ["和说好的一样", "没有占用通道"]}
                tale.done(30, "wang", "check", outcome="passed", data=met)
                tale.done(9, DEPUTIES[n % 3], "check", outcome="passed", data=met)
            yield asked
            yield tale

    def _knocks(self) -> Iterator[Tale]:
        told = self.words["knocks"]
        for n, said in enumerate(told["says"]):
            grid = PAIRED[n]
            tale = self._begin(f"knock-{n}", 34 - 4 * n, 9)
            near = (door for door in self.near.doors if building_of(door) in GRIDS[grid])
            door = next(door for door in near if not door.endswith("01"))
            knocker = f"{KNOCKER}{grid}"
            tale.raised(knocker, "knock", place=door, words=said)
            people = {"people": {"knocker": [f"@{knocker}"], "knocked": [f"@{door}"]}}
            tale.done(20, OFFICERS[grid] if n % 2 else f"{BRANCH}{grid}", "assign", data=people)
            first = tale.now
            for day in range(1, 60):
                if self.dice.random() < 0.07:
                    continue  # nobody knocked that day: those who must know are told by time
                at = first.replace(hour=0, minute=0) + timedelta(days=day, hours=self.dice.uniform(8.6, 17.2))
                tale.now = at
                tale.done(0, knocker, "keep", data={"duty": "knock"}, words=self.dice.choice(told["heard"]))
            yield tale
            if n in (0, 3):
                yield self._heard(tale, n, first)

    def _heard(self, pair: Tale, n: int, first: datetime) -> Tale:
        """What was heard at the door becomes a matter of its own, and its end comes back to the pair."""
        grid = PAIRED[n]
        at = first.replace(hour=0, minute=0) + timedelta(days=8, hours=17.4)
        knocker, opened = f"{KNOCKER}{grid}", f"{pair.name}-heard"
        door = building_of(next(c for c in GRIDS[grid] if c.isdecimal()))
        tale = Tale(pair.name, at)
        words = "卫生间的灯坏了，不敢摸黑进去。"
        tale.done(0, knocker, "keep", outcome="need", words=words, opens=opened)
        first, last = at - timedelta(hours=1), at + timedelta(days=3)  # nobody knocks while it is seen to
        pair.acts[:] = [(when, act) for when, act in pair.acts if not first < when < last]
        report = Tale(opened, tale.now)
        officer = officer_of(door)
        report.done(12, officer, "sort", outcome="private", data={"category": "lighting", "urgency": "high"})
        report.done(4, officer, "handle", outcome="guided", words="叫了电工，当天换好，没收钱。")
        tale.acts += report.acts
        return tale

    def _errands(self) -> Iterator[Tale]:
        told = self.words["errands"]
        for n in range(15):
            tale = self._begin(f"errand-{n}", 86 - 6.1 * n, 9)
            door = self.dice.choice(self.near.doors)
            officer, k = officer_of(building_of(door)), n % 5
            tale.raised(door, "errand", place=door.rpartition("-")[0], words=told["says"][k])
            if n == 6:
                tale.done(3, officer, "handle", outcome="short", words="要您本人按手印，我陪您去。")
                yield tale
                continue
            tale.done(self.dice.uniform(1, 6), officer, "handle", outcome="fetched", words="材料拿到了。")
            tale.done(self.dice.uniform(10, 40), "ma", "handle", outcome="done", words=told["does"][k])
            hours = self.dice.uniform(1, 8)
            tale.done(hours, officer, "handle", outcome="handed", words="送到手里了。", photo="paper:1")
            if n % 3:
                tale.said(6, door, "rate", outcome="good", data={"stars": 5, "thanks": n % 2 == 0})
            yield tale
