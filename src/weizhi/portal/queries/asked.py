"""What the address of the work table asks for, and the same as a condition of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from weizhi.matters.models import Party, Step

ZONE: Final = ZoneInfo("Asia/Shanghai")
VIEWS: Final = ("waiting", "late", "today", "open", "ended")
OURS: Final = ("waiting", "late", "today")  # lists of steps that wait for us; the others are lists of matters
DUES: Final = ("late", "today", "week")
RAISER: Final = "raiser"
QUEUE_AT_MOST: Final = 400
LONGEST: Final = {"q": 60, "category": 60, "place": 200, "step": 60, "hands": 60, "due": 10}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Every condition stands in it, so that a list can be kept, sent and gone back to."""

    view: str = "waiting"
    q: str = ""
    category: str = ""
    place: str = ""
    step: str = ""
    hands: str = ""
    due: str = ""
    page: int = 1

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Asked":
        page, view = sent.get("page", "1"), sent.get("view", "")
        words = {name: sent.get(name, "").strip()[:most] for name, most in LONGEST.items()}
        words["due"] = words["due"] if words["due"] in DUES else ""
        return cls(
            view=view if view in VIEWS else "waiting",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 5 else 1,
            **words,
        )

    @classmethod
    def of_queue(cls, queue: str) -> "Asked":
        """The list from which a matter was opened, as it travels in the matter's address."""
        return cls.of(dict(parse_qsl(queue[:QUEUE_AT_MOST])))

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in LONGEST)

    @property
    def ours(self) -> bool:
        return self.view in OURS

    def words(self, **changes: object) -> str:
        """The address's own part; what is usual is left out, so that addresses stay short."""
        said = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        usual = {"view": "waiting", "page": 1}
        return urlencode({name: value for name, value in said.items() if value and usual.get(name) != value})

    def url(self, **changes: object) -> str:
        words = self.words(**changes)
        return f"{reverse('portal:desk')}?{words}" if words else reverse("portal:desk")

    def queue(self) -> str:
        """The list without its page, for going from one matter to the next."""
        return self.words(page=1) or f"view={self.view}"


def ends_today(now: datetime) -> datetime:
    """When today is over, as civil days go here."""
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def narrowed_waits(asked: Asked, now: datetime) -> Q:
    """The conditions, asked of what waits for us."""
    found = narrowed(asked, "matter__")
    if asked.step:
        found &= Q(step__key=asked.step)
    if asked.hands:
        found &= Q(Exists(Party.objects.filter(_held_by(asked.hands), step=OuterRef("step"))))
    dues = due_within(asked, now)
    return found & Q(**{f"due{name}": at for name, at in dues.items()}) if dues else found


def narrowed_matters(asked: Asked, now: datetime) -> Q:
    """The conditions, asked of matters: one that stands at several steps is found by any of them."""
    found = narrowed(asked, "")
    dues = due_within(asked, now) if asked.view != "ended" else {}
    if asked.step or dues:
        steps = Step.objects.open().filter(matter=OuterRef("pk"), **{f"due{name}": at for name, at in dues.items()})
        found &= Q(Exists(steps.filter(key=asked.step) if asked.step else steps))
    if asked.hands:
        found &= Q(Exists(Party.objects.waiting().filter(_held_by(asked.hands), matter=OuterRef("pk"))))
    return found


def due_within(asked: Asked, now: datetime) -> dict[str, datetime]:
    """Lookups on a due instant."""
    today = ends_today(now)
    return {
        "late": {"__lt": now},
        "today": {"__gte": now, "__lt": today},
        "week": {"__gte": now, "__lt": today + timedelta(days=6)},
    }.get(asked.due, {})


def narrowed(asked: Asked, prefix: str) -> Q:
    """What holds of the matter itself: words, category, place."""
    found = Q()
    if asked.q:
        words = Q(**{f"{prefix}title__icontains": asked.q}) | Q(**{f"{prefix}place__name__icontains": asked.q})
        found &= words | Q(**{f"{prefix}number": int(asked.q)}) if asked.q.isdecimal() and len(asked.q) < 9 else words
    if asked.category:
        found &= Q(**{f"{prefix}category": asked.category})
    if asked.place:
        path = f"{prefix}place__path"
        found &= (
            Q(**{path: asked.place})
            | Q(**{f"{path}__gte": f"{asked.place}/", f"{path}__lt": f"{asked.place}0"})
            | Q(**{f"{prefix}place__levels__grid": asked.place})  # houses lie in an estate, a grid covers them
        )
    return found


def _held_by(name: str) -> Q:
    """Parties that are a post or body of this name anywhere, or a person."""
    kinds = ("person",) if name == RAISER else (f"post:{name}@", f"body:{name}@")
    found = Q()
    for start in (f"{kind}:" if kind == "person" else kind for kind in kinds):
        found |= Q(who__gte=start, who__lt=start[:-1] + chr(ord(start[-1]) + 1))
    return found
