"""How a sum is shared out among projects: from ballots to winners, and what each loser was short of. Pure.

Money is in fen. The count is that of `weizhi.methods.budgeting`, in yuan, so that the published file says the same;
it is loaded where a count begins, because no page needs numpy.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from weizhi.charters.words import yuan

if TYPE_CHECKING:
    from weizhi.methods.budgeting import Election, Fate, Outcome, Rule
    from weizhi.methods.budgeting.counting import Completion, Name
    from weizhi.methods.budgeting.greedy import Utility

FEN = 100
WITHDRAWN = "withdrawn"  # as a matter's end is called
METHODS: "Mapping[str, tuple[Name, Utility | None]]" = {
    "mes": ("mes", None),
    "greedy": ("greedy", "cost"),
    "greedy-per-cost": ("greedy", "cardinality"),
    "phragmen": ("phragmen", "cost"),
}
IN_WORDS = {
    "mes": "按均分法计票：每个投票的人手里有同样多的一份钱，选同一个项目的人一起凑，凑够的就选上。",
    "greedy": "按得票多少计票：票多的先选，预算装不下的跳过。",
    "greedy-per-cost": "按每一块钱得的票计票：同样的钱让更多人满意的先选，预算装不下的跳过。",
    "phragmen": "按序贯法计票：每个人的份额一点一点增加，支持者凑够了的先选上。",
}


@dataclass(frozen=True)
class Terms:
    """What was fixed before the first ballot: the sum, the method, the lot for ties. It stands in the vote's rule."""

    amount: int
    method: str = "mes"
    utility: "Utility" = "cost"
    completion: "Completion" = "add1"
    seed: str = ""
    lot: tuple[str, ...] = ()

    @classmethod
    def drawn(
        cls, amount: int, method: str, utility: "Utility", completion: "Completion", keys: Sequence[str], seed: str
    ) -> "Terms":
        """With the lot drawn from `seed`: anybody draws it again."""
        from weizhi.methods.budgeting.ties import draw_lot

        grows = "add1" in completion and method != "mes"
        return cls(amount, method, utility, "none" if grows else completion, seed, tuple(draw_lot(keys, seed)))

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Terms":
        return cls(
            row["amount"], row["method"], row["utility"], row["completion"], row["seed"], tuple(row["lot"])
        )  # fmt: skip

    def row(self) -> dict[str, Any]:
        return {
            "amount": self.amount, "method": self.method, "utility": self.utility, "completion": self.completion,
            "step": FEN, "ties": "cost-votes-lot", "seed": self.seed, "lot": list(self.lot),
        }  # fmt: skip

    @property
    def rule(self) -> "Rule":
        from weizhi.methods.budgeting import Rule

        name, utility = METHODS[self.method]
        return Rule(name, utility or self.utility, self.completion, ties="cost-votes-lot", lot=self.lot)


def election_of(
    projects: Sequence[Mapping[str, Any]], amount: int, choices: Iterable[Sequence[str]], meta: Mapping[str, str]
) -> "Election":
    """What is counted and published. projects: rows of the vote's brief, with key, title and cost."""
    from weizhi.methods.budgeting import Ballots, Election, Project

    number = {str(row["key"]): n for n, row in enumerate(projects)}
    listed = tuple(
        Project(str(row["key"]), Fraction(row["cost"], FEN), str(row["title"]), {"place": str(row.get("place", ""))})
        for row in projects
    )
    ballots = Ballots.of([[number[key] for key in choice] for choice in choices])
    return Election(listed, Fraction(amount, FEN), ballots, "approval", dict(meta))


def without(
    projects: Sequence[Mapping[str, Any]], terms: Terms, choices: Iterable[Sequence[str]], gone: Collection[str]
) -> tuple[list[Mapping[str, Any]], Terms, list[list[str]]]:
    """The same without the projects that were withdrawn: whoever chose them keeps his share for what else he chose."""
    left = [row for row in projects if str(row["key"]) not in gone]
    lot = tuple(key for key in terms.lot if key not in gone)
    return left, replace(terms, lot=lot), [[key for key in choice if key not in gone] for choice in choices]


