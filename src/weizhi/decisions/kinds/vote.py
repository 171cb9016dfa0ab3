"""vote: an electorate decides on a frozen text, by heads and by area, over every channel."""

from weizhi.charters.deciding import DECIDING, VoteParams
from weizhi.decisions.choices import Option, Paper, yes_no
from weizhi.decisions.kinds.closing import Box
from weizhi.decisions.opening import open_vote
from weizhi.decisions.texts import text_of
from weizhi.matters.models import Step as StepRow
from weizhi.matters.scene import Scene


class VoteKind(Box):
    spec = DECIDING["vote"]

    def opened(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        params: VoteParams = step.parsed(self.spec)
        open_vote(
            scene, row, electorate=params.electorate, paper=paper_of(params), rule=params.rule,
            brief={
                "question": params.question or step.title or scene.matter.title,
                "text": params.text or text_of(scene, params.about), "shows": "turnout",
            },
            revote=params.revote,
        )  # fmt: skip


def paper_of(params: VoteParams) -> Paper:
    """The ballot paper that the charter's words make."""
    if params.form == "yes-no":
        return yes_no()
    options = tuple(Option(str(n), title) for n, title in enumerate(params.choices, 1))
    return Paper(params.form, options, len(options) if params.form == "ranking" else 1)
