"""One convention as a page: what each article says and since when, how it came, and what an edition changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.conventions import Convention
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.deliberation.in_force import words_of
from weizhi.deliberation.kinds.enact import amendments
from weizhi.deliberation.models import Edition
from weizhi.methods.text.amending import Amended, reads_so_since
from weizhi.methods.text.articles import Article, articles
from weizhi.methods.text.differing import Paragraph, differences
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.places import community_of
from weizhi.portal.queries.report import open_kinds
from weizhi.portal.saying import matter_url, number


@dataclass(frozen=True)
class ArticleShown:
    """An article, and since which edition and day it reads so."""

    name: str
    words: str
    since: str


@dataclass(frozen=True)
class EditionShown:
    n: int
    said: str
    since: str
    number: str
    decided: str  # the matter by which it came
    url: str
    compare: str  # with the one before
    here: bool


@dataclass(frozen=True)
class ConventionPage:
    title: str
    chip: p.Chip | None
    said: str
    number: str
    decided: str
    articles: tuple[ArticleShown, ...]
    preamble: str
    gone: bool  # written once, and deleted since by the law
    compares: str
    compared: tuple[Paragraph, ...]
    editions: tuple[EditionShown, ...]
    amend: str
    adopt: str
    breach: tuple[tuple[str, str, str], ...]  # what it is called, where it is said, who reads it


def convention_page(who: Standing, key: str, now: datetime, *, n: int = 0, other: int = 0) -> ConventionPage | None:
    """Four queries: the community's charter, the editions, and one for each text that is read."""
    community = community_of(who)
    charter = charter_in_force(community.pk, now) if community else None
    if community is None or charter is None:
        return None
    rows = list(Edition.objects.visible_to(who).of(community.pk, key).select_related("matter").order_by("n"))
    convention = charter.conventions.get(key)
    if convention is None and not rows:
        return None
    shown = next((one for one in rows if one.n == n), rows[-1] if rows else None)
    against = next((one for one in rows if shown and one.n == other and one.n != shown.n), None)
    may = {kind.key for kind in open_kinds(charter, who, community)}
    words = words_of(shown) if shown else ""
    return ConventionPage(
        title=shown.title if shown else convention.title if convention else key,
        chip=_chip(shown) if shown else None,
        said=_said(shown) if shown else _("还没有定。定下来的那一天起，每一条都写在这里。"),
        number=number(shown.matter) if shown else "",
        decided=matter_url(shown.matter_id) if shown else "",
        articles=tuple(_articles(rows, shown, articles(words))) if shown and not against else (),
        preamble=_preamble(words),
        gone=shown is not None and not words,
        compares=_compares(shown, against),
        compared=_compared(shown, against, words),
        editions=tuple(_editions(key, rows, shown)),
        amend=_amending(convention, may) if rows else "",
        adopt=_report(convention.adopted_by) if convention and not rows and convention.adopted_by in may else "",
        breach=tuple(_breaches(charter, convention, may)) if rows else (),
    )


def _day(at: datetime) -> str:
    day = at.astimezone(ZONE)
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def _chip(shown: Edition) -> p.Chip:
    return p.Chip(_("正在施行"), "done") if shown.until is None else p.Chip(_("已经改过"), "waiting")


def _said(shown: Edition) -> str:
    told = {"n": shown.n, "since": _day(shown.since), "until": _day(shown.until) if shown.until else ""}
    if shown.until is None:
        return _("第 %(n)s 版，%(since)s起施行。") % told
    return _("第 %(n)s 版，%(since)s到%(until)s施行。") % told


def _articles(rows: Sequence[Edition], shown: Edition, found: Sequence[Article]) -> Iterator[ArticleShown]:
    until = [one for one in rows if one.n <= shown.n]
    since = reads_so_since((one.n, amended_by(one)) for one in until)
    days = {one.n: _day(one.since) for one in until}
    for one in found:
        n = since.get(one.name, shown.n)
        first = _("%(day)s起") if n == 1 else _("%(day)s起这样写（第 %(n)s 版）")
        yield ArticleShown(one.name, one.words, first % {"day": days.get(n, ""), "n": n})


def amended_by(edition: Edition) -> Amended:
    return Amended(**{name: tuple(names) for name, names in edition.changed.items()})


def _preamble(words: str) -> str:
    """What stands before the first article; a heading, which has no full stop, stands above already."""
    found = articles(words)
    before = words.split(found[0].name, 1)[0] if found else words
    return "\n".join(line for line in before.strip().splitlines() if "。" in line)


def _compares(shown: Edition | None, against: Edition | None) -> str:
    if shown is None or against is None:
        return ""
    old, new = sorted((shown.n, against.n))
    return _("第 %(old)s 版到第 %(new)s 版改了什么") % {"old": old, "new": new}


def _compared(shown: Edition | None, against: Edition | None, words: str) -> tuple[Paragraph, ...]:
    if shown is None or against is None:
        return ()
    others = words_of(against)
    old, new = (others, words) if against.n < shown.n else (words, others)
    return tuple(differences(old, new)) if old and new else ()


def _editions(key: str, rows: Sequence[Edition], shown: Edition | None) -> Iterator[EditionShown]:
    """The newest first."""
    for one in reversed(rows):
        asked = {"v": one.n, "with": one.n - 1}
        said = _("，").join(amendments(one.changed)) if one.n > 1 else _("第一次定下来")
        yield EditionShown(
            one.n, said, _day(one.since), number(one.matter),
            matter_url(one.matter_id), f"{convention_url(key)}?v={one.n}",
            f"{convention_url(key)}?{urlencode(asked)}" if one.n > 1 else "", one is shown,
        )  # fmt: skip


def convention_url(key: str) -> str:
    return reverse("portal:convention", args=[key])


def _report(kind: str) -> str:
    return f"{reverse('portal:report')}?kind={kind}"


def _amending(convention: Convention | None, may: set[str]) -> str:
    """Where this reader says that an article should change."""
    return _report(convention.amends) if convention and convention.amends in may else ""


def _breaches(charter: Charter, convention: Convention | None, may: set[str]) -> Iterator[tuple[str, str, str]]:
    """The kinds by which this reader may say that an article was not kept to."""
    if convention is None:
        return
    for key in may - {convention.amends, convention.adopted_by}:
        asked = charter.procedure_of(key).start.fields
        if any(field.convention == convention.key for field in asked):
            kind = charter.kinds[key]
            yield kind.title, _report(key), kind.hint
