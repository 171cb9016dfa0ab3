"""sit: a body's meeting on its day. Called by time, opened with its quorum, closed when all was said."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING, HELD, NO_QUORUM, SitParams
from weizhi.charters.periods import ZONE
from weizhi.charters.steps import Step
from weizhi.deliberation import rules, wording
from weizhi.deliberation.agenda import heard_at, waiting_for
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.deliberation.quorum import check_classes, lacking, seats_of
from weizhi.deliberation.rules import within
from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.rules import EVERYBODY
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.timing import NEW_DAYS, set_due
from weizhi.people.access import body_key, post_key
from weizhi.people.models import Holding
from weizhi.places.writing import insert
from weizhi.record.actions.append import Part

ARRANGE, OPEN, POSTPONE = "arrange", "open-sitting", "postpone"
CALL, CALLED = "call", "called"
MOMENT = timedelta(minutes=1)  # a new day that is near is called for once the act that set it is written


class SitData(ActData):
    where: str = Field(default="", max_length=80)
    order: list[int] = Field(default_factory=list, max_length=99)  # numbers of matters
    day: date | None = None  # the new day, with the time of day where that changes too
    clock: str = Field(default="", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")


class Sit(StepKind):
    spec = DELIBERATING["sit"]
    Data = SitData
    extra_verbs = (ARRANGE, OPEN, POSTPONE)
    says = {
        "sit": Saying(_("会议结果：{outcome}"), desk=_("{who}散会：{outcome}{detail}")),
        ARRANGE: Saying(_("{who}安排了会议：{detail}")),
        OPEN: Saying(_("{who}宣布开会：{detail}")),
        POSTPONE: Saying(_("{who}把会改到了另一天：{detail}")),
        CALLED: Saying(_("会议通知发出了：{detail}")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Set the meeting: its day from the charter's field, its seats as the body has them now."""
        step = scene.procedure.steps[row.key]
        params: SitParams = step.parsed(self.spec)
        starts = self._starts(scene, params)
        if starts <= scene.now:
            raise Refused("bad-data", "开会的时间已经过去了。请选以后的日子。", field=params.day.rpartition(".")[2])
        sitting = Sitting(
            community_id=scene.matter.community_id, matter=scene.matter, step=row, body=params.body,
            calendar=params.calendar or "", path=row.path, starts_at=starts, where=params.where,
            seats=seats_of(scene, params.body),
            quorum=params.quorum.model_dump() if params.quorum else None,
        )  # fmt: skip
        insert([sitting])
        row.brief |= {"sitting": str(sitting.pk), "starts": starts.isoformat()}
        row.save(update_fields=["brief"])
        moving.remember(scene, row)  # time calls it: the day is known only now

    def _starts(self, scene: Scene, params: SitParams) -> datetime:
        day = scene.walk.world.value(params.day)  # type: ignore[attr-defined]  # MatterWorld, not the bare protocol
        if day is None:
            raise Refused("bad-data", "还没有定开会的日子。", field=params.day.rpartition(".")[2])
        return datetime.combine(date.fromisoformat(str(day)), time.fromisoformat(params.clock), ZONE)

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, SitData)
        sitting = Sitting.objects.select_for_update().get(step=act.row)
        if act.verb == ARRANGE:
            return self._arrange(sitting, act.data)
        if act.verb == OPEN:
            return self._open(scene, act, sitting)
        if act.verb == POSTPONE:
            return self._postpone(scene, act, sitting)
        return self._close(scene, act, sitting)

    def _arrange(self, sitting: Sitting, data: SitData) -> Effect:
        if sitting.opened_at is not None:
            raise Refused("closed", "会已经开了，安排不能再改。")
        waiting = {row.matter.number for row in waiting_for(sitting)}
        if unknown := [number for number in data.order if number not in waiting]:
            raise Refused("bad-data", f"第 {unknown[0]} 号不在等着上这个会。请对着议程再看一遍。", field="order")
        if not data.where and not data.order:
            raise Refused("bad-data", "请写改什么：地点，或者议程的先后。", field="where")
        sitting.where, sitting.order = data.where or sitting.where, data.order or sitting.order
        sitting.save(update_fields=["where", "order"])
        return Effect(public={"where": sitting.where, "order": sitting.order})

    def _postpone(self, scene: Scene, act: Act, sitting: Sitting) -> Effect:
        """A new day for a meeting that has not begun: everybody with a seat is told why, and invited anew."""
        assert act.row is not None and isinstance(act.data, SitData)
        params: SitParams = scene.step_of(act).parsed(self.spec)
        if sitting.opened_at is not None:
            raise Refused("closed", "会已经开了，不能改天。散会以后，没议的事会自己排到下次会。")
        if act.data.day is None:
            raise Refused("bad-data", "请选改到哪一天。", field="day")
        if not act.data.words:
            raise Refused("bad-data", "请写一句为什么改天，大家都会看到。", field="words")
        clock = time.fromisoformat(act.data.clock) if act.data.clock else sitting.starts_at.astimezone(ZONE).time()
        starts = datetime.combine(act.data.day, clock, ZONE)
        if starts <= act.at:
            raise Refused("bad-data", "这个时间已经过去了。请选以后的日子。", field="day")
        if starts == sitting.starts_at:
            raise Refused("bad-data", "还是原来的时间，没有改。", field="day")
        sitting.starts_at, sitting.where = starts, act.data.where or sitting.where
        sitting.called_at = None  # who was invited to the old day is invited to the new one
        sitting.save(update_fields=["starts_at", "where", "called_at"])
        sitting.attendances.there().update(left_at=act.at)
        days = {**act.row.brief.get(NEW_DAYS, {}), params.day: act.data.day.isoformat()}
        act.row.brief |= {"starts": starts.isoformat(), NEW_DAYS: days, "called_from": act.at.isoformat()}
        set_due(scene, act.row)
        act.row.save(update_fields=["brief", "due", "due_words", "calendar", "provisional"])
        act.row.waits.update(due=act.row.due)
        public = {"starts": starts.isoformat(), "where": sitting.where}
        return Effect(public=public, parts=(Part(moving.TELL, _invited(sitting, scene.now)),))

    def _open(self, scene: Scene, act: Act, sitting: Sitting) -> Effect:
        if sitting.opened_at is not None:
            raise Refused("too-often", "会已经开了。")
        if scene.now < sitting.starts_at - rules.DOORS_OPEN:
            raise Refused("not-yet", "还没到开会的时候。")
        seated, needed = self._quorum(scene, sitting)
        if seated < needed:
            raise Refused(
                "not-yet",
                f"到会 {seated} 席，要 {needed} 席才能开会，还差 {needed - seated} 席。等一等，或者选“人数不够”。",
                line=scene.line(scene.step_of(act), "quorum"),
            )
        check_classes(sitting, sitting.quorum_rule, scene.now, scene.line(scene.step_of(act), "quorum"))
        sitting.opened_at, sitting.chair = act.at, act.by
        sitting.save(update_fields=["opened_at", "chair"])
        agenda = insert([Item(sitting=sitting, n=n, step=row) for n, row in enumerate(waiting_for(sitting), 1)])
        return Effect(
            public={
                "seated": seated, "seats": len(sitting.seats),
                "agenda": [one.step.matter.number for one in agenda],
                **({"heard": [one.matter.number for one in heard]} if (heard := heard_at(sitting)) else {}),
            }
        )  # fmt: skip

    def _close(self, scene: Scene, act: Act, sitting: Sitting) -> Effect:
        outcome = chosen(scene, act)
        seated, needed = self._quorum(scene, sitting)
        if outcome == HELD and sitting.opened_at is None:
            raise Refused("not-yet", "会还没有宣布开始。请先宣布开会，或者选“人数不够”。")
        if outcome == NO_QUORUM:
            whole = seated >= needed and not lacking(sitting, sitting.quorum_rule, scene.now)
            if sitting.opened_at is not None or whole:
                raise Refused("bad-data", f"到会 {seated} 席，人数是够的。", field="outcome")
            if scene.now < sitting.starts_at:
                raise Refused("not-yet", "还没到开会的时间，人可能还在路上。")
        sitting.closed_at = act.at
        sitting.save(update_fields=["closed_at"])
        return Effect(outcome, {"seated": seated, "seats": len(sitting.seats), "items": _decided(sitting)})

    def _quorum(self, scene: Scene, sitting: Sitting) -> tuple[int, int]:
        """Seats that are filled, and how many it takes."""
        seated = Attendance.objects.seated(sitting.pk, scene.now)
        return seated, rules.asked(sitting.quorum_rule, len(sitting.seats))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        params: SitParams = scene.procedure.steps[row.key].parsed(self.spec)
        if starts := row.brief.get("starts"):
            called = rules.invited_at(datetime.fromisoformat(starts), params.notice_days)
            earliest = (
                datetime.fromisoformat(row.brief["called_from"]) + MOMENT if "called_from" in row.brief else called
            )
            yield Wake(max(called, row.opened_at, earliest), CALL)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """Invite: those with a seat now, and the matters on the agenda tell their own people in their own time."""
        sitting = Sitting.objects.get(step=row)
        if wake.rung != CALL or sitting.called_at is not None:
            return None
        sitting.called_at = scene.now
        sitting.save(update_fields=["called_at"])
        waiting, heard = waiting_for(sitting), heard_at(sitting)
        # What a matter's own clock has still to do comes first, and then it sees the meeting too.
        idle = StepRow.objects.filter(Q(wakes_at__isnull=True) | Q(wakes_at__gt=scene.now), closed_at__isnull=True)
        idle.filter(pk__in=[one.pk for one in (*waiting, *heard)]).update(wakes_at=scene.now)
        return Effect(
            public={
                "verb": CALLED, "starts": sitting.starts_at.isoformat(), "where": sitting.where,
                "agenda": [one.matter.number for one in waiting],
            },
            parts=(Part(moving.TELL, _invited(sitting, scene.now)),),
        )  # fmt: skip

    def called_off(self, scene: Scene, row: StepRow) -> None:
        Sitting.objects.filter(step=row, closed_at__isnull=True).update(closed_at=scene.now)

    def detail(self, public: Mapping[str, Any]) -> str:
        if "items" in public:
            return wording.joined(wording.seated(public))
        return wording.seated(public) or wording.when_and_where(public)

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return (HELD, NO_QUORUM)


def _invited(sitting: Sitting, at: datetime) -> list[str]:
    """The keys of access of those who hold a seat now."""
    asked = {seat.who for seat in sitting.seat_list}
    rows = Holding.objects.open_at(at).filter(community=sitting.community_id)
    keys: dict[str, None] = {}
    columns = rows.order_by("place__path", "post").values_list("post", "place__path", "body__key", "body__place__path")
    for post, path, body, home in columns:
        for key in (post_key(post, path), body_key(body, home)):
            if any(within(key, who, sitting.path) for who in asked):
                keys[key] = None
    return list(keys)


def _decided(sitting: Sitting) -> list[dict[str, Any]]:
    """What the record keeps of the agenda: numbers, and outcomes of what all who see the meeting may see (ADR 9)."""
    items = sitting.items.order_by("n").values_list("step__matter__number", "step__matter__audience", "outcome")
    seen = {EVERYBODY, sitting.matter.audience}
    return [{"number": n, **({"outcome": outcome} if audience in seen else {})} for n, audience, outcome in items]
