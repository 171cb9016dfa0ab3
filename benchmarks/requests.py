"""Two people at the server at once, each on a connection that stays open: how long a request took, what it cost."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from benchmarks.processes import Server

CLIENTS = 2
ROUNDS = 5


@dataclass(frozen=True)
class Request:
    name: str
    method: str
    path: str
    body: Callable[[int], bytes] | None = None  # of a running number: each report is its own
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Cost:
    """Medians over the rounds: milliseconds of processor time a request, and the 95th percentile of its duration."""

    web: float
    database: float
    p95: float


def measure(server: Server, request: Request, times: int) -> Cost:
    numbers = count()
    round_of(server, request, max(10, times // 4), numbers)  # warm: templates compiled, pages of the database read
    rounds = [round_of(server, request, times, numbers) for _ in range(ROUNDS)]
    return Cost(*(statistics.median(values) for values in zip(*rounds, strict=True)))


def round_of(server: Server, request: Request, times: int, numbers: "count[int]") -> tuple[float, float, float]:
    durations: list[float] = []
    wrong: list[str] = []
    before = server.spent()
    threads = [
        threading.Thread(target=one_client, args=(server.port, request, times // CLIENTS, numbers, durations, wrong))
        for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = server.spent() - before
    if wrong:
        raise SystemExit(f"{request.name}: {wrong[0]}")
    done = len(durations)
    p95 = statistics.quantiles(durations, n=20)[-1]
    return spent.web / done * 1000, spent.database / done * 1000, p95 * 1000


def one_client(
    port: int, request: Request, times: int, numbers: "count[int]", durations: list[float], wrong: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        body = request.body(next(numbers)) if request.body else None
        start = time.perf_counter()
        connection.request(request.method, request.path, body, dict(request.headers))
        answer = connection.getresponse()
        content = answer.read()
        durations.append(time.perf_counter() - start)
        if answer.status not in request.expected:
            wrong.append(f"answered {answer.status}: {content[:300]!r}")
            return
    connection.close()
