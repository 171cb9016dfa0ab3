"""What came of it: first what unites all, in plain sentences; then what sets groups apart; then the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from weizhi.deliberation import hall_words as words
from weizhi.deliberation.models import Statement, Voice
from weizhi.deliberation.opinions import AGREE, Drawn, Group
from weizhi.deliberation.taking_part import voice_of
from weizhi.portal.hall.reading import Room
from weizhi.portal.saying import when

LISTED = 60
WIDE, HIGH, EDGE = 640, 320, 130
SMALLEST, GROWS = 62, 60  # how wide a group is drawn: the more people, the larger its shape
NAMES_FOR_NUMBERS = {2: "两", 3: "三", 4: "四", 5: "五"}


@dataclass(frozen=True)
class United:
    words: str
    counts: str
    share: int  # of those who agreed or not, how many of a hundred agreed


@dataclass(frozen=True)
class Way:
    """One group in words."""

    name: str
    people: int
    says: tuple[tuple[bool, str], ...]  # whether it agrees, and the sentence
    mine: bool


@dataclass(frozen=True)
class Shape:
    """A group on the picture: a soft ellipse with its name and how many; of persons nothing."""

    name: str
    people: int
    x: float
    y: float
    rx: float
    ry: float
    look: int


@dataclass(frozen=True)
class Picture:
    shapes: tuple[Shape, ...]
    mine: tuple[float, float] | None
    told: str  # the same in words, for whoever does not see it


@dataclass(frozen=True)
class ResultPage:
    none_yet: bool
    lead: str
    drawn_when: str
    united: tuple[United, ...]
    ways: tuple[Way, ...]
    ways_title: str
    why: str
    picture: Picture | None
    counted: tuple[United, ...]
    more: int
    final: bool


def result_page(room: Room) -> ResultPage:
    """Three queries: the statements shown, and where I stand, for me alone."""
    drawn, hall = room.drawn, room.hall
    texts = _texts(room, drawn)
    mine = _mine(room) if drawn.groups else None
    group = mine.group if mine is not None else None
    listed = sorted((n for n in drawn.counts if n in texts), key=lambda n: -sum(drawn.counts[n]))
    return ResultPage(
        none_yet=hall.drawn_at is None,
        lead=_lead(drawn),
        drawn_when=when(hall.drawn_at, room.now) if hall.drawn_at else "",
        united=tuple(_line(texts[n], drawn, n) for n in drawn.united if n in texts and n in drawn.counts),
        ways=tuple(_way(drawn, one, texts, group) for one in drawn.groups),
        ways_title=_("%(n)s种想法") % {"n": NAMES_FOR_NUMBERS.get(len(drawn.groups), str(len(drawn.groups)))},
        why="" if drawn.groups or hall.drawn_at is None else words.why_none(drawn),
        picture=_picture(drawn, mine) if drawn.groups else None,
        counted=tuple(_line(texts[n], drawn, n) for n in listed[:LISTED]),
        more=max(0, len(listed) - LISTED),
        final=hall.final_at is not None,
    )


def _texts(room: Room, drawn: Drawn) -> dict[int, str]:
    """Words of what is shown, as it stands now: what was put away meanwhile is not shown."""
    if not drawn.counts:
        return {}
    rows = Statement.objects.filter(hall=room.hall, state=Statement.State.OPEN)
    return dict(rows.values_list("n", "words"))


def _mine(room: Room) -> Voice | None:
    if room.who.person_id is None or room.hall.final_at is not None:
        return None
    return Voice.objects.filter(hall=room.hall, who=voice_of(room.hall.pk, room.who.person_id)).first()


def _lead(drawn: Drawn) -> str:
    told = {"people": drawn.people, "statements": drawn.statements, "stances": drawn.stances}
    return (
        _("%(people)s 人参加，对 %(statements)s 条意见表了 %(stances)s 次态。一个人不管用什么方式说，只算一次。") % told
    )


def _line(text: str, drawn: Drawn, n: int) -> United:
    agreed, disagreed, _passed = drawn.counts[n]
    share = round(100 * agreed / (agreed + disagreed)) if agreed + disagreed else 0
    return United(text, words.counted(drawn.counts[n]), share)


def _way(drawn: Drawn, group: Group, texts: Mapping[int, str], mine: int | None) -> Way:
    says = tuple((said.side == AGREE, words.side_of(said, texts[said.n])) for said in group.says if said.n in texts)
    return Way(words.name_of(drawn, group), group.people, says, mine == group.key)


def _picture(drawn: Drawn, mine: Voice | None) -> Picture:
    shapes = tuple(_shape(drawn, group, look) for look, group in enumerate(drawn.groups, 1))
    told = _("一张图：%(groups)s。离得越远，想法差得越多。") % {
        "groups": _("，").join(_("想法%(name)s，%(n)s 人") % {"name": one.name, "n": one.people} for one in shapes)
    }
    own = _at(mine.x, mine.y) if mine is not None and mine.x is not None and mine.y is not None else None
    return Picture(shapes, own, told)


def _shape(drawn: Drawn, group: Group, look: int) -> Shape:
    x, y = _at(group.x, group.y)
    size = SMALLEST + GROWS * (group.people / max(1, sum(one.people for one in drawn.groups))) ** 0.5
    rx, ry = (round(min(EDGE, max(size, spread * WIDE)), 1) for spread in (group.rx, group.ry))
    return Shape(words.name_of(drawn, group), group.people, x, y, rx, ry, look)


def _at(x: float, y: float) -> tuple[float, float]:
    return round(EDGE + x * (WIDE - 2 * EDGE), 1), round(EDGE + y * (HIGH - 2 * EDGE), 1)
