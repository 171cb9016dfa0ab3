"""What became of a receipt that somebody typed in: in the box, counted, replaced, or not ours."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from weizhi.decisions.models import Receipt, Vote
from weizhi.decisions.receipts import SHOWN, shown
from weizhi.portal import pieces as p

WHOLE: Final = 64
HEX: Final = frozenset("0123456789abcdef")
READ_OVER: Final = str.maketrans("oil", "011")


@dataclass(frozen=True)
class Checked:
    code: str
    flash: p.Flash


def plain(typed: str) -> str:
    """However it is typed: groups, blanks, capitals, full-width digits; O for 0 and I or L for 1 are read over."""
    text = unicodedata.normalize("NFKC", typed).lower().translate(READ_OVER)
    return "".join(c for c in text if c.isalnum())[:WHOLE]


def checked(vote: Vote, typed: str) -> Checked:
    """One query."""
    code = plain(typed)
    if len(code) < SHOWN or not HEX.issuperset(code):
        return Checked(
            typed.strip()[:80],
            p.Flash(_("回执要抄全：五组，每组四个字（数字 0–9 和字母 A–F）。请对着回执再看一遍。"), "error"),
        )
    found = list(Receipt.objects.filter(vote=vote, hash__startswith=code)[:2])
    return Checked(shown(code), _said(found[0]) if len(found) == 1 else _unknown())


def _said(row: Receipt) -> p.Flash:
    state = Receipt.State
    if row.state == state.ISSUED:
        return p.Flash(_("在票箱里。"), "done", _("这张回执对应的票封收到了，到截止时会和别的票一起打开、计票。"))
    if row.state == state.COUNTED:
        return p.Flash(_("计入了结果。"), "done", _("这张回执对应的票，算在公布的票数里。"))
    if row.state == state.URN:
        said = _("名册上记了这一位交了纸票。纸票在票箱里混在一起，两个人各读一遍，一起计；哪一张是谁的，谁也对不出来。")
        return p.Flash(_("交了纸票。"), "done", said)
    if row.state == state.REPLACED:
        said = _("后来又投过，或者名册上记了交纸票，以后来的那张回执为准；不是本人交的，请马上找居委会和监督的人。")
        return p.Flash(_("已经被后来的一张代替。"), "news", said)
    if row.state == state.BACK:
        said = _(
            "名册上那一笔是记错的，两个人一起收回了。先前用手机投过的，那一票恢复有效；真交过纸票，请马上找居委会和监督的人。"
        )
        return p.Flash(_("是记错的纸票，收回了。"), "news", said)
    more = _("比如纸票没有签名、几位业主投得不一样、本人和受托人都投了只算本人。结果页上写着原因。")
    return p.Flash(_("收到了，但没有计入。"), "warning", more)


def _unknown() -> p.Flash:
    more = _("请先核对有没有抄错。没有抄错，请马上拿着回执找居委会和监督的人：这说明票箱有问题。")
    return p.Flash(_("这次投票没有发出过这张回执。"), "error", more)
