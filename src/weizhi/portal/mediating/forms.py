"""The forms of a mediation, each with the one thing that is to do now."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from weizhi.deliberation.kinds.mediate import INVITE, LEAVE, SIGN, TAKE_PART, TEXT_AT_MOST, WRITE_DOWN
from weizhi.deliberation.models import Side
from weizhi.portal.pieces import Action, Choice, Field, Outcome
from weizhi.portal.uploads import FIELD as PHOTOS

END = "mediate"
PAPER = "paper"  # the form in which the mediator brings a paper that was signed


def inviting(side: Side, found: Sequence[Choice], name: str) -> Action:
    """After a name was looked for: those who are called so, or somebody without an account."""
    hint = _("选好了就发邀请。只有他和调解员看得到这件事。")
    people = (*found, Choice("", _("都不是：%(name)s 没有账号") % {"name": name}))
    fields = (
        Field("person", "choice", _("是哪一位？"), choices=people, value="" if not found else "-"),
        Field("name", "search", _("没有账号的，写姓名"), value=name, compact=True),
    )
    title = _("邀请另一方") if side == Side.OTHER else _("写下提出的一方是谁")
    return Action(title, "", "", INVITE, (Outcome("", _("邀请他来调解"), "primary"),), side.value, fields, hint)


def willing(by_paper: bool) -> Action:
    hint = _("调解是自愿的。愿意，就约个时间坐下来谈；随时可以不谈了。")
    title, says = _("愿意调解吗？"), _("愿意，约个时间")
    fields: tuple[Field, ...] = ()
    if by_paper:
        title, says, hint = _("问过对方了吗？"), _("他愿意，记下"), _("他没有账号，问过他再记。")
        fields = (Field("words", "text", _("他是怎么说的？"), _("双方会看到这句话，别人看不到。")),)
    return Action(title, "", "", TAKE_PART, (Outcome("", says, "primary"),), TAKE_PART, fields, hint)


def leaving(side: Side | None, refused_first: bool) -> Action:
    """Either side itself; for one without an account the mediator writes it down."""
    title = _("不愿意调解") if refused_first else _("不谈了")
    if side is not None:
        title = _("对方不愿意调解了，替他记下")
    hint = _("不调了，这件事在这里就结束，您还可以走别的路。") if side is None else ""
    words = Field("words", "text", _("想说为什么吗？"), _("只有双方和调解员看得到。"))
    ways = (Outcome("", _("不调了"), "refuse"),)
    return Action(title, "", "", LEAVE, ways, str(side or "own"), (words,), hint, folded=True)


def writing(text: str) -> Action:
    hint = _("一条一条写清楚：谁、做什么、什么时候以前。写好以后双方签的就是这些字。")
    if text:
        hint = _("改了以后，签过的要重新签。")
    field = Field("text", "text", _("双方商定了什么？"), value=text, required=True, most=TEXT_AT_MOST)
    way = Outcome("", _("换成这一份"), "plain") if text else Outcome("", _("写好了，请双方签"), "primary")
    title = _("改协议") if text else _("写协议")
    return Action(title, "", "", WRITE_DOWN, (way,), WRITE_DOWN, (field,), hint, folded=bool(text))


def signing(version: int) -> Action:
    hint = _("签了就算数。看不明白的，先问调解员，不急。")
    return Action(_("签字"), "", "", SIGN, (Outcome(str(version), _("我看过了，签字"), "primary"),), SIGN, (), hint)


def signed_on_paper(sides: Sequence[tuple[Side, str]]) -> Action:
    choices = tuple(Choice(side.value, name) for side, name in sides)
    fields = (
        Field("side", "choice", _("谁签的？"), required=True, choices=choices, value=choices[0].value),
        Field(PHOTOS, "photo", _("拍下签了字的协议"), _("要看得清签名。"), required=True, compact=True),
    )
    ways = (Outcome("", _("记下纸上的签字"), "plain"),)
    return Action(_("在纸上签了"), "", "", SIGN, ways, PAPER, fields, folded=True)


def ending(ways: Sequence[Outcome]) -> Action:
    words = Field("words", "text", _("为什么？怎么走下一步？"), _("双方会看到这句话，别人看不到。"))
    return Action(_("没有谈成，或者转到别处"), "", "", END, tuple(ways), END, (words,), folded=True)
