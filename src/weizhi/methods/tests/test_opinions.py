"""Opinion maps: Polis' formulas, by hand where they are short; groups only where there are some; always the same."""

import numpy as np
import pytest

from weizhi.methods.opinions import OpinionsError, Votes, draw, read
from weizhi.methods.opinions.grouping import best_grouping, silhouettes
from weizhi.methods.opinions.mapping import standing
from weizhi.methods.opinions.projecting import plane
from weizhi.methods.opinions.speaking import next_statement, one_proportion, priorities, spokesmen, two_proportions


def camps(each: int = 30, statements: int = 12, removed: tuple[str, ...] = ()) -> Votes:
    """Two camps that agree on statement 0 and on nothing else; everybody left one statement out."""
    given = []
    for person in range(2 * each):
        for statement in range(statements):
            if (person + statement) % statements == 3:
                continue
            side = 1 if person % 2 else -1
            odd = -1 if (person * 7 + statement * 5) % 11 == 0 else 1
            vote = 1 if statement == 0 else side * odd * (1 if statement % 2 else -1)
            given.append((f"p{person}", str(statement), vote))
    return Votes.of(given, removed=removed)


def crowd(people: int = 150, statements: int = 90) -> Votes:
    """More than are decomposed whole: three leanings, a third of the statements seen."""
    chance = np.random.default_rng(4)
    leaning = np.clip(np.rint(chance.normal(0, 1.2, (3, statements))), -1, 1).astype(int)
    seen = chance.random((people, statements)) < 0.33
    return Votes.of(
        (f"p{n}", f"s{s}", int(leaning[n % 3, s]) if (n + s) % 9 else -1) for n, s in np.argwhere(seen).tolist()
    )


def test_two_camps_are_two_groups_and_what_unites_them_comes_first():
    drawn = draw(camps())
    assert drawn.k == 2 and drawn.sizes == [30, 30] and drawn.why == ""
    assert drawn.uniting(1) == ["0"]
    sides = {drawn.label[n] for n in range(0, 60, 2)}, {drawn.label[n] for n in range(1, 60, 2)}
    assert all(len(side) == 1 for side in sides)
    told = drawn.spokesmen()
    assert [len(group) for group in told] == [5, 5]
    assert all(group[0].side == 1 and group[0].significant for group in told)
    assert all(one.z_share > 1.2816 and one.z_ratio > 1.2816 for group in told for one in group)


def test_places_are_the_formula_of_the_paper():
    votes = camps(each=4, statements=6)
    components, means, places = plane(votes)
    n, m = votes.shape
    table = np.full((n, m), np.nan)
    table[votes.rows, votes.columns] = votes.values
    assert means == pytest.approx(np.nanmean(table, axis=0))
    filled = np.where(np.isnan(table), 0.0, table - means)
    expected = np.linalg.svd(filled, full_matrices=False)[2][:2]
    assert np.abs((components * expected).sum(axis=1)) == pytest.approx([1, 1])
    scale = np.sqrt(m / (~np.isnan(table)).sum(axis=1))
    assert places == pytest.approx(scale[:, None] * (filled @ components.T))


def test_the_two_tests_are_the_papers():
    assert one_proportion(np.array([9]), np.array([9]))[0] == pytest.approx(2 * 10**0.5 * 0.5)
    z = two_proportions(np.array([9]), np.array([1]), np.array([9]), np.array([9]))[0]
    assert z == pytest.approx((1.0 - 0.2) / (0.6 * 0.4 * 0.2) ** 0.5)
    assert two_proportions(np.array([9]), np.array([4]), np.array([9]), np.array([4]))[0] == 0


def test_priorities_are_the_formula_and_the_lot_decides():
    votes = Votes.of(
        [("a", "x", 1), ("b", "x", 0), ("a", "y", -1)], statements=["x", "y", "z", "gone"], removed=["gone"]
    )
    components, means, _ = plane(votes)
    value = priorities(votes, np.zeros(2, dtype=np.int64), components, means)
    reach = np.sqrt(4) * abs(1 - means[0]) * np.hypot(*components[:, 0])
    assert value[0] == pytest.approx((2 / 4 * (1 - 2 / 4) * (1 + reach) * (1 + 8 * 2 ** (-2 / 5))) ** 2)
    assert value[3] == 0 and value[2] == pytest.approx((0.5 * 0.5 * 9 * 1) ** 2, rel=0.5)
    none = np.zeros(4, dtype=np.bool_)
    assert next_statement(value, none, 0.0) == 0 and next_statement(value, none, 0.999999) == 2
    assert next_statement(value, ~none, 0.5) is None
    drawn = draw(votes)
    assert drawn.ask_next("a", 0.3) == "z" and drawn.ask_next("nobody", 0.0) == "x"
    assert draw(Votes.of([("a", "x", 1)])).ask_next("a", 0.5) is None


