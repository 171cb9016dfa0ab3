"""What a vote publishes and prints, at its addresses: who gets it, and what stands in it."""

import json
from typing import Any
from uuid import uuid4

from django.urls import reverse

from weizhi.decisions import recount
from weizhi.decisions.tests.voted import lift
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter


def test_the_published_file_is_recounted_by_the_program_beside_it(stage: Stage, enter: Enter, client: Any) -> None:
    vote = lift(stage).count().vote
    answer = enter("lin").get(reverse("portal:vote-published", args=[vote.pk]))
    file = json.loads(b"".join(answer.streaming_content))
    program: dict[str, Any] = {"__name__": "recount"}
    source = client.get(reverse("portal:vote-recount"))  # not signed in
    assert source.status_code == 200
    exec(compile(source.content, "recount.py", "exec"), program)
    assert list(program["recount"](file, vote.root)) == list(recount.recount(file, vote.root))


def test_who_is_not_on_a_named_roll_gets_no_file_and_an_outsider_no_vote(stage: Stage, enter: Enter) -> None:
    vote = lift(stage).count().vote
    address = reverse("portal:vote-published", args=[vote.pk])
    assert enter("guo").get(address).status_code == 404
    assert enter("lin").get(reverse("portal:vote-published", args=[uuid4()])).status_code == 404
    assert enter("chen").get(address).status_code in (403, 404)


def test_before_the_count_there_is_no_file(stage: Stage, enter: Enter) -> None:
    vote = lift(stage).vote
    assert enter("lin").get(reverse("portal:vote-published", args=[vote.pk])).status_code == 409
