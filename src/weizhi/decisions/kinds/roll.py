"""roll: who may vote, drawn up, published with masked names, corrected after objections, frozen when its days end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deciding import DECIDING, RollParams
from weizhi.charters.periods import due, parse_period
from weizhi.charters.workdays import state_calendar
from weizhi.decisions.electing import masked
from weizhi.decisions.models import Entitlement, Roll
from weizhi.decisions.rolls import draw_up, electorate_of, freeze
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.world import open_objections
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to

STRIKE, RESTORE, ADD = "strike", "restore", "add-elector"
OF_PERSONS = ("residents", "tenants", "members")  # a person is a line; homes and seats come from their own registers
FROZEN, CLOSE = "frozen", "close"


class RollData(ActData):
    line: int | None = Field(default=None, ge=1)
    person: UUID | None = None


class RollKind(StepKind):
    spec = DECIDING["roll"]
    Data = RollData
    beside = ("object",)
    says = {
        "object": Saying(_("{who}对名册提出了异议")),
        "answer": Saying(_("{who}答复了对名册的异议")),
        ADD: Saying(_("{who}在名册上更正了一处"), desk=_("{who}把第 {line} 号补进名册")),
        STRIKE: Saying(_("{who}在名册上更正了一处"), desk=_("{who}从名册上划去第 {line} 号")),
        RESTORE: Saying(_("{who}在名册上更正了一处"), desk=_("{who}把第 {line} 号放回名册")),
        FROZEN: Saying(_("名册定下来了，共 {size} 票")),
        "lapse": Saying(_("名册公示期满")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return (STRIKE, RESTORE, ADD)

    def opened(self, scene: Scene, row: StepRow) -> None:
        draw_up(scene, row, self._params(scene, row).electorate)

    def do(self, scene: Scene, act: Act) -> Effect:
        """Correct the roll while it is on the board: a line struck or put back, with why."""
        assert act.row is not None and isinstance(act.data, RollData)
        if not act.data.words:
            raise Refused("bad-data", "请写一句为什么更正：名册是要经得起查的。", field="words")
        if Roll.objects.filter(step=act.row, frozen_at__isnull=False).exists():
            raise Refused("closed", "名册已经定下来了，不能再更正。")
        if act.verb == ADD:
            return Effect(public={"line": self._add(scene, act.row, act.data.person).n})
        line = Entitlement.objects.filter(roll__step=act.row, n=act.data.line or 0).first()
        if line is None:
            raise Refused("bad-data", "名册上没有这个号。请对着名册再看一遍。", field="line")
        line.struck_at = act.at if act.verb == STRIKE else None
        line.struck_why = act.data.words[:200] if act.verb == STRIKE else ""
        line.save(update_fields=["struck_at", "struck_why"])
        return Effect(public={"line": line.n})

    def _add(self, scene: Scene, row: StepRow, person: UUID | None) -> Entitlement:
        """Whoever was left out stands on the roll from now on, at its end."""
        if electorate_of(scene, self._params(scene, row).electorate).of not in OF_PERSONS:
            raise Refused("bad-data", "这份名册按房屋或席位编，不能按人补。请先更正房屋或职务的登记。", field="person")
        roll = Roll.objects.get(step=row)
        here = belongs_to(Person.objects.all(), roll.community_id, scene.now)
        found = here.filter(pk=person).first() if person else None
        if found is None:
            raise Refused("bad-data", "居民登记里没有这个人。请先登记，再补进名册。", field="person")
        lines = Entitlement.objects.filter(roll=roll)
        if lines.filter(person=found).exists():
            raise Refused("bad-data", "这个人已经在名册上了。", field="person")
        name = masked(found.name)
        last = lines.order_by("-n").values_list("n", flat=True).first() or 0
        return Entitlement.objects.create(
            roll=roll, n=last + 1, kind=Entitlement.Kind.PERSON, person=found, label=name, name=name,
            head=person_key(found.pk),
        )  # fmt: skip

    def told_beside(self, scene: Scene, row: StepRow, act: Act, effect: Effect) -> Effect:
        """Objections are heard for the electorate's days (组织法 17: five), and the roll waits for every answer."""
        if act.verb == "object":
            if act.at >= self.objections_until(scene, row):
                raise Refused("closed", "对名册提异议的日子已经过了。已经收到的会一一答复。")
            return effect
        over = row.due is not None and row.due <= scene.now
        others = [pk for pk in open_objections(scene) if str(pk) != effect.public["answers"]]
        return replace(effect, outcome=self._frozen(scene, row).outcome) if over and not others else effect

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None:
            yield Wake(row.due, CLOSE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return None if wake.rung != CLOSE or open_objections(scene) else self._frozen(scene, row)

    def _frozen(self, scene: Scene, row: StepRow) -> Effect:
        roll = Roll.objects.get(step=row)
        freeze(roll, scene.now)
        return Effect(FROZEN, {"verb": FROZEN, "roll": roll.root, "size": roll.size, "heads": roll.heads})

    def objections_until(self, scene: Scene, row: StepRow) -> datetime:
        """Until when an objection is heard; the roll's own last instant where the electorate says nothing."""
        days = electorate_of(scene, self._params(scene, row).electorate).objections_days
        if days is None:
            assert row.due is not None
            return row.due
        return due(row.opened_at, parse_period(f"{days} days"), calendar=state_calendar()).at

    def _params(self, scene: Scene, row: StepRow) -> RollParams:
        found: RollParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
