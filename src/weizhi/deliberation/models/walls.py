"""What stands on the wall of a meeting: the matter, who speaks until when, who is next, one of the house's rules."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from weizhi.deliberation.models.meetings import Attendance, Sitting


class Wall(models.Model):
    """The projector's page as the chair's phone drives it. No act: it says what is going on, and decides nothing.

    Whoever speaks is named by the attendance, so that a name goes with its person.
    """

    sitting = models.OneToOneField(Sitting, models.CASCADE, primary_key=True, related_name="wall")
    turn = models.PositiveIntegerField(default=0, help_text="Grows with each change: a page asks whether it has.")
    item = models.PositiveSmallIntegerField(null=True, help_text="The place on the agenda.")
    speaker = models.ForeignKey(Attendance, models.SET_NULL, null=True, related_name="+")
    following = models.ForeignKey(Attendance, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True, help_text="When the speaker's time is over.")
    rule = models.PositiveSmallIntegerField(null=True, help_text="Which of the house's rules of debate, from 1.")

    class Meta:
        verbose_name = _("大屏")
