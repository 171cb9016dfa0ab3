"""A survey (Survey), who is asked (Asked), what they say until it ends (Answer), and the free words after (Remark)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.charters.surveying import Question
from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Community, Place


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, who: Standing) -> Self:
        """Surveys of matters that `who` may see, and those that ask him or his home."""
        return self.filter(Q(matter__in=Matter.objects.visible_to(who).values("pk")) | Exists(asked_of(who)))

    def asking(self, who: Standing) -> Self:
        return self.filter(Exists(asked_of(who)))

    def open(self, at: datetime) -> Self:
        return self.filter(closed_at__isnull=True, step__closed_at__isnull=True, step__due__gt=at)

    def shown(self) -> Self:
        """For a page: without the list it was drawn from, and without what was said."""
        return self.defer("frame", "answers")


class Survey(models.Model):
    """Questions put to a list of homes or people, at one step of a matter: fixed when it opens.

    `frame` is the list it was drawn from (home or a hash of the person, and the grid), so that anybody who has it
    draws the same again from `seed`. When it ends the answers lose their persons: `answers` holds them all, sealed,
    without order and words, and the record their hash (`root`).
    """

    class Asks(models.TextChoices):
        HOUSEHOLDS = "households", _("户")
        RESIDENTS = "residents", _("人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="surveys")
    step = models.OneToOneField(Step, models.PROTECT, related_name="survey")
    asks = models.CharField(max_length=10, choices=Asks.choices)
    statuses = models.JSONField(help_text="As what one must belong to a home to be asked, or to speak for it.")
    path = models.CharField(max_length=200)
    questions = models.JSONField()
    why = models.CharField(max_length=300, blank=True)
    at_least = models.CharField(max_length=13, blank=True)
    population = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    seed = models.CharField(max_length=64, blank=True, help_text="Of the draw; empty where all are asked.")
    list_hash = models.CharField(max_length=64)
    frame = models.JSONField(default=list)
    opens_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    answers = models.BinaryField(null=True)
    root = models.CharField(max_length=64, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("问卷")
        indexes = [models.Index(fields=["community", "closed_at"])]

    @property
    def question_list(self) -> Sequence[Question]:
        return [Question.model_validate(one) for one in self.questions]

    @property
    def closes_at(self) -> datetime:
        """Its step's day, which moves where the matter stands still. Read it with the step."""
        assert self.step.due is not None, "the checker lets no survey stand without a period"
        return self.step.due

    @property
    def is_sample(self) -> bool:
        return bool(self.seed)


class Asked(models.Model):
    """One home, or one person, that the survey asks. `code` stands on its printed questionnaire and nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="asked_rows")
    n = models.PositiveIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", help_text="The home, or where the person lives.")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    grid = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=8)

    class Meta:
        verbose_name = _("问到的")
        constraints = [
            models.UniqueConstraint(fields=["survey", "n"], name="asked_numbered_once"),
            models.UniqueConstraint(fields=["survey", "code"], name="asked_code_once"),
            models.UniqueConstraint(
                fields=["survey", "place"], condition=Q(person__isnull=True), name="home_asked_once"
            ),
            models.UniqueConstraint(
                fields=["survey", "person"], condition=Q(person__isnull=False), name="person_asked_once"
            ),
        ]
        indexes = [models.Index(fields=["place"], condition=Q(person__isnull=True), name="asked_by_home")]


def asked_of(who: Standing) -> models.QuerySet[Asked]:
    """The rows of the outer survey that ask this person, or the home where he lives."""
    own = Q(person=who.person_id) if who.person_id else Q(pk__in=())
    homes = Q(person__isnull=True, place__path__in=who.homes)
    return Asked.objects.filter(own | homes, survey=OuterRef("pk"))


class Answer(models.Model):
    """What one home or person said, sealed; the database takes one. When the survey ends, `sealed` is emptied:
    then the row says that they answered, how it came, and no more."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("手机")
        PAPER = "paper", _("纸卷")
        CALL = "call", _("电话")
        VISIT = "visit", _("上门")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asked = models.OneToOneField(Asked, models.PROTECT, related_name="answer")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the sending, so that an echo is known.")
    past_keys = models.JSONField(default=list)

    class Meta:
        verbose_name = _("问卷答卷")


class Remark(models.Model):
    """Free words of an answer, after the survey ended: nobody's any more, for whoever runs it to read.

    The key is random and no time is kept: neither the row nor its order leads back to the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="remarks")
    question = models.CharField(max_length=60)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("问卷留言")
