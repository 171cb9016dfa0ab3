"""What is printed of a meeting: invitations, agenda, the sheet at the door, minutes. Set in the language of the record.

What people and charters say goes in as data, never into typst's source.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from weizhi.deliberation import minutes
from weizhi.matters.story import name_of
from weizhi.people.access import NOBODY
from weizhi.portal.meeting.here import here_url
from weizhi.portal.meeting.page import Floor, Line, line_of
from weizhi.portal.meeting.record import Record, clock_words, text_of
from weizhi.portal.printing import qr_of
from weizhi.portal.saying import number
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers.wording import day, instant, weekday

GUEST_LINES: Final = 12
INVITATION, AGENDA, SHEET, MINUTES = "invitation", "agenda", "sheet", "minutes"


def is_there(floor: Floor, what: str) -> bool:
    """Invitations and the sheet with everybody's place to sign are for who holds it; minutes, once it is over."""
    if what in (INVITATION, SHEET):
        return floor.clerk
    return what != MINUTES or floor.sitting.closed_at is not None


def content(floor: Floor, what: str) -> dict[str, Any]:
    """What a paper says, as data."""
    matter = floor.sitting.matter
    told = PAPERS[what](floor)
    address = f"{settings.ADDRESS}{reverse('portal:meeting', args=[matter.pk])}"
    return {
        "community": matter.community.name,
        "svg": qr_of(address),
        "scan": "扫码看会议",
        "foot": f"编号 {number(matter)} · {matter.title} · {instant(floor.now)} 打印",
        "issuer": "", "date": day(floor.now), "subject": matter.title,
        **told,
        "words": {"seal": "（盖章）", **told.get("words", {})},
    }  # fmt: skip


def _when(floor: Floor) -> str:
    at = floor.sitting.starts_at
    return f"{instant(at)}（{weekday(at)}）"


def _lines(floor: Floor) -> list[Line]:
    return [line_of(floor, item) for item in floor.items]


def invitation(floor: Floor) -> dict[str, Any]:
    """One a seat: a body sends somebody, a post comes itself."""
    at = floor.sitting.starts_at
    needed, total = floor.needed, len(floor.sitting.seats)
    return {
        "source": "meeting/paper/invitations.typ",
        "title": "会议通知",
        "seats": [f"{seat.title}（第 {seat.n} 席）" for seat in floor.sitting.seat_list],
        "body": ["请您到会，一起商量下面的事。到了请签到：扫右上角的码，或者在门口签名。"],
        "facts": [["时间", _when(floor)], ["地点", floor.sitting.where]],
        "agenda": [{"n": f"{one.n}.", "title": one.title, "urgent": one.urgent} for one in _lines(floor)],
        "after": f"一共 {total} 席，到 {needed} 席才能开会。本人来不了，请早一点告诉我们。",
        "issuer": floor.body_title,
        "date": day(floor.sitting.called_at or min(floor.now, at)),
        "words": {"agenda": "议程", "none": "还没有排上会的事。"},
    }  # fmt: skip


def agenda(floor: Floor) -> dict[str, Any]:
    rows = [(f"{one.n}", f"{one.title}（急）" if one.urgent else one.title, "") for one in _lines(floor)]
    return {
        "title": "会议议程",
        "sections": [
            s.section("", s.facts([("时间", _when(floor)), ("地点", floor.sitting.where)])),
            _promised(Record(floor)),
            s.section(
                "议什么",
                s.table(["", "事项", "会上怎么定的"], rows, [0, 1, 0.8], size=12, room=4)
                if rows else s.p("还没有排上会的事。"),
            ),
        ],
        "issuer": floor.body_title,
    }  # fmt: skip


def sheet(floor: Floor) -> dict[str, Any]:
    """To sign at the door, no paper under a seal: each seat with its line, lines for guests; the code checks in."""
    seats = [(str(seat.n), seat.title, "", "", "") for seat in floor.sitting.seat_list]
    guests = [("", "", "", "", "")] * GUEST_LINES
    matter = floor.sitting.matter
    return {
        "title": "签到表",
        "svg": qr_of(here_url(floor.sitting)),
        "scan": "扫码签到",
        "sections": [
            s.section("", s.facts([("时间", _when(floor)), ("地点", floor.sitting.where), ("编号", number(matter))])),
            s.section(
                "席位", s.table(["席", "谁的席位", "姓名", "签名", "时间"], seats, [0, 1, 0.8, 1, 0.5], room=3.2)
            ),
            s.section(
                "列席", s.table(["", "住哪里、哪个单位", "姓名", "签名", "时间"], guests, [0, 1, 0.8, 1, 0.5], room=3.2)
            ),
        ],
    }


