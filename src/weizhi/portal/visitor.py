"""Who is looking, asked of the database once a request."""

from django.db.models import Count
from django.http import HttpRequest

from weizhi.people.access import NOBODY, Standing, standing
from weizhi.people.models import Person
from weizhi.places.prepared import Prepared
from weizhi.record import clock
from weizhi.record.models import Delivery


def person_of(request: HttpRequest) -> Person | None:
    return request.user if request.user.is_authenticated else None


def signed_in(request: HttpRequest) -> Person:
    """Whoever asks, behind a door that lets in only who is signed in: `login_required`, the API's router."""
    person = person_of(request)
    assert person is not None, "only who is signed in comes here"
    return person


def standing_of(request: HttpRequest) -> Standing:
    """What the visitor is now; kept on the request, since page, dock and act all ask."""
    kept = getattr(request, "_weizhi_standing", None)
    if isinstance(kept, Standing):
        return kept
    person = person_of(request)
    if person is None:
        return keep_standing(request, NOBODY)
    # Read with the person at a request; whoever has signed in just now came without.
    read = getattr(person, "_weizhi_standing", None)
    return keep_standing(request, read if isinstance(read, Standing) else standing(person, clock.now()))


def keep_standing(request: HttpRequest, found: Standing) -> Standing:
    """A program's standing is its token's: less than that of the person who holds the post."""
    request._weizhi_standing = found  # type: ignore[attr-defined]  # ours alone, read above
    return found


def unseen_of(request: HttpRequest) -> int:
    """How many notices the visitor has not opened yet."""
    kept = getattr(request, "_weizhi_unseen", None)
    if isinstance(kept, int):
        return kept
    return keep_unseen(request, _count(request))


def keep_unseen(request: HttpRequest, count: int) -> int:
    """A page that learned the number beside something else saves a query."""
    request._weizhi_unseen = count  # type: ignore[attr-defined]  # ours alone, read above
    return count


_unseen = Prepared(
    lambda person: (
        Delivery.objects.filter(to_id=person, channel="page", seen_at__isnull=True)
        .order_by()
        .values("to_id")
        .annotate(many=Count("pk"))
        .values_list("many", flat=True)
    ),
    by_key=True,
)


def _count(request: HttpRequest) -> int:
    return _unseen.first(standing_of(request).person_id) or 0
