"""The checker's finer judgements: what it lets pass, and how a wrong part does not hide the rest."""

import pytest

from weizhi.charters.graph import StepGraph
from weizhi.charters.loading import Checked, parse_text
from weizhi.charters.standing import STANDING
from weizhi.charters.steps import Step

HEAD = """[charter]
language = 1
name = "x"
title = "x"
extends = ["base"]
[kinds.topic]
title = "议题"
procedure = "p"
visible = "community"
[procedures.p.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "big", type = "yes-no" }, { key = "ready", type = "date" }]
then = "do"
"""
ENDS = '[procedures.p.ends]\ndone = { counts = "solved" }\n'


def step(key: str, kind: str, *lines: str) -> str:
    return "\n".join([f"[procedures.p.steps.{key}]", f'kind = "{kind}"', *lines, ""])


def checked(*parts: str) -> Checked:
    return parse_text(HEAD + "".join(parts) + ENDS, "x.toml")


def messages(found: Checked) -> list[str]:
    return [finding.message for finding in found.findings]


HANDLE = ('by = ["committee"]', 'within = "2 days"')


def test_a_circle_with_a_person_in_it_is_no_fault():
    assert messages(checked(step("do", "handle", *HANDLE, 'outcomes = { again = "do", done = "done" }'))) == []


def test_a_circle_of_clock_and_rule_is_bounded_by_rounds():
    rounds = '{ when = [{ gate = "rounds", of = "do", at_least = 3 }], to = "done" }'
    do = step("do", "handle", *HANDLE, 'when_due = "again"', 'then = "done"')
    assert messages(checked(do, step("again", "route", f'routes = [{rounds}, {{ to = "do" }}]'))) == []
    (message,) = messages(checked(do, step("again", "route", 'routes = [{ to = "do" }]')))
    assert "自己转圈" in message


def test_rounds_of_a_step_outside_the_circle_bound_nothing():
    rounds = '{ when = [{ gate = "rounds", of = "say", at_least = 3 }], to = "done" }'
    do = step("do", "handle", *HANDLE, 'when_due = "again"', 'then = "done"')
    (message,) = messages(checked(do, step("again", "route", f'routes = [{rounds}, {{ to = "do" }}]')))
    assert "自己转圈" in message


def test_at_most_bounds_a_circle_that_a_clock_moves():
    first = step("do", "wait", 'for = "time"', 'within = "1 day"', 'outcomes = { again = "do", over = "done" }')
    assert any("自己转圈" in message for message in messages(checked(first)))
    assert messages(checked(first + "at_most = { again = 3 }\n")) == []


def test_publishing_without_anybody_needs_no_period():
    assert messages(checked(step("do", "publish", 'what = ["result"]', 'then = "done"'))) == []


def test_a_first_step_that_is_entered_again_needs_a_period():
    back = checked(step("do", "handle", *HANDLE, 'outcomes = { back = "say", done = "done" }'))
    assert any("回到第一步" in message for message in messages(back))


def test_a_deadline_may_be_a_date_that_was_asked_before():
    late = step("do", "handle", 'by = ["committee"]', 'within = "field:say.ready"', 'then = "done"')
    assert messages(checked(late)) == []


FORK = step("do", "fork", 'branches = { one = "a", two = "b" }', 'outcomes = { met = "end", unmet = "done" }')
ANSWERS = 'outcomes = { yes = "do.yes", no = "do.no" }'
A = step("a", "handle", *HANDLE, 'fields = [{ key = "seen", type = "yes-no" }]', ANSWERS)
END = step(
    "end",
    "route",
    'routes = [{{ when = [{{ gate = "field", of = "{}", is = "yes" }}], to = "done" }}, {{ to = "done" }}]',
)


def test_a_nested_fork_answers_inside_out():
    inner = step("b", "fork", 'branches = { x = "c", y = "d" }', 'outcomes = { met = "do.yes", unmet = "do.no" }')
    c = step("c", "handle", *HANDLE, 'outcomes = { yes = "b.yes", no = "b.no" }')
    d = step("d", "handle", *HANDLE, 'outcomes = { yes = "b.yes", no = "b.no" }')
    assert messages(checked(FORK, A, inner, c, d, END.format("say.big"))) == []
    wrong = d.replace('no = "b.no"', 'no = "do.no"')
    (message,) = messages(checked(FORK, A, inner, c, wrong, END.format("say.big")))
    assert "分支只能从“b.yes”或“b.no”出去" in message


