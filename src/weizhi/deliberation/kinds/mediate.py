"""mediate: two sides and a mediator, by appointment, until both signed, one goes, or it is sent elsewhere.

Nothing that is said, no name and no hour stands in the public part of an entry: all of it is sealed in parts that
parties and mediators alone read.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.mediating import AGREED, DECLINED, MediateParams
from weizhi.charters.periods import ZONE
from weizhi.charters.steps import Step
from weizhi.charters.workdays import state_calendar
from weizhi.deliberation import mediating as m
from weizhi.deliberation.models import Appointment, Mediation, Side, Signature
from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.rules import official_names
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.places.writing import insert
from weizhi.record.actions.append import Part

INVITE, TAKE_PART, LEAVE = "invite", "take-part", "leave-talks"
BOOK, WRITE_DOWN, SIGN, REMIND = "book", "write-down", "sign", "remind"
REMINDED: Final = "reminded"
REMINDED_AT: Final = time(9)  # the morning of the day before
TEXT_AT_MOST: Final = 4000
NAME_AT_MOST: Final = 40


class MediateData(ActData):
    side: Side = Side.OTHER
    person: UUID | None = None  # who is invited; somebody without an account by name alone
    name: str = Field(default="", max_length=NAME_AT_MOST)
    slot: str = Field(default="", max_length=100)
    text: str = Field(default="", max_length=TEXT_AT_MOST)
    seen: int = Field(default=0, ge=0)  # which version of the agreement is signed


class Mediate(StepKind):
    spec = DELIBERATING["mediate"]
    Data = MediateData
    extra_verbs = (INVITE, TAKE_PART, LEAVE, BOOK, WRITE_DOWN, SIGN)
    page = "mediation"
    says = {
        "mediate": Saying(_("调解的结果：{outcome}"), desk=_("{who}记下调解的结果：{outcome}")),
        INVITE: Saying(_("调解员邀请了一方来调解"), desk=_("{who}邀请了一方来调解")),
        TAKE_PART: Saying(_("另一方愿意调解")),
        LEAVE: Saying(_("有一方不愿意调解，到此为止")),
        BOOK: Saying(_("约好了调解的时间")),
        WRITE_DOWN: Saying(_("调解协议写好了，等双方签字")),
        SIGN: Saying(_("有一方签了协议{detail}")),
        REMINDED: Saying(_("提醒了双方：明天调解")),
    }
    asks = {
        INVITE: _("有人想和您一起把一件事谈开，请您看看愿不愿意调解"),
        TAKE_PART: _("对方愿意调解，请约个时间"),
        BOOK: _("调解的时间约好了，请看看"),
        WRITE_DOWN: _("调解协议写好了，请您看过再签"),
        SIGN: _("调解协议有人签字了，请看看"),
        LEAVE: _("有一方不愿意调解了"),
        "mediate": _("调解有了结果，请看看"),
        REMIND: _("明天有一次调解，请别忘了"),
        REMINDED: _("明天有一次调解，请别忘了"),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        insert([Mediation(community_id=scene.matter.community_id, matter=scene.matter, step=row)])

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        """What a mediator may choose: both sign or one goes by themselves."""
        return tuple(outcome for outcome in step.outcomes if outcome not in (AGREED, DECLINED))

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, MediateData)
        talks = Mediation.objects.select_for_update(of=("self",)).get(step=act.row)
        found = Talks(scene, act, talks, act.data)
        effect = found.do()
        if effect.outcome:
            _give_back(act.row, scene.now)
        return effect

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        _give_back(row, scene.now)
        return super().lapsed(scene, row, when_due)

    def called_off(self, scene: Scene, row: StepRow) -> None:
        _give_back(row, scene.now)

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        for booked in Appointment.objects.current().filter(mediation__step=row, starts_at__gt=scene.now):
            day = booked.starts_at.astimezone(ZONE).date() - timedelta(days=1)
            at = datetime.combine(day, REMINDED_AT, ZONE)
            if at > (row.woken_at or row.opened_at):
                yield Wake(at, f"{REMIND}.{booked.pk}")

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        rung, _dot, pk = wake.rung.partition(".")
        if rung != REMIND or not Appointment.objects.current().filter(pk=pk, starts_at__gt=scene.now).exists():
            return None  # another time was booked meanwhile
        step = scene.procedure.steps[row.key]
        keys = [*_keys_of_both(scene, step), *mediators(scene, step, row)]
        return Effect(public={"verb": REMINDED}, parts=(Part(moving.TELL, keys),))

    def detail(self, public: Mapping[str, Any]) -> str:
        return "，" + str(_("双方都签了")) if public.get("signed") == len(Side.values) else ""


def mediators(scene: Scene, step: Step, row: StepRow) -> list[str]:
    """The keys of the offices that mediate."""
    names = tuple(name for name in official_names(scene.charter, [step]) if name in step.by)
    return scene.keys(names, step, token_of(row))


def _keys_of_both(scene: Scene, step: Step) -> list[str]:
    sides = m.keys_of_sides(scene.parties, m.other_relation(scene.charter, scene.matter.kind, step))
    return [key for keys in sides.values() for key in keys]


def _give_back(row: StepRow, now: datetime) -> None:
    """Nobody waits at a time that is still to come."""
    Appointment.objects.standing().filter(mediation__step=row, starts_at__gt=now).update(released_at=now)


class Talks:
    """One act in a mediation: who does it, for which side, and what follows."""

    def __init__(self, scene: Scene, act: Act, talks: Mediation, data: MediateData) -> None:
        assert act.row is not None
        self.scene, self.act, self.talks, self.data = scene, act, talks, data
        self.row, self.step = act.row, scene.step_of(act)
        self.params: MediateParams = self.step.parsed(DELIBERATING["mediate"])
        self.other = m.other_relation(scene.charter, scene.matter.kind, self.step)
        self.sides = m.keys_of_sides(scene.parties, self.other)
        self.side = m.side_of(self.sides, act.stands.keys)
        self.offices = mediators(scene, self.step, act.row)
        # Whoever is one of the two does not mediate between them, whatever office he holds.
        self.mediates = not self.side and not act.stands.keys.isdisjoint(self.offices)

    def do(self) -> Effect:
        verbs: Mapping[str, Callable[[], Effect]] = {
            INVITE: self.invite, TAKE_PART: self.take_part, LEAVE: self.leave, BOOK: self.book,
            WRITE_DOWN: self.write_down, SIGN: self.sign, "mediate": self.end,
        }  # fmt: skip
        return verbs[self.act.verb]()

    def invite(self) -> Effect:
        """Name a side: a neighbour by the register, somebody without an account by name."""
        self._mediator("邀请由调解员来发。请和调解员说对方是谁。")
        side = self.data.side
        self._may_be_named(side)
        if self.data.person is None and not self.data.name:
            raise Refused("bad-data", "请选对方是谁；没有账号的，请写姓名。", field="name")
        keys = [self._key_of(self.data.person)] if self.data.person else []
        relation = self.other if side == Side.OTHER else Party.RAISER
        self._take_off(relation)
        for key in keys:
            self.scene.parties.append(moving.party(self.scene.matter, key, Party.WAITS, self.row))
        setattr(self.talks, f"{side.value}_by_paper", not keys)
        if side == Side.OTHER:
            self.talks.invited_at = self.scene.now
        self.talks.save(update_fields=["first_by_paper", "other_by_paper", "invited_at"])
        name = () if keys else (Part(m.name_part(side), self.data.name),)
        return Effect(
            public={"side": side.value, "by_paper": not keys},
            parts=(*name, *_told(keys)), relations=tuple((relation, key) for key in keys),
        )  # fmt: skip

    def _may_be_named(self, side: Side) -> None:
        if side == Side.FIRST and self.sides[Side.FIRST]:
            raise Refused("bad-data", "提出的一方已经知道是谁了。", field="side")
        if side == Side.OTHER and self.talks.accepted_at is not None:
            raise Refused("closed", "对方已经答应调解了，不能再换人。")

    def _key_of(self, person: UUID) -> str:
        """Somebody of this community who is not the other one already."""
        people = belongs_to(Person.objects.filter(pk=person), self.scene.matter.community_id, self.scene.now)
        if not people.exists():
            raise Refused("bad-data", "这个人不属于本社区。没有账号的，请写姓名。", field="person")
        key = person_key(person)
        if key in {own for keys in self.sides.values() for own in keys}:
            raise Refused("bad-data", "这个人已经是当事人了。请选另一方。", field="person")
        return key

    def _take_off(self, relation: str) -> None:
        """Whoever was invited by mistake, before he answered, sees it no more."""
        gone = [one for one in self.scene.parties if one.relation == relation and one.step_id is None]
        keys = {one.who for one in gone}
        gone += [one for one in self.scene.parties if one.step_id == self.row.pk and one.who in keys]
        Party.objects.filter(pk__in=[one.pk for one in gone]).delete()
        self.scene.parties = [one for one in self.scene.parties if one not in gone]

    def take_part(self) -> Effect:
        """The other side is willing: nobody is made to."""
        self._speaks_for(Side.OTHER, "愿不愿意调解，由被邀请的一方自己说。")
        if self.talks.invited_at is None:
            raise Refused("not-yet", "还没有邀请对方。")
        if self.talks.accepted_at is not None:
            raise Refused("too-often", "已经答应过了。")
        self.talks.accepted_at = self.scene.now
        self.talks.save(update_fields=["accepted_at"])
        return Effect(parts=_told(self._others()))

    def leave(self) -> Effect:
        """Not wanted, or no longer: either side may say so at any time before both signed."""
        if not self.side:
            self._speaks_for(self.data.side, "不调了，由双方自己说。")
        return Effect(DECLINED, parts=_told(self._others()))

    def book(self) -> Effect:
        """Take a time; the one taken before goes back to others."""
        if not self.side and not self.mediates:
            raise Refused("not-yours", "时间由双方或者调解员来约。")
        if self.talks.accepted_at is None:
            raise Refused("not-yet", "对方还没有答应调解。答应了，再约时间。")
        free = m.free_slots(
            self.scene.charter, self.params, self.scene.matter.community_id, self.scene.now, state_calendar()
        )
        slot = next((one for one in free if one.key == self.data.slot), None)
        if slot is None:
            raise Refused("meanwhile", "这个时间约不到了。请另选一个。", field="slot")
        had = Appointment.objects.current().filter(mediation=self.talks)
        had.filter(starts_at__gt=self.scene.now).update(released_at=self.scene.now)
        had.update(is_last=False)
        try:
            with transaction.atomic():
                insert([
                    Appointment(
                        community_id=self.scene.matter.community_id, mediation=self.talks, series=slot.series,
                        starts_at=slot.starts_at, minutes=self.params.minutes, where=self.params.where,
                    )
                ])  # fmt: skip
        except IntegrityError:
            raise Refused("meanwhile", "这个时间刚被别人约走了。请另选一个。", field="slot") from None
        said = {"starts": slot.starts_at.isoformat(), "where": self.params.where, "series": slot.series}
        return Effect(parts=(Part(m.TIME, said), *_told(self._others())))

    def write_down(self) -> Effect:
        """What both agreed on, in words that do not change any more; written anew, it is signed anew."""
        self._mediator("协议由调解员来写。")
        if self.talks.accepted_at is None:
            raise Refused("not-yet", "对方还没有答应调解，还写不了协议。")
        if not self.data.text:
            raise Refused("bad-data", "请写双方商定了什么。", field="text")
        said = {"mediation": str(self.talks.pk), "text": self.data.text, "at": self.scene.now.isoformat()}
        self.talks.text_hash, self.talks.written_at = m.hash_of(said), self.scene.now
        self.talks.version += 1
        self.talks.save(update_fields=["text_hash", "version", "written_at"])
        return Effect(
            public={"agreement": self.talks.text_hash, "version": self.talks.version},
            parts=(Part(m.AGREEMENT, said), *_told(self._others())),
        )

    def sign(self) -> Effect:
        """One side signs exactly what lies open; when both did, it is agreed."""
        side = Side(self.side) if self.side else self.data.side
        self._speaks_for(side, "签字由双方自己来签。在纸上签的，由调解员拍下来。", paper_too=True)
        if not self.talks.text_hash:
            raise Refused("not-yet", "协议还没有写好。")
        if not self.side and not self.act.evidence:
            raise Refused("bad-data", "请拍下签了字的协议。", field="photos")
        if self.side and self.data.seen != self.talks.version:
            raise Refused("meanwhile", "协议刚改过。请把新的看一遍再签。", field="seen")
        signed = Signature.objects.filter(mediation=self.talks, text_hash=self.talks.text_hash)
        if signed.filter(side=side).exists():
            raise Refused("too-often", "这一方已经签过了。")
        channel = Signature.Channel.PHONE if self.side else Signature.Channel.PAPER
        insert([
            Signature(mediation=self.talks, side=side, text_hash=self.talks.text_hash, channel=channel, at=self.act.at)
        ])  # fmt: skip
        number = signed.count()
        return Effect(
            AGREED if number == len(Side.values) else None,
            public={"agreement": self.talks.text_hash, "signed": number, "channel-of-signing": str(channel)},
            parts=_told(self._others()),
        )

    def end(self) -> Effect:
        """Where it goes instead, in the charter's words."""
        self._mediator("调解的结果由调解员来记。")
        return Effect(chosen(self.scene, self.act), parts=_told(self._others()))

    def _mediator(self, otherwise: str) -> None:
        if not self.mediates:
            raise Refused("not-yours", otherwise)

    def _speaks_for(self, side: Side, otherwise: str, *, paper_too: bool = False) -> None:
        """The side itself; for one without an account, or who signs on paper, the mediator writes it down."""
        heard = self.mediates and (paper_too or self.talks.by_paper(side))
        if self.side != side and not heard:
            raise Refused("not-yours", otherwise)

    def _others(self) -> list[str]:
        """Both sides and the mediators, but for whoever does it."""
        keys = [key for side, own in self.sides.items() if side != self.side for key in own]
        return [*keys, *(() if self.mediates else self.offices)]


def _told(keys: list[str]) -> tuple[Part, ...]:
    return (Part(moving.TELL, keys),) if keys else ()