def shared(
    projects: Sequence[Mapping[str, Any]],
    terms: Terms,
    choices: Sequence[Sequence[str]],
    gone: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Count, and say it: the sum, and each project in order (winners as they were chosen, losers by votes). `gone`:
    projects that ended while the vote stood open, and how they ended; they share in nothing."""
    gone = gone or {}
    left, still, kept = without(projects, terms, choices, gone)
    found = _counted(left, still, kept) if left else undecided(projects, terms, "") | {"voters": len(choices)}
    found["projects"] = [row for row in found["projects"] if row["key"] not in gone]
    for card in projects:
        if how := gone.get(str(card["key"])):
            votes = sum(card["key"] in choice for choice in choices)
            found["projects"].append(_gone(card, how, votes))
    return found


def _gone(card: Mapping[str, Any], how: str, votes: int) -> dict[str, Any]:
    why = f"没有参加分钱：计票以前{'已经撤回' if how == WITHDRAWN else '已经结束'}。"
    return {
        "key": str(card["key"]), "n": card["n"], "title": card["title"], "cost": card["cost"], "votes": votes,
        "place": None, "why": why, "plain": why, "had": 0, "missing": card["cost"], "gone": how,
    }  # fmt: skip


def _counted(projects: Sequence[Mapping[str, Any]], terms: Terms, choices: Sequence[Sequence[str]]) -> dict[str, Any]:
    from weizhi.methods.budgeting import count, explain

    election = election_of(projects, terms.amount, choices, {})
    outcome = count(election, terms.rule)
    told, cards = explain(outcome), {str(row["key"]): row for row in projects}
    rows = [_row(outcome, fate, cards[fate.id], told[fate.id]) for fate in outcome.fates]
    rows.sort(key=lambda row: (row["place"] or len(rows) + 1, -row["votes"], row["cost"], row["n"]))
    spent = _fen(outcome.cost)
    return {
        "amount": terms.amount, "spent": spent, "left": terms.amount - spent, "voters": election.voters,
        "method": terms.method, "utility": terms.utility, "completion": terms.completion,
        "share": _fen(outcome.endowment) if outcome.endowment is not None else None, "steps": outcome.steps,
        "projects": rows,
    }  # fmt: skip


def undecided(projects: Sequence[Mapping[str, Any]], terms: Terms, why: str) -> dict[str, Any]:
    """Nobody won, because too few took part."""
    rows = [
        {"key": row["key"], "n": row["n"], "title": row["title"], "cost": row["cost"], "votes": 0, "place": None,
         "why": why, "plain": why, "had": 0, "missing": row["cost"]}
        for row in projects
    ]  # fmt: skip
    return {"amount": terms.amount, "spent": 0, "left": terms.amount, "voters": 0, "method": terms.method,
            "utility": terms.utility, "completion": terms.completion, "share": None, "steps": 0,
            "projects": rows}  # fmt: skip


def _row(outcome: "Outcome", fate: "Fate", card: Mapping[str, Any], why: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": fate.id, "n": card["n"], "title": card["title"], "cost": card["cost"], "votes": fate.votes,
        "place": fate.purchase.place if fate.purchase else None, "why": why,
    }  # fmt: skip
    if fate.purchase is None:
        had = min(_fen(fate.had), int(card["cost"]))
        return row | {"had": had, "missing": int(card["cost"]) - had, "plain": _loser(fate, card, had)}
    bought = fate.purchase
    row |= {"had": card["cost"], "missing": 0, "in_full": bought.in_full, "with_rest": bought.with_rest,
            "rest": _fen(bought.rest)}  # fmt: skip
    if bought.price and outcome.rule == "mes":
        row |= {"each": _fen(bought.price), "effective": int(fate.cost / bought.price)}
    return row | {"plain": _winner(row)}


def _winner(row: Mapping[str, Any]) -> str:
    if not row.get("each"):
        return f"选上了：{row['votes']:,} 人选它，钱够。"
    each, votes = about(row["each"]), f"{row['votes']:,}"
    if not row["with_rest"]:
        return f"选上了：选它的 {votes} 人每人出{each}，凑够了。"
    rest = f"，另外 {row['with_rest']:,} 人把手里剩下的都凑上" if row["rest"] else ""
    return f"选上了：{votes} 人选它，其中 {row['in_full']:,} 人每人出{each}{rest}，凑够了。"


def _loser(fate: "Fate", card: Mapping[str, Any], had: int) -> str:
    """What was missing, in one sentence."""
    cost, short = int(card["cost"]), about(int(card["cost"]) - had)
    if fate.why == "unsupported":
        return "没有选上：没有人选它。"
    if fate.why == "too-dear":
        return f"没有选上：它要 {yuan(cost)}，比全部的钱还多{about(_fen(fate.missing))}。"
    if fate.why == "short":
        return f"没有选上，还差{short}：选它的 {fate.votes:,} 人手里一共还剩{about(had)}，它要 {yuan(cost)}。"
    if had >= cost:
        return f"没有选上：选它的 {fate.votes:,} 人凑够了钱，可是预算已经装不下它。"
    return f"没有选上，还差{short}：轮到它的时候只剩{about(had)}，它要 {yuan(cost)}。"


def page_of(found: Mapping[str, Any]) -> str:
    """The result in two sentences."""
    won = sum(row["place"] is not None for row in found["projects"])
    gone = sum(bool(row.get("gone")) for row in found["projects"])
    told = f"其中 {gone} 个在计票以前撤回或者结束，没有参加分钱。" if gone else ""
    return _told(found, won) + told


def _told(found: Mapping[str, Any], won: int) -> str:
    return (
        f"{found['voters']:,} 人投了票。预算 {yuan(found['amount'])}，{len(found['projects'])} 个项目里选上 {won} 个，"
        f"共用 {yuan(found['spent'])}，还剩 {yuan(found['left'])}。{IN_WORDS[found['method']]}"
    )


def about(fen: int) -> str:
    """Shares rarely come out even: whole yuan are what people compare. It stands behind a word and brings its space."""
    return f" {yuan(fen)}" if fen % FEN == 0 else f"约 {round(fen / FEN):,} 元"


def _fen(amount: Fraction) -> int:
    """Shares are exact fractions; what is shown of them is whole fen, never more than there is."""
    return int(amount * FEN)