def test_after_a_fork_a_branch_is_not_surely_done():
    b = step("b", "handle", *HANDLE, ANSWERS)
    (message,) = messages(checked(FORK, A, b, END.format("a.seen")))
    assert "不一定已经办过" in message


def test_a_step_that_stands_before_on_every_way_may_be_read():
    graph_text = checked(FORK, A, step("b", "handle", *HANDLE, ANSWERS), END.format("say.big"))
    assert messages(graph_text) == [] and graph_text.charter is not None
    graph = StepGraph(graph_text.charter.procedures["p"], STANDING)
    assert graph.dominators["end"] == {"say", "do", "do.", "end"}
    assert graph.dominators["a"] == {"say", "do", "a"}


def test_a_wrong_shape_does_not_hide_the_rest():
    found = checked(
        step("do", "handle", 'by = ["comittee"]', 'within = "2 dayz"', 'then = "done"'),
        '[rules.r]\napproval = [{ measure = "heads", more_than = "1/1" }]\n',
    )
    told = " ".join(messages(found))
    assert "dayz" in told and "comittee" in told and "永远达不到" in told
    assert found.charter is None


def test_a_kind_of_another_room_is_named_and_no_error():
    found = checked(step("do", "share", 'outcomes = { agreed = "done" }'))
    assert [finding.severity for finding in found.findings] == ["missing"]
    assert "works" in found.findings[0].message and found.charter is not None


def test_a_verb_that_nobody_can_do_yet_is_named_and_no_error():
    done = step("do", "handle", *HANDLE, 'then = "done"')
    found = checked(done, '[kinds.frozen]\ntitle = "x"\nprocedure = "p"\nvisible = "community"\nalways = ["freeze"]\n')
    assert [(finding.severity, finding.key) for finding in found.findings] == [("missing", "always 第 1 项")]


def test_an_empty_text_says_what_is_missing():
    assert messages(parse_text("", "x.toml")) == ["缺少这一项，必须写。"]


@pytest.mark.parametrize(
    "text", ["charter = 3\n", "[charter]\n", "[[kinds]]\n", "kinds = 1\n", "[procedures]\nx = 2\n"]
)
def test_any_shape_gives_findings_and_no_crash(text: str):
    found = parse_text(text, "x.toml")
    assert found.charter is None and found.findings


COUNCIL = '[bodies.hall]\ntitle = "议事会"\nseats = [{ body = "committee" }]\n'
SIT = ('body = "hall"', 'clock = "19:00"', 'where = "二楼"', 'outcomes = { held = "done", no-quorum = "done" }')


def test_a_meeting_stands_with_its_body_and_its_day():
    assert messages(checked(step("do", "sit", *SIT, 'day = "say.ready"'), COUNCIL)) == []
    meet = step("do", "meet", 'body = "hall"', 'outcomes = { agreed = "done" }')
    assert messages(checked(meet, COUNCIL)) == []


@pytest.mark.parametrize(
    ("line", "body", "told"),
    [
        ('day = "say.big"', COUNCIL, "不是日期字段"),
        ('day = "say.never"', COUNCIL, "没有“never”这个字段"),
        ('day = "say.ready"', "", "没有叫“hall”的组织"),
        ('day = "say.ready"', '[bodies.hall]\ntitle = "议事会"\n', "没有席位，开不了会"),
        ('day = "say.ready"\ncalendar = "never"', COUNCIL, "没有叫“never”的日历"),
    ],
)
def test_a_meeting_that_could_not_be_held(line: str, body: str, told: str):
    assert told in " ".join(messages(checked(step("do", "sit", *SIT, line), body)))


SERIES = '[calendar.{}]\nrrule = "FREQ=MONTHLY;BYDAY=1TH"\n'
CALENDARS = SERIES.format("a") + 'body = "hall"\n' + SERIES.format("b")


@pytest.mark.parametrize(
    ("calendar", "told"), [("a", "永远上不了会"), ("b", "没有说是哪个组织的会"), ("never", "没有叫“never”的日历")]
)
def test_a_matter_that_would_never_come_to_its_meeting(calendar: str, told: str):
    meet = step("do", "meet", f'calendar = "{calendar}"', 'outcomes = { agreed = "sit" }')
    sit = step("sit", "sit", *SIT, 'day = "say.ready"', 'calendar = "b"')
    assert told in " ".join(messages(checked(meet, sit, COUNCIL, CALENDARS)))


