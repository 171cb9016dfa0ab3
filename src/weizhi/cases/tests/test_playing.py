"""The player itself: a story that is not true fails, says where, and says what was found instead."""

import pytest

from weizhi.cases.player import Played, play
from weizhi.cases.reading import read_text
from weizhi.cases.tests.test_reading import GOOD


@pytest.fixture(autouse=True)
def files(db, tmp_path, settings):
    settings.FILES = tmp_path / "files"


def played(text: str) -> Played:
    return play(read_text(text, "lamp.toml"))


def test_what_is_true_passes():
    assert played(GOOD).ok


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ('stands_at = "sort"', "handle"),
        ('ended = "done"', "没有"),
        ('waits_for = { post = "grid-head" }', "body:property"),
        ('waits_for = { body = "property", due = "2026-03-09" }', "2026-03-10 23:59"),
        ('marks = ["done"]', "accepted"),
        ('sees = { lin = "not-found" }', "story of 2 sentences"),
        ('sees = { lin = "story of 9 sentences" }', "story of 2 sentences"),
        ("told = { lin = 5 }", "1"),
        ("entries = 7", "2"),
        ('verbs = ["raise"]', "raise、sort"),
    ],
)
def test_what_is_not_true_fails_with_its_line_and_what_was_found(asked, found):
    result = played(GOOD.replace('stands_at = "handle"', asked))
    assert result.failures[0].line == 22
    assert found in result.failures[0].found


def test_an_act_that_should_have_been_refused_fails():
    result = played(GOOD.replace('outcome = "ours"', 'outcome = "ours"\nrefused = "not-yours"'))
    assert [failure.line for failure in result.failures] == [16]


def test_an_act_that_was_refused_stops_the_story():
    result = played(GOOD.replace('by = "zhou"\nmatter', 'by = "lin"\nmatter'))
    assert len(result.failures) == 1 and "not-yours" in result.failures[0].found


def test_the_wrong_refusal_fails_too():
    result = played(GOOD.replace('by = "zhou"\nmatter = "lamp"', 'by = "lin"\nrefused = "closed"\nmatter = "lamp"'))
    assert "not-yours" in result.failures[0].found


def test_it_tells_what_happened_in_words():
    told = "\n".join(map(str, played(GOOD).heard))
    assert "林姨" in told and "小周（网格员）" in told and "[照片 1 张]" in told and "3月2日 周一 09:10" in told
