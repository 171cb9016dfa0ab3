"""A body's meeting (Sitting), who came (Attendance), and what was said of each matter (Item)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.charters.deliberating import Quorum
from weizhi.deliberation.rules import Seat
from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Community


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, who: Standing) -> Self:
        return self.filter(matter__in=Matter.objects.visible_to(who).values("pk"))

    def serving(self, row: Step) -> Self:
        """Meetings at which the matter of this `meet` step is dealt with: of its body, its place, its series."""
        found = self.filter(community=row.community_id, body=row.brief.get("body", ""), path=row.path)
        return found.filter(calendar=row.brief["calendar"]) if row.brief.get("calendar") else found

    def coming(self) -> Self:
        """Not over: whether somebody closed it, or time sent its step on."""
        return self.filter(closed_at__isnull=True, step__closed_at__isnull=True)

    def open(self) -> Self:
        return self.coming().filter(opened_at__isnull=False)


class Sitting(models.Model):
    """One meeting of a body: the document of a `sit` step.

    Several matters are dealt with at one meeting, and one matter at several; so neither holds the other. A matter's
    own `meet` step is moved under the matter's own lock; it asks this row whether the meeting is open and has its
    quorum. `seats` are those of the body as the charter has them when the meeting is set.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="sittings")
    step = models.OneToOneField(Step, models.PROTECT, related_name="sitting")
    body = models.CharField(max_length=60)
    calendar = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    where = models.CharField(max_length=80)
    seats = models.JSONField(default=list)
    quorum = models.JSONField(null=True)
    order = models.JSONField(default=list, help_text="Numbers of matters in the order that the clerk gave them.")
    called_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    chair = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        indexes = [models.Index(fields=["community", "body", "starts_at"])]

    @property
    def seat_list(self) -> Sequence[Seat]:
        return [
            Seat(n, seat["title"], seat["who"], seat.get("group", ""), seat.get("of", ""))
            for n, seat in enumerate(self.seats, 1)
        ]

    @property
    def quorum_rule(self) -> Quorum | None:
        return Quorum.model_validate(self.quorum) if self.quorum else None


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def there(self) -> Self:
        """Who has not left, whatever the clock says: what the constraints ask."""
        return self.filter(left_at__isnull=True)

    def at(self, instant: datetime) -> Self:
        """Who sits there at this instant."""
        return self.filter(Q(left_at__isnull=True) | Q(left_at__gt=instant), came_at__lte=instant)

    def taken(self, sitting: UUID, at: datetime) -> set[int]:
        """The seats that are filled."""
        rows = self.at(at).filter(sitting=sitting, seat__isnull=False)
        return {int(n) for n in rows.values_list("seat", flat=True) if n is not None}

    def seated(self, sitting: UUID, at: datetime) -> int:
        """How many seats are filled."""
        return self.at(at).filter(sitting=sitting, seat__isnull=False).count()


class Attendance(models.Model):
    """Somebody came: with a seat of the body, or as a guest who may speak and not decide. By phone or on paper."""

    class Channel(models.TextChoices):
        SELF = "self", _("自己签到")
        CODE = "code", _("扫码签到")
        CLERK = "clerk", _("代为签到")
        PAPER = "paper", _("纸上签到")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40, blank=True, help_text="Of somebody without an account, as the sheet says.")
    seat = models.PositiveSmallIntegerField(null=True)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("签到")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "person"], condition=Q(left_at__isnull=True), name="there_once"),
            models.UniqueConstraint(
                fields=["sitting", "seat"], condition=Q(left_at__isnull=True), name="one_in_a_seat"
            ),
        ]

    @property
    def called(self) -> str:
        """The name now: whoever was erased has none any more. Read it with the person."""
        if self.person is None:
            return self.name
        return self.person.name if self.person.erased_at is None else str(_("一位居民"))


class ItemQuerySet(models.QuerySet["Item"]):
    def seen_by(self, who: Standing) -> Self:
        """With `seen`: whether this reader may see the matter. Others read of it by its number alone."""
        return self.annotate(seen=Exists(Matter.objects.visible_to(who).filter(pk=OuterRef("step__matter"))))


class Item(models.Model):
    """A matter on the agenda of an opened meeting, and how it was decided there; what was said is in the record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="items")
    n = models.PositiveSmallIntegerField()
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=60, blank=True)
    seated = models.PositiveSmallIntegerField(null=True, help_text="How many seats were filled when it was decided.")
    hands = models.JSONField(default=dict, help_text="for, against, abstain, where hands were counted.")
    doer = models.CharField(max_length=60, blank=True, help_text="Who does it: a post or body of the charter.")
    until = models.DateField(null=True, help_text="Until when.")
    at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("议程")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "n"], name="item_once"),
            models.UniqueConstraint(fields=["sitting", "step"], name="step_once_on_an_agenda"),
        ]
