"""discuss: the online hall. Opens with the charter's first statements, is shut by time, and leaves one result."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.discussing import TOO_FEW, DiscussParams
from weizhi.charters.steps import Step
from weizhi.deliberation import wording
from weizhi.deliberation.actions.moderate import MODERATE
from weizhi.deliberation.calling import INVITED, called, calls
from weizhi.deliberation.hall_words import detail_of, result_in_words
from weizhi.deliberation.models import Channel, Hall, Stance, Statement, Voice
from weizhi.deliberation.opinions import Drawn, hash_of_voices
from weizhi.matters import moving, rules
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.recording import words_parts
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.places.writing import insert

SHUT, HEARD = "shut", "heard"
SHUT_AT = "shut"  # in the step's memory
DRAWN_WITHIN = timedelta(days=1)  # after that whoever runs it is told that the map did not come
DECIDED_WITHIN = timedelta(days=7)


class Discuss(StepKind):
    spec = DELIBERATING["discuss"]
    says = {
        SHUT: Saying(_("线上议事厅到时间了，正在算大家的结果")),
        HEARD: Saying(_("线上议事厅有了结果：{detail}")),
        MODERATE: Saying(_("{who}{detail}")),
        INVITED: Saying(_("会上也听大家说：{detail}")),
        "discuss": Saying(_("看了议事厅的结果，定下来：{outcome}"), desk=_("{who}看了议事厅的结果：{outcome}")),
    }
    keeps_its_day = "议事厅正开着，结束的时间已经告诉大家了，所以不能暂停。请等它结束再暂停；要作废，请撤回这件事。"

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return tuple(name for name in step.outcomes if name != TOO_FEW)

    def opened(self, scene: Scene, row: StepRow) -> None:
        if row.due is None:
            raise Refused("bad-data", "章程没有写议事厅开多久。请先改章程。")
        params = self._params(scene, row)
        hall = Hall(
            community_id=scene.matter.community_id, matter=scene.matter, step=row, opens_at=scene.now,
            closes_at=row.due, salt=secrets.token_bytes(32),
        )  # fmt: skip
        insert([hall])
        insert(
            [
                Statement(hall=hall, n=n, words=words, state=Statement.State.OPEN, channel=Channel.SEED)
                for n, words in enumerate(params.statements.seed, 1)
            ]
        )
        if params.calendar is not None:
            self._also_at(scene, row, params.calendar)

    def _also_at(self, scene: Scene, row: StepRow, calendar: str) -> None:
        """Meetings of the series hear it too: a voice from there is one of the same hall, and counts once."""
        row.brief |= {"body": scene.charter.calendar[calendar].body or "", "calendar": calendar}
        row.save(update_fields=["brief"])
        moving.remember(scene, row)  # a meeting may be called already

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if SHUT_AT not in row.memory:
            if row.due is not None:
                yield Wake(row.due, SHUT)
            if row.brief.get("calendar"):
                yield from calls(row)
        elif HEARD not in row.memory:
            final = Hall.objects.filter(step=row).values_list("final_at", flat=True).first()
            if final is not None:
                yield Wake(final, HEARD)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung == SHUT:
            return self._shut(scene, row)
        return self._heard(scene, row) if wake.rung == HEARD else called(scene, row, wake, (Party.RAISER,))

    def _shut(self, scene: Scene, row: StepRow) -> Effect:
        """From now on nobody speaks. The map is drawn off this lock, and wakes the step again."""
        Hall.objects.filter(step=row, shut_at__isnull=True).update(shut_at=scene.now)
        row.memory[SHUT_AT] = scene.now.isoformat()
        row.due = scene.now + DRAWN_WITHIN
        row.save(update_fields=["due", "memory"])
        return Effect(public={"verb": SHUT})

    def _heard(self, scene: Scene, row: StepRow) -> Effect | None:
        """The last map stands: into the record with it, and away with what leads from a voice to a person."""
        hall = Hall.objects.select_for_update().get(step=row)
        if hall.final_at is None or HEARD in row.memory:
            return None
        drawn, params = Drawn.of(hall.drawn), self._params(scene, row)
        public = {"verb": HEARD, **_said(drawn), "voices": forgotten(hall)}
        words = {one.n: one.words for one in Statement.objects.filter(hall=hall, state=Statement.State.OPEN)}
        step = scene.procedure.steps[row.key]
        parts = words_parts(
            result_in_words(drawn, words), rules.closed(step.visible, scene.kind.visible), scene.matter.charter_id
        )
        row.memory[HEARD] = scene.now.isoformat()
        row.due = scene.now + DECIDED_WITHIN
        row.save(update_fields=["due", "memory"])
        few = drawn.people < params.at_least
        outcome = "done" if step.then else TOO_FEW if few and TOO_FEW in step.outcomes else None
        return Effect(outcome, {**public, "few": few, "asked": params.at_least}, tuple(parts))

    def do(self, scene: Scene, act: Act) -> Effect:
        """Whoever runs it says what follows from the result, where the charter leaves a choice."""
        assert act.row is not None
        if HEARD not in act.row.memory:
            raise Refused("not-yet", "议事厅还没有结果。到时间它自己结束，那时再定。")
        if act.outcome == TOO_FEW:
            raise Refused("bad-data", "人够不够，是到时间数出来的，不能选。", field="outcome")
        return Effect(chosen(scene, act))

    def called_off(self, scene: Scene, row: StepRow) -> None:
        """Nothing came of it: nobody speaks any more, and nothing leads to a person."""
        for hall in Hall.objects.select_for_update().filter(step=row, final_at__isnull=True):
            hall.shut_at, hall.final_at = hall.shut_at or scene.now, scene.now
            hall.save(update_fields=["shut_at", "final_at"])
            forgotten(hall)

    def detail(self, public: Mapping[str, Any]) -> str:
        return wording.when_and_where(public) if "starts" in public else detail_of(public)

    def _params(self, scene: Scene, row: StepRow) -> DiscussParams:
        found: DiscussParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found


def _said(drawn: Drawn) -> dict[str, Any]:
    """The result in numbers: statements by their numbers, of people only how many."""
    return {
        "people": drawn.people, "stances": drawn.stances, "statements": drawn.statements,
        "channels": dict(sorted(drawn.channels.items())), "united": list(drawn.united),
        "counts": {str(n): list(found) for n, found in sorted(drawn.counts.items())},
        "groups": [
            {"people": one.people, "says": [[said.n, said.side, said.agreed, said.disagreed] for said in one.says]}
            for one in drawn.groups
        ],
        "why": drawn.why,
    }  # fmt: skip


def forgotten(hall: Hall) -> str:
    """Let what leads from a voice to a person fall, and return the hash of what all said."""
    Voice.objects.filter(hall=hall).update(who="", group=None, x=None, y=None, stirred=False)
    Stance.objects.filter(voice__hall=hall).update(recorded_by=None, key="", past_keys=[])
    Statement.objects.filter(hall=hall).update(author=None, recorded_by=None, key="", reason_read=False)
    return hash_of_hall(hall)


def hash_of_hall(hall: Hall) -> str:
    """The same at any time after: what an auditor computes again."""
    voices: dict[Any, list[tuple[int, int]]] = {}
    for voice, n, said in Stance.objects.filter(voice__hall=hall).values_list("voice", "statement__n", "said"):
        voices.setdefault(voice, []).append((n, said))
    return hash_of_voices(bytes(hall.salt), voices.values())


def is_heard(row: StepRow) -> bool:
    """Whether the result stands."""
    return HEARD in row.memory
