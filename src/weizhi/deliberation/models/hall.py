"""The online hall (Hall): statements, who speaks there (Voice, of no name), and what each said of each (Stance)."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.deliberation.opinions import FRESH_PRIORITY
from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Community


class Channel(models.TextChoices):
    """How a word came in."""

    PHONE = "phone", _("手机")
    PAPER = "paper", _("纸上")
    VOICE = "voice", _("口头")
    MEETING = "meeting", _("会上")
    SEED = "seed", _("主持的人")


class HallQuerySet(models.QuerySet["Hall"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))

    def open_at(self, at: datetime) -> Self:
        return self.filter(shut_at__isnull=True, closes_at__gt=at, step__closed_at__isnull=True)


class Hall(models.Model):
    """The document of a `discuss` step. What people say of statements goes in beside the matter's lock.

    `drawn` is the map as last shown to everybody, drawn off the request path; once `final_at` is set it is frozen,
    and nothing any more leads from a voice to a person. `salt` keeps the record's hash of the voices from being
    guessed where few spoke.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="halls")
    step = models.OneToOneField(Step, models.PROTECT, related_name="hall")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    shut_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=32)
    drawn = models.JSONField(default=dict)
    drawn_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    objects = HallQuerySet.as_manager()

    class Meta:
        verbose_name = _("议事厅")
        indexes = [models.Index(fields=["closes_at"], condition=Q(final_at__isnull=True), name="hall_to_draw")]


class Voice(models.Model):
    """Somebody who takes part: one a person and hall, over all channels.

    `who` is a keyed hash, kept until the end so that nobody counts twice and everybody may change his mind. The keys
    random, no instants: the order of rows tells little of who came when. `stirred`: said something since the map was
    last drawn. `group`, `x`, `y`: where the map has him, for his own eyes.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="voices")
    who = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=7, choices=Channel.choices, help_text="By which it first spoke.")
    stirred = models.BooleanField(default=True)
    group = models.SmallIntegerField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)

    class Meta:
        verbose_name = _("议事厅里的一位")
        constraints = [
            models.UniqueConstraint(fields=["hall", "who"], condition=~Q(who=""), name="one_voice_a_person"),
        ]


class Statement(models.Model):
    """A short statement that others agree or disagree with. Whose it is nobody sees."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等着看")
        OPEN = "open", _("放出来了")
        HIDDEN = "hidden", _("收起来了")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="statements")
    n = models.PositiveIntegerField()
    words = models.CharField(max_length=140)
    state = models.CharField(max_length=7, choices=State.choices)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was hidden; its author reads it.")
    reason_read = models.BooleanField(default=False, help_text="Its author has read why it was put away.")
    channel = models.CharField(max_length=7, choices=Channel.choices)
    author = models.ForeignKey(Voice, models.PROTECT, null=True, related_name="statements")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64, blank=True, help_text="Under which it was sent: sent again, it is the same.")
    priority = models.FloatField(default=FRESH_PRIORITY, help_text="How much it deserves to be asked next.")

    class Meta:
        verbose_name = _("意见")
        constraints = [
            models.UniqueConstraint(fields=["hall", "n"], name="statement_numbered_once"),
            models.UniqueConstraint(fields=["hall", "key"], condition=~Q(key=""), name="statement_sent_once"),
        ]
        indexes = [models.Index(fields=["hall", "state", "n"], name="statement_by_state")]


class Stance(models.Model):
    """What one voice says of one statement: 1 agree, -1 disagree, 0 pass. Said again, it is changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="stances")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="stances")
    said = models.SmallIntegerField()
    channel = models.CharField(max_length=7, choices=Channel.choices)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64, blank=True)
    past_keys = models.JSONField(default=list)

    class Meta:
        verbose_name = _("表态")
        constraints = [
            models.UniqueConstraint(fields=["voice", "statement"], name="one_stance_a_statement"),
            models.CheckConstraint(condition=Q(said__in=(-1, 0, 1)), name="stance_is_one_of_three"),
        ]
