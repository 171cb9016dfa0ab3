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

    def of(self, person: Person | uuid.UUID, *votes: uuid.UUID) -> Self:
        """What this person may cast for in these votes: as the one on the roll, as a co-owner, or as a proxy.

        Two indexes, put together: an OR would make the database read the whole roll for every ballot."""
        spoken = Speaker.objects.speaking(*votes).filter(person=person).values("entitlement")
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


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def speaking(self, *votes: uuid.UUID | models.OuterRef) -> Self:
        """Who speaks at these votes: owners, and proxies whose paper holds for one of them or for every ballot of
        the roll."""
        given = Q(vote=votes[0]) if len(votes) == 1 else Q(vote__in=votes)
        return self.filter(Q(vote=None) | given, until__isnull=True)


class Speaker(models.Model):
    """Somebody else who may speak for an entitlement: a co-owner, or a proxy with a paper. Taken back by `until`.

    A proxy is given for one `vote`: a run-off on the same roll needs another paper, unless the first says that it
    holds for every ballot (`vote` is None).
    """

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
    vote = models.ForeignKey("Vote", models.PROTECT, null=True, related_name="+", help_text="The one it is given for.")

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("表决人")
        constraints = [
            models.UniqueConstraint(
                fields=["entitlement", "person", "as_what"],
                condition=Q(until__isnull=True, vote=None),
                name="speaker_once",
            ),
            models.UniqueConstraint(
                fields=["entitlement", "person", "as_what", "vote"],
                condition=Q(until__isnull=True),
                name="speaker_once_a_vote",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(until__isnull=True), name="speaker_by_person")]


class VoteQuerySet(models.QuerySet["Vote"]):
    def visible_to(self, who: Standing) -> Self:
        """Votes of matters that `who` may see, and those on whose roll he stands."""
        mine = Entitlement.objects.filter(roll=models.OuterRef("roll"), person=who.person_id)
        spoken = Speaker.objects.speaking(models.OuterRef("pk")).filter(
            entitlement__roll=models.OuterRef("roll"), person=who.person_id
        )
        return self.filter(
            Q(matter__in=Matter.objects.visible_to(who).values("pk")) | models.Exists(mine) | models.Exists(spoken)
        )

    def shown(self) -> Self:
        """For a page: without its keys."""
        return self.defer("private_key", "public_key")

    def asking(self, person: Person) -> Self:
        """Votes on whose roll this person stands, or speaks for a line."""
        here = models.OuterRef("roll")
        mine = Entitlement.objects.standing().filter(roll=here, person=person)
        spoken = Speaker.objects.speaking(models.OuterRef("pk")).filter(
            entitlement__roll=here, entitlement__struck_at__isnull=True, person=person
        )
        return self.filter(models.Exists(mine) | models.Exists(spoken))

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
    urn = models.JSONField(
        default=dict,
        help_text="Who first said that the urn is read out, why papers differ, whether they were too many.",
    )

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

    `voice` is whose word it is (`person:<id>`; `line:<n>` of a household, and where nobody is registered): a proxy
    and an own vote are one voice. `rank` lets an own word stand over a proxy's. At the count `sealed` is erased, and
    which one spoke for the entitlement is `Spoken`. Of a paper in a secret vote it says only that one was handed in:
    what the paper says lies in the urn (`UrnPaper`), nobody's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Each index is written with each ballot: those below begin with the vote already.
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="envelopes", db_index=False)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="envelopes")
    voice = models.CharField(max_length=60)
    sealed = models.BinaryField(null=True)
    receipt = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    cast_at = models.DateTimeField()
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    evidence = models.CharField(max_length=200, blank=True, help_text="Paper number, recording, entry of a photo.")
    signed = models.BooleanField(default=True, help_text="False: an unsigned paper, which does not take part.")
    rank = models.PositiveSmallIntegerField(default=1, help_text="1 own word, 0 a proxy's.")
    key = models.CharField(max_length=80, blank=True, help_text="The sender's key of the last change.")
    past_keys = models.JSONField(
        default=list, help_text="The keys of changes before it: sent late, they change nothing."
    )

    class Meta:
        verbose_name = _("票封")
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="one_envelope_a_receipt"),
            models.UniqueConstraint(fields=["vote", "entitlement", "voice"], name="one_envelope_a_voice"),
        ]
        indexes = [models.Index(fields=["vote", "channel"])]


class Covered(models.Model):
    """What a voice had said by phone before a paper was marked for it: sealed as it was, until the count.

    Where two take the mark back as a mistake, it lies in the box again; nobody loses a vote by a clerk's slip.
    """

    envelope = models.OneToOneField(Envelope, models.CASCADE, primary_key=True, related_name="covered")
    before = models.JSONField(help_text="The envelope's own columns, as they were.")

    class Meta:
        verbose_name = _("记纸票以前的票封")


class MarkChange(models.Model):
    """A correction of the marks of a secret vote that one person asks for, until a second confirms it."""

    class What(models.TextChoices):
        BACK = "back", _("收回记错的")
        LATE = "late", _("照签名册补记")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="mark_changes")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    what = models.CharField(max_length=4, choices=What.choices)
    voice = models.CharField(max_length=60)
    of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="Whose, of several owners.")
    proxy = models.BooleanField(default=False)
    why = models.CharField(max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("更正纸票记号")
        constraints = [models.UniqueConstraint(fields=["vote", "entitlement", "voice"], name="one_mark_change_a_voice")]


class TakenBack(models.Model):
    """A mark that two took back, by the key under which it was sent: its echo marks nothing anew. Until the count."""

    receipt = models.CharField(primary_key=True, max_length=64)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="+", db_index=False)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+", db_index=False)
    voice = models.CharField(max_length=60)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", help_text="Who had marked it: the key is his.")
    key = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("收回的纸票记号")
        indexes = [models.Index(fields=["vote", "entitlement"])]


