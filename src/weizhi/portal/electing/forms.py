"""The forms of a nomination. A name is found by what one must know already: it stands in no list to choose from."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from weizhi.decisions.kinds.nominate import ACCEPT, DECLINE, NOMINATE, STRIKE
from weizhi.portal.pieces import Action, Choice, Field, Outcome

ONESELF, JOIN, NAME = "oneself", "join", "name"  # which of the three forms of one verb it was


def naming(ways: Sequence[tuple[str, str]]) -> Action:
    """Somebody else, by the exact name and the door, or the number on the roll."""
    where = _("他家的门牌，比如 3-2-301；或者名册上的号码。")
    fields = [
        Field("name", "search", _("提名谁？写全名"), required=True, compact=True),
        Field("home", "search", _("他住哪里？"), where, required=True, compact=True),
    ]
    if len(ways) > 1:
        choices = tuple(Choice(key, words) for key, words in ways)
        fields.append(Field("way", "choice", _("怎么提？"), required=True, choices=choices, value=ways[0][0]))
    hint = _("名字会写在这一页上，请先问过本人。我们会告诉他，他接受了才算。")
    return Action(_("提名一位邻居"), "", "", NOMINATE, (Outcome("", _("提名"), "primary"),), NAME, tuple(fields), hint)


def oneself(criteria: Iterable[str]) -> Action:
    return Action(
        _("我自己报名"), "", "", NOMINATE, (Outcome("", _("我来参选"), "plain"),), ONESELF, declaration(criteria),
        folded=True,
    )  # fmt: skip


def accepting(criteria: Iterable[str]) -> Action:
    return Action(
        _("接受提名"), "", "", ACCEPT, (Outcome("", _("我接受，愿意参选"), "primary"),), ACCEPT, declaration(criteria)
    )


def declaration(criteria: Iterable[str]) -> tuple[Field, ...]:
    """What everybody reads beside the name, on the page and with the ballot paper."""
    said = Field(
        "words", "text", _("想对大家说的话"), _("您是谁、想为大家做什么。大家都看得到，请不要写电话。"), most=2000
    )
    return (said, *(Field(f"criteria.{key}", "text", key, most=500) for key in criteria))


def declining(*, stood: bool) -> Action:
    title = _("不参选了") if stood else _("不接受提名")
    send = _("我不参选了") if stood else _("我不接受")
    why = Field("words", "text", _("想说一句为什么吗？"), _("不写也可以。写了大家看得到。"))
    return Action(title, "", "", DECLINE, (Outcome("", send, "refuse"),), DECLINE, (why,), folded=True)


def striking(candidate: str, name: str) -> Action:
    why = Field(
        "words", "text", _("不符合哪一条？"), _("本人会看到，大家也看得到。写清楚是哪一条规定。"), required=True
    )
    title = _("%(name)s不符合条件") % {"name": name}
    ways = (Outcome(candidate, _("从名单上划去"), "refuse"),)
    return Action(title, "", "", STRIKE, ways, STRIKE, (why,), folded=True)
