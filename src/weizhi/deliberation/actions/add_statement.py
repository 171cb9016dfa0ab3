"""Add a statement: a short sentence of one's own, or somebody else's on paper or by mouth. Its author agrees to it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from weizhi.deliberation.holding_hall import speaker, take, voice_for, way_of
from weizhi.deliberation.models import Channel, Hall, Stance, Statement
from weizhi.deliberation.opinions import AGREE
from weizhi.deliberation.taking_part import check_open, rule_of, takes_part
from weizhi.matters.published import masked
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.places.writing import insert_one
from weizhi.record.origin import the_clock

SHORTEST = 4


def add_statement(
    hall_id: UUID,
    words: str,
    *,
    by: Person,
    of: Person | None = None,
    channel: str = Channel.PHONE,
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Statement:
    """Write down a statement; personal numbers in it are masked. Sent again under the same `key`, it is the first one.

    The very words that stand there already are refused with the number to answer instead. Raises Refused.
    """
    now = the_clock(at)
    stands = who or standing(by, now)
    sent = keyring().blind(f"{by.pk}:{key}", "hall-statement") if key else ""
    with transaction.atomic():
        hall = take(hall_id)
        whose = speaker(hall, by, of, stands, now, adding=True)
        if sent and (earlier := Statement.objects.filter(hall=hall, key=sent).first()):
            return earlier
        check_open(hall, now)
        recorded = whose.pk != by.pk
        way = way_of(channel, recorded=recorded)
        text = _checked(hall, words)
        voice = voice_for(hall, whose, way)
        params = rule_of(hall)[2].statements
        if Statement.objects.filter(author=voice).count() >= params.each:
            raise Refused("too-often", f"一个人最多写 {params.each} 条，已经写满了。请对别人的意见表态。")
        statement = insert_one(
            Statement(
                hall=hall, n=_next_number(hall), words=text, author=voice, key=sent,
                state=Statement.State.OPEN if params.shown == "at-once" else Statement.State.WAITING,
                channel=way, recorded_by=by if recorded else None,
            )
        )  # fmt: skip
        if takes_part(hall, standing(whose, now) if recorded else stands):
            insert_one(
                Stance(
                    voice=voice, statement=statement, said=AGREE, channel=statement.channel,
                    recorded_by=statement.recorded_by,
                )
            )  # fmt: skip
        return statement


def _checked(hall: Hall, words: str) -> str:
    text = masked(" ".join(words.split()), hall.matter.charter_id)
    longest = rule_of(hall)[2].statements.length
    if len(text) < SHORTEST:
        raise Refused("bad-data", "请写一句完整的话，让别人看得懂、好表态。", field="words")
    if len(text) > longest:
        raise Refused(
            "bad-data", f"一条最多 {longest} 个字，现在有 {len(text)} 个。请只说一件事，别的另写一条。", field="words"
        )
    same = Statement.objects.filter(hall=hall, words=text).exclude(state=Statement.State.HIDDEN).first()
    if same is not None and same.state == Statement.State.OPEN:
        raise Refused("meanwhile", f"已经有人这样说了（第 {same.n} 条）。请直接对它表态。", field="words")
    if same is not None:
        raise Refused("meanwhile", "已经有人这样说了，正等着放出来。", field="words")
    return text


def _next_number(hall: Hall) -> int:
    highest: int | None = Statement.objects.filter(hall=hall).aggregate(highest=Max("n"))["highest"]
    return (highest or 0) + 1
