"""How far each building's homes walk before and after something moves (Walking), and what the homes asked said."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter, Step
from weizhi.people.models import Person
from weizhi.places.models import Community, Place


class Walking(models.Model):
    """The table of a `distance` step, measured once and frozen.

    A row of `table` is a spot from which people set out: its path and name, how many homes, metres before and after
    (null where no drawn way leads there).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="walkings")
    step = models.OneToOneField(Step, models.PROTECT, related_name="walking")
    limit = models.PositiveIntegerField(help_text="Metres.")
    table = models.JSONField(default=list)
    asked = models.PositiveIntegerField(default=0, help_text="Homes that would walk too far.")
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    unmeasured = models.PositiveIntegerField(default=0, help_text="Homes of which nobody has drawn where they are.")

    class Meta:
        verbose_name = _("步行距离")


class Walker(models.Model):
    """A home that would walk too far, and what it says."""

    class Said(models.TextChoices):
        YES = "yes", _("同意")
        NO = "no", _("不同意")

    class Channel(models.TextChoices):
        SELF = "self", _("自己答的")
        VISIT = "visit", _("上门问的")
        CALL = "call", _("电话问的")
        PAPER = "paper", _("纸上写的")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    walking = models.ForeignKey(Walking, models.PROTECT, related_name="walkers")
    home = models.ForeignKey(Place, models.PROTECT, related_name="+")
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    said = models.CharField(max_length=3, choices=Said.choices, blank=True)
    channel = models.CharField(max_length=5, choices=Channel.choices, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("要走远路的住户")
        constraints = [models.UniqueConstraint(fields=["walking", "home"], name="home_asked_once_how_far")]
