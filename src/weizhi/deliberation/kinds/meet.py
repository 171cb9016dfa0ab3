"""meet: a matter waits for a meeting of its body, and goes on with what was said there."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING, MeetParams, Quorum
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.deliberation import rules, wording
from weizhi.deliberation.calling import INVITED, called, calls
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.deliberation.quorum import check_classes, seats_of
from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.record.actions.append import Part

TASK = "fields:task"  # read back as fields are: who does it, until when
SIT = "sit"
HANDS = ("hands_for", "hands_against", "hands_abstain")


class MeetData(ActData):
    """A show of hands where one was counted; who does it and until when; day and number of people where no meeting is
    kept in Weizhi."""

    hands_for: int | None = Field(default=None, ge=0, le=999)
    hands_against: int | None = Field(default=None, ge=0, le=999)
    hands_abstain: int | None = Field(default=None, ge=0, le=999)
    who: str = Field(default="", max_length=60)
    until: date | None = None
    day: date | None = None
    present: int | None = Field(default=None, ge=1, le=99_999)


class Meet(StepKind):
    spec = DELIBERATING["meet"]
    Data = MeetData
    says = {
        "meet": Saying(_("会上议了这件事：{outcome}{detail}"), desk=_("{who}记下会上的结果：{outcome}{detail}")),
        INVITED: Saying(_("这件事排上了会：{detail}")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        params = self._params(scene, row)
        body = _body(scene.charter, params.body, params.calendar)
        row.brief |= {"body": body, "calendar": params.calendar or ""}
        row.save(update_fields=["brief"])
        moving.remember(scene, row)  # a meeting may be called already

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, MeetData)
        outcome = chosen(scene, act)
        task = self._task(scene, act, act.data, outcome)
        parts = (Part(TASK, task),) if task else ()
        scene.values.setdefault(act.row.key, {}).update(task)
        told = {"task": {**task, "title": scene.name_title(act.data.who)}} if task else {}
        if not keeps_meetings(scene.charter, act.row.brief.get("body"), None):
            return Effect(outcome, {**self._told_by_hand(scene, act, act.data), **told}, parts)
        sitting = Sitting.objects.select_for_update().serving(act.row).open().order_by("-opened_at").first()
        if sitting is None:
            raise self._not_now(act.row, scene)
        item = Item.objects.filter(sitting=sitting, step=act.row).first()
        if item is None:
            raise Refused("not-yet", "这件事不在这次会的议程上，下次会再议。")
        params = self._params(scene, act.row)
        seated = self._quorum(scene, act, sitting, params.quorum or sitting.quorum_rule)
        hands = _hands(act.data, seated)
        item.outcome, item.seated, item.hands, item.at = outcome, seated, hands, act.at
        item.doer, item.until = act.data.who, act.data.until
        item.save(update_fields=["outcome", "seated", "hands", "at", "doer", "until"])
        public = {"sitting": sitting.matter.number, "seated": seated, "seats": len(sitting.seats), **hands, **told}
        return Effect(outcome, public, parts)

    def _task(self, scene: Scene, act: Act, data: MeetData, outcome: str) -> dict[str, Any]:
        """What was resolved becomes a task: who does it, until when. A later step may wait until that day."""
        assert act.row is not None
        if data.who and data.who not in task_names(scene.charter):
            raise Refused("bad-data", "谁来办，请从章程里的组织和职务中选。", field="who")
        if data.until and data.until < act.at.astimezone(ZONE).date():
            raise Refused("bad-data", "办好的日子已经过去了。请选以后的日子。", field="until")
        for field, given, what in (("who", data.who, "由谁来办"), ("until", data.until, "哪天办好")):
            if outcome in self._params(scene, act.row).tasks and not given:
                title = scene.outcome_title(scene.step_of(act), outcome)
                line = scene.line(scene.step_of(act), "tasks")
                raise Refused("bad-data", f"定了“{title}”，请写{what}。", field=field, line=line)
        told = {"who": data.who, "until": data.until.isoformat() if data.until else ""}
        return {key: value for key, value in told.items() if value}

    def _told_by_hand(self, scene: Scene, act: Act, data: MeetData) -> dict[str, Any]:
        if data.day is None or data.present is None:
            raise Refused("bad-data", "请写哪一天开的会、到了多少人。", field="present" if data.day else "day")
        if data.day > act.at.astimezone(ZONE).date():
            raise Refused("bad-data", "开会的日子还没到。", field="day")
        self._enough_by_hand(scene, act, data.present)
        return {"day": data.day.isoformat(), "present": data.present, **_hands(data, data.present)}

    def _enough_by_hand(self, scene: Scene, act: Act, present: int) -> None:
        """The step's own quorum holds also where nobody checks in: so many people as seats of the body are asked."""
        assert act.row is not None
        params, body = self._params(scene, act.row), act.row.brief.get("body") or ""
        if params.quorum is None or body not in scene.charter.bodies:
            return
        seats = len(seats_of(scene, body))
        needed = rules.asked(params.quorum, seats)
        if present < needed:
            raise Refused(
                "bad-data", f"到会 {present} 人，章程要 {seats} 席里到 {needed} 席才能定。人不够，就另外约时间再议。",
                field="present", line=scene.line(scene.step_of(act), "quorum"),
            )  # fmt: skip

    def _not_now(self, row: StepRow, scene: Scene) -> Refused:
        coming = Sitting.objects.serving(row).coming().order_by("starts_at").first()
        when = f"下次会在 {coming.starts_at.astimezone(ZONE):%m 月 %d 日 %H:%M}。" if coming else "下次会还没有定。"
        return Refused("not-yet", f"这件事要在会上议，会还没有开。{when}")

    def _quorum(self, scene: Scene, act: Act, sitting: Sitting, quorum: Quorum | None) -> int:
        seated = Attendance.objects.seated(sitting.pk, scene.now)
        needed = rules.asked(quorum, len(sitting.seats))
        if seated < needed:
            raise Refused(
                "not-yet",
                f"现在在座 {seated} 席，这件事要 {needed} 席在座才能定。",
                line=scene.line(scene.step_of(act), "quorum"),
            )
        check_classes(sitting, quorum, scene.now, scene.line(scene.step_of(act), "quorum"))
        return seated

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        """When a meeting is called on whose agenda it stands, it tells its own people."""
        yield from calls(row)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return called(scene, row, wake, (Party.RAISER, *self._params(scene, row).invite))

    def detail(self, public: Mapping[str, Any]) -> str:
        if "starts" in public:
            return wording.when_and_where(public)
        return wording.joined(wording.seated(public), wording.hands(public), wording.task(public))

    def _params(self, scene: Scene, row: StepRow) -> MeetParams:
        found: MeetParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found


def task_names(charter: Charter) -> list[str]:
    """Whom a meeting may ask to do something."""
    return [*charter.bodies, *charter.posts]


def keeps_meetings(charter: Charter, body: str | None, calendar: str | None) -> bool:
    """Whether the charter has meetings of this body in Weizhi; else whoever is named writes down what was said."""
    wanted = _body(charter, body, calendar)
    steps = (step for one in charter.procedures.values() for step in one.steps.values() if step.kind == SIT)
    return bool(wanted) and any(step.params.get("body") == wanted for step in steps)


def _body(charter: Charter, body: str | None, calendar: str | None) -> str:
    """The body that a step names, or whose series its calendar is."""
    return body or (str(charter.calendar[calendar].body or "") if calendar else "")


def _hands(data: MeetData, seated: int) -> dict[str, int]:
    hands = {name.removeprefix("hands_"): getattr(data, name) for name in HANDS if getattr(data, name) is not None}
    if not rules.hands_fit(hands.values(), seated):
        raise Refused("bad-data", f"举手的人数加起来比在座的 {seated} 席还多，请再数一遍。", field="hands_for")
    return hands
