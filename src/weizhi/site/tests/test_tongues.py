"""A remembered sentence is said in the language of whoever asks."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import gettext, override, trans_real

from weizhi.site.tongues import remember_sentences


@pytest.fixture
def remembered() -> Iterator[None]:
    catalogues = [trans_real.translation(code) for code, _name in settings.LANGUAGES]
    remember_sentences()
    yield
    for catalogue in catalogues:
        del catalogue.gettext  # the instance's own; the class has it still


def test_each_language_remembers_its_own(remembered: None) -> None:
    for _again in range(2):
        with override("zh-hans"):
            assert gettext("中文") == "中文"
        with override("en"):
            assert gettext("中文") == "Chinese"
        assert gettext("没有人写过的一句") == "没有人写过的一句"
