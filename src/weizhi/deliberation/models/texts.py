"""A text that is written in a matter (Text). Its versions are entries of the record; this row says how it stands."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.places.models import Community


class TextQuerySet(models.QuerySet["Text"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))


class Text(models.Model):
    """The text of a `draft` step. Who wrote which version, when and why, is in the record and nowhere else.

    A step that is opened again goes on writing the same text; what was frozen stays so until the next is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="texts")
    step = models.CharField(max_length=60)
    versions = models.PositiveIntegerField(default=0)
    frozen = models.PositiveIntegerField(null=True, help_text="The version that later steps are about.")
    frozen_at = models.DateTimeField(null=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("文本")
        constraints = [
            models.UniqueConstraint(fields=["matter", "step"], name="text_once"),
            models.CheckConstraint(
                condition=Q(frozen__isnull=True) | Q(frozen__lte=models.F("versions")), name="only_what_was_written"
            ),
        ]
