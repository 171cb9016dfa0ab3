"""elect: an electorate fills seats from those who stand; what stays open goes to another ballot."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from weizhi.charters.deciding import DECIDING
from weizhi.charters.steps import Step
from weizhi.decisions import candidates as c
from weizhi.decisions.actions.call_off import CALLED_OFF
from weizhi.decisions.choices import Option, Paper
from weizhi.decisions.kinds.closing import Box
from weizhi.decisions.models import Candidate, Vote
from weizhi.decisions.naming import paper_name
from weizhi.decisions.opening import open_vote
from weizhi.decisions.rolls import roll_for
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, Wake
from weizhi.matters.scene import Scene

TOO_FEW, NOW = "too-few", "too-few-stand"  # in the open step's memory; the rung of its wake
NO_QUORUM, SHORT = "no-quorum", "short"


class Elect(Box):
    spec = DECIDING["elect"]

    def opened(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        params = c.elect_params(step)
        seats, standing = self._asked(scene, row, step)
        rule = scene.charter.rules[params.rule]
        contested = bool(rule.nominations and rule.nominations.more_than_seats) and params.round == "first"
        if not seats or len(standing) < (seats + 1 if contested else 1):
            self._cannot(scene, row)
            return
        declared = c.declarations(scene.matter.pk, c.nominations_of(scene, step))
        keys = [str(one.number) for one in standing]
        paper = Paper("approve", tuple(Option(key, paper_name(key)) for key in keys), seats)
        open_vote(
            scene, row, electorate=params.electorate, paper=paper, rule=params.rule, phone=params.phone,
            brief={
                "question": step.title or scene.matter.title, "text": self._text(seats), "shows": "turnout",
                "cards": [self._card(one, declared) for one in standing],
            },
            settings={
                "seats": seats, "mode": params.mode, "round": params.round, "lot": keys,
                "citation": params.citation, "nominated": c.nominations_of(scene, step),
            },
        )  # fmt: skip

    def _asked(self, scene: Scene, row: StepRow, step: Step) -> tuple[int, list[Candidate]]:
        """How many seats, and who stands for them, in the order of the paper."""
        params = c.elect_params(step)
        nominate = c.nominations_of(scene, step)
        standing = [one for one in c.standing(scene, nominate) if one.person.erased_at is None]
        if params.seats.startswith(c.UNFILLED):
            left = self._vote(scene, params.seats.removeprefix(c.UNFILLED))
            again = set(left.result["next"]) if left else set()
            seats = int(left.result["open_seats"]) if left else 0
            return seats, [one for one in standing if str(one.number) in again]
        standing = self._numbered(scene, row, params.electorate, standing)
        return params.count or c.seats_in(scene, params.seats), standing

    def _numbered(self, scene: Scene, row: StepRow, electorate: str, standing: list[Candidate]) -> list[Candidate]:
        """Their order is drawn when the first ballot opens, from the root of the roll: nobody chose it."""
        if any(one.number is None for one in standing):
            seed = roll_for(scene, row, electorate).root
            Candidate.objects.filter(pk__in=[one.pk for one in standing]).update(number=None)
            standing = c.drawn(standing, seed)
            for number, one in enumerate(standing, 1):
                one.number = number
                one.save(update_fields=["number"])
        return standing

    def _text(self, seats: int) -> str:
        return f"应选 {seats} 名。最多选 {seats} 名，多选的票无效；不选也是一票。"

    def _card(self, one: Candidate, declared: Mapping[UUID, c.Declared]) -> dict[str, Any]:
        """Of a candidate the sealed brief keeps a number and a commitment: name and words stay where they can be
        erased, and whoever holds them can still show that they are those which stood on the paper."""
        said = declared.get(one.person_id)
        return {"key": str(one.number), "way": one.way, "declared": said.commitment if said else ""}

    def _cannot(self, scene: Scene, row: StepRow) -> None:
        """Too few stand: no ballot is opened that the law would not count (组织法 18). It ends in its first instant."""
        row.memory[TOO_FEW] = True
        row.wakes_at = scene.now
        row.save(update_fields=["memory", "wakes_at"])

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.memory.get(TOO_FEW):
            yield Wake(row.opened_at, NOW)
        else:
            yield from super().wakes(scene, row)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != NOW:
            return super().woken(scene, row, wake, late)
        runoff = c.elect_params(scene.procedure.steps[row.key]).round == "runoff"
        return Effect(SHORT if runoff else NO_QUORUM, {"verb": "counted", "page": "候选人不够，没有投票。"})

    def called_off(self, scene: Scene, row: StepRow) -> None:
        if not row.memory.get(TOO_FEW):
            super().called_off(scene, row)

    def people(self, scene: Scene, step: Step) -> Sequence[UUID]:
        """Those elected, by the newest count of this step."""
        vote = self._vote(scene, step.key)
        if vote is None:
            return ()
        found = {str(one.number): one.person_id for one in c.standing(scene, c.nominations_of(scene, step))}
        missing = [key for key in vote.result["elected"] if key not in found]
        if missing:
            raise Refused("bad-data", "当选人已经不在候选人名单上。请先核对。")
        return [found[key] for key in vote.result["elected"]]

    def reserve(self, scene: Scene, step: Step) -> Sequence[UUID]:
        """Who reached the share as well, and found no seat left, in the order of the votes."""
        vote = self._vote(scene, step.key)
        if vote is None:
            return ()
        reached = {check["name"] for check in vote.result["checks"] if check["met"]}
        keys = [one["key"] for one in vote.result["standings"] if not one["elected"] and one["name"] in reached]
        found = {str(one.number): one.person_id for one in c.standing(scene, c.nominations_of(scene, step))}
        return [found[key] for key in keys if key in found]

    def _vote(self, scene: Scene, key: str) -> Vote | None:
        counted = Vote.objects.filter(matter=scene.matter, step__key=key, counted_at__isnull=False)
        return counted.exclude(outcome__in=("", CALLED_OFF)).order_by("-counted_at", "-id").first()
