"""The page for a projector: what is discussed, who speaks and how long still, who is next, one rule, the hands."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from weizhi.charters.deliberating import DELIBERATING, SitParams
from weizhi.deliberation.actions.lead import Shown
from weizhi.deliberation.models import Attendance, Item, SittingQuerySet, Wall
from weizhi.matters.pinned import charter_by_hash
from weizhi.portal import pieces as p
from weizhi.portal.meeting.here import drawn
from weizhi.portal.meeting.page import Floor, Line, line_of
from weizhi.portal.meeting.promises import decided_words
from weizhi.portal.meeting.record import clock_words

LEAD = "lead"
MINUTES = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class WallPage:
    title: str
    mark: str
    open: bool
    over: bool
    seated: str
    item: Line | None
    speaker: str
    until: str
    left: int  # seconds; the page counts them down by itself
    following: str
    rule: str
    decided: str  # how the last matter was decided, with its hands
    agenda: tuple[Line, ...]
    code: str  # a drawing


def mark_of(rows: SittingQuerySet) -> str | None:
    """What a wall is compared by: one query. None where this reader sees no such meeting."""
    came = Attendance.objects.there().filter(sitting=OuterRef("pk")).order_by().values("sitting")
    said = Item.objects.filter(sitting=OuterRef("pk")).exclude(outcome="").order_by().values("sitting")
    counted = rows.annotate(
        came=Coalesce(Subquery(came.annotate(n=Count("pk")).values("n")), 0),
        said=Coalesce(Subquery(said.annotate(n=Count("pk")).values("n")), 0),
        turned=Coalesce("wall__turn", 0),
    ).order_by("-starts_at", "-id")
    columns = counted.values_list("turned", "came", "said", "opened_at", "closed_at").first()
    if columns is None:
        return None
    turned, there, decided, opened, closed = columns
    return f"{turned}-{there}-{decided}-{int(opened is not None)}{int(closed is not None)}"


def house_rules(floor: Floor) -> tuple[str, ...]:
    """The body's own rules of debate, as its charter's `sit` step has them."""
    matter = floor.sitting.matter
    step = charter_by_hash(matter.charter_id).procedure_of(matter.kind).steps[floor.sitting.step.key]
    params: SitParams = step.parsed(DELIBERATING["sit"])
    return params.rules


def wall_page(floor: Floor, mark: str) -> WallPage:
    wall, sitting = _wall(floor), floor.sitting
    agenda = tuple(line_of(floor, item) for item in floor.items)
    current = wall.item or (floor.current.n if floor.current else None)
    rules = house_rules(floor)
    shows = floor.open and floor.named
    return WallPage(
        title=sitting.matter.title,
        mark=mark,
        open=floor.open,
        over=sitting.closed_at is not None,
        seated=_("到会 %(seated)s 席，%(needed)s 席可以开会，列席 %(guests)s 人") % {
            "seated": floor.seated, "needed": floor.needed, "guests": len(floor.there) - floor.seated,
        },
        item=next((one for one in agenda if floor.open and one.n == current), None),
        speaker=_called(floor, wall.speaker_id) if shows else "",
        until=clock_words(wall.until) if floor.open and wall.until else "",
        left=max(0, int((wall.until - floor.now).total_seconds())) if wall.until else 0,
        following=_called(floor, wall.following_id) if shows else "",
        rule=rules[wall.rule - 1] if floor.open and wall.rule and wall.rule <= len(rules) else "",
        decided=_decided(floor),
        agenda=agenda,
        code="" if sitting.closed_at is not None else drawn(sitting),
    )  # fmt: skip


def _wall(floor: Floor) -> Wall:
    """Read with the meeting; one that nobody has led yet shows the agenda's own order."""
    return getattr(floor.sitting, "wall", None) or Wall(sitting=floor.sitting)


def _called(floor: Floor, attendance: object) -> str:
    return next((one.called for one in floor.there if one.pk == attendance), "")


def _decided(floor: Floor) -> str:
    past = [one for one in floor.items if one.outcome and one.at and one.step.matter_id in floor.seen]
    last = max(past, key=lambda one: (one.at or floor.now, one.n), default=None)
    return _("第 %(n)s 件：%(said)s") % {"n": last.n, "said": decided_words(last)} if last else ""


def leading(floor: Floor) -> p.Action:
    """What the chair's phone says to the wall."""
    wall = _wall(floor)
    people = tuple(p.Choice(str(one.pk), one.called) for one in floor.there)
    items = tuple(p.Choice(str(one.n), f"{one.n}. {one.step.matter.title}") for one in floor.items if not one.outcome)
    rules = tuple(p.Choice(str(n), words) for n, words in enumerate(house_rules(floor), 1))
    minutes = tuple(p.Choice(str(n), _("%(n)s 分钟") % {"n": n}) for n in MINUTES)
    current = wall.item or (floor.current.n if floor.current else "")
    fields = [
        p.Field("item", "choice", _("议哪一件？"), value=str(current), choices=items, compact=True),
        p.Field("speaker", "choice", _("谁在发言？"), value=str(wall.speaker_id or ""), choices=people, compact=True),
        p.Field("minutes", "choice", _("说几分钟？"), value="3", choices=minutes, compact=True),
        p.Field(
            "following", "choice", _("下一个谁说？"), value=str(wall.following_id or ""), choices=people, compact=True
        ),
    ]
    if rules:
        fields.append(
            p.Field("rule", "choice", _("提醒哪一条规则？"), value=str(wall.rule or ""), choices=rules, compact=True)
        )
    ways = (p.Outcome("start", _("开始计时"), "primary"), p.Outcome("stop", _("停下计时")))
    return p.Action(_("大屏"), "", "", LEAD, ways, LEAD, tuple(fields), _("大屏两秒钟以内跟上。"), folded=True)


def shown(data: dict[str, str], start: bool) -> Shown:
    """A sent form as what is to stand on the wall; what cannot be read names nobody."""
    return Shown(
        item=_number(data, "item"), speaker=_pk(data, "speaker"), following=_pk(data, "following"),
        minutes=_number(data, "minutes") if start else None, rule=_number(data, "rule"),
    )  # fmt: skip


def _number(data: dict[str, str], key: str) -> int | None:
    text = str(data.get(key, ""))
    return int(text) if text.isdecimal() and len(text) < 4 else None


def _pk(data: dict[str, str], key: str) -> UUID | None:
    try:
        return UUID(str(data.get(key, "")))
    except ValueError:
        return None
