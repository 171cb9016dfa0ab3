"""Who is concerned is found once, told, written to, and it is known who was reached."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.loading import parse_text
from weizhi.deliberation.actions.answer_invitation import answer, answer_by_letter
from weizhi.deliberation.letters import code_of, invitation_with
from weizhi.deliberation.models import Invitation
from weizhi.deliberation.nearness import metres_between
from weizhi.deliberation.reached import reached_of, sums
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Party
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key, standing
from weizhi.places.models import Place
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Delivery, Entry

TOML = Path(__file__).with_name("inviting.toml").read_text(encoding="utf-8")
degrees = st.tuples(st.floats(100, 120), st.floats(20, 45))


@pytest.fixture
def topic(stage: Stage) -> Done:
    stage.adopt(TOML)
    done = stage.report("lin", "楼道堆物", kind="topic", place="3-2-301")
    run_due(stage.later(minutes=1))
    return done


def refused(call) -> str:
    with pytest.raises(Refused) as found:
        call()
    return found.value.code


def lines(done: Done) -> list[tuple[str, int]]:
    rows = Invitation.objects.filter(matter=done.matter_id).order_by("n")
    return [(row.home.code if row.home else row.body.partition("@")[0], len(row.people)) for row in rows]


def test_homes_are_found_around_the_place_and_bodies_by_the_charter(stage: Stage, topic: Done) -> None:
    # 赵律师 lives in the other stairwell and owns nothing there: a letter goes to that home, no notice to him
    assert lines(topic) == [("3-2-301", 1), ("3-1-101", 0), ("body:property", 0)]
    interested = Party.objects.filter(matter=topic.matter_id, relation="interested").values_list("who", flat=True)
    assert person_key(stage.people["lin"].pk) in interested and person_key(stage.people["zhao"].pk) not in interested


def test_the_list_is_frozen(stage: Stage, topic: Done) -> None:
    enrol(stage.community, stage.people["guo"], stage.places["3-2-301"], ["resident"], at=stage.later(minutes=1))
    assert lines(topic)[0] == ("3-2-301", 1)


def test_everybody_is_told_in_an_entry_of_its_own(stage: Stage, topic: Done) -> None:
    tell(stage.now)
    entry = Entry.objects.get(stream=topic.matter_id, verb="invited-all")
    assert entry.public["homes"] == 2 and entry.public["bodies"] == 1 and "reached" not in entry.public
    told = Delivery.objects.filter(entry=entry, channel="page").values_list("to__login", flat=True)
    assert {"lin", "chen"} <= set(told) and "zhao" not in told and "guo" not in told


def test_being_invited_opens_no_closed_word(stage: Stage) -> None:
    stage.adopt(TOML)
    enrol(stage.community, stage.people["zhao"], stage.places["3-2-301"], ["owner"], at=stage.later(minutes=1))
    done = stage.report("lin", "楼道堆物", kind="topic", place="3-2-301")
    assert not Reader(stage.matter(done), standing(stage.people["zhao"], stage.now)).involved


def test_letters_are_marked_many_at_once(stage: Stage, topic: Done) -> None:
    done = stage.act(topic, "letters-delivered", "wang", data={"lines": [1, 2], "how": "box"})
    assert Entry.objects.get(pk=done.entry_id).public == {"how": "box", "letters": 2}
    row = stage.matter(topic).steps.get(key="invite")
    assert sums(reached_of(row, list(Invitation.objects.filter(step=row))))["reached"] == 2
    assert Invitation.objects.get(matter=topic.matter_id, n=1).how_entry == Entry.objects.get(pk=done.entry_id).n


def test_what_is_refused_needs_a_word_and_reaches_nobody(stage: Stage, topic: Done) -> None:
    data = {"lines": [1], "how": "refused"}
    assert refused(lambda: stage.act(topic, "letters-delivered", "wang", data=data)) == "bad-data"
    stage.act(topic, "letters-delivered", "wang", data=data | {"words": "隔着门说不收"})
    done = stage.act(topic, "invite", "wang")
    assert Entry.objects.get(pk=done.entry_id).public["reached"] == 0
    assert stage.matter(topic).ended_as == "done"


@pytest.mark.parametrize(
    "data", [{"lines": [], "how": "box"}, {"lines": [9], "how": "box"}, {"lines": [1], "how": "x"}]
)
def test_no_other_letters_than_those_on_the_list(stage: Stage, topic: Done, data: dict) -> None:
    assert refused(lambda: stage.act(topic, "letters-delivered", "wang", data=data)) == "bad-data"
    assert refused(lambda: stage.act(topic, "letters-delivered", "lin", data=data)) == "not-yours"


def test_bodies_have_no_letters(stage: Stage, topic: Done) -> None:
    assert (
        refused(lambda: stage.act(topic, "letters-delivered", "wang", data={"lines": [3], "how": "box"})) == "bad-data"
    )


def test_time_goes_on_and_says_who_was_not_reached(stage: Stage, topic: Done) -> None:
    run_due(stage.later(days=8))
    entry = Entry.objects.get(stream=topic.matter_id, verb="lapse")
    assert (entry.public["homes"], entry.public["reached"]) == (2, 0)
    line = Reader(stage.matter(topic), standing(stage.people["lin"], stage.now)).story().lines[-1]
    assert "2 户没有送到" in line.text


def test_a_home_answers_for_itself_by_phone_by_letter_and_to_the_clerk(stage: Stage, topic: Done) -> None:
    people, first = stage.people, Invitation.objects.get(matter=topic.matter_id, n=1)
    mine = answer(topic.matter_id, by=people["lin"], comes=True, at=stage.later(minutes=1))
    assert (mine.comes, mine.answered_by) == (True, "self")
    other = answer_by_letter(code_of(first.pk), comes=False, words="晚上上班", at=stage.later(minutes=1))
    assert (other.pk, other.comes, other.answered_by, other.words) == (first.pk, False, "letter", "晚上上班")
    said = answer(topic.matter_id, by=people["wang"], comes=True, line=2, at=stage.later(minutes=1))
    assert (said.n, said.answered_by, said.written_by_id) == (2, "clerk", people["wang"].pk)
    body = answer(topic.matter_id, by=people["chen"], comes=True, at=stage.later(minutes=1))
    assert body.body.startswith("body:property")


def test_who_was_not_invited_does_not_answer(stage: Stage, topic: Done) -> None:
    later = stage.later(minutes=1)
    assert refused(lambda: answer(topic.matter_id, by=stage.people["zhao"], comes=True, at=later)) == "not-yours"
    assert (
        refused(lambda: answer(topic.matter_id, by=stage.people["zhao"], comes=True, line=1, at=later)) == "not-yours"
    )
    assert refused(lambda: answer(topic.matter_id, by=stage.people["guo"], comes=True, at=later)) == "not-found"
    assert refused(lambda: answer_by_letter("0000000000", comes=True)) == "not-found"


def test_nobody_answers_after_the_end(stage: Stage, topic: Done) -> None:
    stage.act(topic, "invite", "wang")
    first = Invitation.objects.get(matter=topic.matter_id, n=1)
    assert refused(lambda: answer_by_letter(code_of(first.pk), comes=True)) == "closed"


def test_each_letter_has_a_code_of_its_own_however_it_is_typed(stage: Stage, topic: Done) -> None:
    codes = {row.n: code_of(row.pk) for row in Invitation.objects.homes().filter(matter=topic.matter_id)}
    assert len(set(codes.values())) == 2
    typed = f"{codes[2][:3]} {codes[2][3:6]}-{codes[2][6:]}"
    found = invitation_with(typed)
    assert found is not None and found.n == 2
    assert invitation_with("12345") is None and not Invitation.objects.filter(code_blind__in=codes.values()).exists()


def test_who_opened_the_notice_was_reached(stage: Stage, topic: Done) -> None:
    tell(stage.now)
    Delivery.objects.filter(entry__verb="invited-all", to=stage.people["lin"]).update(seen_at=stage.now)
    row = stage.matter(topic).steps.get(key="invite")
    found = {one.invitation.n: one.reached for one in reached_of(row, list(Invitation.objects.filter(step=row)))}
    assert found == {1: True, 2: False, 3: False}


def test_homes_by_metres_from_where_the_map_has_them(stage: Stage) -> None:
    stage.adopt(TOML)
    Place.objects.filter(code="3-1").update(longitude=114.0, latitude=30.0)
    Place.objects.filter(code="3-2").update(longitude=114.0003, latitude=30.0)  # 29 m to the east
    done = stage.report("lin", "噪音", kind="topic", place="3-2-301", data={"near": "yes"})
    assert [code for code, _ in lines(done)] == ["3-1-101", "3-2-301"]
    Place.objects.filter(code="3-1").update(longitude=113.9990)
    done = stage.report("lin", "噪音", kind="topic", place="3-2-301", data={"near": "yes"})
    assert [code for code, _ in lines(done)] == ["3-2-301"]


def test_what_is_not_on_the_map_is_said(stage: Stage) -> None:
    stage.adopt(TOML)
    with pytest.raises(Refused) as found:
        stage.report("lin", "噪音", kind="topic", place="3-2-301", data={"near": "yes"})
    assert "在地图上没有位置" in found.value.message


@given(degrees, degrees)
def test_the_way_there_is_as_long_as_the_way_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert metres_between(one, other) == pytest.approx(metres_between(other, one))
    assert metres_between(one, one) == 0


@given(st.floats(20, 45), st.floats(0.0001, 0.02))
def test_a_step_north_is_as_long_as_a_degree_says(latitude: float, step: float) -> None:
    assert metres_between((114, latitude), (114, latitude + step)) == pytest.approx(step * 111_320, rel=1e-6)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('around = "stairwell"', 'around = "staircase"'), ('bodies = ["property"]', 'bodies = ["properties"]'),
        ("metres = 40", 'metres = 40, of = "raise.near"'), ("metres = 40", 'metres = 40, around = "grid"'),
        ("metres = 40", 'metres = 40, categories = ["bells"]'),
    ],
)  # fmt: skip
def test_the_checker_tells_what_cannot_be_found(said: str, instead: str) -> None:
    assert not parse_text(TOML, "inviting.toml").findings
    assert parse_text(TOML.replace(said, instead), "inviting.toml").findings
