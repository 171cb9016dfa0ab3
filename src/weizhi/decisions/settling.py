"""After the count: envelopes emptied, those that counted marked, and what each receipt came to. Whole sets at once."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from weizhi.decisions.models import Envelope, Receipt, Vote
from weizhi.places.models import uuid_parameter


def settle(vote: Vote, counted: Collection[UUID]) -> None:
    """Erase what was in the envelopes and set the receipts' states; four statements, however many there are."""
    box = Envelope.objects.filter(vote=vote)
    issued = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED)
    _mark(vote, counted)
    box.update(sealed=None)
    issued.filter(pk__in=box.filter(counted=True).values("receipt")).update(state=Receipt.State.COUNTED)
    issued.update(state=Receipt.State.ASIDE)


def _mark(vote: Vote, counted: Collection[UUID]) -> None:
    """Of the ids as one parameter: SQLite takes only so many of them, and PostgreSQL plans each list anew."""
    listed = [uuid_parameter(one) for one in counted]
    postgres = connection.vendor == "postgresql"
    among = "= ANY(%s)" if postgres else "IN (SELECT value FROM json_each(%s))"
    ids: Any = listed if postgres else json.dumps(listed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE decisions_envelope SET counted = %s WHERE vote_id = %s AND id {among}",  # noqa: S608  # one of the two words above
            [True, uuid_parameter(vote.pk), ids],
        )
