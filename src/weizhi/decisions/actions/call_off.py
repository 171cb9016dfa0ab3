"""Call off: the step of a vote was cancelled. Its envelopes and its key are erased unopened: nobody ever reads them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from weizhi.decisions import counters
from weizhi.decisions.boxes import take
from weizhi.decisions.models import Envelope, PaperEntry, Receipt, Vote
from weizhi.decisions.urns import erase

CALLED_OFF: Final = "called-off"


def call_off(vote_id: UUID, at: datetime) -> Vote:
    """Inside a transaction. A vote that was counted stays as it is."""
    vote = take(vote_id)
    if vote.counted_at is not None:
        return vote
    Envelope.objects.filter(vote=vote).update(sealed=None, key="", past_keys=[])
    Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED).update(state=Receipt.State.ASIDE)
    PaperEntry.objects.filter(vote=vote).delete()
    counters.erase(vote)
    erase(vote)
    vote.counted_at, vote.outcome, vote.private_key = at, CALLED_OFF, None
    vote.save(update_fields=["counted_at", "outcome", "private_key"])
    return vote
