#!/usr/bin/env python3
"""Count a vote again from its published file. 重新计票。

    python3 recount.py published.json
    python3 recount.py published.json --root 9f2c…              the root as printed on the notice board
    python3 recount.py published.json --receipt 3F2A-9C01-…     whether your receipt is among those that were counted

One file, standard library only, Python 3.9 or newer, no network: copy it, read it, run it anywhere. It shares no code
with the server that counted; what it computes is written down in docs/votes.md.
Exit: 0 everything agrees; 1 something does not (the first difference is named); 2 nothing could be checked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

FORMAT = "weizhi-vote-1"
YES, NO, ABSTAIN, FOLLOW = "yes", "no", "abstain", "follow"
SIDES = {YES: "同意", NO: "反对", ABSTAIN: "弃权"}
OUTCOMES = {"passed": "通过", "failed": "未通过", "no-quorum": "参加的不够，表决无效"}
STATES = {
    "counted": "已计入",
    "aside": "收到了，但不计入（原因见结果）",
    "replaced": "已被后来的一张代替",
    "urn": "交了纸票，和票箱里别的纸票混在一起计",
    "back": "是记错的纸票，两个人一起收回了",
}
UNITS = {"area": "平方米", "heads": "人", "households": "户", "seats": "席"}
RECEIPT_AT_LEAST, FEW = 8, 5
PARTS = ("participation", "approval")

Json = Any


class Different(Exception):
    """The first thing that does not agree."""


class Unusable(Exception):
    """What was given is no published vote at all."""


def same(found: Json, told: Json, what: str) -> None:
    if type(found) is not type(told) or found != told:
        raise Different(f"{what}：文件里写的是 {said(told)}，重新算出来是 {said(found)}。")


def holds(fact: bool, what: str) -> None:
    if not fact:
        raise Different(what)


def said(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


# --- bytes and tree (RFC 9162) -------------------------------------------------------------------------


def canonical(value: Json) -> bytes:
    """Canonical JSON: keys sorted by code point, no spaces, UTF-8, integers only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def read_json(text: str) -> Json:
    """Read JSON that means one thing only: no floats, no key twice."""

    def refuse(number: str) -> Json:
        raise ValueError("不是整数的数字 " + number)

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("同一个名字写了两次")
        return dict(pairs)

    return json.loads(text, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once)


def root_of(rows: Iterable[Json]) -> str:
    """The Merkle root over rows: leaves hash with 0x00 in front, nodes with 0x01."""
    peaks: list[bytes] = []
    for size, row in enumerate(rows):
        node, full = hashlib.sha256(b"\x00" + canonical(row)).digest(), size
        while full & 1:
            node = hashlib.sha256(b"\x01" + peaks.pop() + node).digest()
            full >>= 1
        peaks.append(node)
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    found = peaks.pop()
    while peaks:
        found = hashlib.sha256(b"\x01" + peaks.pop() + found).digest()
    return found.hex()


# --- what stands in the file ---------------------------------------------------------------------------


class Vote(NamedTuple):
    """A published file, taken apart."""

    head: dict[str, Json]
    receipts: list[dict[str, Json]]
    ballots: list[dict[str, Json]]
    outcome: str
    result: dict[str, Json]
    lines: list[dict[str, Json]]
    leaves: list[Json]
    root: str
    few: bool  # so few secret ballots that each would be somebody's: only their sums are published

    @property
    def urn(self) -> dict[str, Json] | None:
        """What is told of the papers of a secret vote, where some were handed in."""
        return self.result.get("urn")

    @property
    def void(self) -> bool:
        """More papers than voters: nothing counts."""
        return self.urn is not None and self.urn["found"] > self.urn["marked"]

    @property
    def options(self) -> list[str]:
        return [option["key"] for option in self.head["brief"]["options"]]

    @property
    def titles(self) -> dict[str, str]:
        return {option["key"]: option["title"] for option in self.head["brief"]["options"]}

    @property
    def choices(self) -> list[list[str]]:
        return [row["ballot"] for row in self.ballots]

    @property
    def rule(self) -> dict[str, Json]:
        return self.head["rule"].get("rule") or {}

    @property
    def asked(self) -> list[dict[str, Json]]:
        """The lines on which shares are counted: a deputy who declared an interest may leave them."""
        gone = set(self.result.get("declared", ())) if self.rule.get("declared") == "leaves" else set()
        return [line for line in self.lines if line["n"] not in gone]


