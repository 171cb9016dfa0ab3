"""The desk: one queue with its filters in the address, and from one matter of it to the next."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.done import Done
from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.queries.asked import Asked
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import hidden, matter_url, text

WORDS = ("三楼灯坏了", "门口垃圾没清", "水管爆了")


@pytest.fixture
def three(stage: Stage) -> list[Done]:
    return [stage.report(words=words) for words in WORDS]


def shown(client: Client, **asked: str) -> list[str]:
    page = client.get(reverse("portal:desk"), asked).content.decode()
    return [words for words in WORDS if words in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "垃圾"}, WORDS[1:2]),
        ({"q": "0003"}, WORDS[2:]),
        ({"step": "sort"}, WORDS),
        ({"step": "handle"}, ()),
        ({"view": "open", "step": "handle"}, WORDS[:1]),
        ({"view": "open", "hands": "property"}, WORDS[:1]),
        ({"view": "open", "hands": "grid-officer"}, WORDS[1:]),
        ({"view": "open", "hands": "raiser"}, ()),
        ({"view": "open", "category": "lighting"}, WORDS[:1]),
        ({"view": "open", "due": "late"}, WORDS),
        ({"view": "open", "due": "today"}, ()),
        ({"view": "open", "due": "late", "step": "sort"}, WORDS[1:]),
        ({"view": "open", "place": "xfl/g1"}, WORDS),
        ({"view": "open", "place": "xfl/g2"}, ()),
        ({"view": "open", "place": "xfl/e1/3"}, WORDS),
        ({"view": "open", "place": "xfl/square"}, ()),
    ],
)
def test_each_filter_stands_in_the_address(
    stage: Stage, enter: Enter, three: list[Done], asked: dict[str, str], found: tuple[str, ...]
) -> None:
    """The stage lies in the past: everything on it is late by now."""
    stage.act(three[0], "sort", "zhou", "ours", data={"category": "lighting"})
    waiting = [words for words in found if asked.get("view") == "open" or words != WORDS[0]]
    assert shown(enter("zhou"), **asked) == waiting


def test_an_address_is_short_and_comes_back_the_same() -> None:
    asked = Asked(view="open", step="sort", q="灯 泡", due="late", page=3)
    query = parse_qs(urlsplit(asked.url()).query)
    assert Asked.of({name: values[0] for name, values in query.items()}) == asked
    assert Asked.of_queue(asked.queue()) == Asked(view="open", step="sort", q="灯 泡", due="late")
    assert Asked().url() == reverse("portal:desk") and Asked.of_queue(Asked().queue()) == Asked()


@pytest.mark.parametrize("queue", ["", "page=99999&view=nothing", "%00&=&&", "q=" + "长" * 500, "due=never"])
def test_any_queue_leads_somewhere(stage: Stage, enter: Enter, three: list[Done], queue: str) -> None:
    assert enter("zhou").get(reverse("portal:desk-next"), {"queue": queue, "after": "x"}).status_code == 302


def test_after_an_act_the_next_of_the_list_opens(stage: Stage, enter: Enter, three: list[Done]) -> None:
    zhou, queue = enter("zhou"), "step=sort"
    order = list(Step.objects.open().order_by("due", "id").values_list("matter_id", flat=True))
    begin = zhou.get(reverse("portal:desk-next"), {"queue": queue})
    assert begin["Location"].startswith(matter_url(three[0]) + "?queue=")
    for n, done in enumerate(three):
        page = zhou.get(begin["Location"])
        assert done.matter_id == order[n]
        sent = {"verb": "sort", "step": hidden(page, "step"), "outcome": "ours", "key": str(uuid4())}
        answer = zhou.post(reverse("portal:act", args=[done.matter_id]), sent | {"queue": hidden(page, "queue")})
        begin = zhou.get(answer["Location"])
    assert begin["Location"].startswith(reverse("portal:desk") + "?step=sort")
    assert "这一批都办过了" in text(zhou.get(begin["Location"]))


def test_what_is_passed_over_comes_again_at_the_end(stage: Stage, enter: Enter, three: list[Done]) -> None:
    zhou = enter("zhou")
    seen = []
    where = zhou.get(reverse("portal:desk-next"))["Location"]
    for _ in range(4):
        seen.append(where.partition("?")[0])
        page = zhou.get(where).content.decode()
        skip = page.partition('data-key="n" href="')[2].partition('"')[0].replace("&amp;", "&")
        where = zhou.get(skip)["Location"]
    assert seen == [matter_url(done) for done in (*three, three[0])]


def test_the_next_page_says_what_was_done(stage: Stage, enter: Enter, three: list[Done]) -> None:
    page = enter("zhou").get(matter_url(three[1]), {"queue": "step=sort", "told": "next", "was": "1"})
    assert "0001 记下了。这是下一件。" in text(page)
    assert f'href="{reverse("portal:desk")}?step=sort"' in page.content.decode()


def test_following_costs_as_little_as_a_page(stage: Stage, enter: Enter, three: list[Done], query_budget) -> None:
    zhou, step = enter("zhou"), Step.objects.open().order_by("due", "id").first()
    assert step is not None and step.due < timezone.now()
    with query_budget(10):
        zhou.get(reverse("portal:desk-next"), {"queue": "step=sort&place=xfl/g1", "after": str(step.pk)})
    with query_budget(10):
        zhou.get(reverse("portal:desk"), {"view": "open", "place": "xfl/g1", "hands": "property", "due": "late"})