def test_groups_are_not_shown_where_there_are_too_few_to_tell():
    few = draw(camps(each=10))
    assert few.k == 0 and few.sizes == [] and few.spokesmen() == [] and "20 人" in few.why
    assert few.uniting(1) == ["0"]
    assert draw(camps(each=10), least_people=20).k == 2
    alike = draw(Votes.of((f"p{n}", str(s), 1) for n in range(60) for s in range(8)))
    assert alike.k == 0 and "几乎一样" in alike.why and alike.uniting() == ["0", "1", "2", "3", "4"]
    chance = np.random.default_rng(3)
    smear = draw(Votes.of((f"p{n}", str(s), int(chance.integers(-1, 2))) for n in range(80) for s in range(400)))
    assert (smear.k == 0) == (smear.grouping.silhouette < 0.2)


def test_a_weak_silhouette_is_told(monkeypatch):
    monkeypatch.setattr("weizhi.methods.opinions.mapping.LEAST_SILHOUETTE", 0.999)
    assert "轮廓系数" in draw(camps()).why


def test_who_stands_on_the_map():
    votes = Votes.of([(f"p{n}", str(s), 1) for n in range(20) for s in range(10) if s < n])
    assert standing(votes).tolist() == list(range(4, 19))  # p7 … p19 have seven; p6 and p5 fill up to fifteen
    assert standing(Votes.of([("a", "x", 1)], participants=["a", "silent"])).tolist() == [0]


def test_a_moderated_statement_counts_as_seen_and_unites_nobody():
    plain, moderated = draw(camps()), draw(camps(removed=("0",)))
    assert "0" in plain.uniting() and "0" not in moderated.uniting(99)
    assert (moderated.components[:, 0] == 0).all()


def test_a_group_of_whom_nothing_is_telling_still_speaks():
    votes = Votes.of([(f"p{n}", "x", 1 if n % 2 else -1) for n in range(8)])
    told = spokesmen(votes, np.array([0, 0, 0, 0, 1, 1, 1, 1]), 2)
    assert [len(group) for group in told] == [1, 1] and not told[0][0].significant


def test_one_more_vote_gives_the_map_of_all_votes():
    votes = camps(each=60)
    drawn = draw(votes)
    after = drawn.with_vote("p0", "3", 1).with_vote("newcomer", "1", 0)
    whole = draw(after.votes)
    assert after.sizes == whole.sizes and after.uniting() == whole.uniting()
    assert after.components == pytest.approx(whole.components, abs=1e-5)
    assert (after.consensus_value == whole.consensus_value).all()
    assert after.drawn_with == drawn.drawn_with
    again = after.with_vote("newcomer", "a new statement", 1)
    assert again.drawn_with == len(again.votes.rows)
    for n in range(20):
        again = again.with_vote(f"later{n}", "2", 1)
    assert again.drawn_with > len(after.votes.rows)


def test_large_conversations_lie_on_the_same_plane_and_one_more_vote_turns_it_as_all_would():
    """The plane of many people is found step by step: first from nothing, then from the plane before."""
    votes = crowd()
    drawn = draw(votes)
    table = np.zeros(votes.shape)
    table[votes.rows, votes.columns] = votes.values - drawn.means[votes.columns]
    whole = np.linalg.svd(table, full_matrices=False)[2][:2]
    assert np.abs((drawn.components * whole).sum(axis=1)) == pytest.approx([1, 1], abs=1e-9)
    assert drawn.k == 3 and sorted(drawn.sizes) == [50, 50, 50]
    after = drawn
    for n in range(10):
        after = after.with_vote(f"p{n}", f"s{n + 40}", 1 - n % 3)
    again = draw(after.votes)
    assert after.drawn_with == drawn.drawn_with  # else it was drawn anew, and this test would prove nothing
    assert np.abs(after.components - drawn.components).max() > 1e-4
    assert after.components == pytest.approx(again.components, abs=1e-5)
    assert after.places == pytest.approx(again.places, abs=1e-4) and after.label.tolist() == again.label.tolist()


