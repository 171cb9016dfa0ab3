"""Residents' committee elections by 城市居民委员会组织法 (revised 2025-10-28), articles 16–20 and 27–29.

Three ways: all electors, a delegate of each household, residents' deputies. Integers only; everything that the law
leaves open (a tie at the last seat, blanks, write-ins) is a setting and is said in the result.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from weizhi.methods.thresholds import (
    MORE_THAN_HALF,
    MORE_THAN_TWO_THIRDS,
    ONE_TENTH,
    ONE_THIRD,
    TWO_THIRDS,
    Bound,
    Check,
    Decision,
)

Mode = Literal["electors", "households", "deputies"]
LAW = "《城市居民委员会组织法》"
MOST_PROXIES = 3

ELECTORS: Mapping[Mode, str] = {"electors": "选民", "households": "户的代表", "deputies": "居民代表"}
ATTEND: Mapping[Mode, Bound] = {
    "electors": MORE_THAN_HALF,
    "households": MORE_THAN_HALF,
    "deputies": MORE_THAN_TWO_THIRDS,
}
ASK_RECALL: Mapping[Mode, Bound] = {"electors": ONE_TENTH, "households": ONE_TENTH, "deputies": ONE_THIRD}


@dataclass(frozen=True)
class CommitteeRule:
    """seats: how many are to be elected. For what the law leaves open:

    write_ins: whether names that are not candidates count. blanks: whether an empty or spoilt paper is a paper cast
    (it is: who hands it in took part). tie: ``run-off`` leaves the seat to another vote, ``lot`` takes ``lot``'s order,
    ``fewer-seats`` leaves it empty, where somebody was elected: a body of nobody is none, and is voted again.
    """

    mode: Mode
    seats: int
    write_ins: bool = False
    tie: Literal["run-off", "lot", "fewer-seats"] = "run-off"
    lot: tuple[str, ...] = ()
    # Where a place's own rule differs from the law, for bodies that the law does not speak of.
    attend: Bound | Literal["law"] | None = "law"
    elected: Bound = MORE_THAN_HALF
    again: Bound | None = ONE_THIRD  # in another vote
    contested: bool = True

    @property
    def quorum(self) -> Bound | None:
        return ATTEND[self.mode] if self.attend == "law" else self.attend

    def __post_init__(self) -> None:
        if self.mode not in ELECTORS:
            raise ValueError(f"没有“{self.mode}”这种选举方式，可以是：{'、'.join(ELECTORS)}。")
        if self.seats < 1:
            raise ValueError("应选名额至少是 1。")


@dataclass(frozen=True)
class Standing:
    name: str
    votes: int
    elected: bool
    sentence: str


@dataclass(frozen=True)
class Result:
    """``outcome``: filled, run-off (seats are left), void (too few took part)."""

    outcome: Literal["filled", "run-off", "void"]
    elected: tuple[str, ...]
    standings: tuple[Standing, ...]
    attend: Check | None
    open_seats: int
    candidates_next: tuple[str, ...]  # of the run-off, best first
    cast: int
    spoilt: int
    notes: tuple[str, ...] = field(default=())
    vacant: int = 0  # seats that a tie leaves empty by the rule: nobody votes on them again

    @property
    def notice(self) -> str:
        told = self.attend.sentence if self.attend else ""
        told += f"收回选票 {self.cast:,} 张" + (f"，其中无效 {self.spoilt:,} 张" if self.spoilt else "") + "。"
        if self.outcome == "void":
            return told + "参加投票的不够，选举无效。"
        told += "".join(one.sentence for one in self.standings)
        if self.elected:
            told += f"当选：{'、'.join(self.elected)}。"
        if self.open_seats:
            told += f"还缺 {self.open_seats} 名，另行选举。"
        return told + "".join(self.notes)


def first_round(
    rule: CommitteeRule, everybody: int, candidates: Sequence[str], ballots: Iterable[Collection[str]]
) -> Result:
    """everybody: registered electors, household delegates or deputies. Each ballot names at most ``seats`` people.

    More names than seats, or a name twice, spoil a ballot; it was cast all the same (19: 参加投票的人员).
    """
    _check_candidates(rule, candidates)
    votes, cast, spoilt = _count(rule, candidates, ballots)
    if cast > everybody:
        raise ValueError(f"收回 {cast} 张选票，多于{ELECTORS[rule.mode]} {everybody} 人。请先核对登记和选票。")
    quorum, law = rule.quorum, f"{LAW}第十九条" if rule.attend == "law" else ""
    attend = Check(f"参加投票的{ELECTORS[rule.mode]}", cast, everybody, quorum, "人", law) if quorum else None
    ranked = sorted(votes, key=lambda name: (-votes[name], _place(candidates, name)))
    if attend and not attend.met:
        return Result("void", (), (), attend, rule.seats, (), cast, spoilt)
    reached = [name for name in ranked if rule.elected.met(votes[name], cast)]
    elected, notes = _seats(rule, reached, votes, rule.seats)
    standings = tuple(_standing(name, votes[name], cast, elected, rule.elected) for name in ranked)
    return _result(rule, ranked, reached, votes, elected, standings, attend, cast, spoilt, notes)


def run_off(rule: CommitteeRule, candidates: Sequence[str], ballots: Iterable[Collection[str]]) -> Result:
    """Another vote for ``rule.seats`` open seats: most votes win, with at least a third of the ballots cast (19)."""
    votes, cast, spoilt = _count(rule, candidates, ballots)
    ranked = sorted(votes, key=lambda name: (-votes[name], _place(candidates, name)))
    bound = rule.again or Bound(Fraction(0), strict=True)  # most votes win: somebody must have voted for them
    reached = [name for name in ranked if bound.met(votes[name], cast)]
    elected, notes = _seats(rule, reached, votes, rule.seats)
    standings = tuple(_standing(name, votes[name], cast, elected, bound) for name in ranked)
    return _result(rule, ranked, reached, votes, elected, standings, None, cast, spoilt, notes)


def _result(
    rule: CommitteeRule,
    ranked: Sequence[str],
    reached: Sequence[str],
    votes: Mapping[str, int],
    elected: tuple[str, ...],
    standings: tuple[Standing, ...],
    attend: Check | None,
    cast: int,
    spoilt: int,
    notes: tuple[str, ...],
) -> Result:
    left = rule.seats - len(elected)
    tied = rule.tie == "fewer-seats" and len(reached) > rule.seats and elected
    vacant = left if tied else 0
    following = _next_candidates(ranked, elected, votes, left - vacant)
    outcome: Literal["filled", "run-off"] = "run-off" if left > vacant else "filled"
    return Result(outcome, elected, standings, attend, left - vacant, following, cast, spoilt, notes, vacant)


def _check_candidates(rule: CommitteeRule, candidates: Sequence[str]) -> None:
    if len(set(candidates)) != len(candidates):
        raise ValueError("候选人名单里有重复的名字，请核对。")
    if rule.contested and len(candidates) <= rule.seats:
        raise ValueError(
            f"候选人 {len(candidates)} 名，应选 {rule.seats} 名：候选人的名额应当多于应选名额（{LAW}第十八条）。"
        )


def _count(
    rule: CommitteeRule, candidates: Sequence[str], ballots: Iterable[Collection[str]]
) -> tuple[dict[str, int], int, int]:
    votes = Counter(dict.fromkeys(candidates, 0))
    cast = spoilt = 0
    for ballot in ballots:
        names = list(ballot)
        cast += 1
        valid = [name for name in names if rule.write_ins or name in votes]
        if not valid or len(names) > rule.seats or len(set(names)) != len(names):
            spoilt += 1
        else:
            votes.update(valid)
    return dict(votes), cast, spoilt


def _place(candidates: Sequence[str], name: str) -> tuple[int, str]:
    return (candidates.index(name), "") if name in candidates else (len(candidates), name)


def _seats(
    rule: CommitteeRule, reached: Sequence[str], votes: Mapping[str, int], seats: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The best of those who reached the bound; equal votes across the last seat are settled by the rule."""
    if len(reached) <= seats:
        return tuple(reached), ()
    last = votes[reached[seats - 1]]
    clear = [name for name in reached if votes[name] > last]
    tied = [name for name in reached if votes[name] == last]
    open_seats = seats - len(clear)
    if len(tied) == open_seats:
        return tuple(clear + tied), ()
    names = "、".join(tied)
    if rule.tie == "fewer-seats":
        return tuple(clear), (f"{names} 同为 {last} 票，剩下的 {open_seats} 个名额空缺。",)
    if rule.tie == "run-off":
        return tuple(clear), (f"{names} 同为 {last} 票，剩下的 {open_seats} 个名额在他们之间另行投票。",)
    missing = [name for name in tied if name not in rule.lot]
    if missing:
        raise ValueError(f"{names} 同票，要由抽签决定，但抽签结果里没有“{missing[0]}”。请先抽签并记录。")
    drawn = sorted(tied, key=rule.lot.index)[:open_seats]
    return tuple(clear + drawn), (f"{names} 同为 {last} 票，按事先抽签的次序 {'、'.join(drawn)} 在先。",)


