"""What of a counted vote is published, and its root: the roll's root, the receipts, the ballots, the result.

Anonymous ballots are published only where nobody can be told from them; a named vote's file is for those on its roll
and its counters. The root covers all of it, whoever may read what.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any

from django.db.models import Count

from weizhi.decisions.models import Ballot, Entitlement, Receipt, Vote
from weizhi.decisions.rolls import line_of
from weizhi.record.canonical import canonical
from weizhi.record.merkle import leaf_hash, root_of

FORMAT = "weizhi-vote-1"
SMALLEST_GROUP = 5
CHUNK = 2000


def root_of_vote(vote: Vote) -> str:
    """The root that is written into the record: what the published file must make again."""
    return root_of(leaf_hash(leaf) for leaf in _canonical_leaves(vote)).hex()


def _canonical_leaves(vote: Vote) -> Iterator[bytes]:
    """`each_leaf` as it is hashed. What many leaves share is written once: a town's vote has hundreds of thousands."""
    of_state = {str(state): b'{"receipt":"%%s","state":%s}' % canonical(str(state)) for state in Receipt.State}
    yield canonical(head_of(vote))
    for hash_, state in _receipts(vote):
        plain = hash_.isalnum() and hash_.isascii() and state in of_state
        yield of_state[state] % hash_.encode() if plain else canonical(_receipt_leaf(hash_, state))
    ballots: dict[Any, bytes] = {}
    for leaf in ballot_rows(vote):
        said = None if "n" in leaf else tuple(leaf["ballot"])
        if said is None:
            yield canonical(leaf)
        else:
            yield ballots.get(said) or ballots.setdefault(said, canonical(leaf))
    yield canonical(_result_leaf(vote))


def each_leaf(vote: Vote) -> Iterator[dict[str, Any]]:
    """Every leaf in its order: the question and the roll, the receipts, the ballots, the result."""
    yield head_of(vote)
    yield from (_receipt_leaf(*row) for row in _receipts(vote))
    yield from ballot_rows(vote)
    yield _result_leaf(vote)


def _receipts(vote: Vote) -> Iterator[tuple[str, str]]:
    rows = Receipt.objects.filter(vote=vote).order_by("hash").values_list("hash", "state")
    return rows.iterator(chunk_size=CHUNK)


def _receipt_leaf(hash_: str, state: str) -> dict[str, Any]:
    return {"receipt": hash_, "state": state}


def _result_leaf(vote: Vote) -> dict[str, Any]:
    return {"outcome": vote.outcome, "result": vote.result}


def head_of(vote: Vote) -> dict[str, Any]:
    """What stood fast before the first ballot."""
    return {
        "format": FORMAT, "vote": str(vote.pk), "kind": vote.kind, "secret": vote.secret, "brief": vote.brief,
        "rule": vote.rule, "opens": vote.opens_at, "closes": vote.closes_at,
        "roll": {"root": vote.roll.root, "size": vote.roll.size, "heads": vote.roll.heads, "area": vote.roll.area},
    }  # fmt: skip


def ballot_rows(vote: Vote) -> list[dict[str, Any]]:
    """The ballots in a published order: of a named vote by the roll, of a secret one by what they say.

    So few secret ballots that each would be somebody's are no leaves at all: their sums alone are published."""
    found = Ballot.objects.filter(vote=vote)
    if few(vote):
        return []
    if vote.secret:
        sums = found.values_list("choice").annotate(many=Count("pk")).order_by()
        return list(chain.from_iterable(repeat({"ballot": choice}, many) for choice, many in sorted(sums)))
    rows = found.values_list("entitlement__n", "choice").order_by("entitlement__n")
    return [{"ballot": choice, "n": n} for n, choice in rows]


def written(vote: Vote) -> Iterator[bytes]:
    """The file from which anybody recounts with one file of Python (docs/votes.md), a row a line: a town's vote is
    hundreds of thousands of rows, which need not be in memory together."""
    yield b'{"format":%s,"leaves":[\n' % canonical(FORMAT)
    yield from _separated(each_leaf(vote))
    yield b'],"lines":[\n'
    lines = Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n")
    yield from _separated(line_of(line) for line in lines.iterator(chunk_size=CHUNK))
    yield b'],"root":%s}\n' % canonical(vote.root)


def _separated(rows: Iterable[Any]) -> Iterator[bytes]:
    for n, row in enumerate(rows):
        yield (b"," if n else b"") + canonical(row) + b"\n"


def few(vote: Vote) -> bool:
    """Whether a group is so small that its ballots would name people: then sums alone are published."""
    return vote.secret and Ballot.objects.filter(vote=vote).count() < SMALLEST_GROUP
