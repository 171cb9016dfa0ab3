"""A matter (事项), the steps at which it stands, and who has to do with it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.people.access import EVERYBODY, Standing
from weizhi.people.models import CharterText
from weizhi.places.models import Community, Place
from weizhi.record.models import Entry, Stream


class MatterQuerySet(models.QuerySet["Matter"]):
    def visible_to(self, who: Standing) -> Self:
        """Matters that `who` may see: public ones, those of his places, those he has to do with.

        The same rule as `matters.access.may_see`; a property test holds the two together.
        """
        # Not EXISTS: PostgreSQL turns that into a table of all 200,000 matters somebody has to do with, to list 25.
        party = Party.objects.filter(matter=OuterRef("pk"), who__in=who.keys).values("pk")[:1]
        return self.filter(Q(audience__in=[EVERYBODY, *who.paths]) | Q(IsNull(Subquery(party), False)))

    def standing_open(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def preloaded(self) -> Self:
        """With what an act needs. Not the charter's text: it is long, and kept in the process by its hash."""
        return self.select_related("stream", "community", "place")


class Matter(models.Model):
    """What somebody raised and what goes its way by a procedure. Moves only by acts.

    `audience` says who may see it besides its parties: `*` everybody, the path of a place whose people may, or
    `-` nobody else. `top` is the stream that is locked: its own, or that of the matter that opened or holds it.
    """

    PARTIES_ONLY = "-"

    stream = models.OneToOneField(Stream, models.PROTECT, primary_key=True, related_name="matter")
    community = models.ForeignKey(Community, models.PROTECT)
    kind = models.CharField(max_length=60)
    charter = models.ForeignKey(CharterText, models.PROTECT)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    place = models.ForeignKey(Place, models.PROTECT)
    audience = models.CharField(max_length=200)
    top = models.ForeignKey(Stream, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("Step", models.PROTECT, null=True, related_name="opened_matters")
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    held_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="held")
    category = models.CharField(max_length=60, blank=True)
    sorted_as = models.CharField(
        max_length=60, blank=True, help_text="Its class: big, small, private; or the charter's."
    )
    urgency = models.CharField(max_length=20, blank=True)
    consensus = models.CharField(max_length=20, blank=True)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_as = models.CharField(max_length=60, blank=True)
    counts = models.CharField(max_length=12, blank=True, help_text="How figures count its end.")
    ended_at = models.DateTimeField(null=True)
    found_by = models.TextField(
        default="", help_text="A letter box, always empty: the database puts it into Searchable. A query less a report."
    )

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项")
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="matter_numbered_once")]
        indexes = [
            models.Index(fields=["community", "kind", "ended_at"]),
            models.Index(fields=["community", "ended_at", "changed_at"]),
            # Lists of all, and of what is over, newest change first: a page is read off this index.
            models.Index(fields=["community", "changed_at"], name="matter_by_change"),
            # The same of one category: words are then looked for among a few thousand, not among all.
            models.Index(fields=["community", "category", "changed_at"], name="matter_by_category"),
            # What neighbours may mean already, read at each report: the newest of what stands open.
            models.Index(
                fields=["community", "kind", "changed_at"],
                condition=Q(ended_at__isnull=True),
                name="matter_open_by_change",
            ),
            # The figures of the last weeks read the matters of those weeks and no others.
            models.Index(fields=["community", "raised_at"], name="matter_by_raising"),
        ]

    def __str__(self) -> str:
        return f"{self.number:04d} {self.title}"

    @property
    def id(self) -> UUID:
        return self.stream_id


class CalendarOpening(models.Model):
    """A calendar of the charter opened this matter: for each date and target once, whoever else was looking.

    `rule_day` names the date (`people.NextDate`), `day` is where it had moved to; `target` is the place it is for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="calendar_opening")
    entry = models.CharField(max_length=60)
    rule_day = models.DateField()
    day = models.DateField()
    target = models.CharField(max_length=260)

    class Meta:
        verbose_name = _("按日历开的事项")
        constraints = [
            models.UniqueConstraint(fields=["community", "entry", "rule_day", "target"], name="opened_once_a_date"),
        ]


class Searchable(models.Model):
    """What a matter is found by, as pairs of characters (`searching.py`). The index over it is the database's own:
    migration 0006 makes it. On SQLite a migration that remakes this table, or Matter's, must make the triggers again.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True)
    row = models.BigIntegerField(unique=True)
    words = models.TextField()


