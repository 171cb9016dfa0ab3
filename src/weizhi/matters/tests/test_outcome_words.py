"""Every outcome that the language itself fixes has words: nobody reads a key where a charter gave no title."""

import pytest

from weizhi.charters.deciding import DECIDING
from weizhi.charters.deliberating import DELIBERATING
from weizhi.matters.registry import kind_named
from weizhi.matters.sentences import OUTCOMES

FIXED = sorted(
    {(name, one) for specs in (DECIDING, DELIBERATING) for name, spec in specs.items() for one in spec.outcomes or ()}
)


@pytest.mark.parametrize(("kind", "outcome"), FIXED)
def test_a_fixed_outcome_has_words(kind, outcome):
    assert str(OUTCOMES[outcome]), kind


def test_those_of_generic_kinds_too():
    for kind in ("trial", "rate", "wait", "handle"):
        assert {*(kind_named(kind).spec.outcomes or ())} <= {*OUTCOMES}, kind
