"""Read why one's own words were put away. Nothing on the record, and no instant: both would tell whose they are."""

from django.db import transaction

from weizhi.deliberation.mine import voices_of
from weizhi.deliberation.models import Statement
from weizhi.people.models import Person


def read_reasons(*, by: Person) -> int:
    """Of all open halls at once. Returns how many had not been read yet."""
    with transaction.atomic():
        voices = voices_of(by.pk)
        if not voices:
            return 0
        rows = Statement.objects.filter(author__in=voices, state=Statement.State.HIDDEN, reason_read=False)
        return rows.update(reason_read=True)
