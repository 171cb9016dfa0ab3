"""LAW.md §2: the committee's election by the law of 2025, its proxies, recalls and meetings."""

import itertools
from fractions import Fraction

import pytest

from weizhi.methods.elections import committee as law
from weizhi.methods.elections.committee import CommitteeRule, Member, Proxy

FIVE = ["林姨", "小周", "王主任", "陈经理", "赵律师", "郭先生"]


def vote(*counts, seats=1, everybody=None, mode="electors", candidates="甲乙丙", **more):
    """counts: how many ballots say this: (times, "甲乙")."""
    ballots = [list(names) for times, names in counts for _ in range(times)]
    rule = CommitteeRule(mode, seats, **more)
    return law.first_round(rule, everybody or len(ballots), list(candidates), ballots)


@pytest.mark.parametrize(
    ("mode", "everybody", "cast", "valid"),
    [
        ("electors", 100, 50, False),
        ("electors", 100, 51, True),
        ("electors", 101, 51, True),
        ("households", 10, 5, False),
        ("households", 10, 6, True),
        ("deputies", 30, 20, False),
        ("deputies", 30, 21, True),
        ("deputies", 31, 20, False),
        ("deputies", 31, 21, True),
    ],
)
def test_how_many_must_take_part(mode, everybody, cast, valid):
    found = vote((cast, "甲"), everybody=everybody, mode=mode)
    assert (found.outcome == "void") != valid
    assert ("选举无效" in found.notice) != valid


def test_more_than_half_of_the_ballots_cast_elects():
    half = vote((5, "甲"), (5, "乙"))
    assert (half.outcome, half.elected, half.open_seats) == ("run-off", (), 1)
    assert half.candidates_next == ("甲", "乙")
    clear = vote((6, "甲"), (4, "乙"))
    assert clear.outcome == "filled" and clear.elected == ("甲",)
    assert "要求过半数（至少 6 票），达到" in clear.notice


def test_spoilt_and_blank_papers_are_cast():
    found = vote((5, "甲"), (3, ""), (1, "甲乙"), (1, "甲甲"))
    assert (found.cast, found.spoilt, found.outcome) == (10, 5, "run-off")
    stranger = vote((3, "丁"), (6, "甲"), seats=2)
    assert (stranger.spoilt, stranger.elected) == (3, ("甲",))
    written = vote((6, "丁"), (3, "甲"), seats=2, write_ins=True)
    assert written.elected == ("丁",)


def test_more_over_half_than_seats_take_the_most_votes():
    found = vote((9, "甲乙"), (1, "乙丙"), (8, "甲丙"), seats=2)
    assert found.elected == ("甲", "乙") and found.outcome == "filled"


def test_a_tie_at_the_last_seat_is_settled_by_the_rule():
    ballots = ((4, "甲乙"), (4, "甲丙"), (4, "乙丙"))
    again = vote(*ballots, seats=2)
    assert (again.outcome, again.elected, again.open_seats) == ("run-off", (), 2)
    assert again.candidates_next == ("甲", "乙", "丙") and "另行投票" in again.notice
    drawn = vote(*ballots, seats=2, tie="lot", lot=("丙", "甲", "乙"))
    assert drawn.elected == ("丙", "甲") and "按事先抽签的次序" in drawn.notice
    with pytest.raises(ValueError, match="请先抽签"):
        vote(*ballots, seats=2, tie="lot", lot=("甲",))
    whole = vote((6, "甲乙"), (1, "丙甲"), (1, "丙乙"), seats=2)
    assert whole.elected == ("甲", "乙")


def test_there_are_more_candidates_than_seats():
    with pytest.raises(ValueError, match="应当多于"):
        vote((3, "甲"), seats=3)
    with pytest.raises(ValueError, match="重复"):
        vote((3, "甲"), candidates="甲甲乙")
    with pytest.raises(ValueError, match="多于选民"):
        vote((3, "甲"), everybody=2)
    with pytest.raises(ValueError, match="没有“all”"):
        CommitteeRule("all", 1)
    with pytest.raises(ValueError, match="至少是 1"):
        CommitteeRule("electors", 0)


def test_the_run_off_needs_a_third():
    rule = CommitteeRule("electors", 1)
    assert law.run_off(rule, ["甲", "乙"], [["甲"]] * 3 + [["乙"]] * 2 + [[]] * 4).elected == ("甲",)
    short = law.run_off(rule, ["甲", "乙"], [["甲"]] * 2 + [["乙"]] * 1 + [[]] * 4)
    assert (short.elected, short.outcome, short.attend) == ((), "run-off", None)
    assert "还缺 1 名" in short.notice


