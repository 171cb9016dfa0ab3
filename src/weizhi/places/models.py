"""Where things are: communities (tenants, in a tree), places in them, and which units a grid covers on which days."""

from typing import Any, Self
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


def uuid_parameter(value: UUID) -> UUID | str:
    """A UUID as this database takes it in SQL text: SQLite keeps it as 32 hexadecimal digits."""
    return value if connection.features.has_native_uuid_field else value.hex


class Community(models.Model):
    """A tenant: a residents' committee's area, or a street or district above it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=20, default="community")
    matters = models.PositiveIntegerField(default=0, help_text="How many matters were numbered here so far.")

    class Meta:
        verbose_name = _("社区")

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def under(self, path: str) -> Self:
        """Places at `path` and below it, by index (no LIKE: a prefix range)."""
        return self.filter(models.Q(path=path) | models.Q(path__gte=f"{path}/", path__lt=f"{path}0"))


# Units that mean nothing without what they are part of: "1 单元" of which building?
PART_OF = frozenset({"stairwell", "household"})


class Place(models.Model):
    """A place of a community: estate, building, stairwell, household, public space or grid.

    `path` is the community's slug and the codes down to the place (`xfl/e1/3/3-2/3-2-301`); it is how keys of
    access name a place. `levels` names the enclosing place of each level by its path, also the grid that covers
    the place today, so that "who is the grid officer here" costs no query. Verbs in `places/actions` keep both.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=200, unique=True)
    levels = models.JSONField(default=dict)
    floor = models.SmallIntegerField(null=True, blank=True)
    area_cm2 = models.BigIntegerField(null=True, blank=True, help_text="Exclusive area in 0.01 m², registered.")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    geometry = models.JSONField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("地方")
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="place_code_once")]
        indexes = [models.Index(fields=["community", "kind"]), models.Index(fields=["community", "path"])]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """As neighbours name it: "3 号楼 2 单元". Its parents should come with the query."""
        if self.kind not in PART_OF or self.parent is None:
            return self.name
        return f"{self.parent.called} {self.name}"

    def at_level(self, level: str) -> str | None:
        """The path of the enclosing place at `level`, or None where there is none."""
        found: Any = self.levels.get(level)
        return str(found) if found else None


class Cover(models.Model):
    """A unit belongs to an area (a grid) of a level from one day until another: grids are dated, not tree parents."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, models.PROTECT)
    area = models.ForeignKey(Place, models.PROTECT, related_name="covers")
    unit = models.ForeignKey(Place, models.PROTECT, related_name="covered_by")
    level = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "unit", "level", "since"], name="cover_once_a_day"),
        ]
        indexes = [models.Index(fields=["community", "area", "since"])]
