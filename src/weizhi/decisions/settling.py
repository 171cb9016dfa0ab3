"""After the count: envelopes emptied, those that spoke marked, and what each receipt came to. Whole sets at once."""

from collections.abc import Collection, Iterable
from uuid import UUID

from weizhi.decisions.models import Envelope, Receipt, Spoken, Vote
from weizhi.places import bulk

ROWS = ("envelope_id", "vote_id", "entitlement_id")
AT_ONCE = 500  # what one statement names


def settle(vote: Vote, spoke: Iterable[tuple[UUID, UUID]], aside: Collection[str]) -> None:
    """Erase what was in the envelopes and set the receipts' states; each row written once.

    `spoke`: the envelopes that spoke, each with its line. `aside`: receipts of those that did not; they are few where
    many vote."""
    _empty(vote)
    bulk.insert(Spoken, ROWS, ((one.hex, vote.pk.hex, line.hex) for one, line in spoke))
    issued, left = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED), list(aside)
    for n in range(0, len(left), AT_ONCE):
        issued.filter(pk__in=left[n : n + AT_ONCE]).update(state=Receipt.State.ASIDE)
    issued.update(state=Receipt.State.COUNTED)


def _empty(vote: Vote) -> None:
    """The keys of sendings go too: each is made with the choice, so beside the line of a secret vote it would tell it
    to whoever has the key file and tries all choices."""
    keys = {"key": ""} if vote.secret else {}
    Envelope.objects.filter(vote=vote).update(sealed=None, past_keys=[], **keys)
