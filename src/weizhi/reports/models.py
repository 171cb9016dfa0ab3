"""报事: what the room of reports keeps of a matter besides its steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from weizhi.matters.models import Matter
from weizhi.matters.recorded import CHANNELS


class Report(models.Model):
    """A report: through which channel it came; and the slip that goes with what an officer wrote down.

    Whoever holds the slip's code reads the matter's public story. The code itself is not kept: the installation's
    keys make it of the matter and `turn`, and find it by its blind index. A copied database opens no story.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("手机")
        OFFICER = "officer", _("工作人员代报")
        IMPORTED = "imported", _("导入")
        CALL = "call", CHANNELS["call"]
        DOOR = "door", CHANNELS["door"]
        PAPER = "paper", CHANNELS["paper"]
        CHAT = "chat", CHANNELS["chat"]
        APP = "app", CHANNELS["app"]

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="report")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    turn = models.PositiveSmallIntegerField(default=0, help_text="How many codes were taken before one was free.")
    # Null and not "" where there is no slip: of what is unique, only null may stand twice.
    code_blind = models.CharField(max_length=64, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("报事")
