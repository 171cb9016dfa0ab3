"""Fill in: somebody answers a survey, by his own phone; or an officer types in a paper, a call, a visit.

A narrow door beside the matter's lock, saved at once; said again until the end, it replaces what was said. One answer
counts for each home or person asked, whichever way it came.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.answers import BadAnswer, checked
from weizhi.deliberation.asked import may_speak, named
from weizhi.deliberation.clerks import is_clerk
from weizhi.deliberation.collecting import answer_identity
from weizhi.deliberation.models import Answer, Asked, Survey
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.record.canonical import canonical
from weizhi.record.origin import the_clock

KEYS_KEPT = 32
BY_OFFICER = (Answer.Channel.PAPER, Answer.Channel.CALL, Answer.Channel.VISIT)


@dataclass(frozen=True)
class Filled:
    """What whoever sent it learns. again: this very sending had arrived before, and nothing was done now."""

    survey: UUID
    n: int
    changed: bool
    again: bool = False


@dataclass(frozen=True)
class _Sending:
    by: Person
    channel: str
    at: datetime
    key: str


def fill_in(
    survey_id: UUID,
    said: Mapping[str, Any],
    *,
    by: Person,
    asked: UUID | None = None,
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Filled:
    """Answer with one's own hand, for oneself or for one's home. `asked` may be left out by whoever is asked once.

    Sent again under the same `key` with the same words, it answers as the first time, also after the end; under a key
    that a later change has passed by, it is refused. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    with transaction.atomic():
        survey = held(survey_id, who or standing(by, now))
        rows = [row for row in may_speak(survey, by.pk, now) if asked in (None, row.pk)]
        if not rows:
            raise Refused("not-yours", "这次没有问到您。问卷问的是抽到的或者名单上的住户，谢谢您关心。")
        if len(rows) > 1:
            raise Refused("bad-data", "您有不止一处住房被问到，请选一下替哪一处答。", field="asked")
        return _put(survey, rows[0], said, _Sending(by, Answer.Channel.PHONE, now, _key(by, key, said)))


def enter(
    survey_id: UUID,
    said: Mapping[str, Any],
    *,
    by: Person,
    of: object,
    channel: str = Answer.Channel.PAPER,
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Filled:
    """Type in what somebody wrote on paper or said. `of`: the code on the paper, the home's code, or the person.

    An own answer stands: nobody replaces it for another. `who`: the standing that counts, where it is less than the
    person's (a token). Raises Refused.
    """
    now = the_clock(at)
    stands = who or standing(by, now)
    if channel not in BY_OFFICER:
        raise Refused("bad-data", "请选这一份是怎么来的：纸卷、电话或者上门。", field="channel")
    with transaction.atomic():
        survey = held(survey_id, stands)
        if not is_clerk(survey, stands):
            raise Refused("not-yours", "替别人录入，要由负责这次问卷的人来做。")
        row = named(survey, of)
        if row is None:
            raise Refused("bad-data", "名单上没有这一份。请对着纸上的编号再看一遍。", field="of")
        return _put(survey, row, said, _Sending(by, channel, now, _key(by, key, said)))


def held(survey_id: UUID, who: Standing) -> Survey:
    """The survey's row alone, in a transaction. Raises Refused where there is none that `who` may see."""
    rows = Survey.objects.shown().select_for_update(of=("self",)).select_related("matter__place", "step")
    survey = rows.visible_to(who).filter(pk=survey_id).first()
    if survey is None:
        raise Refused("not-found", "没有这份问卷，或者您看不到它。")
    return survey


def _put(survey: Survey, row: Asked, said: Mapping[str, Any], how: _Sending) -> Filled:
    there = Answer.objects.filter(asked=row).first()
    if there is not None and how.key and (known := _again(survey, row, there, how.key)):
        return known
    if survey.closed_at is not None or survey.step.closed_at is not None or how.at >= survey.closes_at:
        raise Refused("closed", "问卷已经截止，不能再答了。结果在这件事的页面上。")
    if there is not None:
        _may_replace(survey, there, how)
    sealed = keyring().encrypt(json.dumps(_checked(survey, said), ensure_ascii=False), answer_identity(row.pk))
    past = [*there.past_keys, there.key][-KEYS_KEPT:] if there and there.key else there.past_keys if there else []
    Answer.objects.update_or_create(
        asked=row,
        defaults={
            "sealed": sealed, "channel": how.channel, "at": how.at, "by": how.by, "key": how.key, "past_keys": past,
        },
    )  # fmt: skip
    return Filled(survey.pk, row.n, changed=there is not None)


def _again(survey: Survey, row: Asked, there: Answer, key: str) -> Filled | None:
    if there.key == key:
        return Filled(survey.pk, row.n, changed=False, again=True)
    if key in there.past_keys:
        raise Refused("key-reused", "这一份早已收到，后来又改过。现在以后来的为准，要再改请重新答一次。")
    return None


def _may_replace(survey: Survey, there: Answer, how: _Sending) -> None:
    """An own word stands over a written-down one; of a home nobody undoes in silence what another of it said."""
    own = there.channel == Answer.Channel.PHONE
    if own and how.channel != Answer.Channel.PHONE:
        raise Refused("meanwhile", "这一份他们自己已经在手机上答过了，以自己答的为准，纸卷不用再录。")
    if own and there.by_id != how.by.pk and survey.asks == Survey.Asks.HOUSEHOLDS:
        raise Refused("meanwhile", "您家已经有人答过了，一户一份。要改，请由答的那位家人来改。")


def _checked(survey: Survey, said: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return checked(survey.question_list, said)
    except BadAnswer as bad:
        raise Refused("bad-data", str(bad), field=bad.question) from None


def _key(by: Person, key: str, said: Mapping[str, Any]) -> str:
    """What tells that this very answer was sent before. Keyed, because it lies beside the answer; with the words in
    it, since the same key with other words is a change of mind and no echo."""
    if not key:
        return ""
    try:
        told = canonical({name: value for name, value in said.items() if value not in ("", None)}).decode()
    except ValueError:  # a program's: no page sends fractions, or numbers that not every language can hold
        raise Refused(
            "bad-data", "回答里有小数，或者太大的数。选项请写编号，打分请写整数，再发一次。", field="answers"
        ) from None
    return keyring().blind(f"{by.pk}:{key}:{told}", "survey-sending")
