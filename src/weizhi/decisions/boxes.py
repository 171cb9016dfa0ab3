"""The lock of one ballot box: many cast at once, one counts when nobody casts.

A ballot takes the vote's row shared, the count takes it alone. So an evening's ballots do not wait for one another,
and none slips in after the count began. On SQLite the IMMEDIATE transaction is both.
"""

from uuid import UUID

from django.db import connection, transaction

from weizhi.decisions.models import Vote
from weizhi.matters.refused import Refused
from weizhi.places.models import uuid_parameter


def hold(vote: UUID) -> Vote:
    """The vote while a ballot goes in. Raises Refused."""
    assert transaction.get_connection().in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM decisions_vote WHERE id = %s FOR SHARE", [uuid_parameter(vote)])
    found = Vote.objects.select_related("step").filter(pk=vote).first()
    if found is None:
        raise Refused("not-found", "没有这次投票，或者您看不到它。")
    return found


def take(vote: UUID) -> Vote:
    """The vote alone, to count it."""
    assert transaction.get_connection().in_atomic_block
    return Vote.objects.select_for_update(of=("self",)).select_related("roll").get(pk=vote)
