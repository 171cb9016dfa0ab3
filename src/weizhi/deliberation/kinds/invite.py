"""invite: the concerned are found and written down once, told by telephone and letter; who was reached is kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.inviting import INVITING, InviteParams
from weizhi.deliberation import wording
from weizhi.deliberation.concerned import concerned, people_of
from weizhi.deliberation.letters import blind, code_of
from weizhi.deliberation.models import Invitation
from weizhi.deliberation.reached import INVITED_ALL, reached_of, sums
from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.people.access import person_key
from weizhi.places.writing import insert
from weizhi.record.actions.append import HOUSEHOLD, Part

DELIVERED = "letters-delivered"
INTERESTED = "interested"
CALL = "call"


class InviteData(ActData):
    lines: list[int] = Field(default_factory=list, max_length=2000)  # letters, by their numbers on the list
    how: str = ""


class Invite(StepKind):
    spec = INVITING["invite"]
    Data = InviteData
    extra_verbs = (DELIVERED,)
    says = {
        "invite": Saying(_("{who}请完了有关的人：{detail}")),
        INVITED_ALL: Saying(_("按章程找到了有关的人：{detail}")),
        DELIVERED: Saying(_("{who}送了邀请信：{detail}")),
        "lapse": Saying(_("请人的期限到了：{detail}")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Find them now and keep the list: it stays whatever the registers say tomorrow."""
        found = concerned(scene, self._params(scene, row))
        told = people_of(found, scene.now)
        rows = [
            Invitation(matter=scene.matter, step=row, home_id=home, because=because[:80],
                       people=[str(person) for person in told.get(home, ())])
            for home, because in found.homes.items()
        ]  # fmt: skip
        for one in rows:
            one.code_blind = blind(code_of(one.pk))
        bodies = found.bodies.items()
        rows += [Invitation(matter=scene.matter, step=row, body=key, because=why[:80]) for key, why in bodies]
        for n, one in enumerate(rows, 1):
            one.n = n
        insert(rows)
        for people in told.values():
            for person in people:
                moving.add_relation(scene, INTERESTED, person_key(person))
        for key in found.bodies:
            moving.add_relation(scene, INTERESTED, key)
        insert(moving.new_parties(scene))
        moving.remember(scene, row)  # time tells them, in its own entry

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, InviteData)
        if act.verb == DELIVERED:
            return self._deliver(scene, act, act.data)
        return Effect(chosen(scene, act), self._sums(act.row))

    def _deliver(self, scene: Scene, act: Act, data: InviteData) -> Effect:
        """Many letters at once: what became of them. Said again, the last word counts; the record keeps all."""
        if data.how not in Invitation.How.values:
            raise Refused("bad-data", "请选信送得怎么样：当面交了、放进信箱、不收，还是没有人。", field="how")
        rows = {row.n: row for row in Invitation.objects.homes().filter(step=act.row, n__in=data.lines)}
        if not data.lines or len(rows) != len(set(data.lines)):
            raise Refused("bad-data", "请勾上送的是哪几封信。", field="lines")
        if data.how == Invitation.How.REFUSED and not (act.data.words or act.evidence):
            raise Refused("bad-data", "不收的信，请写一句经过，或者拍一张照片。", field="words")
        for row in rows.values():
            row.how, row.how_entry = data.how, scene.matter.stream.head + 1
        Invitation.objects.bulk_update(rows.values(), ["how", "how_entry"])
        lines = Part("letters", sorted(rows), HOUSEHOLD)  # which doors: for those who handle it
        return Effect(None, {"how": data.how, "letters": len(rows)}, parts=(lines,))

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        effect = super().lapsed(scene, row, when_due)
        return Effect(effect.outcome, self._sums(row))

    def _sums(self, row: StepRow) -> dict[str, int]:
        return sums(reached_of(row, list(Invitation.objects.filter(step=row))))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if not row.memory.get(CALL):
            yield Wake(row.opened_at, CALL)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """Tell them all by telephone: the notices of this entry are the proof."""
        if wake.rung != CALL or row.memory.get(CALL):
            return None
        row.memory[CALL] = True
        keys = scene.relations.get(INTERESTED, [])
        found = {name: number for name, number in self._sums(row).items() if name in ("homes", "bodies")}
        return Effect(public={"verb": INVITED_ALL, **found}, parts=(Part(moving.TELL, keys),))

    def detail(self, public: Mapping[str, Any]) -> str:
        return wording.delivered(public) if "letters" in public else wording.invited(public)

    def _params(self, scene: Scene, row: StepRow) -> InviteParams:
        found: InviteParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
