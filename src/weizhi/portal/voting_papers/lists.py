"""Papers of many lines: the roll, the ballots, who has not answered. At most 500 lines a file, by a range."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef

from weizhi.decisions.models import Entitlement, Envelope, Vote
from weizhi.matters.refused import Refused
from weizhi.places.models import Place
from weizhi.portal.saying import place_words
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w
from weizhi.portal.voting_papers.codes import code_of

AT_MOST: Final = 500
BUILDING: Final = "building"
HOMES: Final = (Entitlement.Kind.HOME, Entitlement.Kind.PARKING, Entitlement.Kind.HOUSEHOLD)


@dataclass(frozen=True)
class Range:
    """Lines of the roll from … to …; a town's roll is printed in pieces."""

    first: int = 1
    last: int = AT_MOST

    @classmethod
    def asked(cls, wanted: Mapping[str, str]) -> "Range":
        """Raises Refused where it is no range or too much."""
        try:
            first = int(wanted.get("from") or 1)
            last = int(wanted.get("to") or first + AT_MOST - 1)
        except ValueError:
            raise Refused("bad-data", "从几号到几号，请写数字，例如 from=1&to=500。") from None
        if first < 1 or not first <= last < first + AT_MOST:
            raise Refused("bad-data", f"一份最多 {AT_MOST} 行。请分几次打印，例如先 1 到 {AT_MOST}。")
        return cls(first, last)

    def words(self, size: int) -> str:
        return f"第 {self.first:,} 到 {min(self.last, max(size, 1)):,} 号，名册共 {size:,} 号"


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
    """选票: of a named vote with its line; of a secret one only the stub has it, and is torn off before the box."""
    page = f"{settings.ADDRESS}/votes/{vote.pk}"
    blank = code_of(page) if vote.secret else ""
    papers = [
        {"n": "", "stub": f"{line.n}", "label": where(line), "svg": blank}
        if vote.secret
        else {"n": f"{line.n}", "label": where(line), "svg": code_of(f"{page}?line={line.n}")}
        for line in _lines(vote, wanted)
    ]
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
            "tear": "✂ 领票时沿虚线撕下存根，票投进票箱，存根留下",
            "taken": "领票人签名",
        },
    }


def _how(vote: Vote) -> list[str]:
    form, most = vote.brief.get("form"), int(vote.brief.get("at_most", 1))
    mark = {
        "yes-no": "在一个方框里打“√”；打了两个、涂改看不清的，作废。",
        "choice": "在一个方框里打“√”；打了两个、涂改看不清的，作废。",
        "ranking": "在方框里写 1、2、3……，1 是最想要的；不想排的空着。",
        "approve": f"在方框里打“√”，最多 {most} 个；多了作废，少了有效。",
    }[str(form)]
    signed = [] if vote.secret else ["没有签名的，不计入。几个人共有一户的，一起签，或者由推选的代表签。"]
    return [mark, w.abstain_words(vote), *signed, f"{w.instant(vote.closes_at)} 以前交回{w.issuer(vote)}。"]


def _short(text: str, at_most: int = 260) -> str:
    return text if len(text) <= at_most else text[:at_most] + "……（全文见公告）"


def doors(vote: Vote, wanted: Range) -> dict[str, Any]:
    """上门名单: who has not answered, by building; whether, never how, the others did is all that it tells."""
    spoken = Envelope.objects.filter(vote=vote, entitlement=OuterRef("pk"))
    lines = list(
        Entitlement.objects.filter(roll=vote.roll_id, n__gte=wanted.first, n__lte=wanted.last)
        .standing()
        .filter(~Exists(spoken))
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
