"""What is sent from the page of a roll: an objection, an answer, a line struck, put back or added."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from weizhi.decisions.kinds.roll import ADD, RESTORE, STRIKE
from weizhi.decisions.models import Roll
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.forms import data_from
from weizhi.portal.queries.recording import person_meant
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting.board import ANSWER, CORRECT, OBJECT, VERBS, corrects
from weizhi.record import clock


def correct(request: HttpRequest, roll: Roll) -> str:
    """Do it; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None
    verb, data = sent.get("verb", ""), data_from(sent)
    name, home = str(data.pop("name", "")), str(data.pop("home", ""))
    if verb == CORRECT:
        verb = sent.get("outcome", "")
    if verb not in VERBS:
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    if verb == ANSWER:
        data["objection"] = _id(sent.get("outcome", ""))
    if verb == ADD and corrects(roll, standing_of(request)):  # nobody else learns who is registered
        data["person"] = str(_meant(roll, name, home).pk)
    step: dict[str, Any] = {} if verb in (OBJECT, ANSWER) else {"step": roll.step_id}
    act(roll.matter_id, verb, by=person, data=data, key=sent.get("key") or None, who=standing_of(request), **step)
    return {
        OBJECT: _("收到了。会在这一页上答复您，也会发消息告诉您。"),
        ANSWER: _("答复了，已经告诉提的人。"),
        STRIKE: _("划去了，已经告诉本人。"),
        RESTORE: _("放回名册了，已经告诉本人。"),
        ADD: _("补进名册了，排在最后。已经告诉本人。"),
    }[verb]


def _id(sent: str) -> str:
    try:
        return str(UUID(sent))
    except ValueError:
        raise Refused("bad-data", _("没有这条异议。请刷新看看。")) from None


def _meant(roll: Roll, name: str, home: str) -> Person:
    for key, typed, asks in (("name", name, _("请写他的全名。")), ("home", home, _("请写他家的门牌。"))):
        if not typed:
            raise Refused("bad-data", asks, field=key)
    found = person_meant(roll.matter.community, f"{''.join(name.split())} {home.strip()}", "", clock.now())
    if found is None:
        raise Refused("bad-data", _("居民登记里没有这个人。请对一下名字和门牌；没登记的，先登记再补。"), field="name")
    return found[0]
