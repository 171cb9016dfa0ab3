"""Opinion maps (线上议事厅): groups of opinion, what speaks for each, and what unites them."""

from weizhi.methods.opinions.mapping import OpinionMap, draw
from weizhi.methods.opinions.reading import read
from weizhi.methods.opinions.votes import AGREE, DISAGREE, PASS, OpinionsError, Votes

__all__ = ["AGREE", "DISAGREE", "PASS", "OpinionMap", "OpinionsError", "Votes", "draw", "read"]