def taken_apart(file: Json) -> Vote:
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise Unusable(f"这不是 {FORMAT} 格式的文件。请下载结果页上的“公布文件”。")
    holds(set(file) == {"format", "leaves", "lines", "root"}, "文件里多了或者少了东西。")
    leaves = file["leaves"]
    head, last = leaves[0], leaves[-1]
    receipts = [row for row in leaves[1:-1] if "receipt" in row]
    ballots = [row for row in leaves[1:-1] if "receipt" not in row]
    holds(leaves[1:-1] == receipts + ballots, "回执和选票的次序不对。")
    few = head["secret"] and not ballots and any(row["state"] == "counted" for row in receipts)
    return Vote(head, receipts, ballots, last["outcome"], last["result"], file["lines"], leaves, file["root"], few)


# --- the checks that every kind has --------------------------------------------------------------------


def check_roll(vote: Vote) -> Iterator[str]:
    roll, lines = vote.head["roll"], vote.lines
    same(len(lines), roll["size"], "名册行数")
    same(root_of(lines), roll["root"], "名册的根")
    numbers = [line["n"] for line in lines]
    holds(numbers == sorted(set(numbers)), "名册上有重复的行号。")
    same(len({line["head"] for line in lines}), roll["heads"], "名册人数")
    same(sum(line["area"] for line in lines), roll["area"], "名册面积")
    area = f"、{square(roll['area'])}" if roll["area"] else ""
    yield f"名册：{len(lines):,} 行，{roll['heads']:,} 人{area}，和开始投票时定下的名册一致。"


def check_root(vote: Vote, root: str | None) -> Iterator[str]:
    if root is not None and root.strip().lower() != vote.root:
        raise Different(f"根：公告上是 {root.strip().lower()}，文件里是 {vote.root}。这不是公告的那份结果。")
    same(root_of(vote.leaves), vote.root, "根")
    yield f"根：{vote.root}，由 {len(vote.leaves):,} 项重新算出，" + (
        "和公告上的一致。" if root else "和文件里的一致。再和公告上的对一遍，加 --root。"
    )


def check_receipts(vote: Vote) -> Iterator[str]:
    hashes = [row["receipt"] for row in vote.receipts]
    holds(hashes == sorted(set(hashes)), "回执名单里有重复的，或者次序不对。")
    states = Counter(row["state"] for row in vote.receipts)
    holds(set(states) <= set(STATES), "有一张回执不知道算到哪里去了。")
    same(len(hashes), vote.result["receipts"], "回执总数")
    holds(not vote.few or states["counted"] < FEW, "文件里没有选票。")
    same(states["counted"] if vote.few else len(vote.ballots), states["counted"], "计入的回执数和选票数")
    same(states["counted"], sum(vote.result["channels"].values()), "各渠道票数之和")
    urn = {} if vote.void else vote.urn or {}  # of one head with several homes each line is marked, and it is one paper
    handed_in = urn.get("lines", urn["marked"]) - urn["counted"] if urn else 0
    same(states["counted"] + handed_in, sum(row["cast"] for row in vote.result["grids"]), "各网格票数之和")
    same(len(vote.lines), sum(row["roll"] for row in vote.result["grids"]), "各网格名册之和")
    yield (
        f"回执：共发出 {len(hashes):,} 张，计入 {states['counted']:,} 张，不计入 {states['aside']:,} 张，"
        f"被后来的代替 {states['replaced']:,} 张" + ("。" if vote.few else "；计入的回执数等于选票数。")
    )


def check_declared(vote: Vote) -> Iterator[str]:
    """Deputies who sat out for an interest of theirs: on the roll, each a seat, and without a ballot."""
    declared = vote.result.get("declared", [])
    if not declared:
        return
    seats = {line["n"] for line in vote.lines if line["kind"] == "seat"}
    holds(set(declared) <= seats and len(set(declared)) == len(declared), "申报利害关系的人不在席位的名册上。")
    holds(not set(declared) & {row.get("n") for row in vote.ballots}, "有一张票是申报了利害关系的人投的。")
    base = "不算" if len(vote.asked) < len(vote.lines) else "仍算"
    yield f"回避：{len(declared)} 人申报了利害关系，没有计票，{base}在全体之内。是谁、为什么，看这件事的记录。"


def check_void(vote: Vote) -> Iterator[str]:
    """More papers than voters: nobody can tell which is too much, so none counts."""
    same(len(vote.ballots), 0, "选票数")
    holds(vote.outcome in ("no-quorum", "failed"), "纸票多于交纸票的人，却有结果。")
    yield "纸票多于名册上交纸票的人，这次投票无效，没有计票。"


