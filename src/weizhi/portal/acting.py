"""The acts open to a person on a matter, each as one form; and why there are none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.deliberation.kinds.discuss import is_heard
from weizhi.deliberation.kinds.meet import keeps_meetings
from weizhi.matters import again
from weizhi.matters.interests import DECLARE, LIFT
from weizhi.matters.merging import MERGE
from weizhi.matters.models import Party
from weizhi.matters.queries import Offer, beside_verbs, take_backs
from weizhi.matters.queries import WhyNot as NotMine
from weizhi.matters.queries import why_not as reasons
from weizhi.matters.story import Reader
from weizhi.matters.suspending import RESUME, SUSPEND
from weizhi.matters.taking_back import TAKE_BACK
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.portal.forms import Draft, fields_for, fields_of
from weizhi.portal.picking.asking import PlacesOf
from weizhi.portal.pieces import Action, Choice, Field, Outcome, Weight, WhyNot
from weizhi.portal.trying.forms import TRIAL, trial_forms
from weizhi.portal.walking.forms import walking_forms
from weizhi.portal.walking.reading import DISTANCE
from weizhi.portal.ways import way_to

WITH_PAGES: Final = frozenset(
    {"draft", "mediate", "minutes", "nominate", "review", "roll", "sit", "survey"}
)  # their acts have a page of their own, to which a panel leads
UNHAPPY: Final = frozenset({"refused", "failed", "unmet", "lapsed"})
SEND: Final[Mapping[str, Promise]] = {
    "publish": gettext_lazy("公开"),
    "keep": gettext_lazy("记下这一次"),
    "assign": gettext_lazy("就请他们办"),
    "wait": gettext_lazy("说明一下"),
    "support": gettext_lazy("我签名支持"),
    "invite": gettext_lazy("请完了，往下走"),
    "appoint": gettext_lazy("办理任免"),
}


def actions(
    reader: Reader, open_to_me: Sequence[Offer], draft: Draft, people: Sequence[Choice] = (), queue: str = ""
) -> tuple[Action, ...]:
    """Forms for the steps that wait for this person, then, folded, what may be said beside the steps."""
    url, places = way_to("portal:act", reader.matter.pk), PlacesOf(reader.matter.community_id)
    tried = [form for offer in open_to_me if offer.kind == TRIAL for form in trial_forms(reader, offer)]
    tried += [form for offer in open_to_me if offer.kind == DISTANCE for form in walking_forms(reader, offer)]
    own = (*WITH_PAGES, TRIAL, DISTANCE)
    open_to_me = [offer for offer in open_to_me if offer.kind not in own and not at_a_meeting(offer)]
    open_to_me = [offer for offer in open_to_me if offer.kind != "discuss" or has_result(reader, offer)]
    apart = [form for offer in open_to_me for form in _apart(offer, places)]
    forms = [form for form in (_at_step(reader, offer, places, people) for offer in open_to_me) if form.outcomes]
    forms = [*tried, *forms, *apart]
    forms += [*for_the_raiser(reader, open_to_me), *_taking_back(reader), *_beside(reader)]
    # What moves the matter goes on to the next of the list; what is only said stays on the page.
    forms = [replace(form, url=url, queue=queue if form.step or form.verb == MERGE else "") for form in forms]
    return tuple(drafted(form, n, draft) for n, form in enumerate(forms))


def at_a_meeting(offer: Offer) -> bool:
    """Whether it is done on a meeting's page: what waits for one that Weizhi keeps."""
    return offer.kind == "meet" and keeps_meetings(offer.charter, offer.params.body, offer.params.calendar)


def has_result(reader: Reader, offer: Offer) -> bool:
    """What follows from a hall is said once its result stands."""
    return any(row.pk == offer.step_id and is_heard(row) for row in reader.steps)


def drafted(form: Action, n: int, draft: Draft) -> Action:
    """Give each form its own ids and key, and back what was typed into it."""
    prefixed = tuple(replace(field, prefix=f"a{n}") for field in form.fields)
    form = replace(form, fields=prefixed, key=str(uuid4()))
    if draft.refused is None or (draft.verb, draft.step) != (form.verb, form.step) or not _chosen_in(form, draft):
        return form
    fields = tuple(draft.filled(field) for field in prefixed)
    wrong = next((field for field in fields if field.error), None)
    return replace(form, fields=fields, errors=((draft.refused.message, wrong.id if wrong else ""),))


def _chosen_in(form: Action, draft: Draft) -> bool:
    """Whether the outcome that was sent, and whose word it was, belong to this form: a step may have several."""
    sent, behalf = draft.sent.get("outcome", ("",))[0], draft.sent.get("behalf", ("",))[0]
    ways = {one.value for one in form.outcomes}
    return (sent in ways or "" in ways or not sent) and behalf == form.behalf


