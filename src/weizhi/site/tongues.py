"""The sentences of the catalogues, each looked for once."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import trans_real

SENTENCES_AT_MOST = 8000  # of ours there are some three thousand


def remember_sentences() -> None:
    """A page says dozens. One that has no translation, as all do in Chinese, is looked for in four catalogues."""
    for code, _name in settings.LANGUAGES:
        catalogue = trans_real.translation(code)
        remembered = lru_cache(maxsize=SENTENCES_AT_MOST)(catalogue.gettext)
        catalogue.gettext = remembered  # type: ignore[method-assign]  # of this one alone
