"""A vote in plain words: who is asked, by what rule, until when, and what abstaining means before one chooses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.charters.rulebook import Threshold
from weizhi.decisions.counting_seats import committee_rule
from weizhi.decisions.models import Channel, Vote
from weizhi.decisions.results import rule_of
from weizhi.decisions.rules import bound_of, law_words
from weizhi.portal.pieces import Chip
from weizhi.portal.saying import due_chip, when

MEASURES: Final = {
    "heads": gettext_lazy("人数"),
    "area": gettext_lazy("面积"),
    "households": gettext_lazy("户数"),
    "seats": gettext_lazy("席数"),
}
OUTCOMES: Final = {
    "passed": (gettext_lazy("通过了"), "done"),
    "failed": (gettext_lazy("没有通过"), "refused"),
    "no-quorum": (gettext_lazy("参加的不够，不算数"), "refused"),
    "decided": (gettext_lazy("定下来了"), "done"),
    "elected": (gettext_lazy("选出来了"), "done"),
    "short": (gettext_lazy("没有选满"), "soon"),
    "called-off": (gettext_lazy("不投了，票没有打开"), "paused"),
}
OPEN, WAITS, COUNTING, COUNTED = "open", "waits", "counting", "counted"


def state_of(vote: Vote, now: datetime) -> str:
    """Not yet open, open, over and not yet counted, counted."""
    if vote.counted_at is not None:
        return COUNTED
    if now < vote.opens_at:
        return WAITS
    return OPEN if now < vote.closes_at else COUNTING


def state_chip(vote: Vote, now: datetime) -> Chip:
    """The one chip beside the question."""
    state = state_of(vote, now)
    if state == COUNTED:
        if vote.urn.get("over"):
            return Chip(_("纸票多于人数，无效"), "refused")
        words, look = OUTCOMES.get(vote.outcome, (_("计完票了"), "done"))
        return Chip(str(words), look)
    if state == COUNTING:
        return Chip(_("正在计票"), "moving")
    return Chip(_("还没开始"), "paused") if state == WAITS else due_chip(vote.closes_at, now)


def until(vote: Vote, now: datetime) -> str:
    return when(vote.closes_at, now)


def question_of(vote: Vote) -> str:
    return str(vote.brief.get("question") or vote.matter.title)


def rule_words(vote: Vote) -> str:
    """The charter's rule in one sentence, with its law."""
    if vote.kind == "elect":
        return election_words(vote)
    rule = rule_of(vote)
    if rule is None:
        return _("这是问一问大家的想法，没有门槛：哪一项的票多，就是结果。")
    if not (rule.participation or rule.approval):
        return rule.title
    said = [_part(_("参加"), rule.participation, of_roll=True), _part(_("同意"), rule.approval, of_roll=False)]
    law = _("（%(law)s）") % {"law": law_words(rule.law)} if rule.law else ""
    return _("要%(parts)s，才算通过%(law)s。") % {"parts": "；".join(part for part in said if part), "law": law}


def election_words(vote: Vote) -> str:
    """When an election counts, and who is elected: the law's shares where the charter names none of its own."""
    titles = {str(option["key"]): str(option["title"]) for option in vote.brief["options"]}
    counted, named = committee_rule(vote, titles), rule_of(vote)
    said = [_("名册上%(share)s参加，选举才有效。") % {"share": counted.quorum.words}] if counted.quorum else []
    bound = counted.again if vote.rule["round"] == "runoff" else counted.elected
    if bound:
        said.append(
            _("得票占%(share)s的，按票数从多到少当选，最多 %(n)s 名。") % {"share": bound.words, "n": counted.seats}
        )
    else:
        said.append(_("按票数从多到少当选，最多 %(n)s 名。") % {"n": counted.seats})
    law = law_words(named.law) if named and named.law else ""
    return "".join(said) + (_("依据：%(law)s。") % {"law": law} if law else "")


def _part(does: str, thresholds: Iterable[Threshold], *, of_roll: bool) -> str:
    """“按人数和面积都有三分之二以上参加”: thresholds that ask for the same share are said together."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for one in thresholds:
        whole = (one.of == "roll") if one.of else of_roll
        groups.setdefault((bound_of(one).words, whole), []).append(str(MEASURES.get(one.measure or "heads", "")))
    said = []
    for (share, whole), measures in groups.items():
        both = _("都") if len(measures) > 1 else ""
        words = {"by": _("和").join(measures), "both": both, "share": share, "does": does}
        if whole or of_roll:
            said.append(_("名册上按%(by)s算，%(both)s有%(share)s%(does)s") % words)
        else:
            said.append(_("参加的里面，按%(by)s算，%(both)s有%(share)s%(does)s") % words)
    return "，".join(said)


def abstaining(vote: Vote) -> list[str]:
    """What it means to abstain and what to hand in nothing, before one chooses (民法典 278)."""
    rule, form = rule_of(vote), str(vote.brief.get("form"))
    if rule is None or form != "yes-no":
        return []
    if not any((one.of or "participating") != "roll" for one in rule.approval):
        return [_("这次要名册上的人明确同意才算。弃权、不投，都不算同意。")]
    said = [
        _("投“弃权”算参加了，会算进“参加的人”里，但不算同意。不投票，就不算参加。"),
        _(
            "举个例子（过半数通过的事）：9 户里 4 户同意、2 户反对。另外 3 户都投弃权，参加的是 9 户，同意的 4 户"
            "不到一半，不通过；这 3 户不投，参加的是 6 户，4 户同意过了半数，就通过。"
        ),
    ]
    how = vote.rule.get("how") or {}
    if how.get("silence") == "majority":
        said.append(_("这里的规约写明：不投票的，按多数人的意见算。"))
    return said


def asked_words(vote: Vote) -> str:
    """Who is asked: how many stand on the roll."""
    roll = vote.roll
    said = {"lines": f"{roll.size:,}", "heads": f"{roll.heads:,}", "area": area_words(roll.area)}
    if roll.area:
        return _("名册上共 %(lines)s 处，%(heads)s 位业主，%(area)s") % said
    return _("名册上共 %(lines)s 票") % said


def area_number(area: int) -> str:
    """Hundredths of a square metre, as a certificate shows them."""
    whole, rest = divmod(area, 100)
    return f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")


def area_words(area: int) -> str:
    return _("%(area)s 平方米") % {"area": area_number(area)}


def channel_words(channel: str) -> str:
    return str(Channel(channel).label) if channel in Channel.values else channel
