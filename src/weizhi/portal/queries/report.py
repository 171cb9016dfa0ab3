"""The report as a page: which kind of matter, what its charter asks, where, and who will see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.models import Charter, MatterKind
from weizhi.charters.steps import Step
from weizhi.matters.models import Matter
from weizhi.matters.rules import COMMUNITY, Here, keys_for
from weizhi.people.access import Standing, may
from weizhi.places.models import Community
from weizhi.portal import pieces as p
from weizhi.portal.forms import Draft, charter_fields
from weizhi.portal.picking.asking import PlacesOf
from weizhi.portal.picking.panel import Asked, Panel, panel
from weizhi.portal.proposing.page import Holder, Intakes, holder_of, intakes_for
from weizhi.portal.queries.before import DOCUMENT, Before
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.places import ELSEWHERE, Places, community_of, own_community, places_for

NAMED_AT_MOST: Final = 3


@dataclass(frozen=True)
class ReportPage:
    community: Community
    kind: str
    form: p.Action
    where: p.Field
    panel: Panel | None  # places to look among, where somebody has begun to
    find: str
    sees: p.WhoSees
    others: tuple[tuple[str, str], ...]
    earlier: Matter | None
    behalf: p.Field | None
    at: str = ""
    lost: bool = False  # the sign on the wall names no place of ours
    before: Before | None = None
    staff: bool = False
    holder: Holder | None = None  # what a proposal is handed to


@dataclass(frozen=True)
class Ground:
    """Where and by which rules something would be raised: nothing here costs more than one query."""

    standing: Standing
    community: Community
    charter: Charter
    kinds: tuple[MatterKind, ...]
    intakes: Intakes = field(default_factory=dict)  # of the kinds among them that another matter takes in

    def kind(self, asked: str) -> MatterKind:
        named = (kind for kind in self.kinds if kind.key == asked)
        plain = (kind for kind in self.kinds if kind.document == DOCUMENT)
        return next(named, None) or next(plain, self.kinds[0])

    def shut(self, asked: str) -> MatterKind | None:
        """The kind that was asked for, where nothing takes it in today."""
        kind = self.charter.kinds.get(asked)
        return kind if kind and kind.held_by and kind.key not in self.intakes else None


def ground_for(standing: Standing, at: str, now: datetime) -> Ground | None:
    """The community of the sign on the wall if it is one of the person's own, else where the person belongs."""
    community = own_community(standing, at) or community_of(standing)
    charter = charter_in_force(community.pk, now) if community else None
    if community is None or charter is None:
        return None
    held = [kind for kind in charter.kinds.values() if kind.held_by]
    intakes = intakes_for(held, standing, community.pk)
    taken = (kind for kind in held if kind.key in intakes and _raises(charter, kind, standing, community))
    kinds = (*open_kinds(charter, standing, community), *taken)
    return Ground(standing, community, charter, kinds, intakes) if kinds else None


def report_page(
    ground: Ground, sent: Mapping[str, str], now: datetime, draft: Draft, *, checked: Before | None
) -> ReportPage:
    """Three queries: what it follows, and the places to press first; one more where somebody looks for another."""
    standing, community, charter = ground.standing, ground.community, ground.charter
    kind, at = ground.kind(sent.get("kind", "")), sent.get("at", "")
    rows = ground.intakes.get(kind.key, ())
    holder = holder_of(rows, sent.get("to", ""), kind.key, standing, now) if rows else None
    start = (holder.charter if holder else charter).procedure_of(kind.key).start
    earlier = _earlier(sent.get("follows", ""), standing)
    places = places_for(standing, community, at, earlier.place_id if earlier else None, picked="picked" in sent)
    looks = Asked.stands_in(sent)
    return ReportPage(
        community=community,
        at=at,
        lost=bool(at) and not places.signed,
        before=checked,
        staff=bool(standing.posts),
        kind=kind.key,
        holder=holder,
        form=_form(kind, start, draft, community),
        where=_where(places, draft, looks),
        panel=panel(community, Asked.of(sent), {"kind": kind.key, "at": at, "to": holder.id if holder else ""})
        if looks
        else None,
        find=sent.get("find", ""),
        sees=who_sees(charter, kind),
        earlier=earlier,
        behalf=_behalf(standing, community, draft),
        others=tuple(
            (other.title, f"{reverse('portal:report')}?kind={other.key}") for other in ground.kinds if other != kind
        ),
    )


def open_kinds(charter: Charter, standing: Standing, community: Community) -> list[MatterKind]:
    """The kinds of matter that this person may raise, in the charter's order."""
    return [kind for kind in charter.kinds.values() if _may_raise(charter, kind, standing, community)]


def _may_raise(charter: Charter, kind: MatterKind, standing: Standing, community: Community) -> bool:
    return not kind.held_by and _raises(charter, kind, standing, community)


def _raises(charter: Charter, kind: MatterKind, standing: Standing, community: Community) -> bool:
    start = charter.procedure_of(kind.key).start
    paths = {COMMUNITY: community.slug}
    for path in (*standing.paths, community.slug):
        here = Here({**paths, **dict.fromkeys(charter.levels.order, path)}, community.slug)
        if may(standing, keys_for(start.by, charter=charter, here=here, relations={}, at=start.at)):
            return start.kind == "raise"
    return False


