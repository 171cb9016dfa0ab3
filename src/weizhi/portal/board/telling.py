"""The figures in words: rates with what they leave out, weeks, and where matters come from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.oversight.figures import About, Rates
from weizhi.oversight.rules import ZONE, From, Left, Origin, Rate
from weizhi.portal.board.pieces import RateShown, Share, Shares, Weekly
from weizhi.reports.models import Report

SHOWN: Final = 12


def rates(found: Rates) -> tuple[RateShown, ...]:
    """The three rates, each with its weeks."""
    weekly = found.by_week()
    told = (
        ("response", _("响应率"), found.response, _("报上来的事，有人接下或答复")),
        ("solution", _("解决率"), found.solution, _("结束的事，办好了")),
        ("satisfaction", _("满意率"), found.satisfaction, _("评过的，说满意")),
    )
    return tuple(
        RateShown(
            key=key,
            title=title,
            percent=rate.percent,
            of=_of(key, rate),
            means=means,
            left=_left(rate),
            reasons=(*(_rest(*one) for one in rate.rest), *(_reason(*one) for one in rate.left_out)),
            weekly=tuple(week[n].percent for week in weekly),
        )
        for n, (key, title, rate, means) in enumerate(told)
    )


def _of(key: str, rate: Rate) -> str:
    if not rate.of:
        return _("这 12 周还没有可数的")
    if key == "satisfaction":
        return _("%(of)s 次评价里 %(hit)s 次") % {"of": rate.of, "hit": rate.hit}
    return _("%(of)s 件里 %(hit)s 件") % {"of": rate.of, "hit": rate.hit}


def _left(rate: Rate) -> str:
    number = sum(number for _why, number in rate.left_out)
    if number:
        return _("另有 %(n)s 件不算在内，为什么？") % {"n": number}
    return _("其余的怎样了？") if rate.rest else ""


def _reason(why: Left, n: int) -> str:
    words = {
        Left.WITHDRAWN: _("不算：%(n)s 件，报的人自己撤回了"),
        Left.MERGED: _("不算：%(n)s 件，并到另一件里一起数"),
        Left.ELSEWHERE: _("不算：%(n)s 件，不归这里管，已经说明该找谁"),
        Left.IN_TIME: _("不算：%(n)s 件，刚报上来，还在期限里"),
        Left.SILENT: _("不算：%(n)s 次，请人评价，没有人评"),
    }
    return words[why] % {"n": n}


def _rest(counts: str, n: int) -> str:
    words = {
        "partly": _("算在内：%(n)s 件，办了一部分"),
        "refused": _("算在内：%(n)s 件，没有同意，写明了为什么"),
        "failed": _("算在内：%(n)s 件，没有办成"),
        "unmet": _("算在内：%(n)s 件，没有达到要求"),
        "lapsed": _("算在内：%(n)s 件，过期作罢"),
    }
    return words.get(counts, _("算在内：%(n)s 件，其他结果")) % {"n": n}


def day(at: datetime) -> str:
    here = at.astimezone(ZONE)
    return f"{here.month}/{here.day}"


def coming_and_going(found: Rates) -> Weekly:
    """How many came in and how many ended, week by week."""
    came, went = found.came_in, found.went_out
    said = _("12 周里报上来 %(came)s 件，结束 %(went)s 件；最近 7 天报上来 %(new)s 件，结束 %(over)s 件。")
    return Weekly(
        key="weeks",
        title=_("一周一周看"),
        says=said % {"came": sum(came), "went": sum(went), "new": came[-1], "over": went[-1]},
        names=(_("报上来"), _("结束")),
        weeks=tuple(day(week) for week in found.weeks[:-1]),
        counts=tuple(zip(came, went, strict=True)),
    )


def weeks_of(found: Rates) -> list[tuple[str, tuple[str, ...]]]:
    """The rates of each week as "3/4", for the table: a small denominator is seen."""
    rows = zip(found.weeks, found.by_week(), strict=False)
    return [(day(week), tuple(f"{rate.hit}/{rate.of}" if rate.of else "—" for rate in row)) for week, row in rows]


def origins(rows: Sequence[Origin]) -> Shares:
    """Whom matters came from, and how many of them reached a decision."""
    words = {
        From.RESIDENT: _("居民"),
        From.GROUP: _("物业和各类组织"),
        From.COMMITTEE: _("社区自己"),
        From.DEPARTMENT: _("部门和上级"),
        From.CALENDAR: _("按日程和程序"),
    }
    sums = _sums((str(row.who), row.number, row.decided) for row in rows)
    residents, decided = sums.get(From.RESIDENT, (0, 0))
    total = sum(number for number, _decided in sums.values())
    said = _("%(total)s 件里 %(own)s 件是居民提的；其中 %(decided)s 件有人接下、办了或者定了。")
    return _shares(
        "who",
        _("谁提的"),
        said % {"total": total, "own": residents, "decided": decided} if total else _("这 12 周还没有。"),
        (_("谁"), _("件数"), _("其中有了决定")),
        [(words[From(who)], number, str(reached), "") for who, (number, reached) in _largest(sums)],
    )


def channels(rows: Sequence[Origin]) -> Shares:
    """By which way reports came in."""
    labels = {str(value): str(label) for value, label in Report.Channel.choices}
    sums = _sums((row.channel, row.number, row.decided) for row in rows if row.channel)
    other = sum(row.number for row in rows if not row.channel)
    return _shares(
        "how",
        _("怎么报上来的"),
        _("另有 %(n)s 件不是报事，没有渠道。") % {"n": other} if other else "",
        (_("渠道"), _("件数"), _("其中有了决定")),
        [(labels.get(channel, channel), number, str(reached), "") for channel, (number, reached) in _largest(sums)],
    )


def categories(rows: Sequence[About], charter: Charter) -> Shares:
    """Under the charter's first categories. What only some may read is counted, and not told apart."""
    sums: dict[str, tuple[int, int]] = _sums(
        (_first(row.category, charter) if row.seen else HIDDEN, row.number, row.open) for row in rows
    )
    return _shares(
        "what",
        _("什么事"),
        "",
        (_("类别"), _("件数"), _("还在办")),
        [(_category(key, charter), number, str(still), "") for key, (number, still) in _largest(sums)[:SHOWN]],
    )


