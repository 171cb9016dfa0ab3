import random
from fractions import Fraction
from statistics import fmean

import pytest

from weizhi.methods import sampling
from weizhi.methods.sampling import Stratum


def test_ten_thousand_sums_are_split_exactly_by_the_rule():
    for seed in range(10_000):
        dice = random.Random(seed)
        count = dice.randint(1, 12)
        weights = [dice.choice([0, 1, 1, 2, 3, Fraction(1, 3), dice.randint(1, 10**6)]) for _ in range(count)]
        if not any(weights):
            weights[0] = 1
        total = dice.choice([0, 1, 7, 100, dice.randint(-(10**9), 10**9)])
        order = dice.sample(range(count), count)
        rule = dice.choice(["largest-fraction", "first-in-order", "last-in-order"])
        parts = sampling.split(total, weights, rule=rule, order=order)
        assert sum(parts) == total
        whole = sum(map(Fraction, weights))
        rest = []
        for number in order:
            exact = abs(total) * Fraction(weights[number]) / whole
            cut = exact.__floor__()
            got = abs(parts[number])
            assert got in (cut, cut + 1) and (weights[number] or not got)
            rest.append((exact - cut, got - cut, bool(weights[number])))
        extra = sum(one[1] for one in rest)
        able = [one for one in rest if one[2]]
        if rule == "largest-fraction":
            able = sorted(able, key=lambda one: -one[0])  # stable: equal fractions stay in the stated order
        elif rule == "last-in-order":
            able.reverse()
        assert [one[1] for one in able] == [1] * extra + [0] * (len(able) - extra)


def test_a_bill_of_three_households():
    assert sampling.split(10_000, [1, 1, 1]) == [3_334, 3_333, 3_333]
    assert sampling.split(10_000, [1, 1, 1], order=[2, 0, 1]) == [3_333, 3_333, 3_334]
    assert sampling.split(-100, [1, 2]) == [-33, -67]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (((5, [0, 0])), "全是零"),
        (((5, [1, -1])), "负数"),
        (((5, [])), "全是零"),
    ],
)
def test_sums_that_cannot_be_split(arguments, word):
    with pytest.raises(ValueError, match=word):
        sampling.split(*arguments)


def test_rules_and_orders_must_be_known():
    with pytest.raises(ValueError, match="尾差规则"):
        sampling.split(5, [1], rule="dice")
    with pytest.raises(ValueError, match="正好列一次"):
        sampling.split(5, [1, 1], order=[0, 0])


# --- samples -------------------------------------------------------------------------------------------


def test_a_sample_is_stratified_and_repeats():
    people = {f"户{n}": [f"网格{n % 3}"] for n in range(90)} | {f"新户{n}": ["网格9"] for n in range(3)}
    one = sampling.households(people, 20, "2026-03-01 双色球 07")
    assert one == sampling.households(dict(reversed(people.items())), 20, "2026-03-01 双色球 07")
    assert {share.group: share.seats for share in one.strata} == {"网格0": 6, "网格1": 6, "网格2": 6, "网格9": 2}
    assert one.drawn != sampling.households(people, 20, "another").drawn
    assert sampling.households({}, 0, "s").drawn == ()


def test_everybody_has_the_same_chance():
    people = {f"p{n}": [] for n in range(20)}
    often = dict.fromkeys(people, 0)
    for seed in range(4_000):
        for name in sampling.households(people, 5, str(seed)).drawn:
            often[name] += 1
    assert all(880 < count < 1_120 for count in often.values())  # 1,000 ± 4.4 σ


def cut(dice, strata, asked):
    return [Stratum(len(one), dice.sample(one, count)) for one, count in zip(strata, asked, strict=True)]


def coverage(estimate, strata, asked, truth, runs=5_000):
    dice = random.Random(2026)
    hits = 0
    for _ in range(runs):
        found = estimate(cut(dice, strata, asked))
        hits += found.low <= truth <= found.high
    return hits / runs


