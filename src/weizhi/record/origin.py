"""What this database was made as, and whose clock counts in it."""

from datetime import datetime

from django.utils import timezone

from weizhi.places.prepared import Prepared
from weizhi.record import clock
from weizhi.record.clock import ClockRefused
from weizhi.record.models import Origin

__all__ = ["ClockRefused", "is_play", "made_as", "the_clock"]

_played = Prepared(
    lambda: Origin.objects.exclude(made_as=Origin.MadeAs.LIVE).values_list("pk", flat=True)[:1], by_key=True
)


def is_play() -> bool:
    """Whether this database was made for a demo or a test."""
    return clock.is_demos() or bool(_played())  # whoever goes by a demo's clock has read that it is one


def made_as(purpose: str, at: datetime | None = None) -> None:
    """Say once what a new database is for; a database that is already something else refuses."""
    found = Origin.objects.first()
    if found is None:
        Origin.objects.create(made_as=purpose, made_at=at or timezone.now())
    elif found.made_as != purpose:
        raise ClockRefused(f"这个数据库是{found.get_made_as_display()}用的，不能改作他用。请另建一个。")


def the_clock(at: datetime | None) -> datetime:
    """The instant that decides: the clock's, or `at` where a story is being played."""
    if at is None:
        return clock.now()
    if not is_play():
        raise ClockRefused("只有演示和测试用的数据库才能指定时间。")
    return at
