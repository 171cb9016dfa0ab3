"""A vote opens: the roll is frozen, the question fixed, a key made that nobody holds in the clear."""

from collections.abc import Mapping
from typing import Any

from uuid_utils.compat import uuid7

from weizhi.charters.rulebook import Electorate, Rule
from weizhi.decisions import counters
from weizhi.decisions.checking import seal_of
from weizhi.decisions.choices import Paper, with_follow
from weizhi.decisions.models import Entitlement, Roll, Vote
from weizhi.decisions.rolls import electorate_of, roll_for
from weizhi.decisions.rules import AREA
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.people.vault import keyring
from weizhi.secrets.ballots import new_key, size_for

MENTIONED = 5


def open_vote(
    scene: Scene,
    row: StepRow,
    *,
    electorate: str,
    paper: Paper,
    rule: str | None = None,
    brief: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    phone: bool = True,
    revote: bool = True,
) -> Vote:
    """Open the vote of a step that just opened. `brief` says what is asked beside the paper (question, text, cards);
    `settings` what the count needs beside the charter's rule. Inside the matter's lock."""
    asked = electorate_of(scene, electorate)
    if asked.silence == "majority":  # nothing records yet to whom a ballot was delivered: announced, it would be untrue
        raise Refused("not-provided", "把没交回的票算进多数，要先有送达登记，这项功能还没有装上。请联系系统管理员。")
    roll = roll_for(scene, row, electorate)
    found = scene.charter.rules[rule] if rule else None
    pinned = found.model_dump(mode="json", exclude_defaults=True) if found else None
    _check_areas(roll, found)
    paper = with_follow(paper) if asked.follow else paper
    private, public = new_key()
    assert row.due is not None, "the checker lets no vote stand without a period"
    vote = Vote(
        id=uuid7(), community_id=scene.matter.community_id, matter=scene.matter, step=row, roll=roll, kind=row.kind,
        secret=asked.secret, phone=phone, revote=revote, opens_at=scene.now, closes_at=row.due,
        brief={**(brief or {}), **brief_of(paper)},
        rule={"rule": pinned, "how": how_of(asked), **_counters(asked), **(settings or {})},
        public_key=public, envelope_size=size_for(paper.longest),
    )  # fmt: skip
    vote.seal = seal_of(vote)
    if not asked.counters:
        vote.private_key = keyring().encrypt(private.hex(), key_identity(vote))
    vote.save(force_insert=True)
    if asked.counters:
        counters.share_out(scene, row, vote, private)
    return vote


def _counters(asked: Electorate) -> dict[str, Any]:
    return {"counters": list(asked.counters)} if asked.counters else {}


def _check_areas(roll: Roll, rule: Rule | None) -> None:
    """A rule by area needs every area before it starts, not at the count. Raises Refused."""
    if rule is None or all(threshold.measure != AREA for _name, threshold in rule.thresholds()):
        return
    missing = Entitlement.objects.filter(roll=roll, area=0).standing().order_by("n").values_list("label", flat=True)
    if labels := list(missing[:MENTIONED]):
        raise Refused(
            "not-yet",
            f"名册里 {'、'.join(labels)} 等没有登记面积，按面积表决没法开始。"
            "请先登记：有产权面积用产权面积，没有的用测绘面积，再没有的按合同面积。",
        )


def key_identity(vote: Vote) -> str:
    """What a vote's private half is bound to in the key file's encryption."""
    return f"decisions.Vote:{vote.pk}:private_key"


def private_half(vote: Vote) -> bytes:
    """What opens the envelopes: for the count, and nowhere else."""
    if counters.counters_of(vote):
        return counters.joined_key(vote)
    assert vote.private_key is not None, "an uncounted vote has its key"
    return bytes.fromhex(keyring().decrypt(bytes(vote.private_key), key_identity(vote)))


def brief_of(paper: Paper) -> dict[str, Any]:
    """The ballot paper as it is frozen with the vote."""
    return {
        "form": paper.form,
        "options": [{"key": option.key, "title": option.title} for option in paper.options],
        "at_most": paper.at_most,
    }


def how_of(electorate: Electorate) -> dict[str, Any]:
    """The local settings of the count, as the electorate states them."""
    return {"parking": electorate.parking, "silence": electorate.silence, "follow": electorate.follow}
