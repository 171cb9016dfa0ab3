"""Speak: one person agrees, disagrees or passes, by the own phone, or by paper or mouth through who runs the hall.

A narrow door beside the matter's lock: three thousand people speak in an evening. What a person says with the own
hand stands over what an officer writes down; of two that came the same way the later counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.holding_hall import KEYS_KEPT, hold, speaker, voice_for, way_of
from weizhi.deliberation.models import Channel, Stance, Statement, Voice
from weizhi.deliberation.opinions import SAID
from weizhi.deliberation.taking_part import check_open
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.places.writing import insert
from weizhi.record.origin import the_clock

AT_ONCE = 200  # answers on one sheet


@dataclass(frozen=True)
class Spoken:
    """Which statements were answered now, and which the person had answered already with the own hand."""

    answered: tuple[int, ...]
    own: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sending:
    """How it came in."""

    channel: str
    by: Person
    recorded: bool
    key: str


def speak(
    hall_id: UUID,
    answers: Mapping[int, str],
    *,
    by: Person,
    of: Person | None = None,
    channel: str = Channel.PHONE,
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Spoken:
    """Say `agree`, `disagree` or `pass` to statements by their numbers. `of`: whose word an officer writes down.

    Sent again under the same `key`, nothing changes, also where it was said otherwise meanwhile. Raises Refused; then
    nothing was written.
    """
    now = the_clock(at)
    stands = who or standing(by, now)
    _check_answers(answers)
    with transaction.atomic():
        hall = hold(hall_id)
        whose = speaker(hall, by, of, stands, now, adding=False)
        check_open(hall, now)
        recorded = whose.pk != by.pk
        how = Sending(way_of(channel, recorded=recorded), by, recorded, key)
        asked = {one.n: one for one in Statement.objects.filter(hall=hall, n__in=answers, state=Statement.State.OPEN)}
        if missing := [n for n in answers if n not in asked]:
            raise Refused(
                "meanwhile", f"第 {missing[0]} 条意见不在了，可能刚刚收了起来。请刷新看看。", field="statement"
            )
        voice = voice_for(hall, whose, how.channel)
        return _write(voice, {asked[n]: SAID[said] for n, said in answers.items()}, how)


def _check_answers(answers: Mapping[int, str]) -> None:
    if not answers or len(answers) > AT_ONCE:
        raise Refused("bad-data", "请对至少一条意见表态。", field="said")
    if any(said not in SAID for said in answers.values()):
        raise Refused("bad-data", "请选同意、不同意，或者说不准。", field="said")


def _write(voice: Voice, answers: Mapping[Statement, int], how: Sending) -> Spoken:
    held = {one.statement_id: one for one in Stance.objects.filter(voice=voice, statement__in=answers)}
    fresh: list[Stance] = []
    answered, own = [], []
    for statement, said in answers.items():
        key, before = _sending_key(how, statement, said), held.get(statement.pk)
        recorder = how.by.pk if how.recorded else None
        if before is None:
            fresh.append(
                Stance(
                    voice=voice, statement=statement, said=said, channel=how.channel, recorded_by_id=recorder, key=key
                )
            )
        elif how.recorded and before.channel == Channel.PHONE:
            own.append(statement.n)
            continue
        elif not key or (key != before.key and key not in before.past_keys):
            _change(before, said, how.channel, recorder, key)
        answered.append(statement.n)
    insert(fresh)
    return Spoken(tuple(answered), tuple(own))


def _change(held: Stance, said: int, channel: str, recorder: UUID | None, key: str) -> None:
    held.past_keys = [*held.past_keys, *([held.key] if held.key else [])][-KEYS_KEPT:]
    held.said, held.channel, held.recorded_by_id, held.key = said, channel, recorder, key
    held.save(update_fields=["said", "channel", "recorded_by", "key", "past_keys"])


def _sending_key(how: Sending, statement: Statement, said: int) -> str:
    """What tells that this very word was sent before; keyed, because it lies beside the voice."""
    return keyring().blind(f"{how.by.pk}:{how.key}:{statement.n}:{said}", "hall-sending") if how.key else ""
