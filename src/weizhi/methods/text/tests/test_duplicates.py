"""Near-duplicates against pairs marked by reading before the method was written; topics count people."""

import csv
import json
from pathlib import Path

import pytest

from weizhi.methods.text import duplicates
from weizhi.methods.text.duplicates import Known, topics
from weizhi.methods.text.features import Message

PAIRS = Path(__file__).parents[2] / "tests/data/duplicate_pairs.csv"
BURST = [
    Message("1", "3栋水管爆了", "楼道全是水，请快来人", "lin"),
    Message("2", "三单元楼道水管爆裂", "3栋楼道全是水", "zhou"),
    Message("3", "3栋爆水管", "水从楼道流下来，水管爆了", "lin"),
    Message("4", "广场舞太吵", "晚上十点还在放音乐"),
    Message("5", "申请老年食堂", "希望社区开一个食堂"),
]


@pytest.fixture(scope="module")
def real(shared):
    lines = (shared / "data/messages/messages.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Message(str(row["id"]), row["title"], row["text"], row["from"]) for row in rows]


@pytest.fixture(scope="module")
def marked():
    with PAIRS.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["part"] == "first"]
    return [(row["first"], row["second"], row["same"] == "1") for row in rows]


def test_the_pairs_are_ids_only(marked):
    assert len(marked) == 240 and sum(same for _, _, same in marked) == 51
    assert all(first.isdigit() and second.isdigit() for first, second, _ in marked)


def test_recall_among_the_ten_nearest(real, marked):
    """Both directions of every pair marked as the same: 102 questions, at most ten wrong."""
    known, by_key = Known(real), {one.key: one for one in real}
    asked = [pair for first, second, same in marked if same for pair in ((first, second), (second, first))]
    found = [other in {near.key for near in known.near(by_key[one])} for one, other in asked]
    assert sum(found) / len(found) >= 0.9


def test_topics_on_marked_pairs(real, marked):
    """The pool holds the hardest pairs by design; so few of the different ones may fall together."""
    group = {key: number for number, topic in enumerate(topics(real)) for key in topic.keys}
    together = [(same, first in group and group[first] == group.get(second)) for first, second, same in marked]
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
