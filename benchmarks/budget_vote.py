"""A budget vote as a town holds it: ``python -m benchmarks.budget_vote [--voters 3000] [--projects 40] [--look DIR]``.

Forty projects and three thousand residents: proposals, checks and ballots through their doors, some ballots through
the web server, one by a person in a real browser. Then the count by Equal Shares, the page of the result, and the
published file counted again.
"""

import argparse
import http.client
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from benchmarks.__main__ import command, database
from benchmarks.processes import Server, serving
from weizhi.tests.browser import chromium, context

if TYPE_CHECKING:
    from weizhi.decisions.tests.budgeted import Budgeted

BY_WEB: Final = 100
QUARTERS: Final = 4
APPROVE: Final = 5
SUM_YUAN: Final = 1_000_000
WORKS: Final = ("路灯", "坡道", "长椅", "晾衣架", "车棚", "健身器材", "花坛", "监控", "扶手", "宣传栏")
WHERE: Final = ("东门", "西门", "南院", "北院")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=3000)
    parser.add_argument("--projects", type=int, default=40)
    parser.add_argument("--look", type=Path, help="keep what the browser saw here")
    arguments = parser.parse_args()
    with database("sqlite") as (environment, _postmaster):
        environment.pop("WEIZHI_DEMO")
        command(environment, sys.executable, "-m", "weizhi", "prepare")
        os.environ.update(environment)
        os.environ.pop("WEIZHI_DEMO", None)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's thread runs an event loop; nothing here is async
        import django

        django.setup()
        with timed("proposals, checks, the roll"):
            here = opened(arguments.projects, arguments.voters)
        dice = random.Random(7)
        paper = {n: approved(n, arguments.projects, dice) for n in range(arguments.voters)}
        with serving(environment, None) as server:
            told(here, paper, server, arguments.look)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start, used = time.perf_counter(), time.process_time()
    yield
    print(f"{what:<44}{time.perf_counter() - start:7.1f} s  {time.process_time() - used:7.1f} s CPU here", flush=True)


def opened(projects: int, voters: int) -> "Budgeted":
    """The vote stands open now, by the clock of the machine: the web server has no other."""
    from weizhi.decisions.tests.budgeted import voting
    from weizhi.matters.tests.conftest import build
    from weizhi.record import clock

    stage = build()
    stage.now = clock.now() - timedelta(days=25, hours=1)
    names = [f"{WHERE[n % QUARTERS]}{WORKS[n // QUARTERS % len(WORKS)]}" for n in range(projects)]
    costs = {name: 15_000 + 7_500 * (n * 7 % 23) for n, name in enumerate(names)}
    return voting(stage, costs, SUM_YUAN, voters)


def approved(voter: int, projects: int, dice: random.Random) -> list[int]:
    """Most choose what lies before their own door; the first quarter has half of the people."""
    quarter = 0 if voter % 2 else 1 + voter // 2 % (QUARTERS - 1)
    near = [n for n in range(projects) if n % QUARTERS == quarter]
    chosen = dice.sample(near, min(dice.randint(2, 4), len(near)))
    return sorted({*chosen, dice.randrange(projects)})[:APPROVE]


