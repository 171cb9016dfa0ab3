"""The other counts of the one-file recount: elections, sums shared out among projects, draws of lots.

`one_file.program` puts this file into recount.py where it is fetched, so that one file stays one file.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from weizhi.decisions.recount import CHECKS, COUNTS, OTHERS, Bound, Json, Vote, holds, same

# --- put in --------------------------------------------------------------------------------------------

DRAW = "weizhi-draw-1"
ATTEND = {"electors": "1/2", "households": "1/2", "deputies": "2/3"}  # 城市居民委员会组织法 19: more than these
STEPS_TRIED = 1500
FEN = 100


def votes_of(vote: Vote, ballots: Sequence[Sequence[str]]) -> dict[str, int]:
    return {key: sum(key in choice for choice in ballots) for key in vote.options}


# --- the papers of a secret vote -----------------------------------------------------------------------


def check_urn(vote: Vote) -> Iterator[str]:
    """Who handed in a paper against the papers that were found: two lists that share nothing but their length."""
    urn, states = vote.urn, Counter(row["state"] for row in vote.receipts)
    if urn is None:
        same(states["urn"], 0, "交了纸票的回执数")
        return
    holds(bool(vote.head["secret"]), "记名表决没有票箱。")
    same(states["urn"], 0 if vote.void else urn.get("lines", urn["marked"]), "交了纸票的回执数")
    speaks = urn["blank"] + urn["spoilt"] if vote.head["brief"]["form"] == "approve" else 0
    aside = urn["blank"] + urn["spoilt"] - speaks
    same(0 if vote.void else urn["found"] - aside, urn["counted"], "计入的纸票")
    holds(vote.void or states["aside"] >= aside, "不计入的回执比不计入的纸票少。")
    same(vote.result["channels"].get("paper", 0), urn["counted"], "渠道里的纸票数")
    yield (
        f"纸票：名册上记了 {urn['marked']:,} 位交纸票，票箱里读出 {urn['found']:,} 张"
        + (f"，其中空白 {urn['blank']:,}，作废 {urn['spoilt']:,}" if urn["blank"] or urn["spoilt"] else "")
        + (f"，少 {urn['marked'] - urn['found']:,} 张。" if urn["found"] < urn["marked"] else "。")
    )


# --- an election ---------------------------------------------------------------------------------------


def by_seats(vote: Vote) -> Iterator[str]:
    """Seats filled from candidates: who took part, who reached the share, ties as the rule says."""
    settings, rule, told = vote.head["rule"], vote.rule, vote.result
    seats, again, cast = settings["seats"], settings["round"] == "runoff", len(vote.ballots)
    valid = [choice for choice in vote.choices if choice and len(choice) <= seats]
    votes = votes_of(vote, valid)
    same(cast, told["cast"], "收回的选票")
    same(cast - len(valid), told["spoilt"], "无效的选票")
    same(seats, told["seats"], "应选名额")
    if not again:
        law = {"more_than": ATTEND[settings["mode"]]}
        attend = Bound.of((rule.get("participation") or [law])[0])
        met = attend.met(cast, len(vote.asked))
        yield f"参加：{cast:,} / {len(vote.asked):,}，要{attend.words}，" + ("达到。" if met else "没有达到。")
        if not met:
            same("no-quorum", vote.outcome, "结果")
            same([], told["elected"], "当选的人")
            return
    bound = (
        Bound.of(rule.get("runoff") or {"at_least": "1/3"})
        if again
        else Bound.of(rule.get("elected") or {"more_than": "1/2"})
    )
    ranked = sorted(vote.options, key=lambda key: (-votes[key], vote.options.index(key)))
    same([[key, votes[key]] for key in ranked], told["ranking"], "各候选人的得票")
    reached = [key for key in ranked if bound.met(votes[key], cast)]
    elected = seated(vote, reached, votes, seats)
    # a tie across the last seat leaves it empty where the rule says so, and somebody was elected
    vacant = seats - len(elected) if rule.get("tie") == "fewer-seats" and len(reached) > seats and elected else 0
    left = seats - len(elected) - vacant
    same(elected, told["elected"], "当选的人")
    same(vacant, told.get("vacant", 0), "空缺的名额")
    same(left, told["open_seats"], "还缺的名额")
    same(following(ranked, elected, votes, left), told["next"], "下一轮的候选人")
    same("short" if left else "elected", vote.outcome, "结果")
    yield "得票：" + "；".join(f"{vote.titles[key]} {votes[key]:,}" for key in ranked) + f"。当选要{bound.words}。"
    yield "当选：" + ("、".join(vote.titles[key] for key in elected) or "没有人") + "。"


def seated(vote: Vote, reached: list[str], votes: dict[str, int], seats: int) -> list[str]:
    """The best of those who reached the share; equal votes across the last seat are settled as the rule says."""
    if len(reached) <= seats:
        return reached
    last = votes[reached[seats - 1]]
    clear, tied = [key for key in reached if votes[key] > last], [key for key in reached if votes[key] == last]
    if len(tied) == seats - len(clear):
        return clear + tied
    if vote.rule.get("tie") != "lot":
        return clear
    return clear + sorted(tied, key=vote.head["rule"]["lot"].index)[: seats - len(clear)]


def following(ranked: list[str], elected: list[str], votes: dict[str, int], left: int) -> list[str]:
    rest = [key for key in ranked if key not in elected and votes[key]]
    if not left or not rest:
        return []
    last = votes[rest[min(left, len(rest) - 1)]]
    return [key for key in rest if votes[key] >= last]


# --- a sum shared out among projects -------------------------------------------------------------------


class Budget:
    """Projects with cost, supporters (voters of the same ballot together) and their place in a tie."""

    purses: list[Any]  # after the last count, and whether somebody was too poor for a price
    tight: bool

    def __init__(self, vote: Vote, gone: Sequence[str] = ()) -> None:
        self.terms = vote.head["rule"]["budget"]
        self.limit: int = self.terms["amount"]
        self.keys = [key for key in vote.options if key not in gone]
        cost = {str(row["key"]): row["cost"] for row in vote.head["brief"]["projects"]}
        self.costs = [cost[key] for key in self.keys]
        alike: dict[tuple[str, ...], int] = defaultdict(int)
        for choice in vote.choices:
            alike[tuple(sorted(key for key in choice if key not in gone))] += 1
        self.weights = list(alike.values())
        self.voters = len(vote.choices)
        self.backers = [[n for n, choice in enumerate(alike) if key in choice] for key in self.keys]
        self.votes = [sum(self.weights[n] for n in backers) for backers in self.backers]
        drawn = sorted(
            vote.options, key=lambda key: (hashlib.sha256(f"{self.terms['seed']}\n{key}".encode()).digest(), key)
        )
        same(drawn, self.terms["lot"], "平手时抽签的次序")
        ranked = sorted(range(len(self.keys)), key=lambda n: (self.costs[n], -self.votes[n], drawn.index(self.keys[n])))
        self.rank = [ranked.index(n) for n in range(len(self.keys))]
        self.by_cost = self.terms["utility"] == "cost"

    def greedy(self, taken: Sequence[int], by_cost: bool) -> list[int]:
        """One after another while the money lasts."""

        def key(n: int) -> tuple[int, Fraction, int]:
            if by_cost:
                return 1, Fraction(-self.votes[n]), self.rank[n]
            return (
                (1, Fraction(-self.votes[n], self.costs[n]), self.rank[n])
                if self.costs[n]
                else (0, Fraction(0), self.rank[n])
            )

        left, bought = self.limit - sum(self.costs[n] for n in taken), list(taken)
        for n in sorted(set(range(len(self.keys))) - set(taken), key=key):
            if self.votes[n] and self.costs[n] <= left:
                bought.append(n)
                left -= self.costs[n]
        return bought

    def price(self, n: int, purses: list[Any]) -> Any:
        """What each supporter pays, the poorer all they have; None where they cannot pay."""
        due, total = self.costs[n], self.votes[n]
        for group in sorted(self.backers[n], key=purses.__getitem__):
            if purses[group] * total >= due:
                return due / total if isinstance(purses[group], float) else Fraction(due) / total
            due, total = due - purses[group] * self.weights[group], total - self.weights[group]
        return None

    def equal_shares(self, each: Any) -> list[int]:
        """Everybody holds `each`; the project cheapest for its supporters first. Prices never fall."""
        purses, tight = [each] * len(self.weights), False
        wanted = [n for n in range(len(self.keys)) if self.votes[n]]
        bought = sorted((n for n in wanted if not self.costs[n]), key=self.rank.__getitem__)
        worth = [cost if self.by_cost else 1 for cost in self.costs]
        known: dict[int, Any] = {n: 0 for n in wanted if self.costs[n]}
        while known:
            best: tuple[Any, int, int, Any] | None = None
            for n in sorted(known, key=lambda n: known[n]):
                if best is not None and known[n] > best[0]:
                    break
                price = self.price(n, purses)
                if price is None:
                    del known[n]
                    continue
                known[n] = price / worth[n]
                if best is None or (known[n], self.rank[n]) < best[:2]:
                    best = known[n], self.rank[n], n, price
            if best is None:
                break
            n, price = best[2:]
            bought.append(n)
            del known[n]
            for group in self.backers[n]:
                tight |= purses[group] < price
                purses[group] -= min(purses[group], price)
        self.purses, self.tight = purses, tight
        return bought

    def missing(self, n: int) -> Fraction:
        """What a loser's supporters lack together after the last count."""
        return Fraction(self.costs[n]) - sum(self.purses[group] * self.weights[group] for group in self.backers[n])

    def over(self, bought: Sequence[int]) -> bool:
        return sum(self.costs[n] for n in bought) > self.limit

    def grown(self, steps: int) -> list[int]:
        """add1: a yuan more for everybody, again and again, until it would cost more than there is."""
        start = Fraction(self.limit, self.voters)
        stands = self.equal_shares(start + steps * FEN)
        holds(not self.over(stands), f"加到第 {steps} 步已经超过预算。")
        lost = [n for n, votes in enumerate(self.votes) if votes and n not in stands]
        if lost:
            # where nobody was short of money, nothing changes until a loser's supporters have its cost
            calm = min(self.missing(n) / (self.votes[n] * FEN) for n in lost).__ceil__()
            later = steps + (1 if self.tight else max(1, calm))
            after = self.equal_shares(start + later * FEN)
            holds(self.over(after), f"加到第 {steps} 步还没有加完，加到第 {later} 步也不超过预算。")
        for k in range(0, steps, max(1, steps // STEPS_TRIED)):
            # quickly with doubles; what seems too much is looked at again exactly
            if self.over(self.equal_shares(float(start + k * FEN))):
                holds(not self.over(self.equal_shares(start + k * FEN)), f"加到第 {k} 步就超过预算了，不该再加。")
        return stands


def by_shares(vote: Vote) -> Iterator[str]:
    """A budget: the same projects in the same order, for the same money."""
    told = vote.result["budget"]
    yield f"参加：{vote.result['present']['heads']:,} / {vote.result['roll']['heads']:,} 人。"
    rows = {row["key"]: row for row in told["projects"]}
    if vote.outcome == "no-quorum":
        holds(all(row["place"] is None for row in rows.values()), "参加的不够，却有项目选上了。")
        return
    gone = [key for key, row in rows.items() if row.get("gone")]
    budget = Budget(vote, gone)
    same(len(vote.ballots), told["voters"], "投票的人数")
    same(votes_of(vote, vote.choices), {key: rows[key]["votes"] for key in vote.options}, "各项目的票数")
    if gone:
        titles = "、".join(vote.titles[key] for key in gone)
        yield f"计票以前撤回或者结束、没有参加分钱：{titles}。请和这些事的记录对一遍。"
    method, completion = budget.terms["method"], budget.terms["completion"]
    if method == "phragmen":
        yield "选上的项目：按序贯法计票，这个程序不重算；可以用 pabutools 核对 published.pb。"
        return
    if not budget.voters:
        bought = []
    elif method != "mes":
        bought = budget.greedy([], method == "greedy")
    elif "add1" in completion:
        bought = budget.grown(told["steps"])
    else:
        bought = budget.equal_shares(Fraction(budget.limit, budget.voters))
    if "utilitarian" in completion and budget.voters:
        bought = budget.greedy(bought, budget.by_cost)
    won = sorted((row for row in rows.values() if row["place"] is not None), key=lambda row: row["place"])
    same([budget.keys[n] for n in bought], [row["key"] for row in won], "选上的项目和次序")
    spent = sum(budget.costs[n] for n in bought)
    same(
        [budget.limit, spent, budget.limit - spent],
        [told["amount"], told["spent"], told["left"]],
        "预算、用掉的、剩下的（分）",
    )
    titles = "、".join(vote.titles[budget.keys[n]] for n in bought)
    yield f"选上：{titles or '没有'}；共用 {spent / FEN:,.2f} 元，预算 {budget.limit / FEN:,.2f} 元。"


# --- draws of lots -------------------------------------------------------------------------------------


def ticket(seed: str, hashed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}\n{hashed}\n{name}".encode()).hexdigest()


def list_hash(people: Json) -> str:
    lines = sorted("\t".join([name, *groups]) for name, groups in people.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def redraw(file: Json) -> Iterator[str]:
    """A draw of lots: the list as it was published before the seed, and whom the seed draws from it."""
    people, seed, seats = file["list"], file["seed"], file["seats"]
    hashed = list_hash(people)
    same(hashed, file["list_hash"], "名单的指纹")
    yield f"名单：{len(people):,} 个，指纹 {hashed}。请和抽签以前公布的指纹对一遍。"
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(people, key=lambda one: ticket(seed, hashed, one)):
        groups["·".join(people[name]) or "全体"].append(name)
    order = sorted(groups, key=lambda group: ticket(seed, hashed, group))
    exact = {group: Fraction(len(groups[group]) * seats, len(people)) for group in sorted(groups)}
    given = {group: max(file["least"], share.__floor__()) for group, share in exact.items()}
    while sum(given.values()) > seats:
        rich = [group for group in given if given[group] > file["least"]]
        given[max(rich, key=lambda group: (given[group] - exact[group], -order.index(group)))] -= 1
    ranked = sorted(given, key=lambda group: (given[group] - exact[group], -len(groups[group]), order.index(group)))
    for group in ranked[: seats - sum(given.values())]:
        given[group] += 1
    same([name for group in given for name in groups[group][: given[group]]], file["drawn"], "抽中的")
    same([name for group in given for name in groups[group][given[group] :]], file["reserves"], "候补的次序")
    yield f"种子“{seed}”：抽出 {seats:,} 个，和公布的一样：{'、'.join(file['drawn'])}。"


CHECKS.append(check_urn)
COUNTS.update({"elect": by_seats, "budget": by_shares})
OTHERS[DRAW] = redraw
