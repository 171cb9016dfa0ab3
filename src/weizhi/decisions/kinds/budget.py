"""budget: people share a sum out among the projects that an intake took in and that wait to be picked."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, BudgetParams
from weizhi.decisions.choices import Option, Paper
from weizhi.decisions.kinds.closing import SAYS, Box
from weizhi.decisions.models import Vote
from weizhi.decisions.opening import open_vote
from weizhi.decisions.sharing import Terms
from weizhi.matters.holding import values_of, waiting_in
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.rules import narrower
from weizhi.matters.scene import Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import choose
from weizhi.places.models import Place

HOMES = ("household", "parking")


class Budget(Box):
    spec = DECIDING["budget"]
    says = {**SAYS, "counted": Saying(_("投票结束，选上了 {n} 个项目"))}

    def opened(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        params: BudgetParams = step.parsed(self.spec)
        projects = self._projects(scene, params)
        keys = [str(row["key"]) for row in projects]
        amount = scene.world.value(params.amount)
        terms = Terms.drawn(
            int(amount or 0), params.method, params.utility, params.completion, keys, secrets.token_hex(8)
        )
        options = tuple(Option(str(row["key"]), str(row["title"])) for row in projects)
        most = min(params.at_most or len(options), len(options))
        open_vote(
            scene, row, electorate=params.electorate, paper=Paper("approve", options, max(most, 1)), rule=params.rule,
            brief={
                "question": params.question or step.title or scene.matter.title, "text": scene.matter.title,
                "shows": "turnout", "amount": terms.amount, "projects": projects,
            },
            settings={"budget": terms.row()},
        )  # fmt: skip

    def counted(self, scene: Scene, row: StepRow, vote: Vote) -> dict[str, Any]:
        """Remember who was chosen, and let all of them go where no step of its own does that."""
        won = [found for found in vote.result["budget"]["projects"] if found["place"] is not None]
        ids = {str(project["key"]): str(project["matter"]) for project in vote.brief["projects"]}
        choose(scene, row, [ids[str(found["key"])] for found in won])
        return {"n": len(won), "winners": [found["n"] for found in won]}

    def _projects(self, scene: Scene, params: BudgetParams) -> list[dict[str, Any]]:
        """The options as they are frozen: those that wait to be picked and have a cost, by number. Four queries."""
        kind = str(scene.procedure.steps[params.from_].params["of"])
        held = waiting_in(scene.matter, kind)
        costs, places = values_of(held, params.cost), _places(held)
        closed = narrower(scene.charter.kinds[kind].visible, scene.kind.visible)
        return [
            {
                "key": str(one.number), "matter": str(one.pk), "n": one.number,
                "title": scene.charter.kinds[kind].title if closed else one.title,
                "cost": costs[one.pk], "place": places.get(_public_path(one.place), ""),
            }
            for one in held
            if isinstance(costs.get(one.pk), int)
        ]  # fmt: skip


def _public_path(place: Place) -> str:
    """Where it is, never whose home: whoever proposed it from home proposed it for the building."""
    return (place.at_level("building") or "") if place.kind in HOMES else place.path


def _places(held: Sequence[Matter]) -> dict[str, str]:
    paths = {_public_path(one.place) for one in held}
    return dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