def _form(kind: MatterKind, start: Step, draft: Draft, community: Community) -> p.Action:
    asked = charter_fields(start.fields, PlacesOf(community.pk))
    words = p.Field("words", "text", _("什么事？"), required=True)
    fields = asked if any(one.key == "words" for one in asked) else [words, *asked]
    plain = kind.document == DOCUMENT and not kind.held_by
    fields = fields if kind.held_by else [_spoken(field, plain) for field in fields]
    without = _("一张就够；没有也可以报") if plain else _("没有也可以")
    photo = p.Field("photos", "photo", _("拍张照片"), without)
    drafted = tuple(draft.filled(field) if draft.sent else field for field in [photo, *fields])
    errors: tuple[tuple[str, str], ...] = ()
    if draft.refused:
        wrong = next((field.id for field in drafted if field.error), "")
        errors = ((draft.refused.message, wrong or ("f-place" if draft.refused.field == "place" else "")),)
    send = (p.Outcome("", _("报上去"), "primary"),)
    return p.Action(
        start.title if kind.held_by and start.title else kind.title, reverse("portal:report"), str(uuid4()), "raise",
        send, fields=drafted, errors=errors, hint=kind.hint or _how(plain),
    )  # fmt: skip


def _how(plain: bool) -> str:
    """Under the title where the charter says nothing there. A photo and a word make a report, not a proposal."""
    return _("拍张照，说一句，就好了。") if plain else _("写清楚就好。送出以后，轮到谁办、办到哪一步，您随时看得到。")


def _spoken(field: p.Field, plain: bool) -> p.Field:
    """The charter's own question, but for a report: there it is asked as one asks a neighbour."""
    if field.key != "words":
        return field
    if not plain:
        return replace(field, hint=field.hint or _("不用写电话和身份证号。"))
    return replace(
        field,
        label=_("什么事？"),
        hint=_("说几个字就好。不用写电话和身份证号。"),
        placeholder=_("比如：三楼楼道灯不亮"),
    )


def _where(places: Places, draft: Draft, looks: bool) -> p.Field:
    """Recent places to press; behind "elsewhere" all others."""
    first = ELSEWHERE if looks else places.usual or ELSEWHERE
    # Whoever looked something up means a place from there: without a script the pressed one stayed pressed.
    looked_up = bool(draft.sent) and ("look" in draft.sent or "under" in draft.sent)
    pressed = "".join(draft.sent.get("place", ())[:1]) if draft.sent else first
    value = ELSEWHERE if looked_up else pressed
    wrong = draft.refused.message if draft.refused and draft.refused.field == "place" else ""
    choices = (*places.recent, p.Choice(ELSEWHERE, _("在别的地方"), _("打字找，或在图上选")))
    return p.Field("place", "place", _("在哪里？"), required=True, choices=choices, value=value, error=wrong)


def _earlier(follows: str, standing: Standing) -> Matter | None:
    """The ended matter that this one would follow, where this person may see it."""
    try:
        return Matter.objects.visible_to(standing).filter(pk=UUID(follows)).first() if follows else None
    except ValueError:
        return None


def _behalf(standing: Standing, community: Community, draft: Draft) -> p.Field | None:
    """An officer records for a neighbour who is present; the neighbour sees it among his own and may dispute it.

    Names are looked up while they are typed: a list of all residents would weigh more than the rest of the page.
    """
    if not standing.works_in(community.pk):
        return None
    field = p.Field(
        "behalf", "search", _("替谁记？"), _("打名字或门牌，从单子里选；您自己看到的，空着。"), compact=True
    )
    return draft.filled(field) if draft.sent else field


def who_sees(charter: Charter, kind: MatterKind) -> p.WhoSees:
    """Before anything is sent: who will read it."""
    steps = charter.procedure_of(kind.key).steps.values()
    doing = dict.fromkeys(name for step in list(steps)[1:] for name in step.by)
    named = [charter.posts.get(name) or charter.bodies.get(name) for name in doing]
    titles = list(dict.fromkeys(one.title for one in named if one and one.title))
    officials = "、".join(titles[:NAMED_AT_MOST]) + (_("等经办的人") if len(titles) > NAMED_AT_MOST else "")
    seen = {
        "public": _("所有人"), "community": _("本社区的居民"), "estate": _("本小区的居民"), "grid": _("本网格的居民"),
        "building": _("本楼的居民"),
    }.get(kind.visible, "")  # fmt: skip
    if kind.held_by and seen:
        kept = _("票上写着这是您提的。别处邻居看到的是“一位居民”，看不到您的门牌和电话。")
        return p.WhoSees(_("您、%(who)s。") % {"who": "、".join(filter(None, [officials, seen]))}, kept)
    kept = _("邻居看到的是“一位居民”，看不到您的名字、门牌和电话。") if seen else _("别的邻居看不到这件事。")
    if charter.tells_on_somebody(kind.key) and kind.relations:  # what `Reader.shielded` keeps
        kept = _("被问到的人看得到您写的话，看不到是您说的。别的邻居看不到这件事。")
    return p.WhoSees(_("您、%(who)s。") % {"who": "、".join(filter(None, [officials, seen]))}, kept)
