"""A convention as it is and was in force (Edition): each points at the text and the matter that decided it."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.places.models import Community


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))

    def of(self, community: UUID, convention: str) -> Self:
        return self.filter(community=community, convention=convention)

    def in_force(self) -> Self:
        return self.filter(until__isnull=True)


class Edition(models.Model):
    """One edition of a convention. Its words are a version of a text in the record (erased there, they are gone here).

    `changed` names the articles that are new, read otherwise, or stand there no more, against the edition before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    convention = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    n = models.PositiveIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="editions")
    step = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    changed = models.JSONField(default=dict)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("公约的一版")
        constraints = [
            models.UniqueConstraint(fields=["community", "convention", "n"], name="edition_numbered_once"),
            models.UniqueConstraint(
                fields=["community", "convention"], condition=Q(until__isnull=True), name="one_edition_in_force"
            ),
        ]
