"""A file that somebody brought to the desk, on its way into the census."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.people.models import Person
from weizhi.places.models import Community


class Import(models.Model):
    """Sent, checked, confirmed, written: each of these by itself, so that it goes on after the server was killed.

    The files lie sealed outside the database until the import is over; here is only what the page shows.
    """

    class State(models.TextChoices):
        SENT = "sent", _("正在核对")
        FAULTY = "faulty", _("有要改的地方")
        READY = "ready", _("核对好了，等您确认")
        CONFIRMED = "confirmed", _("正在写入")
        DONE = "done", _("导入好了")
        DROPPED = "dropped", _("没有导入")

    BUSY: Final = (State.SENT, State.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    by = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.SENT)
    files = models.JSONField(default=list, help_text="Their names.")
    system = models.CharField(max_length=8, blank=True, help_text="Of which map its coordinates are.")
    said = models.CharField(max_length=400, blank=True, help_text="How far it has come, or why it cannot be read.")
    lines = models.JSONField(default=dict, help_text="Kind → how many lines were read.")
    counts = models.JSONField(default=dict, help_text="Kind → how many would be, or were, new.")
    errors = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)
    entry = models.UUIDField(null=True, help_text="The entry of the record that it became.")
    beat = models.DateTimeField(null=True, help_text="When somebody last worked on it.")

    class Meta:
        verbose_name = _("导入")
        indexes = [models.Index(fields=["community", "at"]), models.Index(fields=["state", "beat"])]

    @property
    def is_busy(self) -> bool:
        return self.state in self.BUSY
