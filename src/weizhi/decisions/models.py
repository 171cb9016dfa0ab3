"""Who may decide (Roll, Entitlement, Speaker), the question (Vote), what was said (Envelope, then Ballot)."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Community, Place


class Roll(models.Model):
    """The electorate of one matter, as it stood when it was drawn up; frozen before the first ballot.

    `root` is the Merkle root over its lines (`rolls.line_of`), written when it freezes. `heads` and `area` (0.01 m²)
    are the whole electorate as the rules count it: several homes of one owner are one head.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="rolls")
    step = models.OneToOneField(Step, models.PROTECT, related_name="roll")
    electorate = models.CharField(max_length=60)
    path = models.CharField(max_length=200, help_text="The place whose people it holds.")
    drawn_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)
    heads = models.PositiveIntegerField(default=0)
    area = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("名册")
        indexes = [models.Index(fields=["matter", "electorate", "drawn_at"])]


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def standing(self) -> Self:
        """Those that count: not struck off after an objection."""
        return self.filter(struck_at__isnull=True)

    def of(self, person: Person) -> Self:
        """What this person may cast for: as the one on the roll, as a co-owner, or as a proxy.

        Two indexes, put together: an OR would make the database read the whole roll for every ballot."""
        spoken = Speaker.objects.filter(person=person, until__isnull=True).values("entitlement")
        own = Entitlement.objects.filter(person=person).values("pk")
        return self.standing().filter(pk__in=own.union(spoken))


class Entitlement(models.Model):
    """One line of a roll: a home with its area, or a person, or a household, or a seat.

    `head` names who is one head: all lines of one owner (and all of a developer's unsold homes) share it.
    `person` speaks for the line: who stands on the roll, or whom several owners named; None where nobody is
    registered (a paper ballot still counts). `grid` is where turnout is shown, by its path.
    """

    class Kind(models.TextChoices):
        HOME = "home", _("房屋")
        PARKING = "parking", _("车位")
        PERSON = "person", _("人")
        HOUSEHOLD = "household", _("户")
        SEAT = "seat", _("席位")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="entitlements")
    n = models.PositiveIntegerField(help_text="Its place on the roll, from 1.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="entitlements")
    label = models.CharField(max_length=80, help_text="What the roll calls it: 3 号楼 2 单元 301 室, or a masked name.")
    name = models.CharField(max_length=80, help_text="The name as it is published: masked.")
    head = models.CharField(max_length=120)
    area = models.BigIntegerField(default=0, help_text="0.01 m²; 0 where heads alone are counted.")
    grid = models.CharField(max_length=200, blank=True)
    struck_at = models.DateTimeField(null=True)
    struck_why = models.CharField(max_length=200, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("表决权")
        constraints = [models.UniqueConstraint(fields=["roll", "n"], name="entitlement_once_on_a_roll")]
        indexes = [models.Index(fields=["person", "roll"]), models.Index(fields=["place"])]


class Speaker(models.Model):
    """Somebody else who may speak for an entitlement: a co-owner, or a proxy with a paper. Taken back by `until`."""

    class As(models.TextChoices):
        OWNER = "owner", _("共有人")
        PROXY = "proxy", _("受托人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="speakers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    as_what = models.CharField(max_length=8, choices=As.choices)
    of_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="Whose proxy it is.")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_entry = models.UUIDField(null=True, help_text="The entry of the record with the paper that says so.")

    class Meta:
        verbose_name = _("表决人")
        constraints = [
            models.UniqueConstraint(
                fields=["entitlement", "person", "as_what"], condition=Q(until__isnull=True), name="speaker_once"
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(until__isnull=True), name="speaker_by_person")]


class VoteQuerySet(models.QuerySet["Vote"]):
    def visible_to(self, who: Standing) -> Self:
        """Votes of matters that `who` may see, and those on whose roll he stands."""
        mine = Entitlement.objects.filter(roll=models.OuterRef("roll"), person=who.person_id)
        spoken = Speaker.objects.filter(
            entitlement__roll=models.OuterRef("roll"), person=who.person_id, until__isnull=True
        )
        return self.filter(
            Q(matter__in=Matter.objects.visible_to(who).values("pk")) | models.Exists(mine) | models.Exists(spoken)
        )

    def open(self, at: datetime) -> Self:
        return self.filter(counted_at__isnull=True, opens_at__lte=at, closes_at__gt=at)


class Vote(models.Model):
    """A question put to a roll, at one step of a matter; what is asked never changes once it is open.

    `brief` is the question, the frozen text and the options; `rule` what the count needs; `secret` whether ballots
    lose their names. `public_key` seals envelopes of `envelope_size` bytes; `private_key` is its other half, itself
    sealed to the key file (and to two counters where the charter names them). `result` and `root` come with the count.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="votes")
    step = models.OneToOneField(Step, models.PROTECT, related_name="vote")
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="votes")
    kind = models.CharField(max_length=12, help_text="The step kind: vote, consent, elect, budget.")
    secret = models.BooleanField()
    phone = models.BooleanField(default=True, help_text="Whether it may be cast by phone.")
    revote = models.BooleanField(default=True)
    brief = models.JSONField(default=dict)
    rule = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    public_key = models.BinaryField()
    private_key = models.BinaryField(null=True)
    envelope_size = models.PositiveIntegerField()
    seal = models.CharField(
        max_length=64, blank=True, help_text="By the key file, over what is asked, of whom, by which rule, until when."
    )
    counted_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    result = models.JSONField(default=dict)
    root = models.CharField(max_length=64, blank=True, help_text="Over roll, receipts, ballots and result.")

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("表决")
        indexes = [models.Index(fields=["community", "closes_at"])]


class Channel(models.TextChoices):
    PHONE = "phone", _("手机")
    PAPER = "paper", _("纸票")
    TELEPHONE = "telephone", _("电话")
    DOOR = "door", _("上门")
    MEETING = "meeting", _("会上")
    PROXY = "proxy", _("委托")


class Envelope(models.Model):
    """What one voice said for one entitlement, sealed until the count, replaced when it changes its mind.

    `voice` is whose word it is (`person:<id>`, or `head:<n>` where nobody is registered): a proxy and an own vote
    are one voice. `rank` lets an own word stand over a proxy's. At the count `sealed` is erased and `counted` set
    on the one that spoke for the entitlement: the database itself refuses a second.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="envelopes")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="envelopes")
    voice = models.CharField(max_length=60)
    sealed = models.BinaryField(null=True)
    receipt = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    cast_at = models.DateTimeField()
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=200, blank=True, help_text="Paper number, recording, entry of a photo.")
    signed = models.BooleanField(default=True, help_text="False: an unsigned paper, which does not take part.")
    rank = models.PositiveSmallIntegerField(default=1, help_text="1 own word, 0 a proxy's.")
    key = models.CharField(max_length=80, blank=True, help_text="The sender's key of the last change.")
    past_keys = models.JSONField(
        default=list, help_text="The keys of changes before it: sent late, they change nothing."
    )
    counted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("票封")
        constraints = [
            models.UniqueConstraint(fields=["vote", "entitlement", "voice"], name="one_envelope_a_voice"),
            models.UniqueConstraint(
                fields=["vote", "entitlement"], condition=Q(counted=True), name="one_counted_an_entitlement"
            ),
        ]
        indexes = [models.Index(fields=["vote", "channel"])]