def minutes_paper(floor: Floor) -> dict[str, Any]:
    """Everything that was counted, the words of the newest version, and who signed it or is to sign it."""
    record = Record(floor)
    matter, written = floor.sitting.matter, record.written
    return {
        "title": "会议记录" if written.signed else "会议记录（草稿）" if written.step else "会议记录（自动整理）",
        "svg": qr_of(f"{settings.ADDRESS}{reverse('portal:minutes', args=[matter.pk])}"),
        "scan": "扫码核对",
        "sections": [
            s.section("", s.facts(_facts(record))),
            s.section("一、到会", _seats(record), s.p(_guests(record)) if record.guests else None),
            s.section("二、开会", *[s.p(words) for words in _opening(record)]),
            _promised(record, "三、上次定的事"),
            s.section("四、议的事和结果", *_points(record)),
            s.section("五、其他", s.p(text_of(record.words.get(minutes.MORE, "")) or "没有。")),
            s.section("六、签字", *_signed(record)),
        ],
        "issuer": floor.body_title,
        "date": day(floor.sitting.closed_at or floor.now),
    }


def _facts(record: Record) -> list[tuple[str, str]]:
    sitting = record.floor.sitting
    start, end = sitting.opened_at or sitting.starts_at, sitting.closed_at or record.floor.now
    return [
        ("编号", f"{number(sitting.matter)}，第 {record.written.version} 版"),
        ("时间", f"{instant(start)}到 {clock_words(end)}"),
        ("地点", sitting.where),
        ("主持", record.chair),
        ("应到", f"{len(sitting.seats)} 席，{record.floor.needed} 席可以开会"),
    ]


def _seats(record: Record) -> s.Block:
    rows = [(str(one.n), one.title, one.name or "空着", one.when) for one in record.seats()]
    return s.table(["席", "谁的席位", "谁来了", "怎么签的"], rows, [0, 1, 0.8, 1])


def _guests(record: Record) -> str:
    """Neighbours who looked on stand by number alone, for whoever was not there."""
    told = f"列席 {len(record.guests)} 人。"
    return told[:-1] + f"：{'、'.join(one.called for one in record.guests)}。" if record.names_guests else told


def _opening(record: Record) -> list[str]:
    return [words for words in (record.opening(), text_of(record.words.get(minutes.OPENING, ""))) if words]


def _promised(record: Record, title: str = "上次定的事") -> dict[str, Any]:
    rows = [(one.on, one.title, one.said, one.chip.words) for one in record.promises()]
    told = s.table(["哪次会", "事项", "怎么定的", "现在"], rows, [0, 1, 1, 0]) if rows else s.p("没有要报告的。")
    return s.section(title, told)


def _points(record: Record) -> Iterator[s.Block]:
    points = list(record.points())
    for one in points:
        yield s.head(f"{one.n}. {one.title}")
        yield s.facts([("结果", one.outcome), ("在座和举手", one.counted), ("谁来办", one.task)])
        if words := text_of(one.words):
            yield s.quote(words)
    if not points:
        yield s.p("议程上没有事。")


def _signed(record: Record) -> Iterator[s.Block]:
    """Signed in Weizhi, by whom and when; else places to sign on paper."""
    given = record.written.standing
    if given:
        rows = [(name_of(one.who, NOBODY), one.post, instant(one.at)) for one in given]
        yield s.table(["谁签的", "身份", "时间"], rows, [1, 1, 1])
    if not record.written.signed:
        yield s.sign("主持人（签名、日期）", "记录人（签名、日期）")
    yield s.mono(
        " ".join(record.digest[at : at + 8] for at in range(0, len(record.digest), 8)),
        "校验码：席位、签到、举手、结果一个数改了就对不上" if record.intact else "和签字时的校验码对不上，请先查清楚",
    )


PAPERS: Final[dict[str, Callable[[Floor], dict[str, Any]]]] = {
    INVITATION: invitation, AGENDA: agenda, SHEET: sheet, MINUTES: minutes_paper,
}  # fmt: skip
