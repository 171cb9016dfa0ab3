"""What a home that would walk too far is asked; and what whoever asked at the door writes down."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from weizhi.deliberation.models import Walker
from weizhi.matters.queries import Offer
from weizhi.matters.story import Reader
from weizhi.portal.pieces import Action, Choice, Field, Outcome
from weizhi.portal.walking.reading import DISTANCE, walked

AT_ONCE: Final = 300  # homes in one list


def walking_forms(reader: Reader, offer: Offer) -> Iterator[Action]:
    """One's own home first; the word of others only for whoever runs the step."""
    found = walked(reader)
    if found is None or found.row.pk != offer.step_id:
        return
    if found.mine:
        yield _own(offer, found.mine)
    if found.others:
        yield _written(offer, found.others[:AT_ONCE])


def _own(offer: Offer, mine: Sequence[Walker]) -> Action:
    row = mine[0]
    way = {"before": metres(row.before), "after": metres(row.after)}
    title = _("您家要从%(before)s走到%(after)s，您同意吗？") % way
    hint = _("到期没有回答，按不同意算。回答可以改，到截止为止。")
    if row.said:
        hint = _("您家答了“%(said)s”。到截止以前还可以改。") % {"said": row.get_said_display()}
    homes = tuple(Choice(str(one.home_id), home_words(one)) for one in mine)
    which = (Field("home", "choice", _("替哪一处答？"), required=True, choices=homes),) if len(mine) > 1 else ()
    said = Field("answer", "choice", _("您家的意思"), required=True, choices=_answers())
    words = Field("words", "text", _("想补充一句吗？"), _("大家都会看到这句话。"))
    ways = (Outcome("", _("就这样回答"), "primary"),)
    return Action(title, "", "", DISTANCE, ways, str(offer.step_id), (*which, said, words), hint=hint)


def _written(offer: Offer, others: Sequence[Walker]) -> Action:
    homes = tuple(Choice(str(row.home_id), _written_words(row)) for row in others)
    channels = (Choice("visit", _("上门问的")), Choice("call", _("电话问的")), Choice("paper", _("纸上写的")))
    fields = (
        Field("home", "choice", _("哪一户？"), required=True, choices=homes),
        Field("answer", "choice", _("他们怎么说？"), required=True, choices=_answers()),
        Field("channel", "choice", _("怎么问到的？"), required=True, choices=channels),
    )
    ways = (Outcome("", _("记下"), "primary"),)
    hint = _("问到了才记。住户自己答了，以他们自己的为准。")
    return Action(_("替一户记下回答"), "", "", DISTANCE, ways, str(offer.step_id), fields, hint=hint, folded=True)


def _answers() -> tuple[Choice, ...]:
    return (Choice("yes", _("同意")), Choice("no", _("不同意")))


def _written_words(row: Walker) -> str:
    said = _("（记的是%(said)s）") % {"said": row.get_said_display()} if row.said else ""
    return home_words(row) + said


def home_words(row: Walker) -> str:
    """The home as neighbours name it: 3 号楼 2 单元 301 室."""
    above = [place.name for place in (row.home.parent, row.home.parent and row.home.parent.parent) if place]
    above = above[: 2 if row.home.parent and row.home.parent.kind == "stairwell" else 1]
    return " ".join([*reversed(above), row.home.name])


def metres(far: int | None) -> str:
    return _("走不到") if far is None else _("%(n)s 米") % {"n": far}
