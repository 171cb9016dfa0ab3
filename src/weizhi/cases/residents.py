"""The invented people of the demo: who lives behind which door, as a census file tells it. The same every time."""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SURNAMES = (
    "李王张刘陈杨黄吴徐孙胡朱高何郭马罗梁宋郑谢韩唐冯于董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚"
)
OLD = (
    "建国秀英桂兰志强玉梅丽华国庆淑珍春梅立新福美永康雪琴长河素云振华翠萍瑞祥月娥卫东凤仙德清金花"
    "桂芳兰英秀珍玉兰建华桂英树林凤英志明秀兰庆生爱华保国玉珍守义巧云"
)
GROWN = (
    "海燕晓东文静家明向阳燕明红霞佳怡小燕明远丽娟建军志伟雪梅海涛俊杰春燕文博晓红国栋丽萍永强艳红"
    "晓峰静怡立军慧敏伟民素芬学文冬梅振宇小芳"
)
YOUNG = "子涵雨桐思远一鸣浩然婷婷嘉树若兰梓轩欣怡宇航诗涵俊熙梦琪天佑可馨博文雅静晨曦子墨语嫣乐天"
SINGLE = "强敏军磊洋勇艳杰娟涛超霞平刚玲辉燕斌莉鹏"

TITLES = ("小区", "楼栋", "单元", "房号", "姓名", "关系", "电话", "份额")
OWNER, LIVES, RENTS, BELONGS = "业主", "居民", "租户", "成员"


@dataclass(frozen=True)
class One:
    """A line of the census: a person at a door."""

    home: str
    name: str
    status: str
    phone: str = ""
    share: str = ""


class Settlers:
    """Fills doors one after the other, with one pair of dice."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - people of a play, no secret
        self.landlords: list[One] = []  # who owns and lives somewhere here, and may own one more
        self.numbers = 0
        self.kinds: tuple[tuple[int, Callable[[str], list[One]]], ...] = (
            (3, lambda home: []),  # nobody lives there, and nobody is known
            (4, lambda home: [self.absent(home)]),
            (17, self.let),
            (9, lambda home: self.owners(home, OLD, 1)),
            (15, lambda home: self.owners(home, OLD, 2)),
            (14, lambda home: self.owners(home, GROWN, 2)),
            (25, lambda home: self.family(home, 1, 0)),
            (9, lambda home: self.family(home, 2, 0)),
            (4, lambda home: self.family(home, 1, 2)),
        )

    def fill(self, homes: list[str], needed: frozenset[str]) -> list[One]:
        """Behind each door that a tale needs lives a couple."""
        weights = [weight for weight, _ in self.kinds]
        makers = [make for _, make in self.kinds]
        found: list[One] = []
        for home in homes:
            make = self.dice.choices(makers, weights)[0]
            found += self.owners(home, GROWN, 2) if home in needed else make(home)
        return found

    def name(self, given: str, surname: str = "") -> str:
        surname = surname or self.dice.choice(SURNAMES)
        if self.dice.random() < 0.18:
            return surname + self.dice.choice(SINGLE)
        at = self.dice.randrange(len(given) // 2) * 2
        return surname + given[at : at + 2]

    def phone(self) -> str:
        """Of a block that no operator gives out to people: nobody's telephone rings."""
        self.numbers += 1
        return f"1900000{self.numbers:04}"

    def owners(self, home: str, given: str, count: int) -> list[One]:
        together = f"{OWNER}、{LIVES}"
        shares = "1/2" if count == 2 and self.dice.random() < 0.4 else ""
        found = [One(home, self.name(given), together, share=shares)]
        if count == 2:
            found.append(One(home, self.name(given), together if shares else LIVES, share=shares))
        if given == GROWN and self.dice.random() < 0.12:
            found[0] = One(home, found[0].name, together, self.phone(), shares)
            self.landlords.append(found[0])
        return found

    def family(self, home: str, children: int, grandparents: int) -> list[One]:
        parents = self.owners(home, GROWN, 2)
        surname = parents[0].name[0]
        young = [One(home, self.name(YOUNG, surname), BELONGS) for _ in range(children)]
        old = [One(home, self.name(OLD, surname if n == 0 else ""), LIVES) for n in range(grandparents)]
        return [*parents, *young, *old]

    def absent(self, home: str) -> One:
        """Whoever owns it lives elsewhere; one in three of them at another door of ours."""
        if self.landlords and self.dice.random() < 0.35:
            known = self.dice.choice(self.landlords)
            return One(home, known.name, OWNER, known.phone)
        return One(home, self.name(GROWN), OWNER, self.phone())

    def let(self, home: str) -> list[One]:
        surname = self.dice.choice(SURNAMES)
        tenants = [
            One(home, self.name(GROWN, surname if n == 1 else ""), RENTS) for n in range(self.dice.choice((1, 2, 2, 3)))
        ]
        return [self.absent(home), *tenants]


def invented(homes: list[str], people: int, needed: frozenset[str] = frozenset(), seed: str = "xingfuli") -> list[One]:
    """Lines for these doors that make so many people in all, each person counted once."""
    settlers = Settlers(seed)
    lines = _told_once(settlers.fill(homes, needed))
    missing = people - len({_who(one) for one in lines})
    if missing < 0:
        dropped = set([one for one in lines if one.status == BELONGS][missing:])
        return [one for one in lines if one not in dropped]
    with_children = [one for one in lines if one.status == BELONGS]
    extra = (One(one.home, settlers.name(YOUNG, one.name[0]), BELONGS) for one in with_children)
    kept = list(lines)
    for one in extra:
        if missing and one not in kept:
            kept.append(one)
            missing -= 1
    return kept


def _who(one: One) -> tuple[str, str]:
    """A telephone makes two lines one person; without it a name at a door is somebody."""
    return (one.name, one.phone or one.home)


def _told_once(lines: list[One]) -> list[One]:
    """Nobody at a door is called like somebody else there."""
    return list({(one.home, one.name): one for one in lines}.values())


def census_file(lines: list[One], estate_of: Callable[[str], str]) -> bytes:
    """The lines as a clerk would bring them."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(TITLES)
    rows.writerows(_rows(lines, estate_of))
    return written.getvalue().encode("utf-8-sig")


def _rows(lines: list[One], estate_of: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    for one in lines:
        building, unit, room = one.home.split("-")
        yield estate_of(building), building, unit, room, one.name, one.status, one.phone, one.share
