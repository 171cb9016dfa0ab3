"""Page-shaped reads about people."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weizhi.people.models import Holding, Person, Residence


def belongs_to(people: QuerySet[Person], community: UUID, at: datetime) -> QuerySet[Person]:
    """Those of `people` who live, own or hold a post in the community; people of flesh and blood."""
    own = {"person": OuterRef("pk"), "community": community}
    return people.filter(is_machine=False).filter(
        Q(Exists(Holding.objects.open_at(at).filter(**own))) | Q(Exists(Residence.objects.open_at(at).filter(**own)))
    )
