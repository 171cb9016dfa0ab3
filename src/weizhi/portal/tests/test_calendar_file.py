"""The community's calendar as programs read it: strictly by RFC 5545, one name a date, open to all, and telling nothing
that only parties may know."""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from weizhi.charters.workdays import state_calendar
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_calendar import TEXT
from weizhi.portal.charter.ics import Event, calendar_text, escaped, folded
from weizhi.portal.tests.conftest import Enter

LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
MARCH = datetime(2026, 3, 2, 2, tzinfo=UTC)
CARE = """
[calendar.visit]
opens = "visit"
rrule = "FREQ=WEEKLY;BYDAY=MO"
[kinds.visit]
title = "上门看望独居老人"
procedure = "visit"
visible = "care-team"
opened_by = "calendar"
[procedures.visit.steps.go]
kind = "handle"
by = ["grid-officer"]
within = "1 day"
outcomes = { done = "done" }
[procedures.visit.ends]
done = { counts = "solved" }
"""


class Line(NamedTuple):
    name: str
    parameters: str
    value: str


def read(text: bytes) -> list[dict[str, Line]]:
    """A strict reader (RFC 5545, 3.1 and 3.6): the calendar's own properties, then those of each event."""
    raw = text.decode("utf-8")
    assert raw.endswith("\r\n") and "\n" not in raw.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    lines = []
    for told in raw.replace("\r\n ", "")[:-2].split("\r\n"):
        match = LINE.fullmatch(told)
        assert match, told
        lines.append(Line(match[1], match[2], match[3]))
    assert (lines[0].value, lines[-1]) == ("VCALENDAR", Line("END", "", "VCALENDAR"))
    found: list[dict[str, Line]] = [{}]
    inside = False
    for line in lines[1:-1]:
        if line.name in ("BEGIN", "END"):
            assert line.value == "VEVENT" and inside == (line.name == "END")
            inside = line.name == "BEGIN"
            found += [{}] if inside else []
        else:
            here = found[-1] if inside else found[0]
            assert line.name not in here and (inside or len(found) == 1), "properties come before events, each once"
            here[line.name] = line
    for event in found[1:]:
        assert {"UID", "DTSTAMP", "DTSTART"} <= event.keys()
    assert found[0]["VERSION"].value == "2.0" and "PRODID" in found[0]
    return found


def fetch(slug: str = "xfl", status: int = 200) -> bytes:
    answer = Client().get(reverse("portal:calendar", args=[slug]))
    assert answer.status_code == status
    assert status != 200 or answer["Content-Type"] == "text/calendar; charset=utf-8"
    return bytes(answer.content)


@pytest.fixture
def dated(stage: Stage) -> Stage:
    stage.adopt(TEXT)
    return stage


@time_machine.travel(MARCH)
def test_anybody_reads_it_unsigned_in_two_queries(dated: Stage, query_budget):
    with query_budget(2):
        head, *events = read(fetch())
    assert head["X-WR-CALNAME"].value == "幸福里的日子"
    meetings = [event for event in events if event["UID"].value.startswith("joint-meeting-")]
    assert meetings[3]["UID"].value == "joint-meeting-20260305@xfl.weizhi"
    assert meetings[3]["DTSTART"] == Line("DTSTART", "", "20260305T110000Z"), "19:00 in Shanghai"
    assert meetings[3]["SUMMARY"].value == "四方平台例会"
    assert meetings[3]["DESCRIPTION"].value == "居委会\\n提前 14 天自动开“例会”"
    assert meetings[3]["STATUS"].value == "CONFIRMED"
    names = [event["UID"].value for event in events]
    assert len(names) == len(set(names))


@time_machine.travel(MARCH)
def test_a_day_without_an_hour_fills_the_day_and_one_not_announced_is_tentative(dated: Stage):
    _, *events = read(fetch())
    rating = next(event for event in events if event["UID"].value.startswith("rating-"))
    assert rating["DTSTART"] == Line("DTSTART", ";VALUE=DATE", "20261008")
    assert rating["UID"].value == "rating-20261003@xfl.weizhi", "named by the day of the rule, wherever it moves"
    after = state_calendar().certain_to.year + 1
    with time_machine.travel(datetime(after, 3, 2, tzinfo=UTC)):
        _, *later = read(fetch())
    rating = next(event for event in later if event["UID"].value == f"rating-{after}1003@xfl.weizhi")
    assert rating["STATUS"].value == "TENTATIVE" and "暂定" in rating["DESCRIPTION"].value


@time_machine.travel(MARCH)
def test_it_says_the_same_until_the_charter_changes_and_another_address_says_nothing(dated: Stage):
    first = fetch()
    assert fetch() == first
    dated.adopt(TEXT.replace("四方平台例会", "四方会议"))
    second = read(fetch())
    assert {event["UID"].value for event in second[1:]} == {event["UID"].value for event in read(first)[1:]}
    fetch("nowhere", status=404)


@time_machine.travel(MARCH)
def test_what_only_parties_may_know_is_not_in_it(dated: Stage):
    dated.adopt(TEXT + CARE)
    assert "独居".encode() not in fetch() and b"visit" not in fetch()


@time_machine.travel(MARCH)
def test_the_charter_s_page_tells_what_opens_by_itself_and_links_it(dated: Stage, enter: Enter):
    page = enter("lin").get(reverse("portal:charter")).content.decode()
    assert reverse("portal:calendar", args=["xfl"]) in page
    assert "提前 14 天自动开“例会”" in page and "3月5日" in page


def test_lines_are_folded_between_characters_and_texts_are_escaped():
    parts = list(folded("SUMMARY:" + "会" * 60))
    assert all(len(part.encode()) <= 75 for part in parts) and len(parts) == 3
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == "SUMMARY:" + "会" * 60
    assert escaped("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"
    event = Event("x@y", "议事；老人, 孩子", "一\nBEGIN:VEVENT", date(2026, 3, 5), True)
    text = calendar_text("名", "Asia/Shanghai", MARCH, "https://example.org/c.ics", [event])
    _, only = read(text.encode())
    assert (only["SUMMARY"].value, only["DESCRIPTION"].value) == ("议事；老人\\, 孩子", "一\\nBEGIN:VEVENT")