def _at_step(reader: Reader, offer: Offer, places: PlacesOf, people: Sequence[Choice]) -> Action:
    waits = [party.who for party in reader.parties if party.step_id == offer.step_id]
    post = reader.who.holding_for(waits)
    return Action(
        title=offer.title,
        url="",
        key="",
        verb=offer.verb,
        step=str(offer.step_id),
        hint=offer.hint,
        fields=tuple(fields_of(offer, reader, places, people)),
        outcomes=_outcomes(reader, offer),
        post=post.title if post else "",
    )


def _outcomes(reader: Reader, offer: Offer) -> tuple[Outcome, ...]:
    """The charter's ways as buttons: the first is the usual one; a way to an unhappy end is marked so."""
    if offer.kind == "rate":
        return (Outcome("", _("说好了"), "primary"),)
    step = next(step for row in reader.steps if row.pk == offer.step_id for step in [reader.procedure.steps[row.key]])
    found: list[Outcome] = []
    for choice in offer.choices:
        end = reader.procedure.ends.get(step.outcomes.get(choice.key, ""))
        weight = "refuse" if end and end.counts in UNHAPPY else "plain" if found else "primary"
        if choice.allowed and not offer.stands_apart(choice.key):
            found.append(Outcome(choice.key, choice.title, weight))  # type: ignore[arg-type]  # one of Weight
    if found or offer.choices:
        return tuple(found)
    return (Outcome("", str(SEND.get(offer.kind, _("办好了"))), "primary"),)


def _apart(offer: Offer, places: PlacesOf) -> Iterator[Action]:
    """Ways that ask for something of their own, such as a reason or a ground: each folded away under its name."""
    for choice in offer.choices:
        if choice.allowed and offer.stands_apart(choice.key) and offer.kind != "rate":
            fields = tuple(fields_for(offer, choice.key, places))
            ways = (Outcome(choice.key, choice.title),)
            yield Action(choice.title, "", "", offer.verb, ways, str(offer.step_id), fields, folded=True)


def for_the_raiser(reader: Reader, open_to_me: Sequence[Offer]) -> Iterator[Action]:
    """What only the raiser may say, for those who asked at the door or by telephone and write it down."""
    raiser = next((party.who for party in reader.parties if party.relation == Party.RAISER), "")
    kind, _sep, person = raiser.partition(":")
    if kind != "person" or not reader.who.posts or not reader.handles or raiser in reader.who.keys:
        return
    mine = {offer.step_id for offer in open_to_me}
    for row in reader.steps:
        rule = reader.procedure.steps[row.key]
        if row.closed_at is None and row.pk not in mine and Party.RAISER in rule.by and row.kind in ("wait", "rate"):
            titles = {"wait": _("问过了，替他写下回答"), "rate": _("回访过了，替他写下评价")}
            yield Action(
                titles[row.kind], "", "", row.kind, _said_for(row.kind), str(row.pk), _heard(row.kind),
                hint=_("打电话或当面问过才写。他会看到这一笔，可以提出异议。"), folded=True, behalf=person,
            )  # fmt: skip


def _said_for(kind: str) -> tuple[Outcome, ...]:
    if kind == "rate":
        return (Outcome("good", _("他说满意"), "primary"), Outcome("bad", _("他说不满意"), "plain"))
    return (Outcome("", _("替他记下"), "primary"),)


def _heard(kind: str) -> tuple[Field, ...]:
    return (Field("words", "text", _("他是怎么说的？"), required=kind == "wait"),)


def _taking_back(reader: Reader) -> Iterator[Action]:
    """What was sent to the wrong people may be taken back by whoever may send it."""
    for found in take_backs(reader):
        why = Field("words", "text", _("为什么收回？"), _("原来接到的人会看到。"), required=True)
        choices = tuple(Choice(name, title) for name, title in found.sends_to)
        hint = "" if found.must_name else _("不选，就退回去重新分。")
        to = Field("to[]", "choice", _("改派给谁？"), hint, required=found.must_name, choices=choices)
        title = _("收回“%(step)s”") % {"step": found.title}
        ways = (Outcome("", _("收回"), "refuse"),)
        yield Action(title, "", "", TAKE_BACK, ways, str(found.step_id), (why, to), folded=True)


def _beside(reader: Reader) -> Iterator[Action]:
    """What stands beside the steps, by the same test as the act itself."""
    me = person_key(reader.who.person_id) if reader.who.person_id else ""
    known = any(party.who == me for party in reader.parties)
    for verb in beside_verbs(reader):
        if verb == again.SUPPORT and reader.matter.ended_at is not None:
            yield from _for_again(reader, me)
            continue
        if verb not in SAID_BESIDE or (known and verb in ("follow", "support")):
            continue
        title, send, fields = SAID_BESIDE[verb]()
        first = {"answer": _upheld, LIFT: _declared}.get(verb)
        fields = (*(first(reader) if first else ()), *fields)
        weight: Weight = "refuse" if verb == "withdraw" else "plain"
        yield Action(title, "", "", verb, (Outcome("", send, weight),), fields=fields, folded=True)


