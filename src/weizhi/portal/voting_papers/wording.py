"""A vote in plain words for its papers. They are set in the language of the law, whoever prints them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from weizhi.charters.periods import ZONE
from weizhi.charters.rulebook import Rule, Threshold
from weizhi.decisions.models import Channel, Vote
from weizhi.decisions.results import rule_of
from weizhi.decisions.rules import bound_of, law_words
from weizhi.matters import rules
from weizhi.matters.pinned import charter_by_hash

MEASURES: Final = {"area": "专有部分面积", "heads": "人数", "households": "户数", "seats": "席数"}
CHANNELS: Final[Mapping[str, str]] = {
    Channel.PHONE: "手机", Channel.PAPER: "纸票", Channel.TELEPHONE: "电话", Channel.DOOR: "上门",
    Channel.MEETING: "会上", Channel.PROXY: "委托",
}  # fmt: skip
FEN: Final = 100
DAYS: Final = "一二三四五六日"
METHODS: Final = {
    "mes": "均分法：钱先平分给每个投票的人，支持同一个项目的人凑够它的钱，它就选上",
    "greedy": "从票数最多的项目选起，钱够就选上，不够就看下一个",
    "greedy-per-cost": "从每一元得票最多的项目选起，钱够就选上，不够就看下一个",
    "phragmen": "每个人的钱一样快地攒，支持者凑够的项目依次选上",
}


def instant(at: datetime) -> str:
    there = at.astimezone(ZONE)
    return f"{day(at)} {there:%H:%M}"


def day(at: datetime) -> str:
    there = at.astimezone(ZONE)
    return f"{there.year} 年 {there.month} 月 {there.day} 日"


def weekday(at: datetime) -> str:
    return f"星期{DAYS[at.astimezone(ZONE).weekday()]}"


def square(area: int) -> str:
    """0.01 m² as square metres."""
    whole, rest = divmod(area, 100)
    return f"{whole:,}" + (f".{rest:02d}" if rest else "") + " 平方米"


def amounts(row: Mapping[str, int], by_area: bool) -> str:
    return f"{row['heads']:,} 人" + (f"，{square(row['area'])}" if by_area else "")


def question(vote: Vote) -> str:
    return str(vote.brief.get("question", "") or vote.matter.title)


def by_area(vote: Vote) -> bool:
    """Whether areas are told: they are of owners, and of a secret vote they are nobody's business."""
    return bool(vote.roll.area) and not vote.secret


def rule_words(vote: Vote) -> list[str]:
    """What must be reached, each in a sentence."""
    rule = rule_of(vote)
    if vote.kind == "budget":
        terms = vote.rule["budget"]
        return [f"一共 {terms['amount'] / FEN:,.2f} 元。", f"{METHODS[terms['method']]}。"]
    if rule is None:
        return ["这是征求意见，不设门槛，看哪一项得到的支持最多。"]
    return [*_sentences(rule), f"依据：{law_words(rule.law)}。" if rule.law else ""]


def _sentences(rule: Rule) -> Iterator[str]:
    if rule.participation:
        yield f"参加的：{_joined(rule.participation, 'roll')}，才有效。"
    if rule.approval:
        yield f"同意的：{_joined(rule.approval, 'participating')}，才通过。"
    if rule.elected:
        yield f"当选：得票要占{_of(rule.elected, 'ballots')}{bound_of(rule.elected).words}。"
    if rule.runoff:
        yield f"没有选满的，另行选举，得票要占{_of(rule.runoff, 'ballots')}{bound_of(rule.runoff).words}。"


def _joined(thresholds: Sequence[Threshold], default: str) -> str:
    return "，并且".join(
        f"{MEASURES[one.measure or 'heads']}占{_of(one, default)}{bound_of(one).words}" for one in thresholds
    )


def _of(threshold: Threshold, default: str) -> str:
    return {"roll": "名册全体的", "participating": "参加表决的", "ballots": "收回选票的"}[threshold.of or default]


def abstain_words(vote: Vote) -> str:
    if vote.brief.get("form") == "yes-no":
        return "弃权算参加，不算同意；没有交票的，不算参加。"
    return "没有交票的，不算参加。"


def ways(vote: Vote) -> list[tuple[str, str]]:
    """How one votes, by each channel."""
    change = "截止以前可以再投一次，以最后一次为准" if vote.revote else "投出以后不能再改"
    found = [("手机", f"扫右上角的码登录，选好就记下，当场有回执；{change}。")] if vote.phone else []
    if vote.secret:
        found.append(
            (
                "纸票",
                "到居委会，在名册上签名领票，自己抽一张，填好投进票箱。票上不写名字。投进去就不能再改，以纸票为准。",
            )
        )
        found.append(("上门", "行动不便的，可以请经办人带票箱上门。别人不能代记。"))
        if vote.rule.get("mode") != "deputies":
            found.append(("委托", "可以书面委托别人，把委托书交给经办人。由他替您投，一样不记选了什么。"))
        return found
    found += [
        ("纸票", "到居委会领票，或由网格员送到家。填好签名，交回居委会。"),
        ("电话", "打给经办人，由经办人记下并留录音。"),
        ("上门", "行动不便的，可以请经办人上门登记。"),
        ("委托", "可以书面委托别人投，把委托书交给经办人。本人投了，以本人的为准。"),
    ]
    return found


def issuer(vote: Vote) -> str:
    """Who runs the vote, as the charter calls it."""
    row = vote.step
    charter = charter_by_hash(vote.matter.charter_id)
    names = charter.procedure_of(vote.matter.kind).steps[row.key].by or (rules.owner_of(charter),)
    tables: tuple[Mapping[str, Any], ...] = (charter.bodies, charter.posts)
    titles = [table[name].title or name for name in names for table in tables if name in table]
    return f"{vote.matter.community.name}{'、'.join(dict.fromkeys(titles)) or '社区居民委员会'}"


def grouped(root: str) -> str:
    """A root as people compare it: eight groups of eight."""
    return " ".join(root[n : n + 8] for n in range(0, len(root), 8))
