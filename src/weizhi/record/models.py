"""The record: streams of entries that are never changed, what was said in them, the log that seals them."""

import json
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.people.models import Holding, Person
from weizhi.people.vault import keyring
from weizhi.places.models import Community


class Origin(models.Model):
    """What this database was made as. Only a demo or test database lets a story set the clock.

    A demo's clock may be moved on (`clock.py`); that of any other database stands still, and the database says so.
    """

    class MadeAs(models.TextChoices):
        LIVE = "live", _("正式")
        DEMO = "demo", _("演示")
        TEST = "test", _("测试")

    made_as = models.CharField(max_length=8, choices=MadeAs.choices)
    made_at = models.DateTimeField()
    ahead = models.DurationField(default=timedelta(), help_text="How far a demo's clock was moved on.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(made_as="demo") | Q(ahead=timedelta()), name="only_a_demo_moves_on"),
        ]


class Stream(models.Model):
    """What is locked and numbered: one for each matter, and four registers for each community (see REGISTERS)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    kind = models.CharField(max_length=12)
    head = models.PositiveIntegerField(default=0, help_text="The number of its newest entry.")
    salt = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind"], condition=~Q(kind="matter"), name="one_stream_of_each_register"
            ),
        ]


class Entry(models.Model):
    """One act. Never changed: the database refuses as well as the code. Carries no sentence, only what happened."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="entries")
    n = models.PositiveIntegerField()
    verb = models.CharField(max_length=30)
    step = models.CharField(max_length=60, blank=True)
    round = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="entries")
    holding = models.ForeignKey(Holding, models.PROTECT, null=True)
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="What a device claims: shown, never decides.")
    key = models.CharField(max_length=80, null=True)
    request_hash = models.CharField(max_length=64, blank=True)
    charter_hash = models.CharField(max_length=64, blank=True)
    public = models.JSONField(default=dict, help_text="What anybody who sees the stream may read: outcome, marks, due.")

    class Meta:
        verbose_name = _("记录")
        ordering = ["stream", "n"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "n"], name="entry_numbered_once"),
            models.UniqueConstraint(fields=["actor", "key"], condition=Q(key__isnull=False), name="entry_key_once"),
        ]
        indexes = [models.Index(fields=["community", "at"]), models.Index(fields=["community", "actor", "at"])]


class Payload(models.Model):
    """One part of an entry (words, fields, a file, whom it told): the only deletable table of the record.

    `grade` is the class of personal data, 0 public to 3 sensitive; grade 3 is stored encrypted in `cipher`.
    A file part holds the file's hash, type and size; the bytes lie in the file store under that hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=40)
    grade = models.PositiveSmallIntegerField(default=1)
    salt = models.BinaryField(max_length=32)
    body = models.JSONField(null=True)
    cipher = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "part"], name="part_once")]

    @property
    def identity(self) -> str:
        """What the cipher is bound to: a value cannot be moved to another row."""
        return f"record.Payload:{self.pk}"

    def seal(self, body: Any) -> None:
        """Keep a sensitive part (P3) encrypted."""
        self.cipher = keyring().encrypt(json.dumps(body, ensure_ascii=False), self.identity)

    def read(self) -> Any:
        """The part in clear. Reading a sensitive one is the caller's to log, with its reason."""
        if self.cipher is None:
            return self.body
        return json.loads(keyring().decrypt(bytes(self.cipher), self.identity))


class Leaf(models.Model):
    """An entry's place in the Merkle log of its community. The sealer gives the index, never a sequence."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    index = models.PositiveBigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "index"], name="leaf_index_once")]


class Root(models.Model):
    """The log's root at a size, signed: what is published and printed on the notice board."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=20, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "size"], name="root_size_once")]


class Digest(models.Model):
    """One message to one person that gathers the notices of a day or a week; they name it, and go out with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.ForeignKey(Person, models.PROTECT, related_name="digests")
    channel = models.CharField(max_length=12)
    slot = models.DateTimeField(help_text="The morning for which it was meant.")
    send_at = models.DateTimeField(help_text="When it is tried next.")
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "channel", "slot"], name="digest_once")]
        indexes = [models.Index(fields=["send_at"], condition=Q(sent_at__isnull=True), name="digest_unsent")]


class Delivery(models.Model):
    """The outbox: one notice of an entry to one person, or to a body's chat group, over one channel.

    `address` is empty where the person's own data say it (an e-mail address is not copied); for a chat group it is
    the body's id.
    """

    class Why(models.TextChoices):
        WAITS = "waits", _("等您办")
        ASKED = "asked", _("请您过问")
        NEWS = "news", _("有了进展")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="deliveries")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.NEWS)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=80, blank=True, help_text="Why it did not go out at its last try.")
    digest = models.ForeignKey("Digest", models.PROTECT, null=True, related_name="deliveries")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "to", "channel", "address"], name="notice_once"),
            # NULL is never equal to NULL: without this a group would be told twice.
            models.UniqueConstraint(
                fields=["entry", "channel", "address"], condition=Q(to__isnull=True), name="notice_once_a_group"
            ),
        ]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(sent_at__isnull=True), name="delivery_unsent"),
            models.Index(fields=["to", "channel", "seen_at"]),
        ]


class Progress(models.Model):
    """How far a job of the worker has come: `told` (notices fanned out), `sealed`, `woken` (its heartbeat)."""

    job = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
