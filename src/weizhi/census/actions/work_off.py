"""The worker's part: check what was sent, write what was confirmed. Killed anywhere, it is done again from there."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from weizhi.census import plan, sealed
from weizhi.census.actions.bring_in import Stale, bring_in
from weizhi.census.actions.check_files import Checked, check_files
from weizhi.census.models import Import
from weizhi.census.reading import BadFile

log = logging.getLogger(__name__)
QUIET = timedelta(seconds=90)  # without a sign of life for so long, whoever worked on it is gone
KEPT = timedelta(days=7)
TRIES = 3


def waiting(now: datetime | None = None) -> bool:
    """Whether there is something to do."""
    return _open(now or timezone.now()).exists()


def work_off() -> int:
    """Do everything that waits; returns how many."""
    done = 0
    while (one := _take()) is not None:
        try:
            _check(one) if one.state == Import.State.SENT else _write(one)
        except Exception:
            log.exception("The import %s failed", one.pk)
            _settle(one, Import.State.DROPPED, said="服务器出了错，什么也没有写。请把日志交给管服务器的人，再传一次。")
        done += 1
    _forget_old(timezone.now())
    return done


def _open(now: datetime) -> QuerySet[Import]:
    left = Q(beat__isnull=True) | Q(beat__lt=now - QUIET)
    return Import.objects.filter(left, state__in=Import.BUSY).order_by("at")


def _take() -> Import | None:
    """One that nobody works on; two workers at once cannot both have it."""
    now = timezone.now()
    for one in _open(now).select_related("community", "by"):
        if _open(now).filter(pk=one.pk, state=one.state).update(beat=now):
            return one
    return None


def _check(one: Import) -> None:
    try:
        checked = _checked(one)
    except BadFile as bad:
        _settle(one, Import.State.FAULTY, said=str(bad)[:400], errors=1)
        return
    state = Import.State.READY if checked.ready else Import.State.FAULTY
    _settle(one, state, lines=checked.lines, counts=checked.counts, said="", **_found(checked))


def _checked(one: Import) -> Checked:
    files = sealed.sources(one.pk, one.files)
    checked = check_files(one.community, files, now=timezone.now(), system=one.system or None, progress=Beat(one))
    sealed.keep_findings(one.pk, checked.found)
    return checked


def _found(checked: Checked) -> dict[str, int]:
    return {"errors": checked.found.errors, "notes": checked.found.counts["note"]}


def _write(one: Import) -> None:
    """Write the plan; where the community has changed since, check again and write only if it is still right."""
    for _ in range(TRIES):
        path = plan.path_for(one.community, [s.sha256 for s in sealed.sources(one.pk, one.files)], one.system or None)
        try:
            with transaction.atomic():  # that it is done is written with what was done
                entry = bring_in(one.community, path, by=one.by, progress=Beat(one))
                _settle(one, Import.State.DONE, said="", entry=entry.pk if entry else None)
        except Stale:
            checked = _checked(one)
            if not checked.ready:
                _settle(one, Import.State.FAULTY, counts=checked.counts, said="", **_found(checked))
                return
            Import.objects.filter(pk=one.pk).update(counts=checked.counts)
            continue
        path.unlink(missing_ok=True)
        sealed.forget(one.pk)
        return
    _settle(one, Import.State.DROPPED, said="名册一直有人在改，没有写。请等一会儿再传一次。")


def _settle(one: Import, state: str, **fields: object) -> None:
    """Unless somebody dropped it meanwhile."""
    Import.objects.filter(pk=one.pk, state__in=Import.BUSY).update(state=state, beat=timezone.now(), **fields)
    if state in (Import.State.FAULTY, Import.State.DROPPED):
        sealed.forget(one.pk)


def _forget_old(now: datetime) -> None:
    """What nobody confirmed within a week is dropped, and its files with it."""
    old = Import.objects.filter(state__in=(Import.State.READY, Import.State.FAULTY), at__lt=now - KEPT)
    for one in old:
        sealed.forget(one.pk)
        sealed.findings_path(one.pk).unlink(missing_ok=True)
    old.update(state=Import.State.DROPPED)
    for left in plan.folder().iterdir():
        if left.stat().st_mtime < (now - KEPT).timestamp():
            left.unlink(missing_ok=True)


class Beat:
    """Progress as the page shows it, and the sign of life: at most once a second, and not while writing."""

    def __init__(self, one: Import) -> None:
        self.pk, self.last = one.pk, 0.0

    def __call__(self, words: str) -> None:
        if time.monotonic() - self.last >= 1:
            self.last = time.monotonic()
            Import.objects.filter(pk=self.pk).update(said=words, beat=timezone.now())