class StepQuerySet(models.QuerySet["Step"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def to_wake(self, until: datetime) -> Self:
        return self.open().filter(wakes_at__lte=until).order_by("wakes_at", "id")


class Step(models.Model):
    """A token: the matter stands, or stood, at this step of its procedure.

    `fork` is the path of the fork in whose branch the token runs ("" outside), so that key, round, fork and
    branch name a token once. `wakes_at` is the next instant at which time itself must look at it (due date,
    escalation, a missed duty); `woken_at` the last one it did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    community = models.ForeignKey(Community, models.PROTECT)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    round = models.PositiveIntegerField(default=1)
    fork = models.CharField(max_length=200, blank=True)
    branch = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, help_text="The place at whose level it stands.")
    opened_at = models.DateTimeField()
    due = models.DateTimeField(null=True)
    due_words = models.CharField(max_length=120, blank=True)
    calendar = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)
    wakes_at = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    mark = models.CharField(max_length=60, blank=True, help_text="What figures count, such as answered or done.")
    brief = models.JSONField(default=dict, help_text="What the step was given when it opened; frozen.")
    memory = models.JSONField(default=dict, help_text="What an open step must remember: voices so far, duties done.")

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("步骤")
        constraints = [
            models.UniqueConstraint(fields=["matter", "key", "round", "fork", "branch"], name="token_once"),
        ]
        indexes = [
            models.Index(fields=["community", "due"], condition=Q(closed_at__isnull=True), name="step_open_by_due"),
            models.Index(fields=["wakes_at"], condition=Q(closed_at__isnull=True), name="step_to_wake"),
            models.Index(fields=["community", "mark", "closed_at"], name="step_by_mark"),
            models.Index(fields=["community", "due"], name="step_by_due"),  # how the duties of a month were met
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.round})"


class Objection(models.Model):
    """Which objections are still open: kept beside the record, so that nobody reads 1,200 entries to know of one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="objections")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="objection")
    n = models.PositiveIntegerField(help_text="The number of its entry: the order in which they are answered.")
    answer = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="answered")

    class Meta:
        verbose_name = _("异议")
        constraints = [models.UniqueConstraint(fields=["matter", "n"], name="objection_once")]
        indexes = [models.Index(fields=["matter", "n"], condition=Q(answer__isnull=True), name="objection_open")]


class PartyQuerySet(models.QuerySet["Party"]):
    def waiting(self) -> Self:
        return self.filter(step__isnull=False)

    def for_keys(self, keys: Any) -> Self:
        return self.filter(who__in=keys)

    def by_due(self) -> Self:
        return self.order_by(F("due").asc(nulls_last=True), "step_id")


class Party(models.Model):
    """Who (a key of access) has to do with a matter, and how: raiser, assignee, follower, handler.

    A row with a step says that the step waits for that key until `due`: the work tables of everybody.
    """

    WAITS = "waits"
    HANDLER = "handler"
    RAISER = "raiser"
    FOLLOWER = "follower"
    DECLARED = "declared"  # has an interest of his own in it: sits out in office (`interests.py`)
    AGAIN = "again"  # signed under an ended matter: wants it raised again (`again.py`)
    JOINT = "joint-raiser"  # reported the same: a report of his own was merged into this one

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="parties")
    community = models.ForeignKey(Community, models.PROTECT)
    who = models.CharField(max_length=260)
    relation = models.CharField(max_length=40)
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="waits")
    due = models.DateTimeField(null=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("相关人")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "who", "relation"], condition=Q(step__isnull=True), name="party_once"
            ),
            models.UniqueConstraint(fields=["step", "who"], condition=Q(step__isnull=False), name="waits_once"),
        ]
        indexes = [
            models.Index(fields=["who", "due"], condition=Q(step__isnull=False), name="party_waits_by_due"),
            models.Index(fields=["who", "relation"]),
        ]
