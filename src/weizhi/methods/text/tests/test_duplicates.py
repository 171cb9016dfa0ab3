"""Near-duplicates against pairs that were marked by reading (`methods/tests/data/README.md`); topics count people."""

import pytest

from weizhi.methods.tests import marked
from weizhi.methods.text import duplicates
from weizhi.methods.text.duplicates import Known, likely_from, opening, topics
from weizhi.methods.text.features import Message, weigh

BURST = [
    Message("1", "3栋水管爆了", "楼道全是水，请快来人", "lin"),
    Message("2", "三单元楼道水管爆裂", "3栋楼道全是水", "zhou"),
    Message("3", "3栋爆水管", "水从楼道流下来，水管爆了", "lin"),
    Message("4", "广场舞太吵", "晚上十点还在放音乐"),
    Message("5", "申请老年食堂", "希望社区开一个食堂"),
]


@pytest.fixture(scope="module")
def real(shared):
    return marked.messages(shared)


def test_the_pairs_are_ids_only_and_no_pair_stands_twice():
    found = marked.pairs()
    assert all(one.first.isdigit() and one.second.isdigit() for one in found)
    assert len({frozenset((one.first, one.second)) for one in found}) == len(found)


def test_enough_pairs_were_marked_and_no_topic_lies_in_both_halves():
    assert sum(one.same for one in marked.pairs(*marked.POOLED)) == 245
    halves = [
        {key for one in marked.pairs(part) if one.same for key in (one.first, one.second)} for part in ("open", "held")
    ]
    assert halves[0] and halves[1] and not halves[0] & halves[1]


@pytest.mark.parametrize("part", marked.POOLED)
def test_recall_among_the_ten_nearest(real, part):
    """Both directions of every pair marked as the same: nine of ten must be found."""
    known, by_key = Known(real), {one.key: one for one in real}
    asked = marked.asked(part)
    found = [other in {near.key for near in known.near(by_key[one])} for one, other in asked]
    assert sum(found) / len(found) >= 0.9


@pytest.mark.parametrize("length", [20, 60, 220])
def test_of_the_pairs_shown_half_are_the_same(real, length):
    """All pairs of 1,200 messages, cut as people write: what nobody marked counts as different."""
    words = [f"{one.title.strip()}。{one.text.strip()}"[:length] for one in real]
    openings = [opening(Message("", one.split("。")[0], one)) for one in words]
    rows = weigh(openings, at_least=1).matrix(openings)
    cosine, same = (rows @ rows.T).tocoo(), marked.same_by_topic()
    shown = [
        real[second].key in same[real[first].key]
        for first, second, value in zip(cosine.row, cosine.col, cosine.data, strict=True)
        if first < second and value >= likely_from(length)
    ]
    assert sum(shown) / len(shown) >= 0.5
    assert sum(shown) / (sum(map(len, same.values())) / 2) >= 0.55


def test_in_one_house_less_is_asked_and_of_short_words_more():
    assert likely_from(20) > likely_from(40) > likely_from(200) == likely_from(1000)
    assert all(likely_from(length, same_house=True) < likely_from(length) for length in (1, 20, 60, 200))


def test_topics_on_marked_pairs(real):
    """The pool holds the hardest pairs by design; so few of the different ones may fall together."""
    group = {key: number for number, topic in enumerate(topics(real)) for key in topic.keys}
    together = [
        (one.same, one.first in group and group[one.first] == group.get(one.second)) for one in marked.pairs("first")
    ]
    assert sum(same and one for same, one in together) >= 46
    assert sum(one and not same for same, one in together) <= 28


def test_nearest_first_without_itself():
    near = Known(BURST).near(BURST[0])
    assert [one.key for one in near][:2] in (["2", "3"], ["3", "2"])
    assert "1" not in [one.key for one in near]
    assert near[0].cosine >= near[1].cosine
    assert Known(BURST).near(BURST[0], most=1) == near[:1]
    assert Known(BURST).near(BURST[3], least=0.3) == ()


def test_a_new_message_and_one_of_unknown_letters():
    known = Known(BURST)
    assert known.near(Message("9", "3栋水管又爆了"))[0].key in {"1", "2", "3"}
    assert known.near(Message("9", "ĀĂ"), least=0.2) == ()


def test_the_first_message_of_a_community_is_near_nothing():
    assert Known([]).near(BURST[0]) == ()


def test_equal_ones_stay_in_order():
    same = [Message(str(number), "路灯不亮") for number in range(5)]
    assert [one.key for one in Known(same).near(same[0])] == ["1", "2", "3", "4"]


def test_hot_topics_count_people():
    (topic,) = topics(BURST)
    assert set(topic.keys) == {"1", "2", "3"}
    assert topic.people == 2
    assert topic.title == next(one.title for one in BURST if one.key == topic.keys[0])


def test_unknown_senders_are_each_somebody():
    (topic,) = topics([Message("1", "路灯不亮"), Message("2", "路灯不亮"), Message("3", "申请食堂")])
    assert topic.people == 2


def test_nothing_to_group():
    assert topics([]) == topics(BURST[:1]) == ()
    assert topics(BURST, at_least=4) == ()


def test_many_messages_by_components(monkeypatch):
    by_average = topics(BURST)
    monkeypatch.setattr(duplicates, "AVERAGE_UP_TO", 1)
    monkeypatch.setattr(duplicates, "BLOCK", 2)
    assert topics(BURST) == by_average
