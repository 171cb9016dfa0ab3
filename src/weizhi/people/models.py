"""Who: persons, where they live, the bodies and posts they hold, and the charters a community adopted."""

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from weizhi.places.models import Community, Place


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, name: str, password: str | None = None, **extra: Any) -> "Person":
        person = self.model(login=login, name=name, **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A person of flesh and blood. Belongs to no tenant: residences, holdings and parties do.

    Telephone and ID number are kept encrypted (class P3), with a keyed blind index for exact search.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(_("邮箱"), blank=True)
    phone_cipher = models.BinaryField(null=True, blank=True)
    phone_blind = models.CharField(max_length=64, blank=True, db_index=True)
    id_number_cipher = models.BinaryField(null=True, blank=True)
    id_number_blind = models.CharField(max_length=64, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    is_machine = models.BooleanField(default=False, help_text="A service account: acts by tokens, never signs in.")
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        verbose_name = _("人")

    def __str__(self) -> str:
        return self.name


class DatedQuerySet(models.QuerySet[Any]):
    def open_at(self, at: datetime) -> Self:
        return self.filter(Q(since__lte=at), Q(until__isnull=True) | Q(until__gt=at))


class Residence(models.Model):
    """A person has to do with a household: lives there, owns it, rents it; from one day until another."""

    class Status(models.TextChoices):
        RESIDENT = "resident", _("居民")
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")
        MEMBER = "member", _("成员")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="residences")
    household = models.ForeignKey(Place, models.PROTECT, related_name="residences")
    status = models.CharField(max_length=12, choices=Status.choices)
    share = models.CharField(max_length=20, blank=True, help_text="Share of ownership as a fraction, such as 1/2.")
    proof = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("住户关系")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "household", "person", "status", "since"], name="residence_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "household"])]


class Body(models.Model):
    """A body that acts in a community: committee, property company, owners' committee; its seats are the charter's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="bodies")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    place = models.ForeignKey(Place, models.PROTECT)
    webhook_cipher = models.BinaryField(null=True, blank=True, help_text="Where its chat group takes notices.")

    class Meta:
        verbose_name = _("机构")
        constraints = [models.UniqueConstraint(fields=["community", "key", "place"], name="body_once_a_place")]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A person holds a post of a body at a place, from one day until another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    body = models.ForeignKey(Body, models.PROTECT, related_name="holdings")
    post = models.CharField(max_length=60)
    title = models.CharField(max_length=60, help_text="The post's name in words, as the charter in force then gave it.")
    place = models.ForeignKey(Place, models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by_entry = models.UUIDField(null=True, blank=True, help_text="The entry of the record that gave the post.")
    single = models.BooleanField(default=False, help_text="A seat that one person holds alone.")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "post", "place"],
                condition=Q(until__isnull=True, single=True),
                name="one_open_holder_of_a_single_seat",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "body", "post", "until"]),
            models.Index(fields=["person", "until"]),
            models.Index(fields=["post", "place"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.person}"


class CharterText(models.Model):
    """A resolved charter as canonical JSON, kept for ever under its hash: a running matter keeps its rules."""

    hash = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()


class CharterAdoption(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="adoptions")
    name = models.CharField(max_length=60)
    text = models.ForeignKey(CharterText, models.PROTECT)
    source = models.TextField(blank=True, help_text="The charter as it was written (TOML), with its comments.")
    since = models.DateTimeField()
    by_entry = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name", "since"], name="charter_adopted_once")]
        indexes = [models.Index(fields=["community", "since"])]


class NextDate(models.Model):
    """The next date of a calendar of the charter in force on which time opens a matter; one row for each entry.

    `rule_day` names the date whatever moves it; `wakes_at` is when time looks at it. Where the holidays that decide
    are not announced yet it is provisional, and worked out again as soon as another calendar is installed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="next_dates")
    entry = models.CharField(max_length=60)
    rule_day = models.DateField()
    day = models.DateField()
    wakes_at = models.DateTimeField(db_index=True)
    calendar = models.CharField(max_length=40)
    provisional = models.BooleanField(default=False)
    why_not = models.TextField(blank=True, help_text="What hinders the opening, which is tried again every day.")

    class Meta:
        verbose_name = _("下一个日子")
        constraints = [models.UniqueConstraint(fields=["community", "entry"], name="one_next_date")]
        indexes = [models.Index(fields=["calendar"], condition=Q(provisional=True), name="date_provisional")]


class CharterDraft(models.Model):
    """A charter that one person proposes and a second has to confirm before it is in force (four eyes)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="drafts")
    name = models.CharField(max_length=60)
    source = models.TextField()
    hash = models.CharField(max_length=64, help_text="Of the charter that the source makes.")
    base = models.CharField(max_length=64, blank=True, help_text="The hash that was in force when it was written.")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_entry = models.UUIDField(help_text="The entry of the record that proposed it.")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    adoption = models.ForeignKey(CharterAdoption, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("章程修改")
        indexes = [models.Index(fields=["community", "settled_at"])]


class MachineToken(models.Model):
    """With what a program comes to the API: it may do what the holding may, within its scopes, until it ends.

    The token itself is shown once and kept nowhere; `hash` finds it, `hint` (its last letters) names it to people.
    """

    class Scope(models.TextChoices):
        READ = "read", _("看")
        REPORT = "report", _("报事")
        ACT = "act", _("办事")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="tokens")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = models.JSONField(default=list)
    per_minute = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_entry = models.UUIDField(help_text="The entry of the record that gave it.")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    minute = models.DateTimeField(null=True, blank=True, help_text="The last minute in which it was used,")
    in_minute = models.PositiveIntegerField(default=0, help_text="and how often.")

    class Meta:
        verbose_name = _("机器令牌")
        indexes = [models.Index(fields=["community", "made_at"])]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class Erasure(models.Model):
    """Somebody is to be erased (个人信息保护法 47): asked for, agreed to by two who hold posts, done; or not done.

    `asked_by` is the person, or the first of the two where the person has moved away, died, or asked at the desk.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="erasures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures")
    ground = models.CharField(max_length=20)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done = models.BooleanField(default=False)
    why_not = models.CharField(max_length=300, blank=True, help_text="What the person is told where it is not done.")

    class Meta:
        verbose_name = _("删除个人信息")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=Q(settled_at__isnull=True), name="one_open_erasure"
            ),
        ]
        indexes = [models.Index(fields=["person", "asked_at"])]


class NoticeChoice(models.Model):
    """What a person chose about notices; whoever chose nothing has no row (people/wishes.py says what is usual)."""

    class Every(models.TextChoices):
        DAILY = "daily", _("每天早上")
        WEEKLY = "weekly", _("每周一早上")

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="notice_choice")
    ways = models.JSONField(default=dict, help_text="Channel → weight → now, digest or off.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    digest = models.CharField(max_length=8, choices=Every.choices, default=Every.DAILY)

    class Meta:
        verbose_name = _("通知的选择")