def test_a_conversation_before_anybody_voted():
    drawn = draw(Votes.of([], statements=["x"], participants=["a"]))
    assert drawn.k == 0 and "0 人" in drawn.why and drawn.ask_next("a", 0.5) == "x"
    empty = draw(Votes.of([]))
    assert empty.uniting() == [] and empty.sizes == [] and empty.ask_next("a", 0.5) is None


def test_a_changed_vote_replaces_the_first():
    votes = Votes.of([("a", "x", 1), ("a", "x", -1)])
    assert votes.values.tolist() == [-1]
    assert votes.with_vote("a", "x", 0).values.tolist() == [0]
    with pytest.raises(OpinionsError, match="表态只能是"):
        votes.with_vote("a", "x", 2)
    with pytest.raises(OpinionsError, match="表态只能是"):
        Votes.of([("a", "x", 7)])


def test_silhouettes_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(1)
    places = chance.normal(size=(700, 2)) + np.repeat([[0, 0], [4, 1]], 350, axis=0)
    labels = [chance.integers(0, 3, 700), np.repeat([0, 1], 350), np.array([0] + [1] * 699)]
    assert silhouettes(places, labels) == pytest.approx([metrics.silhouette_score(places, one) for one in labels])


def test_k_means_is_as_good_as_scikit_learns_and_blind_to_order():
    cluster = pytest.importorskip("sklearn.cluster")
    chance = np.random.default_rng(1)
    places = chance.normal(size=(300, 2)) + chance.integers(0, 3, 300)[:, None] * np.array([5.0, -3.0])
    found = best_grouping(places, seed=0)
    assert found.k == 3
    assert found.inertia <= cluster.KMeans(3, n_init=10, random_state=0).fit(places).inertia_ * (1 + 1e-9)
    mixed = chance.permutation(300)
    other = best_grouping(places[mixed], seed=0)
    assert (other.label == found.label[mixed]).all()
    assert best_grouping(np.zeros((5, 2)), seed=0) is None


# --- files ---------------------------------------------------------------------------------------------


TABLE = "participant,group-id,n-votes,7,9,11\n5,0,2,1,,-1\n6,,1,,0,\n"


def test_both_exports_of_polis_are_read_and_the_later_vote_counts(tmp_path):
    (tmp_path / "participants-votes.csv").write_bytes(b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode())
    (tmp_path / "comments.csv").write_text("comment-id,moderated\n9,-1\n11,1\n", encoding="utf-8")
    table = read(tmp_path / "participants-votes.csv")
    (tmp_path / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n9,x,11,5,-1\n2,x,11,5,1\n3,x,7,5,1\n4,x,9,6,0\n", encoding="utf-8"
    )
    listed = read(tmp_path / "votes.csv")
    for votes in (table, listed):
        assert votes.participants == ("5", "6") and votes.statements == ("7", "9", "11")
        assert votes.rows.tolist() == [0, 0, 1] and votes.columns.tolist() == [0, 2, 1]
        assert votes.values.tolist() == [1, -1, 0] and votes.removed.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "缺少列"),
        ("participant,group-id\n1,2\n", "没有一列"),
        ("participant,7,name\n1,1,2\n", "后面"),
        ("participant,7,8\n1,1\n", "第 2 行：有 2 列"),
        ("participant,7,8\n1,1,0\n2,5,0\n", "第 3 行"),
        ("participant,7,8\n1,1,-2\n", "第 2 行"),
        ("timestamp,comment-id,voter-id,vote\n1,2,3,1\n1,2,3,yes\n", "第 3 行"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path, text, words):
    file = tmp_path / "votes.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OpinionsError, match=words):
        read(file)


def test_bowling_green_is_as_published(shared):
    file = shared / "data" / "opinions" / "american-assembly.bowling-green" / "participants-votes.csv"
    if not file.is_file():
        pytest.skip("The folder of shared data has no opinions.")
    drawn = draw(read(file))
    assert drawn.k == 2 and drawn.sizes == [551, 1028]
    assert drawn.uniting() == ["83", "200", "201", "82", "247"]
    assert drawn.grouping.silhouette == pytest.approx(0.39823, abs=1e-5)
    assert drawn.grouping.inertia == pytest.approx(16502.1, abs=0.1)