def check_ballots(vote: Vote) -> Iterator[str]:
    brief, options = vote.head["brief"], set(vote.options)
    for row in vote.ballots:
        choice = row["ballot"]
        holds(len(set(choice)) == len(choice) and set(choice) <= options, f"有一张票写的不在选项里：{said(choice)}。")
        least = 0 if brief["form"] == "approve" else 1
        most = brief["at_most"] if brief["form"] in ("approve", "ranking") else 1
        holds(least <= len(choice) <= most, f"有一张票选的项数不对：{said(choice)}。")
    if vote.head["secret"]:
        holds(all(set(row) == {"ballot"} for row in vote.ballots), "无记名的票上写了别的东西。")
        holds(vote.choices == sorted(vote.choices), "选票的次序不对。")
        holds(len(vote.ballots) <= len(vote.lines), "选票比名册上的人多。")
        yield f"选票：{len(vote.ballots):,} 张，无记名，都在选项里，不比名册多。"
        return
    holds(all(set(row) == {"ballot", "n"} for row in vote.ballots), "记名的票上少了名册行号，或者写了别的东西。")
    numbers = [row["n"] for row in vote.ballots]
    holds(numbers == sorted(set(numbers)), "名册上有一行投了两次。")
    strangers = set(numbers) - {line["n"] for line in vote.lines}
    holds(not strangers, f"有一张票不在名册上：第 {min(strangers, default=0)} 行。")
    yield f"选票：{len(vote.ballots):,} 张，每张都在名册上，每一行最多一张。"


# --- yes or no, one of several, a ranking: heads and area ---------------------------------------------


class Line(NamedTuple):
    head: str
    area: int
    choice: tuple[str, ...]
    side: str = ""


def spoken(vote: Vote) -> tuple[list[tuple[str, int]], list[Line]]:
    """The electorate as (head, area), and what was said: whoever's parking is not counted is not in it."""
    how, rule = vote.head["rule"].get("how") or {}, vote.rule
    by_area = any(one.get("measure") == "area" for part in PARTS for one in rule.get(part, ()))
    lines = [line for line in vote.asked if line["kind"] != "parking" or how.get("parking")]
    if vote.head["secret"]:
        # no ballot has a line: each is one voter, and area is nothing that is counted
        said = [Line(str(n), 1, tuple(choice)) for n, choice in enumerate(vote.choices)]
        return [(line["head"], 1) for line in lines], said
    roll = {line["n"]: (line["head"], line["area"] if by_area else max(line["area"], 1)) for line in lines}
    holds(all(row["n"] in roll for row in vote.ballots), "有一张票是不计票的车位的。")
    return list(roll.values()), [Line(*roll[row["n"]], tuple(row["ballot"])) for row in vote.ballots]


def sums(rows: Sequence[Line], side: str) -> dict[str, int]:
    """Area of a side; its heads, where one who says different things for different homes abstains."""
    words: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        words[row.head].add(row.side)
    one_word = [next(iter(found)) if len(found) == 1 else ABSTAIN for found in words.values()]
    return {"area": sum(row.area for row in rows if row.side == side), "heads": one_word.count(side)}


def points_of(vote: Vote, rows: Sequence[Line]) -> list[tuple[str, int]]:
    """Options with their heads, or with their points of a ranking, best first. A head that says different things for
    its homes has said nothing here."""
    options = vote.options
    points = dict.fromkeys(options, 0)
    words: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        words[row.head].add(row.choice)
    for choice in (next(iter(found)) for found in words.values() if len(found) == 1):
        for place, key in enumerate(choice, 1):
            points[key] += len(options) - place if vote.head["brief"]["form"] == "ranking" else 1
    return sorted(points.items(), key=lambda row: (-row[1], options.index(row[0])))


def leading(ranking: Sequence[tuple[str, int]]) -> list[str]:
    """Who leads: one wins, several have tied, none got anything."""
    return [key for key, points in ranking if points == ranking[0][1] > 0]


