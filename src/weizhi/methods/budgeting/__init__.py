"""Participatory budgets (微实事): read a ballot file, count it by a stated rule, say why each project won or lost."""

from weizhi.methods.budgeting.counting import Rule, count
from weizhi.methods.budgeting.election import Ballots, Election, Project
from weizhi.methods.budgeting.outcome import Fate, Outcome, Payment, Purchase
from weizhi.methods.budgeting.pabulib import PabulibError, read, read_text
from weizhi.methods.budgeting.pabulib_writing import write_text
from weizhi.methods.budgeting.reasons import explain

__all__ = [
    "Ballots",
    "Election",
    "Fate",
    "Outcome",
    "PabulibError",
    "Payment",
    "Project",
    "Purchase",
    "Rule",
    "count",
    "explain",
    "read",
    "read_text",
    "write_text",
]
