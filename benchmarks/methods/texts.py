"""Near-duplicates and what a message costs: ``python -m benchmarks.methods.texts [recall|thresholds|cost]``.

The pairs stand in ``src/weizhi/methods/tests/data``, with how they were marked; ``WEIZHI_SHARED`` names the folder of
data with the messages. Precision counts a pair as the same if it was marked so or lies in one topic, all others as
different: those that nobody marked too, so the true precision is a little higher.
"""

import argparse
import json
import re
import statistics
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.methods.budgets import SHARED
from weizhi.methods.tests import marked
from weizhi.methods.text.duplicates import Known, likely_from, opening
from weizhi.methods.text.features import Message, weigh
from weizhi.methods.text.keywords import Category, Words
from weizhi.methods.text.learning import learn
from weizhi.methods.text.masking import mask
from weizhi.methods.text.suggestion import suggest
from weizhi.methods.text.three import suggest_size

LENGTHS = (20, 30, 40, 60, 80, 120, 220)
# What people call a place by; the candidates of the third simple method were found with it.
PLACE = re.compile(
    r"(?:[A-Z]\d*[市区县]|[市区县、，。（(和在对于的诉报请问询映])([一-鿿]{2,6}?(?:小区|新城|花园|公馆|家园|苑|城|府|广场|大道|路|街道|社区|村"
    r"|镇|学校|中学|小学|大学|学院|医院|公司|车站|公园|市场|湾|郡|园|里|国际|公寓|地铁站|湖|线))"
)
SEVEN = Path(marked.__file__).parents[1] / "text/tests/seven_classes.toml"


def recall(messages: Sequence[Message]) -> None:
    """Among how many nearest the other of a pair is; "without its like": others of one topic take no place."""
    known, by_key = Known(messages), {one.key: one for one in messages}
    same = marked.same_by_topic()
    print("| part | pairs | topics | recall@10 | @5 | @3 | @10 without its like | @10, mean of topics |")
    print("|---|---|---|---|---|---|---|---|")
    for name, parts in (("first", ("first",)), ("open", ("open",)), ("held", ("held",)), ("all", marked.POOLED)):
        asked = marked.asked(*parts)
        near = {key: [one.key for one in known.near(by_key[key], most=200)] for key in {one for one, _ in asked}}
        ranks = [near[one].index(other) + 1 if other in near[one] else 999 for one, other in asked]
        pairs = list(zip(asked, ranks, strict=True))
        alone = [rank - sum(key in same[one] for key in near[one][: rank - 1]) for (one, _other), rank in pairs]
        by_topic = defaultdict(list)
        for (one, _other), rank in pairs:
            by_topic[min(same[one] | {one}, key=int)].append(rank <= 10)
        told = [share(ranks, 10), share(ranks, 5), share(ranks, 3), share(alone, 10), mean_of_means(by_topic)]
        print(f"| {name} | {len(asked) // 2} | {len(by_topic)} | " + " | ".join(f"{one:.3f}" for one in told) + " |")


def share(ranks: Sequence[int], most: int) -> float:
    return sum(rank <= most for rank in ranks) / len(ranks)


def mean_of_means(groups: Mapping[str, list[bool]]) -> float:
    return statistics.mean(statistics.mean(group) for group in groups.values())


def thresholds(messages: Sequence[Message]) -> None:
    """For words of each length: the least cosine with a precision of a half, and what the product's number gives."""
    upper = np.triu_indices(len(messages), 1)
    same = table(messages, marked.same_by_topic())[upper]
    beside = table(messages, named_alike(messages))[upper]
    print("| where | characters | half are the same from | shown from | pairs shown | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for where, at, house in (("anywhere in a city", np.ones_like(same), False), ("one place named", beside, True)):
        for length in LENGTHS:
            cosine = cosines([f"{one.title.strip()}。{one.text.strip()}"[:length] for one in messages])[upper]
            half = next(least for least in np.arange(0, 1, 0.01) if same[at & (cosine >= least)].mean() >= 0.5)
            shown = at & (cosine >= likely_from(length, same_house=house))
            precision, found = same[shown].mean(), same[shown].sum() / same[at].sum()
            print(
                f"| {where} | {length} | {half:.2f} | {likely_from(length, same_house=house):.3f} | {shown.sum()} "
                f"| {precision:.2f} | {found:.2f} |"
            )


def table(messages: Sequence[Message], others: Mapping[str, set[str]]) -> Any:
    at = {one.key: place for place, one in enumerate(messages)}
    found = np.zeros((len(messages), len(messages)), dtype=bool)
    for key, like in others.items():
        found[at[key], [at[one] for one in like]] = True
    return found


def named_alike(messages: Sequence[Message]) -> dict[str, set[str]]:
    """For each message those whose beginning names a place that its own names."""
    naming: dict[str, set[str]] = defaultdict(set)
    for one in messages:
        for name in PLACE.findall("".join(f"{one.title}。{one.text}".split()).replace("_x000D_", "")[:200]):
            naming[name].add(one.key)
    found: dict[str, set[str]] = defaultdict(set)
    for keys in naming.values():
        for key in keys:
            found[key] |= keys - {key}
    return found


def cosines(words: Sequence[str]) -> Any:
    """As reports compare them: the first sentence is the title."""
    openings = [opening(Message("", re.split("[。！？\n]", one)[0][:30], one)) for one in words]
    rows = weigh(openings, at_least=1).matrix(openings)
    return (rows @ rows.T).toarray()


def cost(messages: Sequence[Message]) -> None:
    """CPU milliseconds a message: median of five rounds over all messages, one after another."""
    lines = (SHARED / "data/messages/labelled.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    seven = tomllib.loads(SEVEN.read_text("utf-8"))["categories"]
    words = Words(Category(key, row["title"], tuple(row["words"])) for key, row in seven.items())
    taught = [Message(str(row["id"]), row["title"], row["text"]) for row in rows]
    model = learn(taught, [row["label"] for row in rows], words=words)
    known = Known(messages)
    steps = {
        "classify": lambda one: (suggest(one, words, model), suggest_size(one.title, one.text)),
        "mask": lambda one: mask(f"{one.title}\n{one.text}"),
        "near-duplicates": lambda one: known.near(one),
    }
    for step in steps.values():
        step(messages[0])
    rounds = [dict(spent(messages, steps)) for _ in range(5)]
    print("| CPU ms a message | median of 5 |")
    print("|---|---|")
    for name in steps:
        print(f"| {name} | {statistics.median(one[name] for one in rounds):.2f} |")
    print(f"| together | {statistics.median(sum(one.values()) for one in rounds):.2f} |")


def spent(messages: Sequence[Message], steps: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, step in steps.items():
        start = time.process_time()
        for one in messages:
            step(one)
        yield name, (time.process_time() - start) * 1000 / len(messages)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", choices=("recall", "thresholds", "cost"))
    only = parser.parse_args().only
    given = marked.messages(SHARED)
    for name, run in (("recall", recall), ("thresholds", thresholds), ("cost", cost)):
        if only in (None, name):
            run(given)
            print()
