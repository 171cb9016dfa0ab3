"""Draw the opinion map of a conversation, and redraw it after one more vote."""

from dataclasses import dataclass, replace

import numpy as np

from weizhi.methods.opinions.grouping import Grouping, best_grouping, regroup
from weizhi.methods.opinions.projecting import plane
from weizhi.methods.opinions.speaking import Spokesman, consensus, next_statement, priorities, spokesmen
from weizhi.methods.opinions.votes import Floats, Ints, Votes

ENOUGH_VOTES = 7  # of a participant, to stand on the map
FILLED_UP = 15  # the most active fill up to so many
LEAST_PEOPLE = 50
LEAST_SILHOUETTE = 0.2
ANEW = 0.01  # the number of groups is chosen again once this share of votes has come since


@dataclass(frozen=True)
class OpinionMap:
    """The map. ``label``: each participant's group, -1 for those with too few votes; all 0 where no groups are shown.

    ``why``: empty, or why no groups are shown (Chinese). ``consensus``: positions of statements, best first.
    """

    votes: Votes
    seed: int
    components: Floats
    means: Floats
    places: Floats
    active: Ints
    grouping: Grouping | None
    why: str
    label: Ints
    consensus_value: Floats
    consensus: Ints
    least_people: int
    drawn_with: int  # votes when the number of groups was last chosen

    @property
    def k(self) -> int:
        """How many groups are shown: 0 where there are too few to tell."""
        return self.grouping.k if self.grouping and not self.why else 0

    @property
    def sizes(self) -> list[int]:
        counted: list[int] = np.bincount(self.label[self.label >= 0], minlength=self.k).tolist()
        return counted if self.k else []

    def uniting(self, most: int = 5) -> list[str]:
        """Name the statements that unite all groups, best first."""
        return [self.votes.statements[n] for n in self.consensus[:most].tolist()]

    def spokesmen(self) -> list[list[Spokesman]]:
        """Return what speaks for each group; nothing where no groups are shown."""
        return spokesmen(self.votes, self.label, self.k) if self.k else []

    def ask_next(self, participant: str, lot: float) -> str | None:
        """Name the next statement to ask, None where all are answered; ``lot`` in [0, 1) decides."""
        people = self.votes.participants
        answered = np.zeros(len(self.votes.statements), dtype=np.bool_)
        if participant in people:
            answered[self.votes.columns[self.votes.rows == people.index(participant)]] = True
        found = next_statement(priorities(self.votes, self.label, self.components, self.means), answered, lot)
        return None if found is None else self.votes.statements[found]

    def with_vote(self, participant: str, statement: str, vote: int) -> "OpinionMap":
        """Redraw after one more vote: counts exactly, groups from where they stood.

        The number of groups and the silhouette are those of the last whole drawing, which is repeated as soon as
        the votes have grown by a hundredth or a statement is new.
        """
        votes = self.votes.with_vote(participant, statement, vote)
        grown = len(votes.rows) - self.drawn_with > ANEW * self.drawn_with
        if grown or len(votes.statements) != len(self.votes.statements) or self.grouping is None:
            return draw(votes, seed=self.seed, least_people=self.least_people)
        components, means, places = plane(votes, self.components)
        active = standing(votes)
        grouping = regroup(places[active], self.grouping)
        drawn = _finished(votes, self.seed, (components, means, places), active, grouping, self.least_people)
        return replace(drawn, drawn_with=self.drawn_with)


def standing(votes: Votes) -> Ints:
    """Who stands on the map: with min(7, statements) votes; if fewer than 15, the most active besides."""
    cast = votes.cast()
    enough = np.flatnonzero(cast >= min(ENOUGH_VOTES, len(votes.statements)))
    if len(enough) >= FILLED_UP:
        return enough
    most_active = np.argsort(-cast, kind="stable")[:FILLED_UP]
    return np.union1d(enough, most_active[cast[most_active] > 0])


def draw(votes: Votes, *, seed: int = 0, least_people: int = LEAST_PEOPLE) -> OpinionMap:
    """Draw the whole map. The same votes and seed give the same map.

    Source: Small, Bjorkegren, Erkkilä, Shaw, Megill (2021), Polis: scaling deliberation by mapping high-dimensional
    opinion spaces.
    """
    found = plane(votes)
    active = standing(votes)
    return _finished(votes, seed, found, active, best_grouping(found[2][active], seed), least_people)


def _finished(
    votes: Votes,
    seed: int,
    found: tuple[Floats, Floats, Floats],
    active: Ints,
    grouping: Grouping | None,
    least_people: int,
) -> OpinionMap:
    why = _too_few(len(active), grouping, least_people)
    label = np.full(len(votes.participants), -1, dtype=np.int64)
    groups = grouping.k if grouping and not why else 1
    label[active] = grouping.label if grouping and not why else 0
    value, order = consensus(votes, label, groups)
    return OpinionMap(votes, seed, *found, active, grouping, why, label, value, order, least_people, len(votes.rows))


def _too_few(people: int, grouping: Grouping | None, least_people: int) -> str:
    if people < least_people:
        return f"表态够多的只有 {people} 人，不到 {least_people} 人，人太少，分不出可靠的意见群；先看大家共同赞成的。"
    if grouping is None:
        return "大家的表态几乎一样，没有不同的意见群。"
    if grouping.silhouette < LEAST_SILHOUETTE:
        return (
            f"分得最清楚的一种分法，轮廓系数也只有 {grouping.silhouette:.2f}，低于 {LEAST_SILHOUETTE}："
            "意见是连成一片的，硬分成群会误导人。"
        )
    return ""
