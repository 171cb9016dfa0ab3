"""The step kinds of this room."""

from weizhi.deliberation.kinds.discuss import Discuss
from weizhi.deliberation.kinds.distance import Distance
from weizhi.deliberation.kinds.draft import Draft
from weizhi.deliberation.kinds.enact import Enact
from weizhi.deliberation.kinds.invite import Invite
from weizhi.deliberation.kinds.mediate import Mediate
from weizhi.deliberation.kinds.meet import Meet
from weizhi.deliberation.kinds.minutes import Minutes
from weizhi.deliberation.kinds.review import Review
from weizhi.deliberation.kinds.sit import Sit
from weizhi.deliberation.kinds.survey import SurveyKind
from weizhi.matters.registry import StepKind

DELIBERATION_KINDS: tuple[type[StepKind], ...] = (
    Draft,
    Enact,
    Invite,
    Mediate,
    Meet,
    Minutes,
    Review,
    Sit,
    SurveyKind,
    Discuss,
    Distance,
)
