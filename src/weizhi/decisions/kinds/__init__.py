"""The step kinds of this room. A kind is one file: how its step opens, what people may do, how it closes."""

from weizhi.decisions.kinds.budget import Budget
from weizhi.decisions.kinds.consent import Consent
from weizhi.decisions.kinds.elect import Elect
from weizhi.decisions.kinds.nominate import Nominate
from weizhi.decisions.kinds.roll import RollKind
from weizhi.decisions.kinds.vote import VoteKind

DECISION_KINDS = (RollKind, VoteKind, Consent, Nominate, Elect, Budget)
