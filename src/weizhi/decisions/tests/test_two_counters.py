"""A box that takes two: neither half opens it, nor what lies in the database and the key file; both together do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weizhi.decisions import counters
from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.open_box import open_box
from weizhi.decisions.actions.set_counting_key import set_counting_key
from weizhi.decisions.models import Ballot, CountingKey, Envelope, KeyShare, Vote
from weizhi.decisions.opening import private_half
from weizhi.decisions.receipts import bound
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.urned import both_read, marked, second_clerk, time_is_over
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import Body
from weizhi.people.vault import keyring
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry
from weizhi.secrets import shares
from weizhi.secrets.ballots import Opener, Unreadable
from weizhi.secrets.keyring import DecryptionError

__all__ = ["estate"]
WORDS = {"wang": "一句只有王主任知道的话", "hu": "一句只有胡委员知道的话", "mei": "一句只有梅委员知道的话"}


@pytest.fixture
def two(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A director and two members who count, each with a passphrase; scrypt at its smallest, since tests open often."""
    monkeypatch.setattr(shares, "COST", 2**4)
    committee = Body.objects.get(key="committee")
    for login in ("hu", "mei"):
        appoint(estate.community, estate.person(login), committee, "committee-member", "委员", at=estate.now)
    for login, words in WORDS.items():
        set_counting_key(words, by=estate.people[login], at=estate.later())
    estate.homes(6, status="resident")
    return estate


@pytest.fixture
def closed(two: Estate) -> Vote:
    """Six have voted, four of them yes; the box is closed and nobody has come."""
    vote = two.open("two-keys")
    for n in range(1, 7):
        two.cast(vote, f"o{n}", "yes" if n < 5 else "no")
    return two.close(vote)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def comes(estate: Estate, vote: Vote, who: str, words: str = "", **later: int) -> Vote:
    return open_box(vote.pk, words or WORDS[who], by=estate.people[who], at=estate.later(**(later or {"minutes": 1})))


@pytest.mark.parametrize("order", [("wang", "hu"), ("hu", "wang"), ("mei", "wang")])
def test_when_the_second_has_come_it_is_counted(two: Estate, closed: Vote, order: tuple[str, str]) -> None:
    assert closed.counted_at is None and closed.private_key is None
    first = comes(two, closed, order[0])
    assert first.counted_at is None and not Ballot.objects.exists()
    done = comes(two, closed, order[1])
    assert (done.outcome, done.result["sides"]["yes"]["heads"]) == ("passed", 4)
    assert not KeyShare.objects.exists() and not Envelope.objects.filter(sealed__isnull=False).exists()
    verbs = Entry.objects.filter(stream__matter=done.matter_id).order_by("n").values_list("verb", flat=True)
    told = [verb for verb in verbs if verb in ("counters-awaited", "box-unlocked", "counted")]
    assert told == ["counters-awaited", "box-unlocked", "box-unlocked", "counted"]
    assert Matter.objects.get(pk=done.matter_id).ended_as == "agreed"


def test_neither_half_nor_the_key_file_opens_an_envelope(two: Estate, closed: Vote) -> None:
    comes(two, closed, "hu")  # the worst moment: one half lies open under the key file
    envelope = Envelope.objects.filter(vote=closed).first()
    assert envelope is not None and envelope.sealed is not None
    share = KeyShare.objects.get(opened__isnull=False)
    half = bytes.fromhex(
        keyring().decrypt(
            bytes(share.opened or b""), f"decisions.KeyShare:{share.pk}:{share.vote_id}:{share.person_id}:opened"
        )
    )
    with pytest.raises(Unreadable):
        Opener(half).open(bytes(envelope.sealed), bound(envelope))
    with pytest.raises(Unreadable):
        private_half(closed)
    run_due(two.later(days=2))
    assert not Ballot.objects.exists(), "no timer opens it"


