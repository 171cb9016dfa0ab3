"""What 幸福里 talks over: topics for its council on first Thursdays, an online hall, a slip to each home."""

import random
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from weizhi.cases.neighbours import Neighbours
from weizhi.cases.tale import Tale
from weizhi.charters.workdays import state_calendar

HERE = "xingfuli"
CALENDAR = "first-thursday"
SPOKEN = 64  # neighbours who spoke in the hall that is over
SPEAKING = 31  # and so far in the one that is open
OPEN_FOR = timedelta(days=14)  # as its charter says
STATED = 30  # hours until what neighbours said in a hall was looked through
PRESENT = ("wang", "li", "xu", "ye", "tan", "chen", "liu", "deputy-1", "deputy-2")
GUEST = "lin"


class Talks:
    """Tales around the last two meetings of the council and around today; the same ones each time."""

    def __init__(self, near: Neighbours, midnight: datetime, thursdays: Sequence[date]) -> None:
        """`thursdays`: the days of meetings before today; the last two are held."""
        self.dice = random.Random("talks")  # noqa: S311 - tales of a play, no secret
        self.near, self.midnight = near, midnight
        *self.earlier, self.first, self.second = thursdays
        self.words: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

    def tales(self) -> Iterator[Tale]:
        yield self._agreed()
        yield self._asked()
        yield self._refused()
        yield self._waiting()
        yield from (self._not_held(day) for day in self.earlier)
        yield from (self._meeting(day) for day in (self.first, self.second))
        yield self._over()
        yield self._open()
        yield self._door()

    def _meeting(self, day: date) -> Tale:
        """They come, one of them signs the sheet; it opens with its quorum, closes, and two sign its minutes."""
        tale = Tale(f"{CALENDAR} {day}", self._at(day, 18, 35))
        for who in (*PRESENT, GUEST):
            tale.now += timedelta(minutes=2)
            tale.at_once(who, "check-in")
        tale.at_once("wang", "check-in", data={"person": "@deputy-3", "channel": "paper"})
        tale.now = self._at(day, 19, 0)
        tale.at_once("wang", "open-sitting")
        tale.now = self._at(day, 20, 30)
        tale.at_once("wang", "sit", outcome="held")
        tale.done(13, "wang", "minutes", data={"version": 1})
        tale.done(3, "deputy-1", "minutes", data={"version": 1})
        return tale

    def _not_held(self, day: date) -> Tale:
        """Too few came, and it is said so."""
        tale = Tale(f"{CALENDAR} {day}", self._at(day + timedelta(days=2), 10, 0))
        tale.at_once("wang", "sit", outcome="no-quorum", words="只来了三个人，下个月再议。")
        return tale

    def _agreed(self) -> Tale:
        """Agreed with somebody and a day, done, looked at."""
        told = self.words["agreed"]
        tale = self._topic("dancing", self.first - timedelta(days=12), "4", told, supporters=6)
        self._met(tale, self.first, 20, "agreed", told["decided"], (9, 1), who="property", days=10)
        tale.wait(4)
        tale.done(2, "chen", "handle", outcome="done", words=told["done"], photo="paper:2")
        tale.done(70, "wang", "check", outcome="kept", words=told["kept"])
        return tale

    def _asked(self) -> Tale:
        """Each home of the building is asked between the two meetings."""
        told = self.words["asked"]
        tale = self._topic("clothes", self.first - timedelta(days=9), "2", told, supporters=3)
        self._met(tale, self.first, 45, "ask", told["first"], (8, 0))
        for door in self.near.by_building["2"][:22]:
            view = self.dice.choices(["行", "改一改就行", "不行"], [6, 3, 1])[0]
            said = {"view": view, "because": self.dice.choice(told["because"])}
            answers = {key: value for key, value in said.items() if value}
            tale.aside(self.dice.uniform(12, 300), door, "fill-in", data={"answers": answers})
        self._met(tale, self.second, 15, "agreed", told["decided"], (9, 0), who="property", days=20)
        tale.wait(9)
        tale.done(4, "chen", "handle", outcome="done", words=told["done"], photo="bins-clean:1")
        tale.done(60, "tao", "check", outcome="kept", words=told["kept"])
        return tale

    def _refused(self) -> Tale:
        told = self.words["not-yet"]
        tale = self._topic("bench-inside", self.second - timedelta(days=8), "1", told, supporters=2)
        self._met(tale, self.second, 40, "no", told["refused"], (1, 8))
        return tale

    def _waiting(self) -> Tale:
        """On the agenda of the next meeting, and one that the committee has not looked at."""
        days_ago = min(6, (self.midnight.date() - self.second).days)  # after the last meeting, or it is left over
        tale = self._topic("balls", self.midnight.date() - timedelta(days=days_ago), "5", self.words["waiting"], 4)
        new = Tale("ramp", self.midnight - timedelta(hours=4))
        new.raised("3-1-202", "topic", place="3", words=self.words["new"]["says"])
        tale.acts += new.acts
        return tale

    def _topic(self, name: str, day: date, building: str, told: dict[str, Any], supporters: int) -> Tale:
        tale = Tale(name, self._at(day, 19, 10))
        door = self.dice.choice(self.near.by_building[building])
        tale.raised(door, "topic", place=building, words=told["says"])
        for other in self.near.others(self.dice, door, supporters):
            tale.aside(self.dice.uniform(1, 20), other, "support")
        tale.done(15, "wang", "sort", outcome="up", words=told["seen"], data={"urgency": "ordinary"})
        return tale

    def _met(
        self, tale: Tale, day: date, minute: int, outcome: str, words: str, hands: tuple[int, int],
        *, who: str = "", days: int = 0,
    ) -> None:  # fmt: skip
        """The meeting's turn at it, so many minutes after seven."""
        tale.now = self._at(day, 19, minute)
        task = {"who": who, "until": (day + timedelta(days=days)).isoformat()} if who else {}
        data = {"hands_for": hands[0], "hands_against": hands[1], **task}
        tale.at_once("wang", "meet", outcome=outcome, words=words, data=data)

    def _over(self) -> Tale:
        told = self.words["ground"]
        tale = self._hall("ground", 40, told, self.near.by_estate["e1"], SPOKEN, within=280)
        shut = state_calendar().next_workday((tale.now + OPEN_FOR).date())
        tale.now = self._at(shut, 18, 0)
        tale.done(39, "wang", "discuss", outcome="build", words=told["decided"])
        return tale

    def _open(self) -> Tale:
        """林姨 has not spoken yet."""
        doors = [door for door in self.near.doors if not door.startswith("3-2-")]
        return self._hall("pond", 5, self.words["pond"], doors, SPEAKING, within=80)

    def _hall(
        self, name: str, days_ago: int, told: dict[str, Any], doors: Sequence[str], count: int, *, within: float
    ) -> Tale:
        tale = Tale(name, self.midnight - timedelta(days=days_ago, hours=-9.5))
        tale.raised("wang", "talk", place=HERE, words=told["says"])
        begun, people = tale.now, self.dice.sample(list(doors), count)
        for n, words in enumerate(told["statements"]):
            tale.now = begun + timedelta(hours=1 + 1.1 * n)
            tale.at_once(people[n], "state", words=words)
        tale.now = begun + timedelta(hours=STATED - 6)
        seen = list(range(1, len(told["statements"]) + 1))
        tale.at_once("li", "moderate", data={"statements": seen, "state": "open"})
        tale.now = begun + timedelta(hours=STATED)
        for n, door in enumerate(people):
            likely = told["groups"][n % 2]
            said = {str(k + 1): self._stance(agrees) for k, agrees in enumerate(likely) if self.dice.random() < 0.9}
            tale.aside(self.dice.uniform(0, within), door, "stance", data={"answers": said})
        tale.now = begun
        return tale

    def _stance(self, agrees: float) -> str:
        if self.dice.random() < 0.08:
            return "pass"
        return "agree" if self.dice.random() < agrees else "disagree"

    def _door(self) -> Tale:
        """A slip to every home of 林姨's building; hers is still missing."""
        told = self.words["door"]
        tale = Tale("door", self.midnight - timedelta(days=4, hours=-10))
        tale.raised("wang", "slip", place="3", words=told["says"])
        doors = [door for door in self.near.by_building["3"] if door != "3-2-301"]
        for door in doors[::2]:
            said: dict[str, Any] = {"hour": self.dice.choice(told["hours"]), "why": self.dice.choice(told["because"])}
            said |= {"rate": self.dice.randint(2, 5), "words": self.dice.choice(told["words"])}
            answers = {key: value for key, value in said.items() if value}
            tale.aside(self.dice.uniform(1, 80), door, "fill-in", data={"answers": answers})
        return tale

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - tales are told in local time
