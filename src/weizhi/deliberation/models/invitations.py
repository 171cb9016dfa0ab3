"""Who was found to be concerned by a matter, and how each was reached: one row for a home or a body."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Place


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))

    def homes(self) -> Self:
        return self.filter(home__isnull=False)

    def of_newest(self, matter: Matter) -> Self:
        """Of the last time that people were invited to this matter."""
        newest = Step.objects.filter(matter=matter, kind="invite").order_by("-opened_at").values("pk")[:1]
        return self.filter(step__in=newest)


class Invitation(models.Model):
    """Frozen when the step opened: who lives there later was not invited, who was stays so.

    A home is written to, whoever lives there; `people` are those of it whom the telephone tells. `how` is what became
    of the letter, with the number of the entry in which the officer said so; `comes` what the home answered.
    """

    class How(models.TextChoices):
        HANDED = "handed", _("当面交了")
        BOX = "box", _("放进信箱")
        REFUSED = "refused", _("不收")
        NOBODY = "nobody", _("没有人")

    class By(models.TextChoices):
        SELF = "self", _("手机上")
        LETTER = "letter", _("凭信上的码")
        CLERK = "clerk", _("当面或电话里")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="invitations")
    step = models.ForeignKey(Step, models.PROTECT, related_name="invitations")
    n = models.PositiveSmallIntegerField()
    home = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    body = models.CharField(max_length=260, blank=True, help_text="A key of access, where it is no home.")
    because = models.CharField(max_length=80, blank=True)
    people = models.JSONField(default=list)
    code_blind = models.CharField(max_length=64, unique=True, null=True)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    how_entry = models.PositiveIntegerField(null=True)
    comes = models.BooleanField(null=True)
    words = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=6, choices=By.choices, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("邀请")
        constraints = [
            models.UniqueConstraint(fields=["step", "n"], name="invitation_numbered_once"),
            models.UniqueConstraint(fields=["step", "home"], name="home_invited_once"),
        ]
