"""What a counted vote publishes makes its root again, and the commands do what the pages do."""

import json
from pathlib import Path
from typing import Any

import pytest

from weizhi.cli import main
from weizhi.decisions import recount
from weizhi.decisions.models import Ballot, Entitlement, Envelope, Vote
from weizhi.decisions.publishing import written
from weizhi.decisions.readers import check_may_recount
from weizhi.decisions.tests.voted import Voted, lift, opened, published
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FILE = tmp_path / "keys.json"


def file_of(vote: Vote) -> Any:
    return json.loads(b"".join(written(vote)))


def test_the_file_of_a_named_vote_makes_its_root_and_its_result_again(stage: Stage) -> None:
    vote = lift(stage).count().vote
    file = file_of(vote)
    assert file == json.loads(json.dumps(published(vote)))
    told = "".join(recount.recount(file, vote.root))
    assert vote.outcome == "passed" and "结果：通过" in told
    assert "名册：12 行" in told and "和公告上的一致" in told
    assert {row["n"] for row in file["leaves"] if "ballot" in row} == set(
        Ballot.objects.filter(vote=vote).values_list("entitlement__n", flat=True)
    )


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("ballot", "choice", ["no"]), ("entitlement", "area", 1), ("vote", "outcome", "failed")],
)
def test_an_edit_of_the_database_after_the_count_is_found(stage: Stage, table: str, column: str, value: Any) -> None:
    vote = lift(stage).count().vote
    root = vote.root
    rows: dict[str, Any] = {
        "ballot": Ballot.objects.filter(pk=Ballot.objects.filter(choice=["yes"]).values("pk")[:1]),
        "entitlement": Entitlement.objects.filter(roll=vote.roll_id, n=3),
        "vote": Vote.objects.filter(pk=vote.pk),
    }
    list(recount.recount(file_of(vote), root))
    rows[table].update(**{column: value})
    vote = Vote.objects.select_related("roll").get(pk=vote.pk)
    with pytest.raises(recount.Different):
        list(recount.recount(file_of(vote), root))


def test_a_named_file_is_for_its_roll_and_its_clerks(stage: Stage) -> None:
    vote = lift(stage).count().vote
    for login in ("lin", "h101", "brother", "wang"):
        person = stage.people[login]
        check_may_recount(vote, person, standing(person, vote.closes_at))
    for login in ("zhao", "guo"):
        person = stage.people[login]
        with pytest.raises(Refused) as refused:
            check_may_recount(vote, person, standing(person, vote.closes_at))
        assert refused.value.code == "not-yours"


def test_nothing_is_published_before_the_count(stage: Stage) -> None:
    here = opened(stage)
    with pytest.raises(Refused) as refused:
        check_may_recount(here.vote, stage.people["lin"], standing(stage.people["lin"], here.at(1)))
    assert refused.value.code == "not-yet"


def test_publish_and_recount_from_the_command_line(stage: Stage, tmp_path: Path, capfdbinary: Any) -> None:
    here = lift(stage).count()
    assert main(["votes", "publish", f"xfl-{here.matter.number}"]) == 0
    file = tmp_path / "published.json"
    file.write_bytes(capfdbinary.readouterr().out)
    receipt = Envelope.objects.filter(vote=here.vote, spoken__isnull=False).values_list("receipt", flat=True)[0]
    assert main(["votes", "recount", str(file), "--root", here.vote.root, "--receipt", receipt[:20]]) == 0
    assert main(["votes", "recount", str(file), "--root", "0" * 64]) == 1
    assert main(["votes", "publish", "xfl-99999"]) == 1


def test_the_check_of_open_boxes_says_what_does_not_fit(stage: Stage, capsys: Any) -> None:
    here: Voted = lift(stage)
    assert main(["votes", "check"]) == 0
    envelope = Envelope.objects.filter(vote=here.vote, sealed__isnull=False).first()
    assert envelope is not None
    Envelope.objects.filter(pk=envelope.pk).update(sealed=bytes(reversed(bytes(envelope.sealed or b""))))
    assert main(["votes", "check"]) == 1
    assert f"xfl-{here.matter.number}" in capsys.readouterr().out