HIDDEN: Final = "*"


def _first(category: str, charter: Charter) -> str:
    """The category at the head of the tree."""
    seen: set[str] = set()
    while category in charter.categories and category not in seen:
        seen.add(category)
        parent = charter.categories[category].parent
        if not parent:
            break
        category = parent
    return category


def _category(key: str, charter: Charter) -> str:
    if key == HIDDEN:
        return _("只给有关的人看的")
    found = charter.categories.get(key)
    return found.title if found else key or _("还没有分类")


def places(rows: Sequence[About], names: Mapping[str, str], urls: Mapping[str, str]) -> Shares:
    """By grid."""
    sums = _sums((row.grid if row.seen else HIDDEN, row.number, row.open) for row in rows)

    def name(grid: str) -> str:
        if grid == HIDDEN:
            return _("只给有关的人看的")
        return names.get(grid, grid) if grid else _("不在网格里")

    lines = [(name(grid), number, str(still), urls.get(grid, "")) for grid, (number, still) in _largest(sums)[:SHOWN]]
    return _shares("where", _("在哪里"), "", (_("网格"), _("件数"), _("还在办")), lines)


def _sums(rows: Iterable[tuple[str, int, int]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for key, number, second in rows:
        before = found.get(key, (0, 0))
        found[key] = before[0] + number, before[1] + second
    return found


def _largest(sums: Mapping[str, tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))


def _shares(
    key: str, title: str, says: str, head: tuple[str, str, str], lines: Sequence[tuple[str, int, str, str]]
) -> Shares:
    most = max((number for _words, number, _more, _url in lines), default=1)
    rows = tuple(Share(words, number, round(number * 100 / most, 1), more, url) for words, number, more, url in lines)
    return Shares(key, title, says, head, rows)
