"""Matching wishes with volunteers, and planning visits."""

from weizhi.methods.matching.pairing import Pairing, pair
from weizhi.methods.matching.visiting import Household, Tour, plan
from weizhi.methods.matching.wishes import UNMATCHED, MatchingError, Volunteer, Wish

__all__ = ["UNMATCHED", "Household", "MatchingError", "Pairing", "Tour", "Volunteer", "Wish", "pair", "plan"]
