"""What a charter may say of an online hall; each fault is named with what to do."""

import pytest

from weizhi.charters.loading import parse_text

CHARTER = """
[charter]
language = 1
name = "halls"
title = "议事厅"
extends = ["base"]
[kinds.topic]
title = "议题"
procedure = "topic"
visible = "community"
[procedures.topic.steps.say]
kind = "raise"
by = ["resident"]
fields = [{{ key = "words", type = "text" }}]
then = "talk"
[procedures.topic.steps.talk]
kind = "discuss"
{words}
[procedures.topic.ends]
good = {{ counts = "solved" }}
bad = {{ counts = "refused" }}
"""
RIGHT = 'by = ["committee"]\nwho = ["resident"]\nopen_for = "7 days"\nthen = "good"'
CHOSEN = 'by = ["committee"]\nwho = ["resident"]\nopen_for = "7 days"'


def faults(words: str) -> list[str]:
    text = CHARTER if '"bad"' in words else CHARTER.partition("bad = ")[0]
    return [str(finding) for finding in parse_text(text.format(words=words), "halls.toml").findings]


@pytest.mark.parametrize(
    "words",
    [
        RIGHT + '\nmoderated_by = ["property"]\nquestion = "怎么用？"',
        RIGHT
        + '\nstatements = { by = ["committee"], length = 60, each = 3, shown = "at-once", seed = ["先给老人。"] }',
        CHOSEN + '\nat_least = 5\noutcomes = { build = "good", drop = "bad", too-few = "bad" }',
    ],
)
def test_a_hall_that_is_right(words: str):
    if "outcomes" in words:
        words += '\noutcome_titles = { build = "办", drop = "不办", too-few = "太少" }'
    assert faults(words) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (RIGHT.replace('who = ["resident"]\n', ""), "who"),
        (RIGHT.replace('who = ["resident"]', "who = []"), "who"),
        (RIGHT.replace('who = ["resident"]', 'who = ["residnet"]'), "resident"),
        (RIGHT + '\nmoderated_by = ["commitee"]', "committee"),
        (RIGHT + '\nstatements = { by = ["propertty"] }', "property"),
        (RIGHT.replace('by = ["committee"]\n', ""), "by"),
        (RIGHT + "\nstatements = { length = 141 }", "length"),
        (RIGHT + "\nstatements = { length = 9 }", "length"),
        (RIGHT + "\nstatements = { each = 0 }", "each"),
        (RIGHT + "\nstatements = { each = 51 }", "each"),
        (RIGHT + '\nstatements = { shown = "sometimes" }', "shown"),
        (RIGHT + '\nstatements = { seed = ["好"] }', "seed"),
        (RIGHT + '\nstatements = { seed = ["先给老人。", "先给老人。"] }', "seed 里有两条一样的意见"),
        (RIGHT + '\nstatements = { length = 10, seed = ["架空层要先给老人和孩子们用。"] }', "超过了 length = 10"),
        (RIGHT + "\nstatements = { colour = 3 }", "colour"),
        (RIGHT + "\nat_least = 0", "at_least"),
        (RIGHT + f'\nquestion = "{"长" * 121}"', "question"),
        (RIGHT + '\nwhen_due = "bad"', "请删去 when_due"),
        (CHOSEN + '\nat_least = 5\noutcomes = { too-few = "bad" }', "人够了以后没有出路"),
        (CHOSEN + '\noutcomes = { build = "good", too-few = "bad" }', "请写 at_least"),
    ],
)
def test_a_hall_that_cannot_be_held_is_refused_with_what_to_do(words: str, says: str):
    found = faults(words)
    assert any(says in finding for finding in found), found


def test_a_hall_needs_its_time():
    """Time ends it: a charter that takes none and inherits none would keep it open for ever."""
    alone = CHARTER.replace('extends = ["base"]\n', "")
    words = RIGHT.replace('open_for = "7 days"\n', "")
    found = [str(one) for one in parse_text(alone.format(words=words), "halls.toml").findings]
    assert any("open_for" in one for one in found), found
