"""The lists on paper: a poster for a small community, a handbook for a middle one (document 004, 5.2.1)."""

from datetime import date
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from weizhi.matters.pinned import charter_by_hash
from weizhi.portal.charter import telling
from weizhi.portal.printing import typeset

Sheet = Literal["poster", "handbook"]


@lru_cache(maxsize=16)
def pdf(sheet: Sheet, digest: str, community: str, since: date, language: str) -> bytes:
    """Set a sheet of an adopted charter, in about half a second; it changes only with the charter."""
    content = _content(charter_by_hash(digest).title, telling.tell(digest, language), community, since)
    return typeset(f"charter/paper/{sheet}.typ", {**content, "mark": digest[:8]})[0]


def _content(title: str, told: telling.Told, community: str, since: date) -> dict[str, object]:
    return {
        "community": community,
        "charter": title,
        "since": _("自 %(day)s 起施行") % {"day": f"{since.year} 年 {since.month} 月 {since.day} 日"},
        "lists": [
            {
                "title": one.title,
                "negative": one.key == telling.NEGATIVE,
                "lines": [
                    {"who": line.who, "title": line.title, "source": _source(line.document)} for line in one.lines
                ],
            }
            for one in told.lists
        ],
        "kinds": [
            {
                "title": kind.title,
                "who": _("谁可以提：%(who)s") % {"who": kind.who},
                "sees": _("谁能看到：%(who)s") % {"who": kind.sees},
                "steps": [
                    {"title": step.title, "who": step.who, "within": step.within, "late": _("；").join(step.late)}
                    for step in kind.steps
                ],
            }
            for kind in told.kinds
        ],
        "words": {
            "poster": _("权责清单"), "handbook": _("微治理主体权责手册"), "who": _("谁"), "what": _("做什么"),
            "step": _("步骤"), "by": _("谁来办"), "within": _("多久"), "late": _("晚了怎么办"),
            "lists": _("一、清单"), "matters": _("二、每件事怎么办"),
            "verify": _("章程校验码"), "seal": _("（盖章）"),
        },
    }  # fmt: skip


def _source(document: str) -> str:
    return _("（出处：%(source)s）") % {"source": document} if document else ""