def told(here: "Budgeted", paper: Mapping[int, list[int]], server: Server, look: Path | None) -> None:
    from weizhi.decisions.actions.cast import cast
    from weizhi.record import clock

    vote, names = here.vote, list(here.projects)
    keys = {n: [here.key(names[one]) for one in chosen] for n, chosen in paper.items()}
    last = len(paper) - 1
    by_web = list(range(min(BY_WEB, last // 3)))
    with timed(f"{len(by_web)} ballots through HTTP"):
        for n in by_web:
            by_http(server, here, n, keys[n])
    with timed(f"{last - len(by_web):,} ballots through the action's door"):
        for n in range(len(by_web), last):
            cast(vote.pk, keys[n], by=here.voters[n], at=clock.now())
    with chromium() as browser:
        by_hand(browser, server, here, last, keys[last], look)
        with timed("the count, and letting all projects go"):
            counted = here.count()
        result(browser, server, here, look)
    shared = counted.result["budget"]
    assert shared["voters"] == len(paper), (shared["voters"], len(paper))
    print(counted.result["page"])
    for row in [row for row in shared["projects"] if row["place"] is None][:3]:
        print(f"  {row['title']}：{row['plain']}")
    again(counted)


def again(vote: Any) -> None:
    """The published file, counted by the command."""
    from weizhi.decisions.pabulib import text_of
    from weizhi.methods.budgeting import Rule, count, read_text
    from weizhi.methods.budgeting.ties import draw_lot

    won = [row["key"] for row in vote.result["budget"]["projects"] if row["place"] is not None]
    election = read_text(text_of(vote))
    lot = tuple(draw_lot(election.ids, election.meta["lot"]))
    assert count(election, Rule("mes", "cost", "add1", ties="cost-votes-lot", lot=lot)).selected == won
    greedy = set(count(election, Rule("greedy", "cost", ties="cost-votes-lot", lot=lot)).selected)
    print(f"The file gives the same {len(won)} winners; {len(set(won) - greedy)} of them lose where most votes win.")
    with tempfile.TemporaryDirectory(prefix="weizhi-pb-") as folder:
        file = Path(folder) / "published.pb"
        file.write_text(text_of(vote), encoding="utf-8")
        asked = ("--rule", "mes", "--utility", "cost", "--completion", "add1")
        command(os.environ, sys.executable, "-m", "weizhi", "methods", "budget", str(file), *asked)


def session_of(here: "Budgeted", voter: int) -> str:
    """Signing in has tests of its own: here the session is handed over."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(here.voters[voter])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def by_http(server: Server, here: "Budgeted", voter: int, keys: list[str]) -> None:
    """Open the page, send its form."""
    address, cookie = f"/votes/{here.vote.pk}", f"sessionid={session_of(here, voter)}"
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    line.request("GET", address, headers={"Cookie": cookie})
    answer = line.getresponse()
    body = answer.read().decode()
    cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", [])]
    form = body[body.index("data-once") :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    data = urlencode([*hidden.items(), *(("choice", key) for key in keys)])
    headers = {
        "Cookie": "; ".join([cookie, *cookies]),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{server.port}",
    }
    line.request("POST", address, data, headers)
    sent = line.getresponse()
    sent.read()
    assert sent.status in (302, 303), (sent.status, voter)
    line.close()


def by_hand(browser: Any, server: Server, here: "Budgeted", voter: int, keys: list[str], look: Path | None) -> None:
    """A person ticks, sees the sum, sends, and has a receipt."""
    base = f"http://127.0.0.1:{server.port}"
    with context(browser, "phone", base) as opened_context:
        opened_context.add_cookies([{"name": "sessionid", "value": session_of(here, voter), "url": base}])
        page = opened_context.new_page()
        page.goto(f"/votes/{here.vote.pk}")
        for key in keys:
            page.locator(f'input[name=choice][value="{key}"]').check()
        assert f"选了 {len(keys)} 项" in page.locator(".running").inner_text()
        shot(page, look, "ballot")
        page.get_by_role("button", name="投票", exact=True).click()
        page.locator(".kept").wait_for()
        shot(page, look, "receipt")


def result(browser: Any, server: Server, here: "Budgeted", look: Path | None) -> None:
    base = f"http://127.0.0.1:{server.port}"
    for width in ("phone", "desk"):
        with context(browser, width, base) as opened_context:
            opened_context.add_cookies([{"name": "sessionid", "value": session_of(here, 0), "url": base}])
            page = opened_context.new_page()
            page.goto(f"/votes/{here.vote.pk}")
            assert "还差" in page.locator("section:has(#losers)").inner_text()
            shot(page, look, f"result-{width}")


def shot(page: Any, look: Path | None, name: str) -> None:
    if look is not None:
        look.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(look / f"{name}.png"), full_page=True)


if __name__ == "__main__":
    main()
