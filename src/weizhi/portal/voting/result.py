"""A counted vote as everybody may check it: the sentence, the bars, the sums, what was set aside, who took part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from weizhi.decisions.actions.call_off import CALLED_OFF
from weizhi.decisions.models import Vote
from weizhi.decisions.publishing import SMALLEST_GROUP
from weizhi.methods.thresholds import percent
from weizhi.places.models import Place
from weizhi.portal import pieces as p
from weizhi.portal.saying import place_words
from weizhi.portal.voting import words
from weizhi.portal.ways import way, way_to

AREA_UNIT: Final = "平方米"
FILES: Final = ("vote-published", "vote-notice", "vote-record", "vote-recount", "vote-pabulib")
SIDES: Final = ("yes", "no", "abstain")


@dataclass(frozen=True, slots=True)
class Bar(p.Threshold):
    """A threshold whose count says itself whether it is met: half is not more than half, however the bar is drawn."""

    met: bool = False

    @property
    def is_reached(self) -> bool:
        return self.met


@dataclass(frozen=True)
class Side:
    """What one side or option came to."""

    title: str
    heads: str
    area: str
    winner: bool = False


@dataclass(frozen=True)
class Part:
    """How many of a grid took part, or came by a channel."""

    title: str
    words: str
    progress: p.Progress | None = None


@dataclass(frozen=True)
class Result:
    sentence: str
    seal: p.Seal | None
    minutes: str
    bars: tuple[tuple[Bar, ...], ...]
    sides: tuple[Side, ...]
    by_area: bool
    present: str
    aside: tuple[tuple[str, str], ...]
    called_off: bool
    few: bool  # secret ballots so few that each would be somebody's: sums alone are published
    merged: int
    unreadable: int
    unreceipted: int
    changed: bool
    half_read: int
    urn: tuple[str, ...]  # what is told of the papers of a secret vote, a sentence each
    urn_faults: tuple[str, ...]
    grids: tuple[Part, ...]
    channels: tuple[Part, ...]
    receipts: int
    root: str
    files: tuple[tuple[str, str], ...]
    ranking: tuple[tuple[str, str], ...]


def result_of(vote: Vote, *, recounts: bool) -> Result:
    """One query, for the names of the grids. `recounts`: whether the reader may have the published file."""
    found: Mapping[str, Any] = vote.result
    by_area = any(check["unit"] == AREA_UNIT for check in found.get("checks", ()))
    return Result(
        sentence=sentence_of(vote),
        seal=_seal(vote),
        minutes=str(found.get("minutes", "")),
        bars=_bars(found.get("checks", ())),
        sides=tuple(_sides(vote, by_area)),
        by_area=by_area,
        present=_sum(found.get("present"), by_area),
        aside=tuple((str(label), str(why)) for label, why in found.get("aside", ())),
        called_off=vote.outcome == CALLED_OFF,
        few=vote.secret and 0 < sum(found.get("channels", {}).values()) < SMALLEST_GROUP,
        merged=int(found.get("merged", 0)),
        unreadable=int(found.get("unreadable", 0)),
        unreceipted=int(found.get("unreceipted", 0)),
        changed=bool(found.get("changed")),
        half_read=int(found.get("half_read", 0)),
        urn=tuple(urn_words(found.get("urn"), vote)),
        urn_faults=tuple(urn_faults(found.get("urn"))),
        grids=_grids(found.get("grids", ())),
        channels=tuple(
            Part(words.channel_words(name), _("%(n)s 票") % {"n": f"{many:,}"})
            for name, many in found.get("channels", {}).items()
        ),
        receipts=int(found.get("receipts", 0)),
        root=vote.root,
        files=tuple(_files(vote, recounts)),
        ranking=tuple(_ranking(vote)),
    )


def urn_words(told: Mapping[str, Any] | None, vote: Vote) -> Iterable[str]:
    """How many handed in a paper, how many were found, and what became of them."""
    if not told:
        return
    yield _("名册上记了 %(marked)s 位交纸票，票箱里读出 %(found)s 张（两个人读得一样的），计入 %(counted)s 张。") % told
    if told["blank"] or told["spoilt"]:
        speaks = vote.brief.get("form") == "approve"
        kept = _("算参加了，不算选了谁") if speaks else _("不算参加")
        yield _("其中空白 %(blank)s 张，作废 %(spoilt)s 张，%(kept)s。") % {**told, "kept": kept}
    if told["marked"] > told["found"]:
        missing = told["marked"] - told["found"]
        yield _("少 %(n)s 张：有人领了票没有投进票箱，或者没有读成一样的两遍。") % {"n": missing}
    if told["once"]:
        yield _("有 %(n)s 张没有读成一样的两遍，没有计入。") % {"n": told["once"]}
    if told["why"]:
        yield _("读票的人写的原因：%(why)s") % told


def urn_faults(told: Mapping[str, Any] | None) -> Iterable[str]:
    if told and told["found"] > told["marked"]:
        more = told["found"] - told["marked"]
        yield _("票箱里的纸票比交纸票的人多 %(n)s 张。多于投票人数，这次投票无效，所有的票都没有计。") % {"n": more}
    if told and told["broken"]:
        yield _("系统里有 %(n)s 张纸票不是两个人读进去的那样（被改过，或者是后来加的），没有计入。请对着原票核对。") % {
            "n": told["broken"]
        }


def sentence_of(vote: Vote) -> str:
    """Why it passed or failed, in one sentence of law."""
    found = vote.result
    by_law = _("依据%(law)s，") % {"law": found["law"]} if found.get("law") else ""
    if vote.outcome == CALLED_OFF:
        return _("这次投票中途取消了。收到的票封没有打开，已经抹掉，谁也不知道怎么投的。")
    if vote.kind == "elect":  # who and how many stands in the bars below, name by name
        return by_law + str(found["page"]) + "。"
    unmet = [check for check in found.get("checks", ()) if not check["met"]]
    missing = "、".join(
        _("%(name)s还差 %(amount)s") % {"name": check["name"], "amount": amount(check["missing"], check["unit"])}
        if check["missing"] else _("%(name)s没有可以计算的基数") % {"name": check["name"]}
        for check in unmet
    )  # fmt: skip
    if vote.outcome == "passed" and found.get("checks"):
        return by_law + _("通过了：要求的每一项都达到了。")
    if vote.outcome == "no-quorum" and missing:
        return by_law + _("参加的不够，这次表决不算数：%(missing)s。") % {"missing": missing}
    if vote.outcome == "failed" and missing:
        return by_law + _("没有通过：%(missing)s。") % {"missing": missing}
    if winner := _titles(vote).get(str(found.get("winner", ""))):
        return by_law + _("得票最多的是：%(winner)s。") % {"winner": winner}
    return by_law + str(found.get("notice") or words.OUTCOMES.get(vote.outcome, (_("计完票了"), ""))[0])


def _seal(vote: Vote) -> p.Seal | None:
    said = {"passed": _("通过"), "failed": _("未通过"), "no-quorum": _("无效"), "elected": _("当选")}.get(vote.outcome)
    return p.Seal(said, large=True) if said else None


def amount(number: int, unit: str) -> str:
    """As `methods.thresholds` writes it: area is counted in hundredths of a square metre."""
    return words.area_words(number) if unit == AREA_UNIT else f"{number:,} {unit}"


def _bars(checks: Iterable[Mapping[str, Any]]) -> tuple[tuple[Bar, ...], ...]:
    """Taking part, then agreeing; heads and area side by side."""
    groups: dict[bool, list[Bar]] = {}
    for check in checks:
        groups.setdefault(str(check["name"]).startswith("参加"), []).append(bar_of(check))
    return tuple(tuple(bars) for bars in groups.values())


def bar_of(check: Mapping[str, Any]) -> Bar:
    part, whole, unit = check["part"], check["whole"], check["unit"]
    numerator, denominator = check["share"]
    missing = _("还差 %(amount)s。") % {"amount": amount(check["missing"], unit)} if check["missing"] else ""
    return Bar(
        label=check["name"],
        count=_("%(part)s，占 %(percent)s") % {"part": amount(part, unit), "percent": percent(part, whole)},
        reached=min(100.0, round(100 * part / whole, 2)) if whole else 0.0,
        mark=round(100 * numerator / denominator, 2),
        mark_words=_("%(bound)s（%(whole)s里至少 %(needed)s）")
        % {"bound": check["words"], "whole": amount(whole, unit), "needed": amount(check["needed"], unit)},
        missing=_("达到了。") if check["met"] else missing or _("没有达到。"),
        met=bool(check["met"]),
    )


def _titles(vote: Vote) -> dict[str, str]:
    return {str(row["key"]): str(row["title"]) for row in vote.brief.get("options", ())}


def _sides(vote: Vote, by_area: bool) -> Iterable[Side]:
    sides: Mapping[str, Mapping[str, int]] = vote.result.get("sides") or {}
    titles = _titles(vote)
    for key, one in sides.items():
        yield Side(
            titles.get(key, key),
            f"{one.get('heads', 0):,}",
            words.area_words(int(one.get("area", 0))) if by_area else "",
            key not in SIDES and key == vote.result.get("winner"),
        )


def _sum(row: Mapping[str, int] | None, by_area: bool) -> str:
    if not row:
        return ""
    heads = _("%(n)s 人（户）") % {"n": f"{row['heads']:,}"}
    return f"{heads}，{words.area_words(row['area'])}" if by_area else heads


def _ranking(vote: Vote) -> Iterable[tuple[str, str]]:
    titles = _titles(vote)
    ranked: Sequence[Sequence[Any]] = vote.result.get("ranking") or ()
    for row in ranked:
        if len(row) > 1 and str(row[0]) in titles:
            yield titles[str(row[0])], _("%(n)s 分") % {"n": row[1]}


def _grids(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    if len(rows) < 2:
        return ()
    paths = [row["path"] for row in rows if row["path"]]
    names = {place.path: place_words(place) for place in Place.objects.filter(path__in=paths).select_related("parent")}
    return tuple(
        Part(
            title := names.get(row["path"], _("不在网格里的")),
            said := _("%(cast)s / %(roll)s 票") % {"cast": f"{row['cast']:,}", "roll": f"{row['roll']:,}"},
            p.Progress(title, row["cast"], max(row["roll"], 1), said),
        )
        for row in rows
    )


def _files(vote: Vote, recounts: bool) -> Iterable[tuple[str, str]]:
    """What may be taken away to check it."""
    said = {
        "vote-published": _("公布的计票文件（自己重算用）"),
        "vote-recount": _("重算用的程序（一个文件，只要 Python）"),
        "vote-notice": _("结果公告（PDF）"),
        "vote-record": _("计票记录（PDF）"),
        "vote-pabulib": _("参与式预算的标准文件（Pabulib）"),
    }
    if not vote.root:  # called off: nothing was counted
        return
    for name in FILES:
        if name == "vote-pabulib" and vote.kind != "budget":
            continue
        if recounts or name not in ("vote-published", "vote-pabulib"):
            page = f"portal:{name}"
            yield said[name], way(page) if name == "vote-recount" else way_to(page, vote.pk)
