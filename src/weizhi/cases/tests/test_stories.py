"""Every story plays on the test's database, through the same doors, and everything it says holds."""

import pytest

from weizhi.cases import reading
from weizhi.cases.player import play


@pytest.fixture
def files(tmp_path, settings):
    settings.FILES = tmp_path / "files"


@pytest.mark.parametrize("name", reading.names())
def test_the_story_plays(name, db, files):
    played = play(reading.read(name))
    assert played.ok, "\n".join([*map(str, played.heard), *map(str, played.failures)])
    assert played.entries and played.checked


@pytest.mark.parametrize("name", reading.names())
def test_the_story_shows_refusals_and_is_named_as_its_file(name):
    found = reading.read(name)
    assert found.case.case.name == name
    refused = {act.refused for act in found.case.acts if act.refused}
    assert {"not-found", "not-yours"} <= refused, "an outsider, and somebody without the post, must be refused"
    assert refused & {"closed", "ended", "too-often"}, "what is closed must not close twice"
