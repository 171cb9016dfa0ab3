"""What a meeting resolves and its minutes, as the checker sees them."""

import pytest

from weizhi.charters.tests.test_checking import COUNCIL, checked, messages, step

MEET = ('body = "hall"', 'outcomes = { agreed = "fix", no = "done" }')
FIX = ("fix", "handle", 'by = ["committee"]', 'within = "field:do.until"', 'then = "done"')


def test_a_step_may_be_due_on_the_day_that_a_meeting_resolves():
    assert messages(checked(step("do", "meet", *MEET, 'tasks = ["agreed"]'), step(*FIX), COUNCIL)) == []


@pytest.mark.parametrize(
    ("line", "told"), [("", "请把 agreed 写进 tasks"), ('tasks = ["agreed", "later"]', "没有“later”这个结果")]
)
def test_a_task_without_a_day_would_stop_what_waits_for_it(line: str, told: str):
    assert told in " ".join(messages(checked(step("do", "meet", *MEET, line), step(*FIX), COUNCIL)))


HELD = ('body = "hall"', 'by = ["committee"]', 'clock = "19:00"', 'where = "二楼"', 'day = "say.ready"')
MINUTES = ("minutes", "minutes", 'within = "7 days"', 'then = "done"')


def minuted(*lines: str, then: str = "minutes") -> list[str]:
    sit = step("do", "sit", *HELD, f'outcomes = {{ held = "{then}", no-quorum = "done" }}')
    return messages(checked(sit, step(*MINUTES, *lines), COUNCIL))


def test_minutes_stand_after_their_meeting():
    assert minuted('of = "do"', 'by = ["committee", "property"]', 'signed_by = ["property"]') == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (('of = "never"', 'by = ["committee"]', 'signed_by = ["committee"]'), "没有叫“never”的会"),
        (('of = "do"', 'by = ["property"]', 'signed_by = ["property"]'), "开会的人（committee）要签记录"),
        (('of = "do"', 'by = ["committee"]', 'signed_by = ["property"]'), "“property”要签字，可是 by 里没有"),
    ],
)
def test_minutes_that_could_not_be_signed(lines: tuple[str, ...], told: str):
    assert told in " ".join(minuted(*lines))


SHARED = """[bodies.both]
title = "共建理事会"
seats = [{ body = "committee", count = 4 }, { body = "property", count = 2, group = "firm" }]
shares = [{ group = "firm", title = "企业", at_least = "%s" }]
"""


def shared(share: str, each: str) -> list[str]:
    lines = (*(line.replace("hall", "both") for line in HELD), f'quorum = {{ seats = "1/2", each = {each} }}')
    sit = step("do", "sit", *lines, 'outcomes = { held = "done", no-quorum = "done" }')
    return messages(checked(sit, SHARED % share))


def test_a_promised_share_of_the_seats_is_there():
    assert shared("1/3", '{ firm = "1/2" }') == []


@pytest.mark.parametrize(
    ("share", "each", "told"),
    [("1/2", '{ firm = "1/2" }', "只有 2 席，不到 1/2"), ("1/3", '{ bank = "1/2" }', "没有“bank”一类的席位")],
)
def test_a_share_that_is_not_there(share: str, each: str, told: str):
    assert told in " ".join(shared(share, each))
