"""Quorums and majorities in integers and fractions: each answer carries its numbers and the sentence for them.

Civil Code art. 1259: 以上 includes the number, 超过 and 过半 exclude it. A base of nobody meets no bound.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Base = Literal["all", "present", "votes"]

DIGITS = "零一二三四五六七八九十"
BASES: Mapping[Base, str] = {"all": "全体", "present": "到会", "votes": "明确表态的"}


@dataclass(frozen=True)
class Bound:
    """At least (``strict``: more than) this share of the base."""

    share: Fraction
    strict: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or (self.strict and self.share == 1):
            raise ValueError(f"比例 {self.share} 不成立：要在 0 与 1 之间，而且有可能达到。")

    def met(self, part: int, whole: int) -> bool:
        if whole <= 0:
            return False
        reached, wanted = part * self.share.denominator, whole * self.share.numerator
        return reached > wanted if self.strict else reached >= wanted

    def least(self, whole: int) -> int:
        """The smallest integer that is enough."""
        wanted = whole * self.share
        return wanted.__floor__() + 1 if self.strict else wanted.__ceil__()

    @property
    def words(self) -> str:
        if self.share == 1:
            return "全部"
        if self.strict and self.share == Fraction(1, 2):
            return "过半数"
        share = _share_words(self.share)
        return f"超过{share}" if self.strict else f"{share}以上"


def _share_words(share: Fraction) -> str:
    if share.denominator <= 10 and share.numerator <= 10:
        return f"{DIGITS[share.denominator]}分之{DIGITS[share.numerator]}"
    return f"{share.denominator} 分之 {share.numerator}"


MORE_THAN_HALF = Bound(Fraction(1, 2), strict=True)
HALF = Bound(Fraction(1, 2))
TWO_THIRDS = Bound(Fraction(2, 3))
MORE_THAN_TWO_THIRDS = Bound(Fraction(2, 3), strict=True)
THREE_QUARTERS = Bound(Fraction(3, 4))
ONE_TENTH = Bound(Fraction(1, 10))
ONE_THIRD = Bound(Fraction(1, 3))
ALL = Bound(Fraction(1))


def percent(part: int, whole: int) -> str:
    """Two decimals, cut and never rounded up: 66.666… % must not read as 66.67 % of a two-thirds bound."""
    if whole <= 0:
        return "0%"
    whole_hundredths = part * 10_000 // whole
    text = f"{whole_hundredths // 100}"
    if whole_hundredths % 100:
        text += f".{whole_hundredths % 100:02d}".rstrip("0")
    return text + "%"


@dataclass(frozen=True)
class Check:
    """One comparison: part of whole against a bound. ``unit`` is what is counted (人, 票, 平方米)."""

    name: str
    part: int
    whole: int
    bound: Bound
    unit: str = "人"
    law: str = ""

    @property
    def met(self) -> bool:
        return self.bound.met(self.part, self.whole)

    @property
    def needed(self) -> int:
        return self.bound.least(self.whole)

    @property
    def missing(self) -> int:
        return 0 if self.met else max(self.needed - self.part, 0)

    def amount(self, number: int) -> str:
        if self.unit == "平方米":  # counted in 0.01 m²
            whole, rest = divmod(number, 100)
            return f"{whole:,}" + (f".{rest:02d}" if rest else "") + " 平方米"
        return f"{number:,} {self.unit}"

    @property
    def sentence(self) -> str:
        told = f"{self.name} {self.amount(self.part)}，占 {self.amount(self.whole)}的 {percent(self.part, self.whole)}"
        verdict = "达到" if self.met else f"未达到，还差 {self.amount(self.missing)}"
        if self.whole <= 0:
            verdict = "没有可以计算的基数，不能算达到"
        return f"{told}；要求{self.bound.words}（至少 {self.amount(self.needed)}），{verdict}。"


@dataclass(frozen=True)
class Decision:
    """``outcome``: passed, failed or no-quorum. The checks are all shown, met or not."""

    outcome: Literal["passed", "failed", "no-quorum"]
    checks: tuple[Check, ...]
    law: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"

    @property
    def page(self) -> str:
        """One line for a page."""
        return {"passed": "通过", "failed": "未通过", "no-quorum": "参加的不够，表决无效"}[self.outcome]

    @property
    def notice(self) -> str:
        """For the notice board: the result and every number behind it."""
        return f"结果：{self.page}。" + "".join(check.sentence for check in self.checks)

    @property
    def minutes(self) -> str:
        """For the minutes: with the article."""
        return (f"依据{self.law}，" if self.law else "") + self.notice


def quorum(present: int, everybody: int, bound: Bound = MORE_THAN_HALF, *, law: str = "") -> Check:
    _refuse_more(present, everybody, "到会人数", "应到人数")
    return Check("参加", present, everybody, bound, "人", law)


def majority(
    *,
    yes: int,
    no: int,
    abstain: int = 0,
    everybody: int,
    base: Base = "present",
    bound: Bound = MORE_THAN_HALF,
    attend: Bound | None = None,
    law: str = "",
) -> Decision:
    """A vote by heads. Whoever cast yes, no or an abstention was present.

    base: of all entitled, of those present, or of the votes that say yes or no. attend: the quorum, if there is one.
    """
    if min(yes, no, abstain) < 0:
        raise ValueError("票数不能小于零。")
    present = yes + no + abstain
    _refuse_more(present, everybody, "参加人数", "全体人数")
    whole = {"all": everybody, "present": present, "votes": yes + no}[base]
    checks = [] if attend is None else [quorum(present, everybody, attend, law=law)]
    agreed = Check(f"同意（按{BASES[base]}计算）", yes, whole, bound, "人", law)
    if checks and not checks[0].met:
        return Decision("no-quorum", (*checks, agreed), law)
    return Decision("passed" if agreed.met else "failed", (*checks, agreed), law)


def unanimity(agreed: Collection[str], everybody: Collection[str], *, law: str = "") -> tuple[Decision, list[str]]:
    """Everybody must agree: the decision, and who has not (yet), in the order of ``everybody``."""
    said = set(agreed)
    strangers = said.difference(everybody)
    if strangers:
        raise ValueError(f"“{min(strangers)}”不在应当同意的人里，请先核对名单。")
    open_yet = [one for one in everybody if one not in said]
    check = Check("同意", len(everybody) - len(open_yet), len(everybody), ALL, "人", law)
    return Decision("passed" if check.met else "failed", (check,), law), open_yet


@dataclass(frozen=True)
class SeatShare:
    """A group that is owed (at least, or at most) a share of the seats."""

    group: str
    share: Fraction
    most: bool = False


def seat_shares(holders: Mapping[str, str], shares: Iterable[SeatShare]) -> list[Check]:
    """holders: seat → the group of whoever holds it. For a share of at most, the seats of the others are checked."""
    whole = len(holders)
    checks: list[Check] = []
    for one in shares:
        count = sum(group == one.group for group in holders.values())
        if one.most:
            checks.append(Check(f"“{one.group}”以外的席位", whole - count, whole, Bound(1 - one.share), "席"))
        else:
            checks.append(Check(f"“{one.group}”的席位", count, whole, Bound(one.share), "席"))
    return checks


def seats_owed(seats: int, share: Fraction) -> int:
    """How many of the seats a fixed share is, rounded up: a share of at least is not met by fewer."""
    return Bound(share).least(seats)


def _refuse_more(part: int, whole: int, what: str, of: str) -> None:
    if part < 0 or whole < 0 or part > whole:
        raise ValueError(f"{what}（{part}）不能多于{of}（{whole}），也不能小于零。请核对登记。")