def _next_candidates(
    ranked: Sequence[str], elected: Collection[str], votes: Mapping[str, int], seats: int
) -> tuple[str, ...]:
    """得票多的为候选人: one more than the open seats, as article 18 asks, and all with as many votes as the last."""
    rest = [name for name in ranked if name not in elected and votes[name]]
    if not seats or not rest:
        return ()
    last = votes[rest[min(seats, len(rest) - 1)]]
    return tuple(name for name in rest if votes[name] >= last)


def _standing(name: str, votes: int, cast: int, elected: Collection[str], bound: Bound) -> Standing:
    check = Check(name, votes, cast, bound, "票")
    return Standing(name, votes, name in elected, check.sentence)


# --- who votes for whom --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proxy:
    """giver has taker vote for him. written: on paper."""

    giver: str
    taker: str
    written: bool = True


def proxies(
    rule: CommitteeRule, electors: Collection[str], candidates: Collection[str], given: Iterable[Proxy]
) -> tuple[list[Proxy], list[tuple[Proxy, str]]]:
    """Which proxies stand (article 19), in the order they were given, and why the others do not. Both are published."""
    stands: list[Proxy] = []
    refused: list[tuple[Proxy, str]] = []
    taken: Counter[str] = Counter()
    givers: set[str] = set()
    for one in given:
        why = _refusal(rule, electors, candidates, one)
        if not why and one.giver in givers:
            why = "同一人只能委托一次"
        if not why and taken[one.taker] >= MOST_PROXIES:
            why = f"受托人已接受 {MOST_PROXIES} 人的委托"
        if why:
            refused.append((one, why))
        else:
            stands.append(one)
            taken[one.taker] += 1
            givers.add(one.giver)
    return stands, refused


