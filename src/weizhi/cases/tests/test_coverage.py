"""docs/systems.md says what the stories prove, no more and no less."""

from weizhi.cases import coverage


def test_the_page_is_true():
    written = coverage.PAGE.read_text(encoding="utf-8")
    assert written == coverage.page(), "run `weizhi cases coverage`"


def test_every_row_stands_in_the_index():
    counts = {"A": 9, "B": 13, "C": 15, "D": 13, "E": 14, "F": 14}
    assert list(coverage.index().rows) == [f"{part}{n}" for part, last in counts.items() for n in range(1, last + 1)]


def test_what_is_missing_keeps_a_row_from_counting_as_done():
    row = coverage.Row(title="x", missing="half of it")
    assert coverage.Covered("A1", row, ()).state == coverage.OPEN
    assert coverage.Covered("A1", row, ("story",)).state == coverage.PARTLY
    assert coverage.Covered("A1", coverage.Row(title="x"), ("story",)).state == coverage.DONE