def sided(vote: Vote, rows: Sequence[Line], winner: str) -> list[Line]:
    """Lines with their side: yes is the leading option where there are several."""
    if vote.head["brief"]["form"] != "yes-no":
        sides = {winner: YES, "": ABSTAIN}
        return [row._replace(side=sides.get(row.choice[0] if row.choice else "", NO)) for row in rows]
    firm = [row._replace(side=row.choice[0]) for row in rows if row.choice[0] != FOLLOW]
    yes, no, larger = sums(firm, YES), sums(firm, NO), ABSTAIN
    if (vote.head["rule"].get("how") or {}).get("follow"):  # with the majority, where both bases have the same
        larger = YES if all(yes[base] > no[base] for base in yes) else larger
        larger = NO if all(no[base] > yes[base] for base in no) else larger
    return firm + [row._replace(side=larger) for row in rows if row.choice[0] == FOLLOW]


def by_thresholds(vote: Vote) -> Iterator[str]:
    """A vote: the electorate, who took part, who agreed, against the rule that was fixed before it."""
    roll, rows = spoken(vote)
    form, ranking = vote.head["brief"]["form"], points_of(vote, rows)
    first = [YES] if form == "yes-no" else leading(ranking)
    winner = first[0] if len(first) == 1 else ""
    rows = sided(vote, rows, winner)
    whole = {"area": sum(area for _, area in roll), "heads": len({head for head, _ in roll})}
    total = {side: sums(rows, side) for side in SIDES}
    present = {"area": sum(row.area for row in rows), "heads": len({row.head for row in rows})}
    if vote.head["secret"] and whole["heads"] != len(roll):
        yield "人数：有人名下不止一处，无记名的票上没有是谁的，按人合并的数字从这份文件算不出来。"
        return
    same(whole, vote.result["roll"], "全体")
    same(present, vote.result["present"], "参加的")
    if form == "yes-no":
        same(total, vote.result["sides"], "同意、反对、弃权")
        yield "计票：" + "；".join(f"{SIDES[side]} {amounts(vote, one)}" for side, one in total.items()) + "。"
    else:
        same(by_option(vote, rows), vote.result["sides"], "各项票数")
        same([list(row) for row in ranking], vote.result["ranking"], "名次")
        yield "计票：" + "；".join(f"{vote.titles[key]} {points:,}" for key, points in ranking) + "。"
    same(winner, vote.result["winner"], "领先的一项")
    same(first if len(first) > 1 else [], vote.result["tied"], "并列的几项")
    yield from judged(vote, whole, present, total[YES])


def by_option(vote: Vote, rows: Sequence[Line]) -> dict[str, dict[str, int]]:
    """Area and heads of who chose an option (of a ranking: put it first); heads of one word alone."""
    words: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        words[row.head].add(row.choice[0])
    having = {key: [row for row in rows if row.choice[0] == key] for key in vote.options}
    return {
        key: {
            "area": sum(row.area for row in found),
            "heads": len({row.head for row in found if len(words[row.head]) == 1}),
        }
        for key, found in having.items()
    }


class Bound(NamedTuple):
    """At least (strict: more than) a share; 民法典 1259: 以上 includes the number, 超过 does not."""

    share: Fraction
    strict: bool

    @classmethod
    def of(cls, threshold: Json) -> Bound:
        return cls(Fraction(threshold.get("at_least") or threshold["more_than"]), "more_than" in threshold)

    def met(self, part: int, whole: int) -> bool:
        return whole > 0 and (part > whole * self.share if self.strict else part >= whole * self.share)

    def least(self, whole: int) -> int:
        wanted = whole * self.share
        return wanted.__floor__() + 1 if self.strict else wanted.__ceil__()

    @property
    def words(self) -> str:
        return ("超过 " if self.strict else "不少于 ") + f"{self.share.numerator}/{self.share.denominator}"


def judged(vote: Vote, whole: Json, present: Json, yes: Json) -> Iterator[str]:
    """Each threshold in exact fractions, and the outcome."""
    told, n, met = vote.result["checks"], 0, {"participation": True, "approval": True}
    for part, having, base in (("participation", present, "roll"), ("approval", yes, "participating")):
        for threshold in vote.rule.get(part, ()):
            holds(n < len(told), "结果里少了一条门槛。")
            met[part] &= check_one(
                told[n], threshold, having, whole if threshold.get("of", base) == "roll" else present
            )
            yield (
                f"门槛：{told[n]['name']} {told[n]['part']:,} / {told[n]['whole']:,}，要{Bound.of(threshold).words}，"
                + ("达到。" if told[n]["met"] else "没有达到。")
            )
            n += 1
    same(n, len(told), "门槛的条数")
    outcome = "no-quorum" if not met["participation"] else "passed" if met["approval"] else "failed"
    same(outcome, vote.outcome, "结果")