class Receipt(models.Model):
    """A receipt that was given out: a hash, a nonce's commitment and nothing else; no time, no order, no person.

    `state` is issued, replaced, counted or aside; set by the count. The signature is a keyed hash by the key file, so
    that whoever has only the database cannot add one; an envelope without it is not counted.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("已收到")
        REPLACED = "replaced", _("已被新的一张代替")
        COUNTED = "counted", _("已计入")
        ASIDE = "aside", _("不计入")

    hash = models.CharField(primary_key=True, max_length=64)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="receipts")
    signature = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED)

    class Meta:
        verbose_name = _("回执")
        indexes = [models.Index(fields=["vote", "state"])]


class Ballot(models.Model):
    """An opened ballot. Of a secret vote it has no entitlement, and nothing that could lead to one: its key is drawn
    at random, all are written in the order of those keys in one transaction, and they carry no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    choice = models.JSONField()
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, null=True, related_name="ballots")
    voice = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("选票")


class PaperEntry(models.Model):
    """A paper as one person read it off, kept until a second person has read the same: only then it goes into the box.

    `sealed` is what was read, encrypted under the key file and bound to vote and line. The row goes when the paper
    is in the box; two rows of a line are two readings that differ, and somebody must look at the paper again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="papers")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="papers")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("录纸票")
        constraints = [models.UniqueConstraint(fields=["vote", "entitlement", "by"], name="one_reading_a_person")]


class Candidate(models.Model):
    """Somebody put forward at a nomination step of a matter: by electors together, by a body, or by himself.

    He stands once he accepts; what he declares is shown with the ballot paper. `number` is his place on it, drawn by
    lot when the first ballot opens, and the option's key on every ballot after.
    """

    class State(models.TextChoices):
        GATHERING = "gathering", _("联名中")
        PROPOSED = "proposed", _("等本人接受")
        STANDING = "standing", _("候选人")
        DECLINED = "declined", _("本人不接受")
        STRUCK = "struck", _("不符合条件")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="candidates")
    step = models.CharField(max_length=60, help_text="The nomination step, by its key: a second round goes on with it.")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    way = models.CharField(max_length=60)
    by = models.JSONField(default=list, help_text="Who nominated: ids, each once.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    declaration = models.TextField(blank=True)
    criteria = models.JSONField(default=dict)
    number = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("候选人")
        constraints = [
            models.UniqueConstraint(fields=["matter", "step", "person"], name="candidate_once"),
            models.UniqueConstraint(fields=["matter", "step", "number"], name="candidate_number_once"),
        ]
