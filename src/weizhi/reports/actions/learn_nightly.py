"""What officers decided teaches the suggester each night. Killed anywhere, the next look goes on with what is left.

Beside each model lies a note: the day of the last look, and what had been decided by then. A community whose note is
of today costs no query, one where nobody decided anything since costs one.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import Count, Max
from django.utils import timezone

from weizhi.methods.text.learning import ENOUGH, TooFew
from weizhi.places.models import Community
from weizhi.record.models import Entry
from weizhi.record.opening import ERASE_VERB
from weizhi.reports.actions.learn import SORT, learn_from
from weizhi.reports.suggesting import model_path

log = logging.getLogger(__name__)

NIGHT = timedelta(hours=2)  # the day of learning begins at two: few are awake
UNKNOWN = -1  # so that the next night learns, whatever was decided
TEACH = (SORT, ERASE_VERB)  # what somebody had erased must leave the model too


@dataclass(frozen=True)
class Note:
    """`decided` acts, the last one at `last`, were known when it was looked at on `day`."""

    day: str
    decided: int
    last: str

    @property
    def known(self) -> tuple[int, str]:
        return self.decided, self.last


def night_of(now: datetime) -> date:
    return timezone.localdate(now - NIGHT)


def due(now: datetime) -> bool:
    """Whether a community was not looked at since two o'clock."""
    return next(_due(now), None) is not None


def learn_nightly(now: datetime) -> list[str]:
    """Look at each community that is due; the slugs of those whose model was written anew."""
    learned = []
    for community in _due(now):
        note, before = _note(community, now), read_note(community.slug)
        if before is None or before.known != note.known:
            try:
                if _learn(community, note):
                    learned.append(community.slug)
            except Exception:  # one community's fault must not keep the others from learning; tried again next night
                log.exception("Nothing could be learned in %s", community.slug)
                note = replace(note, decided=UNKNOWN)
        _write(community.slug, note)
    return learned


def read_note(slug: str) -> Note | None:
    """None where nobody looked yet, or the file is none of ours: then it is learned again."""
    try:
        return Note(**json.loads(_path(slug).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _due(now: datetime) -> Iterator[Community]:
    today = night_of(now).isoformat()
    for community in Community.objects.filter(adoptions__isnull=False).distinct().order_by("slug"):
        note = read_note(community.slug)
        if note is None or note.day != today:
            yield community


def _note(community: Community, now: datetime) -> Note:
    found = Entry.objects.filter(community=community, verb__in=TEACH).aggregate(decided=Count("pk"), last=Max("at"))
    last = found["last"].isoformat() if found["last"] else ""
    return Note(night_of(now).isoformat(), found["decided"], last)


def _learn(community: Community, note: Note) -> bool:
    if note.decided < 2 * ENOUGH:
        return False
    try:
        learned = learn_from(community)
    except TooFew:
        model_path(community.slug).unlink(missing_ok=True)  # what it was learned from is no longer there
        return False
    log.info("Learned %d categories from %d reports in %s", learned.categories, learned.reports, community.slug)
    return True


def _write(slug: str, note: Note) -> None:
    path = _path(slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(asdict(note)), "utf-8")
    os.replace(fresh, path)


def _path(slug: str) -> Path:
    return model_path(slug).with_suffix(".json")
