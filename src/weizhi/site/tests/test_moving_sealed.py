"""What is sealed with an installation's keys moves with them, or is sealed anew; what cannot be is not let go."""

from pathlib import Path
from typing import Any

import pytest

from weizhi.decisions.checking import faults
from weizhi.decisions.models import Receipt, Vote
from weizhi.decisions.tests.voted import Voted, opened
from weizhi.deliberation.collecting import remark_identity, root_of_answers
from weizhi.deliberation.models import Survey
from weizhi.deliberation.tests.test_survey import CANARY, asked_all, ended, say
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage, build
from weizhi.people.vault import keyring
from weizhi.places.models import Community
from weizhi.secrets.keyring import new_keyring
from weizhi.site.tests.test_moving import empty_house
from weizhi.site.upkeep.moving import CannotMove, export_community, import_community


@pytest.fixture
def stage(transactional_db: None, tmp_path: Path, settings: Any) -> Stage:
    settings.FILES, settings.KEYS_FILE = tmp_path / "files", tmp_path / "keys.json"
    return build()


@pytest.fixture
def voted(stage: Stage) -> Voted:
    one = opened(stage)
    for home, choice in (("101", "yes"), ("102", "no"), ("602", "yes")):
        one.cast(home, choice)
    return one


def other_keys(tmp_path: Path, settings: Any) -> Path:
    """Another installation's key file takes the place of ours; returns where ours lie."""
    settings.KEYS_FILE = tmp_path / "other.json"
    new_keyring().save(settings.KEYS_FILE)
    return tmp_path / "keys.json"


def test_an_open_vote_stays_where_its_keys_are(voted: Voted, tmp_path: Path, settings: Any):
    out = tmp_path / "out"
    export_community(voted.stage.community, out)
    closes = voted.vote.closes_at
    empty_house()
    ours = other_keys(tmp_path, settings)
    with pytest.raises(CannotMove, match="还有 1 次表决没有结束"):
        import_community(out, ours)
    assert not Community.objects.exists() and not Vote.objects.exists()
    settings.KEYS_FILE = ours  # the way that the refusal names
    import_community(out)
    run_due(closes)
    vote = Vote.objects.get()
    assert vote.result["present"]["heads"] == 3 and (vote.result["unreadable"], vote.result["unreceipted"]) == (0, 0)


def test_a_counted_vote_is_sealed_anew_and_what_was_forged_is_not(voted: Voted, tmp_path: Path, settings: Any):
    voted.count()
    forged = Receipt.objects.create(
        vote=voted.vote, hash="f" * 64, signature=b"x" * 32, state=Receipt.State.COUNTED
    )  # fmt: skip
    out = tmp_path / "out"
    export_community(voted.stage.community, out)
    empty_house()
    import_community(out, other_keys(tmp_path, settings))
    assert [fault.where for fault in faults(Vote.objects.select_related("roll", "matter").get())][:1] == [forged.hash]
    Receipt.objects.filter(pk=forged.pk).delete()
    assert list(faults(Vote.objects.select_related("roll", "matter").get())) == []


def test_what_people_answered_can_still_be_read_and_held_against_the_record(
    stage: Stage, tmp_path: Path, settings: Any
):
    survey = asked_all(stage)
    for n in range(6):
        say(stage, survey, f"home{n}", words=CANARY)
    out, again = tmp_path / "out", tmp_path / "again"
    export_community(stage.community, out)
    closed = ended(survey)
    export_community(stage.community, again)
    empty_house()
    ours = other_keys(tmp_path, settings)
    with pytest.raises(CannotMove, match="1 份问卷"):
        import_community(out, ours)
    import_community(again, ours)
    moved = Survey.objects.get()
    assert root_of_answers(moved) == closed.root
    remark = moved.remarks.first()
    assert remark is not None and keyring().decrypt(bytes(remark.sealed), remark_identity(moved.pk, "words")) == CANARY
