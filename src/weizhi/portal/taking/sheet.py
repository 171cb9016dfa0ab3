"""One matter on paper: its story with the marks that figures count, its seal, and a code that opens its page.

As whoever takes it reads it, without inner remarks: paper travels on.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.models import Matter
from weizhi.matters.story import Line, Reader
from weizhi.people.access import Standing
from weizhi.portal.pieces import Next
from weizhi.portal.printing import qr_of, typeset
from weizhi.portal.queries.hands import holders
from weizhi.portal.queries.lists import WHOLE_PLACE
from weizhi.portal.saying import matter_url, number, place_words
from weizhi.portal.storytelling import audience_words, nexts, quoted, who_piece, without_subject
from weizhi.portal.walking.panels import WalkTable, walk_tables

INNER: Final = "note"


def matter_of(matter_id: UUID, standing: Standing) -> Matter | None:
    """The matter, where this person may see it."""
    found = Matter.objects.visible_to(standing).select_related("stream", "community", WHOLE_PLACE)
    return found.filter(pk=matter_id).first()


def pdf(matter: Matter, standing: Standing, name: str, now: datetime) -> bytes:
    return typeset("taking/paper/matter.typ", content(matter, standing, name, now))[0]


def content(matter: Matter, standing: Standing, name: str, now: datetime) -> dict[str, object]:
    """What the sheet says."""
    reader = Reader(matter, standing, "print")
    told = reader.story()
    held = holders([party.who for party in reader.parties if party.step_id], now)
    category = reader.charter.categories.get(matter.category)
    facts = [
        (_("编号"), number(matter)),
        (_("在哪里"), place_words(matter.place)),
        (_("什么时候报的"), instant(matter.raised_at)),
        *([(_("类别"), category.title)] if category else []),
        (_("谁看得到"), audience_words(matter, reader)),
        (_("按哪份章程"), f"{reader.charter.title} {reader.charter.hash[:8]}"),
    ]
    marks = dict.fromkeys(mark for step in reader.steps for mark in step.mark.split(",") if mark)
    if marks:  # also of steps that nobody had to do, such as telling the result
        facts.append((_("数字里记作"), "、".join(map(mark_words, marks))))
    coming = nexts(reader, told, held, now)
    return {
        "community": matter.community.name,
        "title": matter.title,
        "facts": facts,
        "lines": [_line(reader, line, matter, name) for line in told.lines if line.verb != INNER],
        "walks": [_walks(one) for one in walk_tables(reader, now)],
        "nexts": [_next(one) for one in coming],
        "seal": told.ended_title,
        "ended": instant(matter.ended_at) if matter.ended_at else "",
        "address": settings.ADDRESS + matter_url(matter.pk),
        "svg": qr_of(settings.ADDRESS + matter_url(matter.pk)),
        "printed": _("%(name)s %(at)s 打印") % {"name": name, "at": instant(now)},
        "words": {
            "story": _("经过"), "next": _("接下来"), "open": _("扫码看它现在走到哪一步（要登录）"),
            "ended": _("结束"), "seal": _("（盖章）"),
        },
    }  # fmt: skip


def _walks(table: WalkTable) -> dict[str, object]:
    """How far each home walks, before and after: farther than the charter's limit stands in bold."""
    rows = [
        {"name": row.name, "homes": str(row.homes), "before": row.before, "after": row.after, "far": row.far}
        for row in (*table.rows, *table.more)
    ]
    left = _("还有 %(n)s 户没有标在地图上，量不了。") % {"n": table.unmeasured} if table.unmeasured else ""
    head = [_("从哪里走"), _("户数"), _("原来"), _("以后")]
    return {"title": table.title, "said": table.said, "head": head, "rows": rows, "left": left}


def _next(one: Next) -> str:
    """Whom it waits for, and until when."""
    words = {"what": one.what, "who": one.who, "when": one.due.words if one.due else ""}
    return _("%(what)s：%(who)s（%(when)s）") % words if one.due else _("%(what)s：%(who)s") % words


def _line(reader: Reader, line: Line, matter: Matter, name: str) -> dict[str, object]:
    who = who_piece(reader, line)
    said = [*quoted(line, matter), *([_("照片 %(n)s 张") % {"n": len(line.photos)}] if line.photos else [])]
    stars = [_("%(n)s 颗星") % {"n": line.stars}] if line.stars else []
    return {
        "at": instant(line.at),
        "who": "" if who is None else " ".join(part for part in (name if line.mine else who.name, who.post) if part),
        "behalf": who.behalf if who else "",
        "text": without_subject(line),
        "quote": "\n".join(said),
        "marks": [*map(mark_words, line.marks), *stars],
        "decides": line.decides,
    }


def mark_words(mark: str) -> str:
    """What figures count of a step, in words."""
    words = {
        "accepted": _("已接下"), "answered": _("已答复"), "decided": _("已定"), "done": _("已办"),
        "confirmed": _("已确认"), "cared": _("已照看"), "found-true": _("已核实"),
    }  # fmt: skip
    return words.get(mark, mark)


def instant(at: datetime) -> str:
    """On paper "today" means nothing."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
