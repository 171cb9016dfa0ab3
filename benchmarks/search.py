"""Search by two characters among 100,000 reports on both databases: ``python -m benchmarks.search``.

Reports are put together from sentences of real messages (``WEIZHI_SHARED`` names the folder of data), each of its own
words; asked are pairs of characters from any of them, so that common ones are asked as often as they occur. The time is
that of the first page, 25 matters, as a resident may see them; recall and precision are against a scan of all texts.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from benchmarks.__main__ import command, database

SHARED = Path(os.environ.get("WEIZHI_SHARED") or Path(__file__).resolve().parents[2] / "shared")
PAGE, CHECKED = 25, 60
KINDS = ("sqlite", "postgres")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main(matters: int, queries: int, kinds: Sequence[str]) -> None:
    print(f"| {matters:,} reports | median ms | 95 % ms | of it processor, median | recall | precision |")
    print("|---|---|---|---|---|---|", flush=True)
    for kind in kinds:
        with database(kind) as (environment, _postmaster):
            command(environment, sys.executable, "-m", "weizhi", "prepare")
            command(environment, sys.executable, "-m", "benchmarks.search", f"--fill={matters}", f"--queries={queries}")


def sentences() -> list[str]:
    lines = (SHARED / "data/messages/messages.jsonl").read_text("utf-8").splitlines()
    texts = "。".join(f"{row['title'].strip()}。{row['text']}" for row in map(json.loads, lines))
    return [one.strip() for one in re.split(r"[。！？；\n]", texts) if 4 <= len(one.strip()) <= 60]


def fill(count: int) -> dict[Any, str]:
    """Matters as raising leaves them, without their stories; returns the words of each."""
    from weizhi.matters.fields import WORDS
    from weizhi.matters.models import Matter
    from weizhi.matters.searching import remember
    from weizhi.people.models import CharterText
    from weizhi.places.models import Community, Place
    from weizhi.record.actions.append import Part
    from weizhi.record.leaves import new_salt
    from weizhi.record.models import Stream

    dice, said = random.Random(1), sentences()
    town = Community.objects.create(slug="town", name="镇")
    place = Place.objects.create(community=town, kind="community", code="town", name="镇", path="town")
    charter = CharterText.objects.create(hash="0" * 64, text="{}")
    known = {}
    for start in range(0, count, 2_000):
        streams, matters = [], []
        for n in range(start, min(start + 2_000, count)):
            words = "。".join(dice.sample(said, dice.randint(1, 4)))
            stream = Stream(community=town, kind="matter", head=1, salt=new_salt())
            at = NOW + timedelta(minutes=n)
            matter = Matter(
                stream=stream, community=town, kind="report", charter=charter, number=n + 1, title=words[:30],
                place=place, audience="town" if n % 10 else "-", top=stream, raised_at=at, changed_at=at,
            )  # fmt: skip
            remember(matter, [Part(WORDS, words)])
            streams.append(stream)
            matters.append(matter)
            if n % 10:  # one in ten is for its parties alone
                known[stream.pk] = f"{matter.title}\0{words}"
        Stream.objects.bulk_create(streams)
        Matter.objects.bulk_create(matters)
    return known


def measure(count: int, queries: int) -> None:
    from django.db import connection

    from weizhi.matters.searching import search, search_page
    from weizhi.people.access import Standing

    known = fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    who = Standing(None, frozenset({"status:resident@town"}), frozenset({"town"}))
    dice, texts = random.Random(2), list(known.values())
    asked = [pair_of(dice, texts) for _ in range(queries)]
    search_page(who, asked[0], 0, PAGE)
    wall, cpu = [], []
    for words in asked:
        start, used = time.perf_counter(), time.process_time()
        search_page(who, words, 0, PAGE)
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    told, true, hits = 0, 0, 0
    for words in asked[:CHECKED]:
        found = set(search(who, words).values_list("pk", flat=True))
        plain = {pk for pk, text in known.items() if words in text}
        told, true, hits = told + len(found), true + len(plain), hits + len(found & plain)
    print(
        f"| {connection.vendor} | {statistics.median(wall):.2f} | {sorted(wall)[int(len(wall) * 0.95)]:.2f} "
        f"| {statistics.median(cpu):.2f} | {hits / true:.6f} | {hits / told:.6f} |",
        flush=True,
    )


def pair_of(dice: random.Random, texts: list[str]) -> str:
    """Two Chinese characters side by side, from anywhere."""
    while True:
        text = dice.choice(texts)
        start = dice.randrange(len(text) - 1)
        if re.fullmatch("[一-鿿]{2}", text[start : start + 2]):
            return text[start : start + 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--on", choices=KINDS, help="one of the databases only")
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.fill:
        django.setup()
        measure(chosen.fill, chosen.queries)
    else:
        main(chosen.matters, chosen.queries, [chosen.on] if chosen.on else KINDS)
