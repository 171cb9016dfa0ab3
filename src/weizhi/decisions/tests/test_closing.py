"""A box that closes otherwise than by its day: everybody has answered, or nobody needs it any more."""

import pytest

from weizhi.charters.loading import parse_text
from weizhi.cli.votes import counted_vote
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.decisions.tests.homes import HEAD, KIND, Estate, estate
from weizhi.decisions.tests.urned import both_read, marked, read_out, second_clerk, time_is_over
from weizhi.matters.actions.done import Done
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter

__all__ = ["estate"]

CHARTER = '[charter]\nlanguage = 1\nname = "here"\ntitle = "这里"\nextends = ["tianning"]\n'


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_FILE = tmp_path / "keys.json"


def lift(stage: Stage, common_ground: str) -> Done:
    stage.adopt(CHARTER)
    add_places(stage.community, [NewPlace("household", "3-2-999", "999 室", "3-2")], at=stage.later(seconds=1))
    data = {"cost": 100, "uses-common-ground": common_ground}
    return stage.report(kind="lift", words="装电梯", data=data)


def vote_at(done: Done, step: str) -> Vote:
    return Vote.objects.get(matter=done.matter_id, step__key=step)


def test_a_withdrawn_matter_empties_its_boxes_unopened(stage: Stage):
    done = lift(stage, "yes")
    for key in ("unit-consent", "estate-vote"):
        for choice in ("no", "yes"):
            cast(
                vote_at(done, key).pk, [choice], by=stage.people["lin"], key=choice, at=stage.later(minutes=1)
            )  # fmt: skip
    stage.act(done, "withdraw", "lin", data={"words": "不装了"})
    for key in ("unit-consent", "estate-vote"):
        vote = vote_at(done, key)
        assert (vote.outcome, vote.private_key) == ("called-off", None)
        assert set(Envelope.objects.filter(vote=vote).values_list("sealed", flat=True)) == {None}
        assert list(Envelope.objects.filter(vote=vote).values_list("key", "past_keys")) == [("", [])]
        assert set(Receipt.objects.filter(vote=vote).values_list("state", flat=True)) == {"aside", "replaced"}
        with pytest.raises(Refused, match="已经结束"):
            cast(vote.pk, ["no"], by=stage.people["lin"], at=stage.later(minutes=1))
    assert not Ballot.objects.exists()
    assert counted_vote(str(done.matter_id)) is None, "there is nothing to publish of what nobody opened"


def test_a_consent_waits_while_one_has_not_answered(stage: Stage):
    done = lift(stage, "no")
    cast(vote_at(done, "unit-consent").pk, ["yes"], by=stage.people["lin"], at=stage.later(minutes=1))
    assert "unit-consent" in stage.stands_at(done), "the other homes of the unit have not spoken"


OPEN_DOORS = """
[electorates.open-doors]
title = "本单元各户，记名"
of = "households"
within = "stairwell"
"""


def consenting(estate: Estate, electorate: str) -> Vote:
    """A consent instead of a vote, of the same small charter."""
    kind = KIND.format(key="agree", electorate=electorate, more='rule = "residents-meeting"')
    kind = kind.replace('kind = "vote"', 'kind = "consent"').replace(', no-quorum = "not-held"', "")
    checked = parse_text(HEAD + OPEN_DOORS + kind.replace('not-held = { counts = "failed" }', ""), "box.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(estate.community, checked.charter, at=estate.later())
    return estate.open("agree")


def test_a_consent_of_households_is_over_when_each_household_has_spoken(estate: Estate):
    estate.home("1", "ma", "ba", status="resident")
    estate.home("2", "alone", status="resident")
    vote = consenting(estate, "open-doors")
    estate.cast(vote, "ma", "yes")
    vote.refresh_from_db()
    assert vote.counted_at is None
    estate.cast(vote, "alone", "yes")
    vote.refresh_from_db()
    assert vote.outcome == "passed" and vote.counted_at < vote.closes_at, "ba is of the household that spoke"


def test_a_consent_of_owners_waits_for_each_of_them(estate: Estate):
    estate.home("1", "jia", "yi")
    estate.home("2", "bing")
    vote = consenting(estate, "owners")
    for who in ("jia", "bing"):
        estate.cast(vote, who, "yes")
    vote.refresh_from_db()
    assert vote.counted_at is None
    estate.cast(vote, "yi", "yes")
    vote.refresh_from_db()
    assert vote.outcome == "passed"


def test_a_consent_in_secret_waits_for_its_day_and_for_its_papers(estate: Estate):
    """Closed with the last word, its urn would never be read, and the papers in it would count for nothing."""
    estate.homes(5, status="resident")
    second_clerk(estate)
    vote = consenting(estate, "neighbours")
    marked(estate, vote, "o1")
    for n in range(2, 6):
        estate.cast(vote, f"o{n}", "yes")
    vote.refresh_from_db()
    assert vote.counted_at is None and vote.step.closed_at is None
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "yes")
    assert read_out(estate, vote).result["sides"]["yes"]["heads"] == 5
