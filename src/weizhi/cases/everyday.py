"""Ninety days in 幸福里: what people report, and how it goes, made of words (everyday.toml) by one pair of dice.

Nothing is written here: tales are acts with times, which demo.py plays through the matters' own doors. Each way that a
report can take (a *fate*) is one method; how often each happens stands in FATES.
"""

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from weizhi.cases.neighbours import (
    COMMITTEE,
    STAIRWELL,
    Neighbours,
    building_of,
    managers_of,
    officer_of,
    place_of,
)
from weizhi.cases.tale import Tale
from weizhi.cases.town import SPACES, numeral

WORDS = Path(__file__).with_name("everyday.toml")
DAYS, A_DAY = 89, 3.8  # days told, reports on each
BUSY = (7.5, 8.3, 9.2, 11.5, 12.4, 16.8, 18.6, 19.3, 20.2, 21.1)  # hours at which people write
Topic = Mapping[str, Any]


def words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


class Everyday:
    """Tells reports from `DAYS` before the midnight with which today begins."""

    def __init__(self, neighbours: Neighbours, midnight: datetime) -> None:
        self.dice = random.Random("everyday")  # noqa: S311 - tales of a play, no secret
        self.near, self.midnight = neighbours, midnight
        self.words = words()
        self.spaces = {code: estate for code, (_, estate, _) in SPACES.items()}
        self.recent: list[tuple[str, Tale]] = []
        self.fates: tuple[tuple[int, Callable[[Tale, str, str, Topic], None]], ...] = (
            (33, self.well), (15, self.silent), (7, self.bad), (5, self.not_yet), (4, self.too_big), (6, self.patrol),
            (6, self.spoken_for), (6, self.slow), (4, self.objected), (3, self.withdrawn), (2, self.cannot),
            (2, self.unseen), (4, self.asked), (3, self.refused), (2, self.partly), (3, self.split),
            (2, self.misplaced),
        )  # fmt: skip
        self.others: tuple[tuple[int, Callable[[Tale], None]], ...] = (
            (8, self.private), (7, self.dispute), (4, self.big), (5, self.not_ours),
        )  # fmt: skip

    def tales(self) -> Iterator[Tale]:
        count = round(DAYS * A_DAY)
        for n in range(count):
            day = self.midnight - timedelta(days=DAYS - int(DAYS * n / count))
            at = day + timedelta(hours=self.dice.choice(BUSY), minutes=self.dice.randrange(50))
            yield from self._one(f"e{n}", at)

    def _one(self, name: str, at: datetime) -> Iterator[Tale]:
        tale = Tale(name, at)
        if self.dice.random() < 0.2:
            self._drawn(self.others)(tale)
            yield tale
            return
        topic = self._drawn([(topic["weight"], topic) for topic in self.words["topics"]])
        where = self.dice.choice(topic["at"])
        door = self.near.door(self.dice, where)
        place = place_of(door, where)
        self._drawn(self.fates)(tale, door, place, topic)
        yield tale
        if self.dice.random() < 0.08:
            yield self._twice(tale, door, place)

    def _drawn(self, weighted: Any) -> Any:
        return self.dice.choices([what for _, what in weighted], [weight for weight, _ in weighted])[0]

    def pick(self, key: str) -> str:
        return str(self.dice.choice(self.words["words"][key]))

    # --- the parts of which tales are made ---

    def said(self, topic: Topic, door: str, place: str) -> str:
        stairwell, floor = place.partition("-")[2] or "1", numeral(self.dice.randint(2, 6))
        return str(self.dice.choice(topic["says"])).format(b=building_of(door), u=stairwell, n=floor)

    def report(self, tale: Tale, door: str, place: str, topic: Topic, **more: Any) -> None:
        said = self.said(topic, door, place)
        photo = topic.get("photo", (None,))[0] if self.dice.random() < 0.5 else None
        tale.raised(more.pop("by", door), "report", place=place, words=self.pick("hello") + said, photo=photo, **more)

    def crowd(self, tale: Tale, door: str, most: int = 5) -> None:
        """Neighbours say that it is so; some only press."""
        for other in self.near.others(self.dice, door, self.dice.randint(0, most)):
            what = self.dice.choice(("support", "support", "comment", "follow"))
            said = self.pick("agree") if what == "comment" else None
            tale.aside(self.dice.uniform(0.5, 20), other, what, words=said)

    def sort(
        self, tale: Tale, place: str, topic: Topic, outcome: str = "small", hours: float | None = None,
        to: tuple[str, ...] = (), opens: str = "",
    ) -> str:  # fmt: skip
        """The officer of the grid says what it is and sends it to whoever looks after the place."""
        officer = officer_of(place)
        urgency = topic.get("urgency") or self.dice.choice(("ordinary", "ordinary", "ordinary", "low", "high"))
        sent = {"to": list(to or self.owners(place))} if outcome == "small" else {}
        data = {"category": topic["category"], "urgency": urgency, **sent}
        tale.done(hours or self.dice.uniform(0.3, 4), officer, "sort", outcome=outcome, data=data, opens=opens)
        if self.dice.random() < 0.25:
            tale.aside(self.dice.uniform(0.2, 2), officer, "comment", words=self.pick("officer"))
        return officer

    def owners(self, place: str) -> tuple[str, ...]:
        """The company of the estate; on a road, which lies in none, the committee."""
        return ("committee",) if managers_of(place, self.spaces) == COMMITTEE else ("property",)

    def to_officer(self, place: str) -> tuple[str, ...]:
        return ("committee",) if officer_of(place) in COMMITTEE else ("grid-officer",)

    def handle(self, tale: Tale, place: str, topic: Topic, low: float = 3, high: float = 50) -> None:
        who = self.dice.choice(managers_of(place, self.spaces))
        if self.dice.random() < 0.12:
            tale.aside(self.dice.uniform(1, 3), officer_of(place), "note", words=self.pick("note"))
        photo = topic["photo"][1] if "photo" in topic and self.dice.random() < 0.6 else None
        hours = self.dice.uniform(low, high)
        tale.done(hours, who, "handle", outcome="done", words=self.dice.choice(topic["does"]), photo=photo)

    def check(self, tale: Tale, place: str, outcome: str = "settled", said: str = "look") -> None:
        who = self.dice.choice((officer_of(place), officer_of(place), *COMMITTEE))
        tale.done(self.dice.uniform(1, 24), who, "check", outcome=outcome, words=self.pick(said))

    def rate(self, tale: Tale, by: str, **more: Any) -> None:
        data = {"stars": self.dice.choice((3, 4, 4, 5, 5, 5)), "thanks": self.dice.random() < 0.35}
        tale.said(self.dice.uniform(0.5, 60), by, "rate", outcome="good", words=self.pick("good"), data=data, **more)

    # --- fates of a report ---

    def silent(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Done, and nobody says more: closed by time."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door)
        self.sort(tale, place, topic)
        self.handle(tale, place, topic)
        self.check(tale, place)

    def well(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        self.silent(tale, door, place, topic)
        self.rate(tale, door)

    def bad(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """A bad word brings it back."""
        self.silent(tale, door, place, topic)
        stars = {"stars": self.dice.choice((1, 2, 2))}
        tale.said(self.dice.uniform(4, 70), door, "rate", outcome="bad", words=self.pick("bad"), data=stars)
        who = self.dice.choice(managers_of(place, self.spaces))
        tale.done(self.dice.uniform(2, 30), who, "handle", outcome="done", words=self.pick("again"))
        self.check(tale, place)
        self.rate(tale, door)

    def not_yet(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Whoever looked was not content."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door, 2)
        self.sort(tale, place, topic)
        self.handle(tale, place, topic)
        self.check(tale, place, "not-yet", "not-yet")
        who = self.dice.choice(managers_of(place, self.spaces))
        tale.done(self.dice.uniform(2, 26), who, "handle", outcome="done", words=self.pick("again"))
        self.check(tale, place)
        self.rate(tale, door)

    def too_big(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        self.report(tale, door, place, topic)
        self.crowd(tale, door, 4)
        officer = self.sort(tale, place, topic, to=self.to_officer(place))
        tale.done(self.dice.uniform(4, 30), officer, "handle", outcome="too-big", words=self.pick("too-big"))
        tale.done(self.dice.uniform(40, 150), "li", "handle", outcome="done", words=self.dice.choice(topic["does"]))
        self.check(tale, place)
        self.rate(tale, door)

    def patrol(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """The officer saw it on the daily walk."""
        officer = officer_of(place)
        by = officer if officer != "wang" else door
        said = (self.words["words"]["patrol"] if by == officer else "") + self.said(topic, door, place)
        tale.raised(by, "report", place=place, words=said)
        self.sort(tale, place, topic, hours=0.1)
        self.handle(tale, place, topic, 2, 30)
        self.check(tale, place)

    def spoken_for(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Somebody without a telephone of that kind said it at the door or called."""
        officer = officer_of(place)
        self.report(tale, door, place, topic, by=officer, **{"for": door})
        self.sort(tale, place, topic, hours=0.3)
        self.handle(tale, place, topic, 3, 40)
        self.check(tale, place)
        data = {"stars": 5, "thanks": True}
        tale.done(self.dice.uniform(2, 30), officer, "rate", outcome="good", data=data, **{"for": door})

    def slow(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Handled long after its day: the superiors were told meanwhile."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door, 4)
        self.sort(tale, place, topic)
        tale.aside(self.dice.uniform(80, 110), door, "comment", words="好几天了，什么时候能来？")
        self.handle(tale, place, topic, 130, 300)
        self.check(tale, place)
        self.rate(tale, door)

    def objected(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        self.report(tale, door, place, topic)
        self.sort(tale, place, topic)
        for other in self.near.others(self.dice, door, 1):
            tale.said(self.dice.uniform(1, 8), other, "object", words=self.pick("object"))
            tale.done(self.dice.uniform(2, 20), "wang", "answer", words=self.pick("answer"))
        self.handle(tale, place, topic)
        self.check(tale, place)
        self.rate(tale, door)

    def withdrawn(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        self.report(tale, door, place, topic)
        tale.said(self.dice.uniform(0.2, 1), door, "withdraw", words=self.pick("withdraw"))

    def cannot(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Passed on, and then said why it cannot be done."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door, 4)
        officer = self.sort(tale, place, topic, to=self.to_officer(place))
        tale.done(self.dice.uniform(4, 30), officer, "handle", outcome="too-big", words=self.pick("too-big"))
        tale.done(self.dice.uniform(60, 200), "li", "handle", outcome="cannot", words=self.pick("cannot"))

    def unseen(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Lay for days before anybody sorted it."""
        self.report(tale, door, place, topic)
        tale.aside(self.dice.uniform(26, 40), door, "comment", words="有人看到这条吗？")
        self.sort(tale, place, topic, hours=self.dice.uniform(70, 120))
        self.handle(tale, place, topic)
        self.check(tale, place)
        self.rate(tale, door)

    def asked(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Whoever reported is asked something; the period stands still until the answer."""
        self.report(tale, door, place, topic)
        question = self.pick("question")
        tale.done(self.dice.uniform(0.5, 4), officer_of(place), "sort", outcome="ask", words=question, data={})
        tale.said(self.dice.uniform(0.5, 30), door, "wait", words=self.pick("statement"))
        self.sort(tale, place, topic)
        self.handle(tale, place, topic)
        self.check(tale, place)
        self.rate(tale, door)

    def refused(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """It cannot be done, on a ground that the charter lists."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door)
        self.sort(tale, place, topic)
        ground = self.dice.choice(tuple(self.words["refusals"]))
        who, data = self.dice.choice(managers_of(place, self.spaces)), {"ground": ground}
        said = self.words["refusals"][ground]
        tale.done(self.dice.uniform(5, 50), who, "handle", outcome="refused", words=said, data=data)

    def partly(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        self.report(tale, door, place, topic)
        self.crowd(tale, door)
        self.sort(tale, place, topic)
        who = self.dice.choice(managers_of(place, self.spaces))
        tale.done(self.dice.uniform(5, 50), who, "handle", outcome="partly", words=self.pick("partly"))

    def split(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """The company and the committee each do their part."""
        self.report(tale, door, place, topic)
        self.crowd(tale, door)
        self.sort(tale, place, topic, to=(self.owners(place)[0], *self.to_officer(place)))
        first = self.dice.choice(managers_of(place, self.spaces))
        words = self.dice.choice(topic["does"])
        parts = "part" if self.owners(place) != self.to_officer(place) else None
        tale.done(self.dice.uniform(3, 30), first, "handle", outcome="done", words=words, step=parts)
        if parts:
            tale.done(self.dice.uniform(3, 20), officer_of(place), "handle", outcome="done", words=self.pick("look"))
        self.check(tale, place)
        self.rate(tale, door)

    def misplaced(self, tale: Tale, door: str, place: str, topic: Topic) -> None:
        """Sent to the wrong ones; they give it back with a word, and it is sent again."""
        self.report(tale, door, place, topic)
        officer = self.sort(tale, place, topic, to=self.to_officer(place))
        tale.done(self.dice.uniform(1, 20), officer, "handle", outcome="back", words=self.pick("back"))
        self.sort(tale, place, topic)
        self.handle(tale, place, topic)
        self.check(tale, place)
        self.rate(tale, door)

    def _twice(self, first: Tale, door: str, place: str) -> Tale:
        """A neighbour reports the same an hour later; the officer puts the two together."""
        other = self.near.others(self.dice, door, 1)[0]
        tale = Tale(f"{first.name}-again", first.acts[0][0] + timedelta(minutes=7))
        tale.raised(other, "report", place=place, words=self.pick("twice").format(b=building_of(door)))
        if not any(act.do == "withdraw" for _, act in first.acts):
            into = {"into": f"%{first.name}"}
            tale.now += timedelta(minutes=1)
            tale.at_once(officer_of(place), "merge", words=self.pick("same"), data=into)
        return tale

    # --- matters of another size ---

    def private(self, tale: Tale) -> None:
        topic, n = self._of("private", "says")
        door = self.dice.choice(self.near.doors)
        place = place_of(door, STAIRWELL)
        tale.raised(door, "report", place=place, words=topic["says"][n])
        officer = self.sort(tale, place, topic, "private")
        tale.done(self.dice.uniform(2, 20), officer, "handle", outcome="guided", words=topic["does"][n])

    def dispute(self, tale: Tale) -> None:
        topic, n = self._of("disputes", "says")
        door = self.dice.choice(self.near.doors)
        place = place_of(door, STAIRWELL)
        tale.raised(door, "report", place=place, words=topic["says"][n])
        opened = f"{tale.name}-talk"
        self.sort(tale, place, topic, "dispute", opens=opened)
        mediator = self.dice.choice(("sun", "zhao"))
        tale.aside(20, mediator, "comment", words=self.words["words"]["officer"][3])
        hours = self.dice.uniform(60, 200)
        agreed = self.dice.random() < 0.75
        talk = Tale(opened, tale.now)
        talk.done(4, mediator, "invite", data={"name": "另一家"})
        talk.done(16, mediator, "take-part")
        if agreed:
            talk.done(hours, mediator, "write-down", data={"text": topic["agreed"][n]})
            for side in ("first", "other"):
                talk.done(0.2, mediator, "sign", data={"side": side}, photo="paper")
        else:
            talk.done(hours, mediator, "mediate", outcome="court", words=topic["not-agreed"][0])
        tale.acts, tale.now = [*tale.acts, *talk.acts], talk.now
        if agreed:
            self.check(tale, place)
            self.rate(tale, door)

    def big(self, tale: Tale) -> None:
        topic, n = self._of("big", "says")
        door = self.near.door(self.dice, "e1-building")
        place = place_of(door, "building")
        tale.raised(door, "report", place=place, words=topic["says"][n])
        self.crowd(tale, door, 6)
        self.sort(tale, place, topic, "big")
        tale.done(self.dice.uniform(100, 280), "li", "handle", outcome="done", words=topic["does"][n])
        self.check(tale, place)
        self.rate(tale, door)

    def not_ours(self, tale: Tale) -> None:
        topic, n = self._of("not-ours", "says")
        door = self.dice.choice(self.near.doors)
        place = place_of(door, STAIRWELL)
        tale.raised(door, "report", place=place, words=topic["says"][n])
        officer = self.sort(tale, place, topic, to=self.to_officer(place))
        tale.done(self.dice.uniform(6, 40), officer, "handle", outcome="not-ours", words=topic["why"][n])

    def _of(self, table: str, key: str) -> tuple[Topic, int]:
        topic = self.words[table]
        return topic, self.dice.randrange(len(topic[key]))
