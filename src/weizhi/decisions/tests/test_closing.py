"""A box that closes otherwise than by its day: everybody has answered, or nobody needs it any more."""

import pytest

from weizhi.decisions.actions.cast import cast
from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.matters.actions.done import Done
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.actions.add_places import NewPlace, add_places

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
        cast(vote_at(done, key).pk, ["yes"], by=stage.people["lin"], at=stage.later(minutes=1))
    stage.act(done, "withdraw", "lin", data={"words": "不装了"})
    for key in ("unit-consent", "estate-vote"):
        vote = vote_at(done, key)
        assert (vote.outcome, vote.private_key) == ("called-off", None)
        assert set(Envelope.objects.filter(vote=vote).values_list("sealed", flat=True)) == {None}
        assert set(Receipt.objects.filter(vote=vote).values_list("state", flat=True)) == {"aside"}
        with pytest.raises(Refused, match="已经结束"):
            cast(vote.pk, ["no"], by=stage.people["lin"], at=stage.later(minutes=1))
    assert not Ballot.objects.exists()


def test_a_consent_waits_while_one_has_not_answered(stage: Stage):
    done = lift(stage, "no")
    cast(vote_at(done, "unit-consent").pk, ["yes"], by=stage.people["lin"], at=stage.later(minutes=1))
    assert "unit-consent" in stage.stands_at(done), "the other homes of the unit have not spoken"
