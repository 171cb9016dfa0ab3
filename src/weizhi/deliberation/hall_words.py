"""A hall's result in plain sentences: for the record, the page and the ear alike."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from weizhi.deliberation.opinions import ALIKE, BLURRED, DISAGREE, FEW, LEAST_SHOWN, SMALL, Counts, Drawn, Group, Said

NAMES = "甲乙丙丁戊"


def detail_of(public: Mapping[str, Any]) -> str:
    """What the sentence of one of its entries adds."""
    if "state" in public:
        numbers = "、".join(str(n) for n in public.get("statements", ()))
        told = {"open": _("放出了第 %(n)s 条意见"), "hidden": _("收起了第 %(n)s 条意见，写明了为什么")}
        return told[str(public["state"])] % {"n": numbers}
    if "people" not in public:
        return ""
    groups = len(public.get("groups", ()))
    told_groups = _("，看得出 %(n)s 种想法") % {"n": groups} if groups else ""
    few = _("（要 %(asked)s 人，不够）") % public if public.get("few") else ""
    said = _("%(people)s 人参加%(few)s，大家都同意的有 %(united)s 条%(groups)s")
    return said % {"people": public["people"], "few": few, "united": len(public["united"]), "groups": told_groups}


def result_in_words(drawn: Drawn, words: Mapping[int, str]) -> str:
    """What stands in the record: what unites all, then what sets groups apart, or why there are none."""
    return "\n".join(_lines(drawn, words))


def _lines(drawn: Drawn, words: Mapping[int, str]) -> Iterator[str]:
    united = [n for n in drawn.united if n in words]
    yield _("大家都同意的：") if united else _("还没有一条是大家都同意的。")
    for n in united:
        yield _("“%(words)s”（%(counts)s）") % {"words": words[n], "counts": counted(drawn.counts[n])}
    if not drawn.groups:
        yield why_none(drawn)
    for group in drawn.groups:
        yield _("想法%(name)s，%(people)s 人：") % {"name": name_of(drawn, group), "people": group.people}
        for said in group.says:
            if said.n in words:
                yield side_of(said, words[said.n])


def counted(counts: Counts) -> str:
    """36 人同意，3 人不同意，1 人说不准."""
    agreed, disagreed, passed = counts
    told = [_("%(n)s 人同意") % {"n": agreed}] if agreed else []
    told += [_("%(n)s 人不同意") % {"n": disagreed}] if disagreed else []
    told += [_("%(n)s 人说不准") % {"n": passed}] if passed else []
    return "，".join(told)


def name_of(drawn: Drawn, group: Group) -> str:
    """甲, 乙 …: a group has no better name than its place in the row."""
    return NAMES[drawn.groups.index(group)]


def side_of(said: Said, words: str) -> str:
    told = {"words": words, "n": said.disagreed if said.side == DISAGREE else said.agreed, "seen": said.seen}
    if said.side == DISAGREE:
        return _("不同意“%(words)s”（%(seen)s 人里 %(n)s 人）") % told
    return _("同意“%(words)s”（%(seen)s 人里 %(n)s 人）") % told


def why_none(drawn: Drawn) -> str:
    """Why no groups are shown, in words that say what would change it."""
    if drawn.why == FEW:
        return _(
            "还看不出有几种想法：表态够多的有 %(standing)s 人，满 %(needed)s 人才算得准。人太少，也容易看出谁是谁。"
        ) % {"standing": drawn.standing, "needed": drawn.needed}
    return {
        ALIKE: _("没有分成几种：大家说的几乎一样。"),
        BLURRED: _("没有分成几种：大家的想法连成一片，硬分会误导人。"),
        SMALL: _("没有分成几种：有的想法不到 %(least)s 个人，写出来容易看出谁是谁。") % {"least": LEAST_SHOWN},
    }[drawn.why]
