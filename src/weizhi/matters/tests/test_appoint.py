"""Posts given and taken: who is gone by then, who was chosen anew meanwhile, and no more holders than seats."""

from datetime import timedelta

import pytest

from weizhi.charters.loading import parse_text
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.kinds.assign import Assign
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Holding, Residence
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.move_out import move_out
from weizhi.record.models import Entry, Payload

CHARTER = """
[charter]
language = 1
name = "seats"
title = "席位"
extends = ["base"]
[bodies.watch]
title = "守望队"
at = "community"
seats = [{ post = "watcher", count = 1 }]
[posts.watcher]
title = "守望员"
[kinds.thing]
title = "一件事"
procedure = "thing"
visible = "community"
[procedures.thing.steps.say]
kind = "raise"
by = ["resident", "committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "choose"
[procedures.thing.steps.choose]
kind = "assign"
by = ["committee"]
relations = { assignee = 1 }
then = "board"
[procedures.thing.steps.board]
kind = "publish"
what = ["result"]
for_days = 5
then = "give"
[procedures.thing.steps.give]
kind = "appoint"
from = ["choose"]
post = "watcher"
outcomes = { done = "seated", short = "empty" }
[procedures.thing.ends]
seated = { counts = "solved" }
empty = { counts = "unmet" }
[kinds.recall]
title = "罢免"
procedure = "recall"
visible = "community"
about = "post-holder"
about_posts = ["watcher"]
[procedures.recall.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "为什么" }]
then = "leave"
[procedures.recall.steps.leave]
kind = "appoint"
by = ["committee"]
post = "subject"
effect = "end"
then = "gone"
[procedures.recall.ends]
gone = { counts = "solved" }
"""


def chosen(stage: Stage, who: str = "zhao") -> Done:
    """Somebody is chosen; for five days it stands on the board, then he takes the post."""
    it = stage.report(kind="thing", words="请他来守望")
    stage.act(it, "assign", "wang", data={"people": {"assignee": [str(stage.people[who].pk)]}})
    return it


def days_pass(stage: Stage, days: int = 9) -> None:
    run_due(stage.later(days=days))


def said(it: Done) -> str:
    part = Payload.objects.filter(entry__stream=it.matter_id, entry__verb="appointed", part="words").first()
    return str(part.read()) if part else ""


def seated(stage: Stage, who: str) -> int:
    return Holding.objects.open_at(stage.now).filter(person=stage.people[who], post="watcher").count()


@pytest.fixture
def seats(stage: Stage) -> Stage:
    stage.adopt(CHARTER)
    return stage


def test_who_moved_away_before_taking_office_is_said_and_the_charter_says_how_it_ends(seats: Stage) -> None:
    it = chosen(seats)
    move_out(Residence.objects.get(person=seats.people["zhao"]), at=seats.later(minutes=1))
    days_pass(seats)
    assert seats.matter(it).ended_as == "empty" and not seated(seats, "zhao")
    assert said(it) == "赵律师已经不住在本社区了，没有就任。"
    entry = Entry.objects.get(stream=it.matter_id, verb="appointed")
    assert (entry.public["left"], entry.public["count"]) == (["gone"], 0)


def test_who_stayed_takes_it_and_nothing_is_said(seats: Stage) -> None:
    it = chosen(seats)
    days_pass(seats)
    assert seats.matter(it).ended_as == "seated" and seated(seats, "zhao") == 1 and not said(it)


def test_the_next_in_line_takes_it_where_the_charter_says_so(seats: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seats.adopt(CHARTER.replace('post = "watcher"\noutcomes', 'post = "watcher"\nnext_in_line = true\noutcomes'))
    monkeypatch.setattr(Assign, "reserve", lambda *_asked: [seats.people["guo"].pk, seats.people["lin"].pk])
    it = chosen(seats)
    move_out(Residence.objects.get(person=seats.people["zhao"]), at=seats.later(minutes=1))
    days_pass(seats)
    assert seated(seats, "lin") == 1 and not seated(seats, "guo"), "who lives elsewhere is passed over"
    assert said(it) == "赵律师已经不住在本社区了，没有就任，由林姨递补。"


def test_a_body_has_no_more_holders_than_seats(seats: Stage) -> None:
    chosen(seats)
    days_pass(seats)
    late = chosen(seats, "lin")
    days_pass(seats)
    assert seats.matter(late).ended_as == "empty" and not seated(seats, "lin")
    assert said(late) == "“守望员”一共 1 席，已经坐满了。请先办离任，再办就任。"
    assert Entry.objects.get(stream=late.matter_id, verb="appointed").public["left"] == ["seats: bodies.watch.seats"]


def test_who_is_chosen_again_sits_once(seats: Stage) -> None:
    for _term in range(2):
        chosen(seats)
        days_pass(seats)
    assert seated(seats, "zhao") == 1


def test_a_recall_ends_the_seat_of_somebody_chosen_again_meanwhile(seats: Stage) -> None:
    chosen(seats)
    days_pass(seats)
    recall = seats.report(
        kind="recall", words="从不来", data={"about_whom": str(seats.people["zhao"].pk), "about_post": "watcher"}
    )
    chosen(seats)
    days_pass(seats)
    assert seated(seats, "zhao") == 1
    seats.act(recall, "appoint", "wang")
    assert seated(seats, "zhao") == 0
    assert Entry.objects.get(stream=recall.matter_id, verb="appoint").public["count"] == 1


def test_all_of_his_holdings_of_that_post_end(seats: Stage) -> None:
    chosen(seats)
    days_pass(seats)
    first = Holding.objects.get(post="watcher")
    recall = seats.report(kind="recall", words="从不来", data={"about_whom": str(first.person_id)})
    appoint(
        first.community, first.person, first.body, "watcher", "守望员", place=first.place,
        at=seats.now + timedelta(minutes=1),
    )  # fmt: skip
    seats.later(minutes=5)
    seats.act(recall, "appoint", "wang")
    assert seated(seats, "zhao") == 0


def test_a_person_who_gives_beyond_the_seats_is_refused(seats: Stage) -> None:
    by_hand = CHARTER.replace('from = ["choose"]', 'by = ["committee"]')
    seats.adopt(by_hand)
    for who in ("zhao", "lin"):
        it = chosen(seats, who)
        days_pass(seats, 9)
        if who == "zhao":
            seats.act(it, "appoint", "wang", data={"people": [str(seats.people[who].pk)]})
            continue
        with pytest.raises(Refused) as found:
            seats.act(it, "appoint", "wang", data={"people": [str(seats.people[who].pk)]})
        assert found.value.code == "too-often" and found.value.line == "seats: bodies.watch.seats"


def test_the_checker_asks_for_both_outcomes_or_none() -> None:
    checked = parse_text(CHARTER.replace('done = "seated", ', ""), "seats.toml")
    assert any("任免只有两种结果" in finding.message for finding in checked.findings)
