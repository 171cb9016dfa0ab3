"""Dividing a community into grids (微网格): connected, within a range of households, compact, estates whole."""

from weizhi.methods.division.changing import insert, moved, revise
from weizhi.methods.division.dividing import Division, Effort, divide
from weizhi.methods.division.proofs import Impossible
from weizhi.methods.division.reading import read
from weizhi.methods.division.units import DivisionError, Range, Units

__all__ = [
    "Division",
    "DivisionError",
    "Effort",
    "Impossible",
    "Range",
    "Units",
    "divide",
    "insert",
    "moved",
    "read",
    "revise",
]