def check_one(told: Json, threshold: Json, part: Json, whole: Json) -> bool:
    """Compare one threshold of the result with what the rule asks; whether it is met."""
    bound, measure = Bound.of(threshold), threshold.get("measure") or "heads"
    base = "area" if measure == "area" else "heads"
    have, of = part[base], whole[base]
    met = bound.met(have, of)
    found = {
        "part": have, "whole": of, "needed": bound.least(of), "met": met, "unit": UNITS[measure],
        "missing": 0 if met else max(bound.least(of) - have, 0),
        "share": [bound.share.numerator, bound.share.denominator], "strict": bound.strict,
    }  # fmt: skip
    for key, value in found.items():
        same(value, told[key], f"“{told['name']}”的 {key}")
    return met


def square(area: int) -> str:
    """0.01 m² as square metres."""
    return f"{area // 100:,}" + (f".{area % 100:02d}" if area % 100 else "") + " 平方米"


def amounts(vote: Vote, one: dict[str, int]) -> str:
    return f"{one['heads']:,} 人" + (
        "" if vote.head["secret"] or not vote.head["roll"]["area"] else f"、{square(one['area'])}"
    )


# --- one file ------------------------------------------------------------------------------------------

COUNTS: dict[str, Callable[[Vote], Iterator[str]]] = {"vote": by_thresholds, "consent": by_thresholds}
CHECKS: list[Callable[[Vote], Iterator[str]]] = []  # of what not every vote has
OTHERS: dict[str, Callable[[Json], Iterator[str]]] = {}  # files of another format, such as a draw of lots
# here the other kinds are put in: recount_kinds.py


def recount(file: Json, root: str | None = None) -> Iterator[str]:
    """Yield what was checked, in words. Raises Different at the first difference."""
    try:
        if isinstance(file, dict) and file.get("format") in OTHERS:
            yield from OTHERS[file["format"]](file)
            return
        vote = taken_apart(file)
        count = COUNTS.get(vote.head["kind"])
        if count is None:
            raise Unusable(f"不认识这种投票（{vote.head['kind']}）。请下载新的 recount.py。")
        same(vote.head["format"], FORMAT, "格式")
        yield from check_roll(vote)
        yield from check_root(vote, root)
        yield from check_receipts(vote)
        yield from check_declared(vote)
        for check in CHECKS:
            yield from check(vote)
        yield from check_ballots(vote)
        if vote.void:
            yield from check_void(vote)
        elif vote.few:
            yield f"选票：不到 {FEW} 张，公布出来就知道是谁投的，所以只公布总数；总数是不是对，这份文件不能证明。"
        else:
            yield from count(vote)
        yield f"结果：{OUTCOMES.get(vote.outcome, vote.outcome)}。"
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError, RecursionError) as broken:
        raise Different(f"文件里缺了东西，或者写得不对（{type(broken).__name__}：{broken}）。") from None


def find_receipt(file: Json, code: str) -> str:
    """Where a receipt is among those published. Raises Different where it is not."""
    wanted = code.replace("-", "").replace(" ", "").lower()
    if len(wanted) < RECEIPT_AT_LEAST:
        raise Unusable(f"回执至少要写前 {RECEIPT_AT_LEAST} 位。")
    found = [row for row in taken_apart(file).receipts if row["receipt"].startswith(wanted)]
    holds(bool(found), f"回执 {code} 不在公布的名单里。请带着回执到居委会查，也可以向上级反映。")
    return "\n".join(
        f"您的回执 {row['receipt'][:20].upper()} 在名单里：{STATES.get(row['state'], '')}。" for row in found
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="公布的文件 published.json")
    parser.add_argument("--root", help="公告上的根，64 个字符")
    parser.add_argument("--receipt", help="您的回执")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, encoding="utf-8") as opened:
            file = read_json(opened.read())
        for line in recount(file, options.root):
            sys.stdout.write("✓ " + line + "\n")
        if options.receipt:
            sys.stdout.write("✓ " + find_receipt(file, options.receipt) + "\n")
    except Different as difference:
        sys.stdout.write(f"✗ 对不上。{difference}" + "\n")
        return 1
    except (Unusable, OSError, ValueError, RecursionError) as unusable:
        sys.stderr.write(f"没有办法核对：{unusable}" + "\n")
        return 2
    sys.stdout.write("全部对得上。" + "\n")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a console may speak another encoding
    sys.exit(main())