def test_who_may_not_open_it_and_when(two: Estate) -> None:
    vote = two.open("two-keys")
    two.cast(vote, "o1", "yes")
    with refused("not-yet"):
        comes(two, vote, "wang")
    vote = two.close(vote)
    with refused("not-yours"):
        open_box(vote.pk, "我也来开一开看看", by=two.people["o1"], at=two.later())
    with refused("bad-data"):
        comes(two, vote, "wang", "不是这一句，是那一句")
    comes(two, vote, "wang")
    with refused("too-often"):
        comes(two, vote, "wang")
    comes(two, vote, "hu")
    with refused("closed"):
        comes(two, vote, "mei")


def test_two_of_the_same_post_are_one_half(two: Estate, closed: Vote) -> None:
    comes(two, closed, "hu")
    assert comes(two, closed, "mei").counted_at is None
    assert comes(two, closed, "wang").counted_at is not None


def test_who_guesses_waits(two: Estate, closed: Vote) -> None:
    for _try in range(5):
        with refused("bad-data"):
            comes(two, closed, "wang", "猜一猜是不是这一句")
    with refused("too-often"):
        comes(two, closed, "wang")
    assert KeyShare.objects.get(person=two.people["wang"]).wrong == 5
    assert comes(two, closed, "wang", hours=1).counted_at is None
    assert KeyShare.objects.get(person=two.people["wang"]).opened is not None


def test_a_new_passphrase_opens_no_older_box(two: Estate, closed: Vote) -> None:
    set_counting_key("后来又换的一句话", by=two.people["wang"], at=two.later())
    with refused("bad-data"):
        comes(two, closed, "wang", "后来又换的一句话")
    comes(two, closed, "wang")


def test_it_does_not_open_without_both_of_them(estate: Estate) -> None:
    estate.homes(2, status="resident")
    with refused("not-yet") as found:
        estate.open("two-keys")
    assert "主任" in found.value.message and found.value.line == "box: electorates.two-keys.counters"
    set_counting_key(WORDS["wang"], by=estate.people["wang"], at=estate.later())
    committee = Body.objects.get(key="committee")
    appoint(estate.community, estate.people["wang"], committee, "committee-member", "委员", at=estate.now)
    with refused("not-yet"):
        estate.open("two-keys")  # one person in both posts is one person
    with refused("bad-data"):
        set_counting_key("太短", by=estate.people["wang"], at=estate.later())
    assert not Vote.objects.exists() and not KeyShare.objects.exists()


def test_who_holds_both_posts_comes_for_the_one_that_has_nobody_else(two: Estate) -> None:
    """Hu directs beside wang, and is the only member with a passphrase: wang directs, hu comes as a member."""
    committee = Body.objects.get(key="committee")
    where = two.places["xfl"]
    appoint(two.community, two.people["hu"], committee, "committee-director", "副主任", place=where, at=two.now)
    CountingKey.objects.filter(person=two.people["mei"]).delete()
    vote = two.open("two-keys")
    shares_of = dict(KeyShare.objects.filter(vote=vote).values_list("person__login", "post"))
    assert shares_of == {"wang": "committee-director", "hu": "committee-member"}


def test_a_key_that_an_administrator_puts_in_gets_no_half(two: Estate) -> None:
    mine = CountingKey.objects.get(person=two.people["hu"])
    _private, public = shares.key_of("管理员自己的一句话", bytes(mine.salt))
    CountingKey.objects.filter(pk=mine.pk).update(public=public)
    vote = two.open("two-keys")
    assert not KeyShare.objects.filter(vote=vote, person=two.people["hu"]).exists()
    assert KeyShare.objects.filter(vote=vote, person=two.people["mei"]).exists()


def test_a_half_that_was_altered_or_given_to_another_opens_nothing(two: Estate, closed: Vote) -> None:
    share = KeyShare.objects.get(person=two.people["hu"])
    other = KeyShare.objects.get(person=two.people["wang"])
    KeyShare.objects.filter(pk=share.pk).update(sealed=bytes(other.sealed), salt=bytes(other.salt))
    with pytest.raises(DecryptionError):
        comes(two, closed, "hu", WORDS["wang"])
    assert not KeyShare.objects.filter(opened__isnull=False).exists()


