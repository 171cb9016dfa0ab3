from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.periods import ZONE
from weizhi.charters.spoken_time import CHINESE, ENGLISH, say_due, say_when
from weizhi.charters.workdays import state_calendar

NOW = datetime(2026, 3, 6, 10, 15, tzinfo=ZONE)  # a Friday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "words", "state"),
    [
        ("2026-03-06T15:00", "今天 15:00", "soon"),
        ("2026-03-06T10:35", "还有 20 分钟", "soon"),
        ("2026-03-06T23:59:59.999999", "今天之内", "soon"),
        ("2026-03-07T09:00", "明天 09:00", "soon"),
        ("2026-03-07T23:59:59.999999", "明天之内", "soon"),
        ("2026-03-08T23:59:59.999999", "最晚 3月8日", "soon"),
        ("2026-03-09T23:59:59.999999", "还有 1 个工作日", "soon"),
        ("2026-03-10T18:00", "还有 2 个工作日", "ok"),
        ("2026-04-20T18:00", "最晚 4月20日", "ok"),
        ("2027-04-20T18:00", "最晚 2027年4月20日", "ok"),
        ("2026-03-06T10:14:59", "晚了 1 分钟", "late"),
        ("2026-03-06T07:00", "晚了 3 小时", "late"),
        ("2026-03-05T18:00", "晚了 1 天", "late"),
        ("2026-03-03T23:59:59.999999", "晚了 3 天", "late"),
    ],
)
def test_due_in_words(due: str, words: str, state: str) -> None:
    said = say_due(at(due), NOW, state_calendar())
    assert (said.words, said.state) == (words, state)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-06T10:14:30", "刚刚"),
        ("2026-03-06T10:15:20", "刚刚"),  # a device whose clock is a little ahead
        ("2026-03-06T10:10", "5 分钟前"),
        ("2026-03-06T09:12", "今天 09:12"),
        ("2026-03-05T18:30", "昨天 18:30"),
        ("2026-03-02T10:15", "3月2日 10:15"),
        ("2025-03-06T10:15", "2025年3月6日 10:15"),
    ],
)
def test_past_in_words(when: str, words: str) -> None:
    assert say_when(at(when), NOW) == words


@given(st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_state_turns_late_exactly_after_the_instant(offset: timedelta) -> None:
    said = say_due(NOW + offset, NOW, state_calendar())
    assert (said.state == "late") == (offset < timedelta(0)) == said.words.startswith("晚了")


def test_english_says_one_and_many():
    assert {key.removesuffix(" 1") for key in ENGLISH} == set(CHINESE)
    calendar = state_calendar()
    now = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

    def due(days: int, hours: int = 0) -> str:
        return say_due(now + timedelta(days=days, hours=hours), now, calendar, ENGLISH).words

    assert [due(0, 3), due(2), due(30), due(-1), due(-2)] == [
        "today 12:00", "2 working days left", "by December 23", "1 day late", "2 days late",
    ]  # fmt: skip
    assert say_when(now - timedelta(minutes=5), now, ENGLISH) == "5 min ago"
    assert say_when(now - timedelta(days=400), now, ENGLISH) == "October 19, 2025 09:00"
