"""Stories told through the forms of the pages, and nothing else, end as they end through the acts themselves."""

import pytest

from weizhi.cases import reading
from weizhi.cases.tests.by_page import play_by_page

UNLIKE = ["baibuting", "shangcheng", "qingshan-mediation", "cuizhuyuan", "cuizhuyuan-better"]


@pytest.mark.parametrize("name", UNLIKE)
def test_the_story_goes_through_the_pages(name, db, tmp_path, settings, monkeypatch):
    settings.FILES, settings.KEYS_FILE = tmp_path / "files", tmp_path / "keys.json"
    played, filled = play_by_page(reading.read(name), monkeypatch)
    assert played.ok, "\n".join([*map(str, played.heard), *map(str, played.failures)])
    done = sum(act.refused is None for act in reading.read(name).case.acts)
    assert filled == done, "every act that somebody does is done on a page"