def test_a_word_that_meant_nothing_is_refused_now_and_read_over_in_what_is_pinned():
    vote = step("do", "vote", 'electorate = "owners"', 'shows = "result"', OUT)
    (told,) = [message for message in messages(checked(vote)) if "shows" in message]
    assert "请删去" in told
    pinned = Step.model_validate({"key": "do", "kind": "vote", "electorate": "owners", "shows": "turnout"})
    assert pinned.parsed(STANDING["vote"]).electorate == "owners"


OUT = 'outcomes = { passed = "done", failed = "done", no-quorum = "done" }'


def test_a_matter_and_its_meeting_stand_at_one_level():
    meet = step("do", "meet", 'body = "hall"', 'at = "grid"', 'outcomes = { agreed = "sit" }')
    sit = step("sit", "sit", *SIT, 'day = "say.ready"')
    assert "不在同一级" in " ".join(messages(checked(meet, sit, COUNCIL)))


SURVEY = ('by = ["committee"]', 'open_for = "7 days"', 'outcomes = { done = "done", too-few = "done" }')
WHICH = 'questions = [{ key = "a", title = "哪个？", choices = ["甲", "乙"] }]'


def test_a_survey_asks_somebody_something():
    by_grid = step("do", "survey", *SURVEY, 'asks = "households"', 'living_in = "grid"', WHICH)
    assert messages(checked(by_grid)) == []
    wide = HEAD.replace('visible = "community"', 'visible = "community"\nraised_in = "community"')
    assert "可能不在哪个" in " ".join(messages(parse_text(wide + by_grid + ENDS, "x.toml")))
    assert messages(checked(step("do", "survey", *SURVEY, 'asks = "residents"', "sample = 20", WHICH))) == []
    owners = '[electorates.owners]\nof = "owners"\nwithin = "estate"\n'
    by_name = step("do", "survey", *SURVEY, 'electorate = "owners"', 'sample = "all"', WHICH)
    assert messages(checked(by_name, owners)) == []
    assert "问的是住户和居民" in " ".join(messages(checked(by_name, owners.replace('"owners"', '"deputies"'))))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((WHICH,), "asks（households 或 residents）"),
        (('asks = "everybody"', WHICH), "asks"),
        (('asks = "residents"', 'electorate = "owners"', WHICH), "二选一"),
        (('electorate = "never"', WHICH), "没有叫“never”的选民名单"),
        (('electorate = "owners"', 'living_in = "grid"', WHICH), "不再写 living_in"),
        (('asks = "residents"', 'living_in = "never"', WHICH), "没有“never”这一级"),
        (('asks = "residents"',), "questions"),
        (('asks = "residents"', WHICH.replace(', choices = ["甲", "乙"]', "")), "要写 choices"),
        (('asks = "residents"', WHICH.replace("乙", "甲")), "不能有一样的"),
        (('asks = "residents"', WHICH.replace("choices =", 'form = "scale", choices =')), "要写 choices"),
        (('asks = "residents"', WHICH.replace("choices =", "at_most = 2, choices =")), "只用于 form = choices"),
        (('asks = "residents"', WHICH.replace("choices =", "levels = 3, choices =")), "只用于 form = scale"),
        (('asks = "residents"', "sample = 0", WHICH), "sample"),
        (('asks = "residents"', 'at_least = "half"', WHICH), "比例"),
        (('asks = "residents"', "deadline = 3", WHICH), "deadline"),
        (
            ('asks = "residents"', WHICH.replace("}]", "}, " + WHICH.partition("[")[2])),
            "有两道题都叫“a”",
        ),
    ],
)  # fmt: skip
def test_a_survey_that_could_not_be_held(lines: tuple[str, ...], told: str):
    found = [str(finding) for finding in checked(step("do", "survey", *SURVEY, *lines)).findings]
    assert told in " ".join(found)


def test_a_survey_needs_both_ways_on():
    survey = step("do", "survey", *SURVEY[:2], 'asks = "residents"', WHICH, 'outcomes = { done = "done" }')
    assert "结果“too-few”没有写去哪里" in " ".join(messages(checked(survey)))