def test_first_rounds_by_brute_force():
    """Every multiset of six ballots on three candidates and one seat, against the article's words."""
    for ballots in itertools.combinations_with_replacement(["甲", "乙", "丙", ""], 6):
        for everybody in (6, 11, 12):
            found = law.first_round(CommitteeRule("electors", 1), everybody, "甲乙丙", [list(b) for b in ballots])
            if Fraction(6, everybody) <= Fraction(1, 2):
                assert found.outcome == "void"
                continue
            over = [name for name in "甲乙丙" if ballots.count(name) > 3]
            assert list(found.elected) == over and found.outcome == ("filled" if over else "run-off")


def test_proxies():
    rule = CommitteeRule("electors", 5)
    electors = {f"e{n}" for n in range(9)} | {"候选"}
    given = [
        Proxy("e1", "e0"),
        Proxy("e2", "e0"),
        Proxy("e3", "e0"),
        Proxy("e4", "e0"),
        Proxy("e5", "候选"),
        Proxy("e6", "e7", written=False),
        Proxy("e8", "外人"),
        Proxy("e1", "e7"),
        Proxy("e7", "e7"),
    ]
    stands, refused = law.proxies(rule, electors, {"候选"}, given)
    assert [one.giver for one in stands] == ["e1", "e2", "e3"]
    assert [(one.giver, why) for one, why in refused] == [
        ("e4", "受托人已接受 3 人的委托"),
        ("e5", "候选人不得接受委托投票"),
        ("e6", "没有书面委托"),
        ("e8", "委托人和受托人都要是本社区选民"),
        ("e1", "同一人只能委托一次"),
        ("e7", "不能委托自己"),
    ]
    none, all_refused = law.proxies(CommitteeRule("deputies", 5), electors, set(), given[:1])
    assert none == [] and all_refused[0][1] == "居民代表选举不实行委托投票"


@pytest.mark.parametrize(
    ("mode", "signatures", "everybody", "enough"),
    [
        ("electors", 9, 100, False),
        ("electors", 10, 100, True),
        ("households", 11, 101, True),
        ("deputies", 10, 30, True),
        ("deputies", 9, 30, False),
    ],
)
def test_who_may_ask_for_a_recall(mode, signatures, everybody, enough):
    assert law.recall_asked(mode, signatures, everybody).met == enough


@pytest.mark.parametrize(
    ("mode", "everybody", "cast", "agree", "wanted"),
    [
        ("electors", 100, 50, 50, "no-quorum"),
        ("electors", 100, 51, 25, "failed"),
        ("electors", 100, 51, 26, "passed"),
        ("deputies", 30, 20, 20, "no-quorum"),
        ("deputies", 30, 21, 11, "passed"),
    ],
)
def test_recall(mode, everybody, cast, agree, wanted):
    assert law.recall(mode, everybody=everybody, cast=cast, agree=agree).outcome == wanted


@pytest.mark.parametrize(
    ("kind", "everybody", "present", "agree", "wanted"),
    [
        ("residents", 100, 50, 50, "no-quorum"),
        ("residents", 100, 51, 26, "passed"),
        ("residents", 100, 52, 26, "failed"),
        ("deputies", 30, 19, 19, "no-quorum"),
        ("deputies", 30, 20, 11, "passed"),
        ("deputies", 30, 20, 10, "failed"),
    ],
)
def test_meetings(kind, everybody, present, agree, wanted):
    assert law.meeting(kind, everybody=everybody, present=present, agree=agree).outcome == wanted


def test_numbers_that_cannot_be():
    with pytest.raises(ValueError, match="同意的票"):
        law.recall("electors", everybody=5, cast=3, agree=4)
    with pytest.raises(ValueError, match="到会"):
        law.meeting("residents", everybody=5, present=6, agree=4)
    with pytest.raises(ValueError, match="户数"):
        law.deputies_range(0)


def test_the_committee_as_a_whole():
    good = [Member(name, woman=name == "林姨") for name in FIVE]
    assert law.composition(good, 1_500) == []
    bad = [Member("甲", False, frozenset({"乙"})), Member("乙", False, frozenset({"甲"}))]
    assert len(law.composition(bad, 900)) == 4
    assert law.deputies_range(1_000) == (20, 50)
    assert law.deputies_range(15) == (1, 1)
