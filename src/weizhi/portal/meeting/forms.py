"""The forms of a meeting, each with the one thing that is to do now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from weizhi.charters.deliberating import HELD, NO_QUORUM
from weizhi.charters.steps import Field as Asked
from weizhi.deliberation.kinds.sit import ARRANGE, OPEN, POSTPONE
from weizhi.deliberation.models import Attendance
from weizhi.deliberation.rules import Lack, Seat
from weizhi.portal.forms import charter_fields, hands
from weizhi.portal.picking.asking import PlacesOf
from weizhi.portal.pieces import Action, Choice, Field, Outcome, Weight

CHECK_IN, LEAVE, MEET, SIT = "check-in", "leave", "meet", "sit"
MINE, OTHERS = "mine", "others"


def checking_in() -> Action:
    return Action(_("您到了吗？"), "", "", CHECK_IN, (Outcome("", _("我到了，签到"), "primary"),), MINE)


def writing_down(free: Sequence[Seat]) -> Action:
    """At the door: somebody without a phone, or from the paper sheet."""
    seats = tuple(
        Choice(str(seat.n), _("第 %(n)s 席，%(title)s") % {"n": seat.n, "title": seat.title}) for seat in free
    )
    ways = (
        Choice(Attendance.Channel.CLERK, _("人在门口")),
        Choice(Attendance.Channel.PAPER, _("签在纸上")),
    )
    fields = (
        Field("name", "search", _("谁到了？"), _("写姓名。"), required=True, most=40, compact=True),
        Field("seat", "choice", _("坐哪一席？"), _("不选就是列席。"), choices=seats),
        Field("channel", "choice", _("怎么签的？"), value=str(Attendance.Channel.CLERK), choices=ways, compact=True),
    )
    return Action(_("替人签到"), "", "", CHECK_IN, (Outcome("", _("记下"), "plain"),), OTHERS, fields, folded=True)


def arranging(where: str) -> Action:
    place = Field("where", "search", _("在哪里开？"), value=where, required=True, most=80, compact=True)
    return Action(_("改地点"), "", "", ARRANGE, (Outcome("", _("改好了"), "plain"),), ARRANGE, (place,), folded=True)


def postponing() -> Action:
    fields = (
        Field("day", "date", _("改到哪一天？"), required=True, compact=True),
        Field("clock", "search", _("几点？"), _("不写就还是原来的钟点，例如 19:00。"), most=5, compact=True),
        Field("words", "text", _("为什么改天？"), _("有席位的人都会收到。"), required=True),
    )
    ways = (Outcome("", _("改到这一天，通知大家"), "plain"),)
    return Action(_("改天开"), "", "", POSTPONE, ways, POSTPONE, fields, folded=True)


def opening(missing: int, lacking: Sequence[Lack] = ()) -> Action:
    hint = _("人数够了，可以开会。") if missing <= 0 else _("还差 %(n)s 席才够人数。") % {"n": missing}
    if missing <= 0 and lacking:
        told = {"who": lacking[0].title, "have": lacking[0].have, "need": lacking[0].need}
        hint = _("“%(who)s”的席位到了 %(have)s 席，要 %(need)s 席才能开会。") % told
    weight: Weight = "primary" if missing <= 0 and not lacking else "plain"
    return Action(_("开会"), "", "", OPEN, (Outcome("", _("宣布开会"), weight),), OPEN, (), hint)


def not_held() -> Action:
    ways = (Outcome(NO_QUORUM, _("人数不够，今天不开了"), "refuse"),)
    return Action(_("人数不够"), "", "", SIT, ways, NO_QUORUM, folded=True)


def closing(left: int, fields: Sequence[Field] = ()) -> Action:
    """After the last matter it is what there is to do; before it, it is folded away."""
    hint = _("还有 %(n)s 件没有议，会自己排到下一次会。") % {"n": left} if left else _("都议完了。")
    ways = (Outcome(HELD, _("散会"), "plain" if left else "primary"),)
    return Action(_("散会"), "", "", SIT, ways, HELD, tuple(fields), hint, folded=bool(left))


@dataclass(frozen=True)
class Deciding:
    """What a form on one matter of the agenda needs: the charter's words, fields, and who may be asked to do it."""

    step: str
    title: str
    ways: Sequence[Outcome]
    doers: Sequence[Choice]
    asked: Sequence[Asked]
    places: PlacesOf
    reasons: Sequence[str] = ()

    def forms(self) -> Iterator[Action]:
        """One form; and folded one for each outcome of which something more is asked."""
        apart = [one for one in self.ways if one.value in self.reasons or self._own(one.value)]
        if plain := tuple(one for one in self.ways if one not in apart):
            yield self._form(_("%(title)s：会上怎么定？") % {"title": self.title}, plain)
        for n, one in enumerate(apart):
            yield self._form(one.words, (one,), self._own(one.value), folded=bool(plain or n))

    def _own(self, outcome: str) -> list[Field]:
        return fields_asked((field for field in self.asked if outcome in field.only_for), self.places)

    def _form(self, title: str, ways: tuple[Outcome, ...], own: Sequence[Field] = (), folded: bool = False) -> Action:
        everyone = fields_asked((field for field in self.asked if not field.only_for), self.places)
        why = any(one.value in self.reasons for one in ways)
        said = Field("words", "text", _("怎么定的？"), _("写清楚。大家都看得到。"), required=why)
        who = Field("who", "choice", _("请谁来办？"), _("不用办就不选。"), choices=tuple(self.doers))
        until = Field("until", "date", _("哪天办好？"), compact=True)
        fields = (*hands(), *everyone, *own, said, who, until)
        return Action(title, "", "", MEET, ways, self.step, fields, folded=folded)


def fields_asked(asked: Iterable[Asked], places: PlacesOf) -> list[Field]:
    """What the charter itself asks at a step, but the words, which have a field of their own."""
    return charter_fields((one for one in asked if one.key != "words"), places)
