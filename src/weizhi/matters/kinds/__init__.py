"""The generic step kinds. A kind is one file: its data, what it does, and one sentence for each verb and audience."""

from weizhi.matters.kinds.appoint import Appoint
from weizhi.matters.kinds.assign import Assign
from weizhi.matters.kinds.check import Check
from weizhi.matters.kinds.fork import Fork
from weizhi.matters.kinds.handle import Handle
from weizhi.matters.kinds.intake import Intake
from weizhi.matters.kinds.keep import Keep
from weizhi.matters.kinds.notice import Notice
from weizhi.matters.kinds.open import Open
from weizhi.matters.kinds.pick import Pick
from weizhi.matters.kinds.publish import Publish
from weizhi.matters.kinds.raise_ import Raise
from weizhi.matters.kinds.rate import Rate
from weizhi.matters.kinds.route import Route
from weizhi.matters.kinds.sort import Sort
from weizhi.matters.kinds.support import Support
from weizhi.matters.kinds.trial import Trial
from weizhi.matters.kinds.wait import Wait

GENERIC_KINDS = (
    Raise, Sort, Route, Fork, Open, Assign, Handle, Check, Keep, Wait, Publish, Rate,
    Intake, Pick, Notice, Support, Appoint, Trial,
)  # fmt: skip
