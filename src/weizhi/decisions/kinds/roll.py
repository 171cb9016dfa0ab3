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
from weizhi.decisions.electing import GRID, masked, place_of
from weizhi.decisions.models import Entitlement, Roll
from weizhi.decisions.rolls import draw_up, electorate_of, freeze
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.objecting import answered_now, waits
from weizhi.matters.published import masked as hidden
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.record.actions.append import Part

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
    asks = {
        ADD: _("您补进名册了，这次您有一票"),
        STRIKE: _("您的那一号从名册上划去了，原因写在名册上。不对就请马上提出来"),
        RESTORE: _("您的那一号放回名册了，这次您有一票"),
    }
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
        roll = Roll.objects.get(step=act.row)
        if roll.frozen_at is not None:
            raise Refused("closed", "名册已经定下来了，不能再更正。")
        if act.verb == ADD:
            return self._told(self._add(scene, roll, act.data.person))
        line = Entitlement.objects.filter(roll=roll, n=act.data.line or 0).first()
        if line is None:
            raise Refused("bad-data", "名册上没有这个号。请对着名册再看一遍。", field="line")
        line.struck_at = act.at if act.verb == STRIKE else None
        why = hidden(act.data.words, scene.matter.charter_id)[:200]  # it stands on the board
        line.struck_why = why if act.verb == STRIKE else ""
        line.save(update_fields=["struck_at", "struck_why"])
        return self._told(line)

    def _told(self, line: Entitlement) -> Effect:
        """Whoever loses or gets a vote is told of it."""
        parts = (Part("tell", [person_key(line.person_id)]),) if line.person_id else ()
        return Effect(public={"line": line.n}, parts=parts)

    def _add(self, scene: Scene, roll: Roll, person: UUID | None) -> Entitlement:
        """Whoever was left out stands on the roll from now on, at its end."""
        electorate = electorate_of(scene, roll.electorate)
        if electorate.of not in OF_PERSONS:
            raise Refused("bad-data", "这份名册按房屋或席位编，不能按人补。请先更正房屋或职务的登记。", field="person")
        here = belongs_to(Person.objects.all(), roll.community_id, scene.now)
        found = here.filter(pk=person).first() if person else None
        if found is None:
            raise Refused("bad-data", "居民登记里没有这个人。请先登记，再补进名册。", field="person")
        lines = Entitlement.objects.filter(roll=roll)
        if lines.filter(person=found).exists():
            raise Refused("bad-data", "这个人已经在名册上了。", field="person")
        name = masked(found.name)
        last = lines.order_by("-n").values_list("n", flat=True).first() or 0
        place = place_of(electorate, found, roll.community_id, roll.path, scene.now)
        return Entitlement.objects.create(
            roll=roll, n=last + 1, kind=Entitlement.Kind.PERSON, person=found, label=name, name=name,
            head=person_key(found.pk), place=place, grid=(place.at_level(GRID) or "") if place else "",
        )  # fmt: skip

    def told_beside(self, scene: Scene, row: StepRow, act: Act, effect: Effect) -> Effect:
        """Objections are heard for the electorate's days (组织法 17: five), and the roll waits for every answer."""
        if act.verb == "object":
            if act.at >= self.objections_until(scene, row):
                raise Refused("closed", "对名册提异议的日子已经过了。已经收到的会一一答复。")
            return effect
        over = row.due is not None and row.due <= scene.now
        left = waits(scene, but=answered_now(act))
        return replace(effect, outcome=self._frozen(scene, row).outcome) if over and not left else effect

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None:
            yield Wake(row.due, CLOSE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return None if wake.rung != CLOSE or waits(scene) else self._frozen(scene, row)

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        """No charter's clock passes over an objection that nobody answered: the roll would move on unfrozen."""
        return Effect() if waits(scene) else super().lapsed(scene, row, when_due)

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
