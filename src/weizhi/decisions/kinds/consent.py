"""consent: everybody concerned agrees in writing, each by name; it ends as soon as what is asked for is reached."""

from weizhi.charters.deciding import DECIDING, ConsentParams
from weizhi.decisions.choices import yes_no
from weizhi.decisions.kinds.closing import Box
from weizhi.decisions.models import Vote
from weizhi.decisions.opening import open_vote
from weizhi.decisions.texts import text_of
from weizhi.matters.models import Step as StepRow
from weizhi.matters.scene import Scene

PASSED, FAILED = "passed", "failed"


class Consent(Box):
    spec = DECIDING["consent"]

    def opened(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        params: ConsentParams = step.parsed(self.spec)
        open_vote(
            scene, row, electorate=params.electorate, paper=yes_no(), rule=params.rule,
            brief={
                "question": step.title or scene.matter.title,
                "text": params.text or text_of(scene, params.about), "shows": "turnout",
            },
        )  # fmt: skip

    def outcome_of(self, vote: Vote) -> str:
        """Who did not answer did not consent: too few is a no."""
        return PASSED if vote.outcome == PASSED else FAILED