class Spoken(models.Model):
    """The envelope that spoke for an entitlement at the count: the database itself refuses a second.

    Rows of their own, written at once by the count: a mark on each envelope would write all its indexes again. They
    stand and fall with the envelopes, so no constraint asks row by row whether those are there.
    """

    envelope = models.OneToOneField(
        Envelope, models.PROTECT, primary_key=True, related_name="spoken", db_constraint=False
    )
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="spoken", db_index=False, db_constraint=False)
    entitlement = models.ForeignKey(
        Entitlement, models.PROTECT, related_name="spoken", db_index=False, db_constraint=False
    )

    class Meta:
        verbose_name = _("计入的票封")
        constraints = [models.UniqueConstraint(fields=["vote", "entitlement"], name="one_spoken_an_entitlement")]


class Receipt(models.Model):
    """A receipt that was given out: a hash, a nonce's commitment and nothing else; no time, no order, no person.

    `state` is issued, replaced, counted, aside, urn (a paper was handed in: which of them is nobody's to know), or back
    (of a mark that two took back). The signature is a keyed hash by the key file, so that whoever has only the
    database cannot add one; an envelope without it is not counted.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("已收到")
        REPLACED = "replaced", _("已被新的一张代替")
        COUNTED = "counted", _("已计入")
        URN = "urn", _("交了纸票，在票箱里一起计")
        BACK = "back", _("记错的纸票，两个人收回了")
        ASIDE = "aside", _("不计入")

    hash = models.CharField(primary_key=True, max_length=64)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="receipts", db_index=False)
    signature = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED)

    class Meta:
        verbose_name = _("回执")
        indexes = [models.Index(fields=["vote"])]  # not of the state, which the count sets on each


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

    `sealed` is what was read, encrypted under the key file and bound to vote and line; `voice` whose paper it is, as
    of an envelope: two owners of one home hand in two papers. The rows go when the paper is in the box; two rows of
    a voice are two readings that differ, and somebody must look at the paper again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="papers")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="papers")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    voice = models.CharField(max_length=60, blank=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("录纸票")
        constraints = [
            models.UniqueConstraint(fields=["vote", "entitlement", "voice", "by"], name="one_reading_a_person")
        ]


class UrnPaper(models.Model):
    """A paper out of the urn of a secret vote, as two people read it alike: it is nobody's, and carries no time.

    `number` is what is printed on it, drawn at random for the printing; what it says is sealed to the vote's key and
    erased with the count, so that no number is joined to what somebody chose: of blank and spoilt papers that are set
    aside the receipt's state tells that they are. Its receipt is listed as an envelope's is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="urn_papers")
    number = models.CharField(max_length=16)
    sealed = models.BinaryField(null=True)
    receipt = models.CharField(max_length=64, unique=True)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("票箱里的纸票")
        constraints = [models.UniqueConstraint(fields=["vote", "number"], name="one_paper_a_number")]


class UrnReading(models.Model):
    """A paper out of the urn as one person read it, until another has read the same; as `PaperEntry`, but nobody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="urn_readings")
    number = models.CharField(max_length=16)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("读纸票")
        constraints = [models.UniqueConstraint(fields=["vote", "number", "by"], name="one_reading_a_number")]


class Candidate(models.Model):
    """Somebody put forward at a nomination step of a matter: by electors together, by a body, or by himself.

    He stands once he accepts. What he declares is a part of that entry of the record, which the law lets him have
    erased (`candidates.declarations`). `number` is his place on the ballot paper, drawn by lot when the first ballot
    opens, and the option's key on every ballot after.
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
    struck_why = models.CharField(max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("候选人")
        constraints = [
            models.UniqueConstraint(fields=["matter", "step", "person"], name="candidate_once"),
            models.UniqueConstraint(fields=["matter", "step", "number"], name="candidate_number_once"),
        ]


class CountingKey(models.Model):
    """To what a half of a box's key is sealed for this person: the public half of what his passphrase makes.

    The passphrase is kept nowhere. `seal` is by the key file: whoever has only the database cannot put in a key of his.
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="counting_key")
    public = models.BinaryField()
    salt = models.BinaryField()
    since = models.DateTimeField()
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("开票口令")


class KeyShare(models.Model):
    """A half of an open vote's key, sealed to one counter; every holder of a counting post has that post's half.

    `sealed` takes his passphrase and the key file. `opened` is the half once he has come, under the key file, while the
    other counter is waited for: alone it opens nothing. All go with the count.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="shares")
    post = models.CharField(max_length=60)
    title = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    salt = models.BinaryField(help_text="Of the passphrase as it was when the vote opened.")
    sealed = models.BinaryField()
    opened = models.BinaryField(null=True)
    opened_at = models.DateTimeField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("开票钥匙的一半")
        constraints = [models.UniqueConstraint(fields=["vote", "person"], name="one_half_a_person")]
