"""A vote that was counted before `Spoken` was a table: which envelope spoke for a line is carried over."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from weizhi.decisions.models import Envelope, Spoken
from weizhi.decisions.tests.homes import Estate, committed_estate

__all__ = ["committed_estate"]
BEFORE, AFTER = "0010_sixteen_digits", "0011_spoken"


def migrated(target: str | None = None) -> Any:
    """The models as they were at this migration; the newest where none is named."""
    executor = MigrationExecutor(connection)
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "decisions"]
    targets = [("decisions", target)] if target else leaves
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def as_before(committed_estate: Estate) -> Iterator[Any]:
    """A vote of three homes, one of two owners who agreed, as it lay in the database of that day."""
    committed_estate.home("1", "jia", "yi")
    committed_estate.homes(2, start=2)
    vote = committed_estate.open("ordinary")
    for who in ("jia", "yi", "o2"):
        committed_estate.cast(vote, who, "yes")
    yield migrated(BEFORE)
    migrated()


def test_which_envelope_spoke_for_a_line_is_carried_over(as_before: Any) -> None:
    rows = as_before.get_model("decisions", "Envelope").objects
    marked = [rows.filter(entitlement__label="1").order_by("pk").first().pk, rows.get(entitlement__label="2").pk]
    rows.filter(pk__in=marked).update(counted=True)
    migrated(AFTER)
    carried = Spoken.objects.values_list("envelope_id", "vote_id", "entitlement_id")
    wanted = Envelope.objects.filter(pk__in=marked).values_list("pk", "vote_id", "entitlement_id")
    assert sorted(carried) == sorted(wanted) and len(carried) == 2
    assert Envelope.objects.count() == 3, "the other owner's envelope is there, and spoke for nothing"