def test_share_covers_the_truth():
    dice = random.Random(1)
    strata = [[int(dice.random() < p) for _ in range(size)] for size, p in ((900, 0.7), (600, 0.45), (500, 0.6))]
    truth = fmean(value for one in strata for value in one)
    assert 0.94 <= coverage(sampling.share, strata, [90, 60, 50], truth) <= 0.96


def test_mean_covers_the_truth():
    dice = random.Random(2)
    strata = [[dice.gauss(middle, 1.2) for _ in range(size)] for size, middle in ((900, 3.1), (600, 3.9), (500, 4.2))]
    truth = fmean(value for one in strata for value in one)
    assert 0.94 <= coverage(sampling.mean, strata, [45, 30, 25], truth) <= 0.96


def test_wilson_covers_the_truth():
    """Over populations of all kinds: for one truth alone the coverage of any interval for a count jumps about."""
    dice = random.Random(3)
    hits = 0
    for _ in range(5_000):
        size, asked, chance = dice.randint(1_000, 3_000), dice.randint(100, 300), dice.uniform(0.1, 0.9)
        people = [int(dice.random() < chance) for _ in range(size)]
        found = sampling.wilson(sum(dice.sample(people, asked)), asked, population=size)
        hits += found.low <= fmean(people) <= found.high
    assert 0.94 <= hits / 5_000 <= 0.96


def test_wilson_by_hand():
    found = sampling.wilson(8, 10)
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)
    narrow = sampling.wilson(8, 10, population=12)
    assert found.low < narrow.low < narrow.value == 0.8 < narrow.high < found.high
    everybody = sampling.wilson(8, 10, population=10)
    assert everybody.low == everybody.high == 0.8
    assert "从 12 户中" in narrow.sentence and "问了 10 户，估计" in found.sentence
    for arguments in ((3, 2), (0, 0), (-1, 2)):
        with pytest.raises(ValueError):
            sampling.wilson(*arguments)


def test_asking_everybody_leaves_no_doubt():
    strata = [Stratum(3, [1, 0, 1]), Stratum(2, [1, 1])]
    assert sampling.share(strata).low == sampling.share(strata).high == 0.8
    assert sampling.mean(strata).low == sampling.mean(strata).high == pytest.approx(0.8)


def test_few_answers():
    agreed = sampling.share([Stratum(50, [1, 1, 1, 1])])
    assert agreed.value == 1 and 0.4 < agreed.low < 0.6 and agreed.high == 1
    borrowed = sampling.mean([Stratum(10, [3.0]), Stratum(10, [2.0, 4.0])])
    assert borrowed.low < 3 < borrowed.high
    for call, word in (
        (lambda: sampling.mean([Stratum(5, [1.0])]), "至少在一层问两户"),
        (lambda: sampling.mean([]), "至少要有一层"),
        (lambda: sampling.share([Stratum(5, [1, 2])]), "0 和 1"),
        (lambda: Stratum(1, [1, 1]), "最多问全部"),
    ):
        with pytest.raises(ValueError, match=word):
            call()


# --- ratings -------------------------------------------------------------------------------------------


def test_few_ratings_neither_lift_nor_condemn():
    found = sampling.ranking(
        {
            "一个五星": [0, 0, 0, 0, 1],
            "四十个好评": [0, 0, 0, 8, 32],
            "一个一星": [1, 0, 0, 0, 0],
            "四十个差评": [30, 10, 0, 0, 0],
            "没人评": [0] * 5,
        }
    )
    assert [one.id for one in found] == ["四十个好评", "一个五星", "一个一星", "四十个差评", "没人评"]
    assert [one.place for one in found] == [1, 2, 3, 4, 5]
    assert found[-1].mean is None and found[0].mean == 4.8


def test_equal_ratings_share_a_place():
    found = sampling.ranking({"甲": [0, 3], "乙": [0, 3], "丙": [3, 0]})
    assert [(one.id, one.place) for one in found] == [("甲", 1), ("乙", 1), ("丙", 3)]
    with pytest.raises(ValueError, match="档数"):
        sampling.ranking({"甲": [1], "乙": [1, 2]})