def test_where_they_do_not_come_the_box_is_emptied_unopened(two: Estate, closed: Vote) -> None:
    comes(two, closed, "wang")
    run_due(closed.closes_at + timedelta(days=8))
    closed.refresh_from_db()
    assert closed.outcome == "called-off" and not Ballot.objects.exists() and not KeyShare.objects.exists()
    assert not Envelope.objects.filter(vote=closed, sealed__isnull=False).exists()
    assert Matter.objects.get(pk=closed.matter_id).ended_as == "not-held"


def test_where_nobody_reads_the_papers_the_counters_come_when_the_time_for_it_is_over(two: Estate) -> None:
    vote = two.open("two-keys")
    for n in range(1, 5):
        two.cast(vote, f"o{n}", "yes")
    marked(two, vote, "o5")
    time_is_over(two, vote)
    run_due(two.later(days=3, minutes=1))
    comes(two, vote, "wang")
    assert comes(two, vote, "hu").result["urn"]["found"] == 0


def test_a_server_that_stood_still_for_a_week_takes_no_day_of_the_counters(two: Estate) -> None:
    vote = two.open("two-keys")
    for n in range(1, 7):
        two.cast(vote, f"o{n}", "yes")
    two.now = vote.closes_at + timedelta(days=8)
    run_due(two.now, down_until=two.now)
    vote.refresh_from_db()
    assert vote.counted_at is None and Envelope.objects.filter(vote=vote, sealed__isnull=False).count() == 6
    comes(two, vote, "wang")
    assert comes(two, vote, "hu").outcome == "passed"


def test_a_wrong_try_is_counted_in_the_transaction_that_tried_it(two: Estate, closed: Vote) -> None:
    with CaptureQueriesContext(connection) as told, refused("bad-data"):
        comes(two, closed, "wang", "猜一猜是不是这一句")
    begun = [row["sql"] for row in told.captured_queries if row["sql"].startswith(("BEGIN", "SAVEPOINT"))]
    assert len(begun) == 1, "a second transaction would find a share that is gone, or lose a try made beside it"
    assert KeyShare.objects.get(person=two.people["wang"]).wrong == 1


def test_the_page_knows_who_is_waited_for(two: Estate, closed: Vote) -> None:
    comes(two, closed, "mei")
    told = [(one.title, one.names, one.came) for one in counters.waiting(closed)]
    assert told == [("居委会主任", "住户wang", False), ("居委会委员", "住户hu、住户mei", True)]


def test_two_halves_make_the_key_and_one_says_nothing() -> None:
    key = bytes(range(32))
    one, other = shares.split(key)
    assert shares.joined(one, other) == key and key not in (one, other)
    assert shares.split(key) != (one, other)


def test_with_papers_in_the_urn_the_counters_come_after_the_readers(two: Estate) -> None:
    """Otherwise both halves lie under the key file for as long as the papers are read."""
    second_clerk(two)
    vote = two.open("two-keys")
    for n in range(1, 4):
        two.cast(vote, f"o{n}", "yes")
    marked(two, vote, "o4")
    time_is_over(two, vote)
    with refused("not-yet"):
        comes(two, vote, "wang")
    both_read(two, vote, 1, "no")
    for reader in ("wang", "li"):
        assert not empty_urn(vote.pk, by=two.people[reader], at=two.later())
    with refused("closed"):  # both said that none is left
        both_read(two, vote, 2, "no")
    comes(two, vote, "wang")
    comes(two, vote, "hu")
    vote.refresh_from_db()
    assert {side: one["heads"] for side, one in vote.result["sides"].items()} == {"yes": 3, "no": 1, "abstain": 0}
