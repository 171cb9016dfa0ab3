"""The invented people of the demo: where they live and what they are called. The same every time."""

import random
from collections.abc import Iterator

SURNAMES = (
    "李王张刘陈杨黄吴徐孙胡朱高何郭马罗梁宋郑谢韩唐冯于董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚"
)
GIVEN = (
    "建国秀英桂兰志强玉梅丽华海燕晓东文静国庆淑珍春梅立新红霞德福美玲永康雪琴家明慧敏"
    "长河素云向阳婷婷浩然子涵雨桐思远一鸣佳怡振华翠萍瑞祥月娥卫东小燕明远凤仙嘉树若兰"
)


def invented(homes: list[str]) -> Iterator[tuple[str, str]]:
    """A name for each household's person; no name twice."""
    dice = random.Random("xingfuli")  # noqa: S311 - names of a play, no secret
    given = [GIVEN[n : n + 2] for n in range(0, len(GIVEN), 2)]
    names = [f"{surname}{given[n % len(given)]}" for n, surname in enumerate(SURNAMES)]
    dice.shuffle(names)
    yield from zip(homes, names, strict=False)
