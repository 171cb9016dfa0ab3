"""What of a counted vote is published, and its root: the roll's root, the receipts, the ballots, the result.

Anonymous ballots are published only where nobody can be told from them; a named vote's file is for those on its roll
and its counters. The root covers all of it, whoever may read what.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from weizhi.decisions.models import Ballot, Entitlement, Receipt, Vote
from weizhi.decisions.rolls import line_of, root_hex
from weizhi.record.canonical import canonical, plain

FORMAT = "weizhi-vote-1"
SMALLEST_GROUP = 5
CHUNK = 2000


def root_of_vote(vote: Vote) -> str:
    """The root that is written into the record: what the published file must make again."""
    return root_hex(leaves(vote))


def leaves(vote: Vote) -> list[dict[str, Any]]:
    """Every leaf in its order: the question and the roll, the receipts, the ballots, the result."""
    return list(each_leaf(vote))


def each_leaf(vote: Vote) -> Iterator[dict[str, Any]]:
    yield head_of(vote)
    receipts = Receipt.objects.filter(vote=vote).order_by("hash").values_list("hash", "state")
    for hash_, state in receipts.iterator(chunk_size=CHUNK):
        yield {"receipt": hash_, "state": state}
    yield from ballot_rows(vote)
    yield {"outcome": vote.outcome, "result": vote.result}


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
        return [{"ballot": choice} for choice in sorted(found.values_list("choice", flat=True))]
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


def published(vote: Vote) -> dict[str, Any]:
    """The same as one object."""
    lines = Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n")
    return file_of(leaves(vote), vote.root, [line_of(line) for line in lines])


def file_of(leaves: Sequence[Any], root: str, lines: Sequence[Any]) -> dict[str, Any]:
    """The published file as plain JSON, in the very form in which it is hashed."""
    found = plain({"format": FORMAT, "leaves": list(leaves), "lines": list(lines), "root": root})
    assert isinstance(found, dict)
    return found


def few(vote: Vote) -> bool:
    """Whether a group is so small that its ballots would name people: then sums alone are published."""
    return vote.secret and Ballot.objects.filter(vote=vote).count() < SMALLEST_GROUP
