"""Numbers of matters, without gaps in a community: taken in the transaction that raises the matter."""

from uuid import UUID

from django.db import connection

from weizhi.places.models import uuid_parameter


def next_number(community: UUID) -> int:
    """Take the community's next number. One query; the community's row is locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_community SET matters = matters + 1 WHERE id = %s RETURNING matters",
            [uuid_parameter(community)],
        )
        row = cursor.fetchone()
    return int(row[0])
