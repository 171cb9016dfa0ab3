"""How a trial stands, as everybody who sees the matter may read it: the days, the measure and its limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.charters.trying import TrialBound, TrialParams
from weizhi.matters.kinds.trial import frozen, rounded
from weizhi.matters.measuring import Measured, measured
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import outcome_title
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.saying import due_chip
from weizhi.portal.trying.forms import TRIAL


@dataclass(frozen=True)
class Trial:
    """A trial that runs, or waits to be judged."""

    title: str
    chip: p.Chip
    days: p.Progress
    measure: p.Progress
    rules: tuple[str, ...]  # what the charter says follows


def trials(reader: Reader, now: datetime) -> tuple[Trial, ...]:
    """No query for a matter that tries nothing; one where matters are counted."""
    rows = [row for row in reader.steps if row.kind == TRIAL and row.closed_at is None and row.due]
    return tuple(_trial(reader, row, now) for row in rows)


def _trial(reader: Reader, row: StepRow, now: datetime) -> Trial:
    step = reader.procedure.steps[row.key]
    params: TrialParams = step.parsed(kind_named(TRIAL).spec)
    found = frozen(row) or measured(params, reader.charter, row, now)
    title = params.measure.title
    mark = abs(params.stop.mark if params.stop else params.keep.mark if params.keep else 0) or 1
    reached = int(max(found.number or 0, 0))
    words = _number_words(found, params)
    return Trial(
        title=reader.title_of(row.key),
        chip=due_chip(row.due, now),
        days=_days(reader, row, now),
        measure=p.Progress(title, min(reached, mark), mark, words),
        rules=tuple(_rules(reader, row, params)),
    )


def _days(reader: Reader, row: StepRow, now: datetime) -> p.Progress:
    assert row.due is not None
    first, last = row.opened_at.astimezone(ZONE).date(), row.due.astimezone(ZONE).date()
    total = max((last - first).days, 1)
    here = min(max((now.astimezone(ZONE).date() - first).days, 0), total)
    told = {"here": here, "total": total, "month": last.month, "day": last.day}
    words = _("试行了 %(here)s 天，一共 %(total)s 天，到%(month)s月%(day)s日为止") % told
    period = reader.procedure.steps[row.key].period
    if period is not None and period.unit == "day" and total > period.amount:
        # 民法典 203: a last day on a holiday moves; a title that says thirty days must not seem to lie
        told |= {"asked": period.amount, "later": total - period.amount}
        words = (
            _("试行了 %(here)s 天，一共 %(asked)s 天，遇休息日等顺延 %(later)s 天，到%(month)s月%(day)s日为止") % told
        )
    return p.Progress(_("试行的天数"), here, total, words)


def _number_words(found: Measured, params: TrialParams) -> str:
    values = {"since": rounded(str(found.since or 0)), "before": found.before, "turns": found.turns}
    if found.since is None:
        return _("还没有记过数")
    if params.measure.kinds and found.before is None:
        return _("到现在 %(since)s 件") % values
    if params.measure.kinds:
        return _("到现在 %(since)s 件，试行前同样多天 %(before)s 件") % values
    if found.before is None:
        return _("记了 %(turns)s 次，平均 %(since)s") % values
    return _("记了 %(turns)s 次，平均 %(since)s，试行前是 %(before)s") % values


def _rules(reader: Reader, row: StepRow, params: TrialParams) -> Iterator[str]:
    """The charter's limits in words; the number they speak of is the difference where something is taken off."""
    step = reader.procedure.steps[row.key]
    more = _("比试行前多出来的") if params.measure.less else _("这个数")
    if params.stop is not None:
        yield _("中途，%(number)s%(bound)s，马上“%(way)s”：%(why)s。") % {
            "number": more, "bound": _bound(params.stop), "way": outcome_title(step, params.stop.outcome),
            "why": params.stop.because,
        }  # fmt: skip
    for name, bound in (("keep", params.keep), ("change", params.change)):
        if bound is not None:
            told = {"number": more, "bound": _bound(bound), "way": outcome_title(step, name)}
            none = params.measure.less and bound.at_most == 0 and bound.at_least is None and bound.over is None
            yield (_("到期，没有比试行前多：%(way)s。") if none else _("到期，%(number)s%(bound)s：%(way)s。")) % told
    if params.keep is not None:
        yield _("到期，别的情况：%(way)s。") % {"way": outcome_title(step, "cancel")}
    if params.decides == "people":
        who = "、".join(reader.who_of(row))
        yield _("期满由%(who)s来定；和上面不一样的，要写明为什么。") % {"who": who}


def _bound(bound: TrialBound) -> str:
    said = (
        (bound.over, _("超过 %(n)s")), (bound.at_least, _("到 %(n)s 以上")),
        (bound.at_most, _("不超过 %(n)s")), (bound.under, _("不到 %(n)s")),
    )  # fmt: skip
    return "、".join(words % {"n": n} for n, words in said if n is not None)
