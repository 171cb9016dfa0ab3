"""Every method on invented input: ``python -m weizhi.methods.tests.same_again`` tells twice what comes out, as JSON.

Names stand in sets and frozensets wherever the methods take them, so that an order that leaks from hashing shows.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from weizhi.cli import main
from weizhi.methods import elections, sampling, thresholds
from weizhi.methods.budgeting import Rule, count, explain
from weizhi.methods.budgeting.pabulib_writing import write_text
from weizhi.methods.budgeting.tests.instances import election, small
from weizhi.methods.division import divide, insert, moved, revise
from weizhi.methods.elections import committee, scoring
from weizhi.methods.elections.apportionment import largest_remainder
from weizhi.methods.elections.sortition import draw
from weizhi.methods.elections.stv import stv
from weizhi.methods.matching import Household, pair, plan
from weizhi.methods.opinions import draw as draw_map
from weizhi.methods.owners import OwnersRule, Paper, Unit, owners_vote
from weizhi.methods.sampling import Stratum
from weizhi.methods.tests.test_division import LIMITS, lattice
from weizhi.methods.tests.test_matching import invented
from weizhi.methods.tests.test_opinions import camps, crowd
from weizhi.methods.text.duplicates import Known, topics
from weizhi.methods.text.keywords import Category, Words
from weizhi.methods.text.learning import learn
from weizhi.methods.text.masking import mask
from weizhi.methods.text.places import Gazetteer, homes
from weizhi.methods.text.search_text import search_query, search_text
from weizhi.methods.text.suggestion import suggest
from weizhi.methods.text.tests.messages import taught
from weizhi.methods.text.three import suggest_size

DAY = date(2026, 11, 21)
NAMES = {f"居民{n}" for n in range(60)}  # a set: the same names in another order in every process
WORDS = Words([Category("noise", "噪音", ("吵", "噪音")), Category("lift", "电梯", ("电梯",)), Category("x", "杂")])


def budgeting() -> Any:
    told: list[Any] = []
    for seed in range(25):
        costs, budget, rows = small(random.Random(seed))
        given = election(costs, budget, rows)
        for rule in (Rule("greedy"), Rule("phragmen"), Rule("mes", completion="add1-utilitarian")):
            found = count(given, rule)
            told.append((found.bought, list(explain(found).items()), [found.payments(p) for p in found.bought]))
        told.append(write_text(given))
    return told


def voting() -> Any:
    roll = [Unit(f"u{n}", f"o{n % 5}", 77 + n) for n in range(9)]
    bounds = thresholds.MORE_THAN_HALF, thresholds.TWO_THIRDS
    return (
        owners_vote(OwnersRule(9), roll, [Paper(f"u{n}", "yes" if n % 3 else "no") for n in range(8)]),
        [(bound.words, bound.least(61), bound.met(41, 61)) for bound in bounds],
    )


def electing() -> Any:
    candidates = ["林姨", "小周", "王主任", "陈经理", "赵律师"]
    dice = random.Random(3)
    papers = [set(dice.sample(candidates, dice.randint(0, 3))) for _ in range(90)]
    ranked = [dice.sample(candidates, 4) for _ in range(90)]
    given = [committee.Proxy(one, two) for one, two in zip(sorted(NAMES), sorted(NAMES)[1:], strict=False)]
    return (
        elections.__name__,
        committee.first_round(committee.CommitteeRule("electors", 3), 150, candidates, papers),
        committee.run_off(committee.CommitteeRule("electors", 2), candidates, papers),
        committee.proxies(committee.CommitteeRule("electors", 5), NAMES, set(candidates), given),
        scoring.bloc_approval(candidates, papers, 3),
        scoring.borda(candidates, ranked, 2),
        scoring.sntv(candidates, [one[0] for one in ranked], 2),
        stv(candidates, ranked, 3, lot=candidates),
    )


def lots() -> Any:
    people = {name: (f"{sum(map(ord, name)) % 3} 网格",) for name in NAMES}
    sizes = {"一网格": 310, "二网格": 290, "三网格": 150}
    return draw(people, 9, "7"), sampling.households(people, 9, "7"), largest_remainder(sizes, 20)


def sums() -> Any:
    strata = [Stratum(30, [1.0, 0.0, 1.0]), Stratum(20, [1.0, 1.0, 0.0])]
    ratings = {name: [len(name), sum(map(ord, name)) % 5, 3] for name in sorted(NAMES)}
    found = sampling.mean(strata), sampling.share(strata), sampling.wilson(8, 10, population=40)
    return sampling.split(1001, [1, 2, 4]), found, sampling.ranking(ratings)


def opinions() -> Any:
    told = []
    for votes in (camps(), crowd()):
        drawn = draw_map(votes, seed=2)
        after = drawn.with_vote(votes.participants[0], votes.statements[3], 1)
        both = [(one.label.tolist(), one.places.tolist(), one.uniting(12), one.spokesmen()) for one in (drawn, after)]
        told.append((both, drawn.grouping, [drawn.ask_next("newcomer", lot / 7) for lot in range(7)]))
    return told


def division() -> Any:
    before = after = divide(lattice(15, 11, [4, 9, 70, 7, 3], estates=True), LIMITS, seed=3, community="A")
    for n in range(12):
        near = list({f"b{n * 7}", f"b{n * 7 + 1}"})
        after = insert(after, f"new{n}", x=40.0 * n, y=20.0, households=8 + n, neighbours=near)
        after = revise(after, f"b{n * 5}", 31)
    return [(one.grid.tolist(), one.codes, one.impossible, one.dispersion()) for one in (before, after)], moved(
        before, after
    )


def matching() -> Any:
    exact, sparse = pair(*invented(5, 90, 80)), pair(*invented(5, 90, 80), small=0, near=3)
    return [(one.volunteer.tolist(), one.cost, one.bound, one.qualified.tolist()) for one in (exact, sparse)]


def visits() -> Any:
    homes_due = [
        Household(name, sum(map(ord, name)) * 37 % 101, len(name), "month", DAY - timedelta(days=len(name) * 9))
        for name in NAMES
    ]
    return plan(sorted(homes_due, key=lambda one: one.id), DAY, start=(1.0, 2.0))


def text() -> Any:
    messages, labels = taught(60)
    model = learn(messages, labels)
    said = "打我13800138000，3栋2单元301室电梯坏了，车牌粤BD12345，12345不用藏"
    return (
        [suggest(one, WORDS, model) for one in messages[:12]],
        model.to_bytes().hex(),
        [Known(messages).near(one) for one in messages[:12]],
        topics(messages),
        (mask(said), homes(said), suggest_size(said), Gazetteer({"幸福里": "xfl"}).named("幸福里门口")),
        (search_text("垃圾桶满了", "三天没人收"), search_query("垃圾 没人")),
    )


def commands() -> Any:
    """What the commands print as one object, without the seconds."""
    told = {}
    with tempfile.TemporaryDirectory() as folder:
        for words, content in COMMANDS.items():
            verb, name, *options = words.split()
            file = Path(folder) / name
            file.write_text(content, encoding="utf-8")
            out = StringIO()
            with redirect_stdout(out), redirect_stderr(StringIO()):
                assert main(["methods", verb, str(file), *options, "--json"]) == 0, words
            told[words] = {key: value for key, value in json.loads(out.getvalue()).items() if key != "seconds"}
    return told


UNITS = "\n".join(["id,x_m,y_m,households", *(f"b{n},{n % 8 * 40},{n // 8 * 40},{9 + n % 5}" for n in range(64))])
WISH = {"x": 0, "y": 0, "skill": "灯", "times": ["周六", "周日"]}
HELPER = {"x": 9, "y": 1, "skills": ["灯", "电"], "times": ["周日"]}
HOMES = [{"id": f"h{n}", "x": n * 37 % 50, "y": n * 17 % 40, "every": "week", "last": None} for n in range(9)]
MESSAGES = "\n".join(json.dumps({"id": one.key, "title": one.title, "text": one.text}) for one in taught(30)[0])
COMMANDS = {
    "budget b.pb --explain --completion add1": write_text(election([5, 9, 4], 14, [[0, 1], [1], [2], [0, 2]])),
    "opinions votes.csv": "\n".join(
        ["participant," + ",".join(map(str, range(9)))]
        + [f"{n}," + ",".join(str((n * s) % 3 - 1) for s in range(9)) for n in range(60)]
    ),
    "divide units.csv --min 60 --max 90": UNITS,
    "match pairs.json": json.dumps(
        {"wishes": [{"id": f"w{n}", **WISH} for n in range(3)], "volunteers": [{"id": f"v{n}", **HELPER} for n in "ab"]}
    ),
    "visits day.json": json.dumps({"day": "2026-11-21", "officers": [{"id": "小周", "households": HOMES}]}),
    "elect lots.json": json.dumps({"method": "draw", "seats": 3, "people": {name: [] for name in NAMES}, "seed": "7"}),
    "duplicates said.jsonl": MESSAGES,
    "topics said.jsonl": MESSAGES,
}
METHODS: dict[str, Callable[[], Any]] = {
    one.__name__: one
    for one in (budgeting, voting, electing, lots, sums, opinions, division, matching, visits, text, commands)
}

if __name__ == "__main__":
    print(json.dumps({name: [repr(method()), repr(method())] for name, method in METHODS.items()}))
    # the methods are pure: no framework comes with them
    assert "django" not in sys.modules, "weizhi.methods must not need Django"
