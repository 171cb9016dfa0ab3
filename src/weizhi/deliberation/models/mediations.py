"""A mediation, when its people meet, and who signed. No word of it: what is said lies sealed in the record."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.places.models import Community


class Side(models.TextChoices):
    FIRST = "first", _("提出的一方")
    OTHER = "other", _("另一方")


class MediationQuerySet(models.QuerySet["Mediation"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))

    def going_on(self) -> Self:
        return self.filter(step__closed_at__isnull=True)


class Mediation(models.Model):
    """The document of a `mediate` step. A side without an account takes part on paper, through the mediator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="mediations")
    step = models.OneToOneField(Step, models.PROTECT, related_name="mediation")
    first_by_paper = models.BooleanField(default=False)
    other_by_paper = models.BooleanField(default=False)
    invited_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    text_hash = models.CharField(max_length=64, blank=True, help_text="Of the agreement as it lies open for signing.")
    version = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(null=True)

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解")

    def by_paper(self, side: str) -> bool:
        return self.first_by_paper if side == Side.FIRST else self.other_by_paper


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> Self:
        """Not given back: nobody else can have this time."""
        return self.filter(released_at__isnull=True)

    def current(self) -> Self:
        """The one that a mediation goes by."""
        return self.standing().filter(is_last=True)

    def between(self, since: datetime, until: datetime) -> Self:
        return self.filter(starts_at__gte=since, starts_at__lt=until)


class Appointment(models.Model):
    """A time that was booked. The database gives each once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="appointments")
    series = models.CharField(max_length=60, help_text="The charter's calendar.")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=80)
    is_last = models.BooleanField(default=True)
    released_at = models.DateTimeField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("约好的时间")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "series", "starts_at"],
                condition=Q(released_at__isnull=True),
                name="a_time_booked_once",
            ),
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(released_at__isnull=True, is_last=True), name="one_coming_time"
            ),
        ]


class Signature(models.Model):
    """A side signed the agreement with this hash: by its own phone, or on paper that the mediator photographed."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("手机上签")
        PAPER = "paper", _("纸上签")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=5, choices=Side.choices)
    text_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("签字")
        constraints = [
            models.UniqueConstraint(fields=["mediation", "side", "text_hash"], name="each_side_signs_once"),
        ]