def _for_again(reader: Reader, me: str) -> Iterator[Action]:
    """Under what was refused: whoever wants it raised again signs, and reads how many are missing."""
    rule = again.rule_of(reader.procedure, reader.matter)
    signed = [party.who for party in reader.parties if party.relation == Party.AGAIN]
    if rule is None or rule.supporters is None or me in signed or len(signed) >= rule.supporters:
        return
    said = {"asked": rule.supporters, "signed": len(signed), "missing": rule.supporters - len(signed)}
    hint = _("满 %(asked)s 人联名就可以再提。已经有 %(signed)s 人，还差 %(missing)s 人。") % said
    ways = (Outcome("", _("我联名，要求再提"), "plain"),)
    yield Action(_("这件事应该再提一次吗？"), "", "", again.SUPPORT, ways, hint=hint)


def _upheld(reader: Reader) -> tuple[Field, ...]:
    """While something is on the board, an answer says whether the objection holds."""
    if not any(row.closed_at is None and row.kind == "notice" for row in reader.steps):
        return ()
    ways = (Choice("yes", _("成立，退回去改")), Choice("no", _("不成立")))
    return (Field("upheld", "choice", _("异议成立吗？"), required=True, choices=ways),)


def _declared(reader: Reader) -> tuple[Field, ...]:
    """Whose sitting out is meant. One query, where somebody does."""
    me = person_key(reader.who.person_id) if reader.who.person_id else ""
    keys = {party.who for party in reader.parties if party.relation == Party.DECLARED} - {me}
    people = Person.objects.filter(pk__in=[key.partition(":")[2] for key in keys]).order_by("name")
    return (
        Field("person", "choice", _("谁？"), required=True, choices=tuple(Choice(str(p.pk), p.name) for p in people)),
    )


def _words(label: str, hint: str = "", *, required: bool = True) -> tuple[Field, ...]:
    return (Field("words", "text", label, hint, required=required),)


def _until() -> tuple[Field, ...]:
    day = Field("until", "date", _("到哪一天接着办？"), _("这期间不算期限，到那天自己接着算。"), required=True)
    return (day, *_words(_("为什么要停？"), _("报事的人会看到这句话。")))


def _merging() -> tuple[Field, ...]:
    number = Field("into", "count", _("并入哪一件？写编号。"), _("报这一件的人，以后收到那一件的消息。"), required=True)
    return (number, *_words(_("为什么是同一件？"), required=False))


# The title, the button and the fields of what may be said beside the steps: put into words where it is offered.
SAID_BESIDE: Final[Mapping[str, Callable[[], tuple[str, str, tuple[Field, ...]]]]] = {
    "comment": lambda: (_("说一句话"), _("发出去"), _words(_("想说什么？"))),
    "note": lambda: (_("记一笔内部备注"), _("记下"), _words(_("记什么？"), _("只有经办的人看得到。"))),
    "follow": lambda: (_("关注这件事"), _("有变化告诉我"), ()),
    "support": lambda: (_("我也支持"), _("支持"), ()),
    "object": lambda: (_("提出异议"), _("提出"), _words(_("您不同意什么？为什么？"))),
    MERGE: lambda: (_("并入别的一件"), _("并进去"), _merging()),
    DECLARE: lambda: (
        _("我和这件事有利害关系"),
        _("申报，我回避"),
        _words(_("是什么关系？"), _("会写在记录里。以后您不以职务参加这件事的审查、挑选、表决和计票。")),
    ),
    LIFT: lambda: (_("取消一个人的回避"), _("取消回避"), _words(_("为什么？"), _("本人会看到这句话。"))),
    "answer": lambda: (_("答复异议"), _("答复"), _words(_("怎么答复？"))),
    "dispute": lambda: (_("代我办的不对"), _("提出异议"), _words(_("哪里和您说的不一样？"))),
    SUSPEND: lambda: (_("先停一停"), _("暂停"), _until()),
    RESUME: lambda: (_("接着办"), _("恢复"), ()),
    "withdraw": lambda: (_("撤回这件事"), _("撤回，不用办了"), _words(_("为什么撤回？"), required=False)),
}


def why_not(reader: Reader) -> WhyNot | None:
    """Why something here is not for me: each reason with the charter's line."""
    found = tuple((_why(one), one.line) for one in reasons(reader))
    return WhyNot(found) if found else None


def _why(one: NotMine) -> str:
    said = {"step": one.step, "names": "、".join(one.who), "way": one.used_up}
    if one.used_up:
        return _("“%(step)s”里的“%(way)s”已经用够了次数。") % said
    if one.barred:
        return _("“%(step)s”这一步，为了公正，%(names)s不能办。") % said
    return _("现在到了“%(step)s”，这一步由%(names)s来办。") % said
