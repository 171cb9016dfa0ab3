"""Papers of many lines: the roll, the ballots, who has not answered. At most 500 lines a file, by a range."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings

from weizhi.decisions.actions.remind import silent_lines
from weizhi.decisions.models import Entitlement, Vote
from weizhi.decisions.paper_numbers import new_number, shown
from weizhi.decisions.urns import ONE_A_HEAD
from weizhi.places.models import Place
from weizhi.portal.printing import Range, qr_of
from weizhi.portal.saying import place_words
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w

AT_MOST: Final = 500
BUILDING: Final = "building"
HOMES: Final = (Entitlement.Kind.HOME, Entitlement.Kind.PARKING, Entitlement.Kind.HOUSEHOLD)


def roll(vote: Vote, wanted: Range) -> dict[str, Any]:
    """名册: names masked (个人信息保护法 25), who counts as one head, the root."""
    lines, area = _lines(vote, wanted), w.by_area(vote)
    same = _same_heads(vote)
    rows = [
        (
            str(line.n),
            where(line),
            *([line.name] if named(line) else [""]),
            *([w.square(line.area)] if area else []),
            same.get(line.n, ""),
        )
        for line in lines
    ]
    keep_name, keep_same = any(row[2] for row in rows), any(row[-1] for row in rows)
    keep = [True, True, keep_name, *([True] if area else []), keep_same]
    heads = ["号", "房屋或姓名", "业主", *(["专有部分面积"] if area else []), "合为一人"]
    shown = [[word for word, kept in zip(row, keep, strict=True) if kept] for row in rows]
    heads = [word for word, kept in zip(heads, keep, strict=True) if kept]
    total = [
        ("票", f"{vote.roll.size:,}"),
        ("人", f"{vote.roll.heads:,}"),
        ("专有部分面积", w.square(vote.roll.area) if area else ""),
        ("定下", w.instant(vote.roll.frozen_at) if vote.roll.frozen_at else "还在公示"),
        ("这一份", wanted.words(vote.roll.size)),
    ]
    right = [heads.index("专有部分面积")] if area else []
    return {
        "title": "表决名册",
        "subject": w.question(vote),
        "sections": [
            s.section("", s.facts(total), s.mono(w.grouped(vote.roll.root), "名册的校验码")),
            s.section("", s.table(heads, shown, [0, 1.4, *[1 for _ in heads[2:]]], right, size=10, room=1.2)),
        ],
        "issuer": w.issuer(vote),
        "date": w.day(vote.roll.frozen_at or vote.opens_at),
        "scan": "扫码看名册",
    }


def named(line: Entitlement) -> bool:
    """Whether the name says more than the label: of homes, not of people."""
    return line.name != line.label


def _lines(vote: Vote, wanted: Range) -> list[Entitlement]:
    found = Entitlement.objects.filter(roll=vote.roll_id, n__gte=wanted.first, n__lte=wanted.last).standing()
    return list(found.select_related("place__parent__parent__parent").order_by("n"))


def where(line: Entitlement) -> str:
    """A home as neighbours name it; a person by the name on the roll."""
    return place_words(line.place) if line.place and line.kind in HOMES else line.label


def _same_heads(vote: Vote) -> dict[int, str]:
    """Line → “同 3 号” where its owner already stands on the roll."""
    if vote.roll.heads == vote.roll.size:
        return {}
    first: dict[str, int] = {}
    found: dict[int, str] = {}
    rows = Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n").values_list("n", "head")
    for n, head in rows.iterator(chunk_size=5000):
        if first.setdefault(head, n) != n:
            found[n] = f"同 {first[head]} 号"
    return found


def ballots(vote: Vote, wanted: Range) -> dict[str, Any]:
    """选票: of a named vote with its line; of a secret one with a number by chance, and as many as are asked for."""
    page = f"{settings.ADDRESS}/votes/{vote.pk}"
    papers = list(_by_chance(vote, page, wanted)) if vote.secret else [
        {"n": f"{line.n}", "number": "", "label": where(line), "svg": qr_of(f"{page}?line={line.n}")}
        for line in _lines(vote, wanted)
    ]  # fmt: skip
    return {
        "title": "选票" if vote.kind == "elect" else "表决票",
        "question": w.question(vote),
        "text": _short(str(vote.brief.get("text", ""))),
        "options": [option["title"] for option in vote.brief["options"]],
        "ballots": papers,
        "words": {
            "how": _how(vote),
            "sign": "签名",
            "date": "日期",
            "secret": "无记名",
            "proxy": "" if vote.kind == "elect" else "由别人代投的，受托人签名（附委托书）",
            "number": "票号",
            "chance": "印票时随机抽的，不是哪一户的号；截止以后两个人按它各读一遍。",
        },
    }


def _by_chance(vote: Vote, page: str, wanted: Range) -> Iterator[dict[str, str]]:
    """Papers that are nobody's: each printing draws its numbers anew and keeps none, so that no list of them can be
    laid beside the roll."""
    for _copy in range(min(wanted.last, vote.roll.size) - wanted.first + 1):
        number = new_number(vote.pk)
        yield {"n": "", "number": shown(number), "label": "", "svg": qr_of(f"{page}?paper={number}")}


def _how(vote: Vote) -> list[str]:
    form, most = vote.brief.get("form"), int(vote.brief.get("at_most", 1))
    mark = {
        "yes-no": "在一个方框里打“√”；打了两个、涂改看不清的，作废。",
        "choice": "在一个方框里打“√”；打了两个、涂改看不清的，作废。",
        "ranking": "在方框里写 1、2、3……，1 是最想要的；不想排的空着。",
        "approve": f"在方框里打“√”，最多 {most} 个；多了作废，少了有效。",
    }[str(form)]
    signed = [] if vote.secret else ["没有签名的，不计入。几个人共有一户的，一起签，或者由推选的代表签。"]
    urn = ["请从一叠票里自己抽一张。不要写名字、不要做记号。"] if vote.secret else []
    back = "投进票箱" if vote.secret else f"交回{w.issuer(vote)}"
    return [mark, w.abstain_words(vote), *urn, *signed, f"{w.instant(vote.closes_at)} 以前{back}。"]


def _short(text: str, at_most: int = 260) -> str:
    return text if len(text) <= at_most else text[:at_most] + "……（全文见公告）"


def signatures(vote: Vote, wanted: Range) -> dict[str, Any]:
    """领票签名册: who takes a paper of a secret vote signs here, and nowhere on the paper."""
    same = _same_heads(vote) if vote.kind in ONE_A_HEAD else {}  # one paper for all homes of one head
    rows = [
        (str(line.n), where(line), line.name if named(line) else "", same.get(line.n, ""), "")
        for line in _lines(vote, wanted)
    ]
    heads = ["号", "房屋或姓名", "名册上的名字", "领票人签名", "受托人签名"]
    told = [
        ("这一份", wanted.words(vote.roll.size)),
        ("怎么用", "签了名，自己从一叠票里抽一张。不在这里记票号。投进票箱以后，在记票台记“交了纸票”。"),
        ("一人一张", "写着“同几号”的，和那一号合为一人，在那一号签名，只领一张。" if same else ""),
        ("截止", f"{w.instant(vote.closes_at)}（{w.weekday(vote.closes_at)}）"),
    ]
    return {
        "title": "领票签名册",
        "subject": w.question(vote),
        "sections": [
            s.section("", s.facts(told)),
            s.section("", s.table(heads, rows, [0, 1.4, 1, 1.4, 1.2], size=10.5, room=2.2)),
        ],
        "issuer": w.issuer(vote),
        "date": "",
        "scan": "扫码看这次投票",
    }


def doors(vote: Vote, wanted: Range) -> dict[str, Any]:
    """上门名单: who has not answered, by building; whether, never how, the others did is all that it tells."""
    lines = list(
        silent_lines(vote)
        .filter(n__gte=wanted.first, n__lte=wanted.last)
        .select_related("place__parent__parent")
        .order_by("place__path", "n")
    )
    return {
        "title": "上门名单",
        "subject": w.question(vote),
        "sections": [
            s.section(
                "",
                s.facts(
                    [
                        ("还没有投的", f"{len(lines):,} 票（{wanted.words(vote.roll.size)}）"),
                        ("截止", f"{w.instant(vote.closes_at)}（{w.weekday(vote.closes_at)}）"),
                        ("提醒", "只请人来投，不问、不劝怎么投。名单用完收回销毁。"),
                    ]
                ),
            ),
            *[s.section(title, _visits(rows)) for title, rows in _by_building(lines)],
        ],
        "issuer": "",
        "date": "",
        "scan": "扫码看这次表决",
    }


def _visits(rows: list[Entitlement]) -> s.Block:
    told = [(str(line.n), line.place.name if line.place else line.label, line.name, "", "", "") for line in rows]
    heads = ["号", "房屋", "姓名", "第一次", "第二次", "备注"]
    return s.table(heads, told, [0, 1.2, 1.2, 1, 1, 1.4], size=10.5, room=2.2)


def _by_building(lines: list[Entitlement]) -> Iterator[tuple[str, list[Entitlement]]]:
    """Homes stair by stair, as one walks."""
    groups: dict[str, list[Entitlement]] = {}
    for line in lines:
        groups.setdefault(_stairs(line.place), []).append(line)
    yield from groups.items()


def _stairs(place: Place | None) -> str:
    parent = place.parent if place else None
    if parent is None:
        return "其他"
    above = parent.parent
    return f"{above.name} {parent.name}" if above is not None and above.kind == BUILDING else parent.name