def _refusal(rule: CommitteeRule, electors: Collection[str], candidates: Collection[str], one: Proxy) -> str:
    if rule.mode == "deputies":
        return "居民代表选举不实行委托投票"
    if not one.written:
        return "没有书面委托"
    if one.giver == one.taker:
        return "不能委托自己"
    if one.giver not in electors or one.taker not in electors:
        return "委托人和受托人都要是本社区选民"
    if one.taker in candidates:
        return "候选人不得接受委托投票"
    return ""


# --- recall and meetings -------------------------------------------------------------------------------


def recall_asked(mode: Mode, signatures: int, everybody: int) -> Check:
    """Whether enough ask for a recall (article 20)."""
    name = f"联名的{ELECTORS[mode]}"
    return Check(name, signatures, everybody, ASK_RECALL[mode], "人", f"{LAW}第二十条")


def recall(mode: Mode, *, everybody: int, cast: int, agree: int) -> Decision:
    """The vote on a recall, in the way the member was elected."""
    if not 0 <= agree <= cast <= everybody:
        raise ValueError("同意的票不能多于收回的票，收回的票不能多于应投票的人数。请核对。")
    law = f"{LAW}第二十条"
    attend = Check(f"参加投票的{ELECTORS[mode]}", cast, everybody, ATTEND[mode], "人", law)
    agreed = Check("同意罢免", agree, cast, MORE_THAN_HALF, "票", law)
    if not attend.met:
        return Decision("no-quorum", (attend, agreed), law)
    return Decision("passed" if agreed.met else "failed", (attend, agreed), law)


def meeting(kind: Literal["residents", "deputies"], *, everybody: int, present: int, agree: int) -> Decision:
    """A decision of the residents' meeting (27) or of the deputies' meeting (29)."""
    if not 0 <= agree <= present <= everybody:
        raise ValueError("同意的人不能多于到会的人，到会的人不能多于应到的人。请核对。")
    law = LAW + ("第二十七条" if kind == "residents" else "第二十九条")
    attend = Check("到会", present, everybody, MORE_THAN_HALF if kind == "residents" else TWO_THIRDS, "人", law)
    agreed = Check("同意", agree, present, MORE_THAN_HALF, "人", law)
    if not attend.met:
        return Decision("no-quorum", (attend, agreed), law)
    return Decision("passed" if agreed.met else "failed", (attend, agreed), law)


@dataclass(frozen=True)
class Member:
    name: str
    woman: bool
    relatives: frozenset[str] = frozenset()


def composition(members: Sequence[Member], households: int | None = None) -> list[str]:
    """What the law says of a committee as a whole (3, 8): the faults found, none if it may stand."""
    faults: list[str] = []
    if not 5 <= len(members) <= 9:
        faults.append(f"居民委员会由五至九人组成，现在是 {len(members)} 人（第八条）。")
    if not any(one.woman for one in members):
        faults.append("居民委员会成员中应当有妇女成员（第八条）。")
    names = {one.name for one in members}
    for one in members:
        near = sorted(one.relatives & names)
        faults.extend(f"{one.name} 与 {other} 是近亲属，应当回避（第八条）。" for other in near if one.name < other)
    if households is not None and not 1_000 <= households <= 3_000:
        faults.append(f"一般在一千户至三千户的范围内设立，现在是 {households} 户；按实际需要的要说明（第三条）。")
    return faults


def deputies_range(households: int) -> tuple[int, int]:
    """How many deputies a group of households may choose: one for 20 to 50 households (13)."""
    if households < 1:
        raise ValueError("户数至少是 1。")
    return max(1, -(-households // 50)), max(1, households // 20)
