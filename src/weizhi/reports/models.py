"""报事: what the room of reports keeps of a matter besides its steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from weizhi.matters.models import Matter


class Report(models.Model):
    """A report: through which channel it came, and from where it was brought in."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("手机")
        OFFICER = "officer", _("工作人员代报")
        IMPORTED = "imported", _("导入")

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="report")
    channel = models.CharField(max_length=12, choices=Channel.choices)

    class Meta:
        verbose_name = _("报事")
