"""Telephones that a community publishes: they stay readable where personal numbers are hidden.

A charter is read by everybody, so each number it names is public: `phone` of a body, or one in a hint. Short numbers
such as 12345 and 110 are never hidden, whatever the charter says (`methods.text.masking`).
"""

from functools import lru_cache

from weizhi.matters.pinned import charter_by_hash
from weizhi.methods.text.masking import mask

TELEPHONES = frozenset({"mobile", "landline"})


@lru_cache(maxsize=128)
def numbers_of(digest: str) -> frozenset[str]:
    """The telephones in the text of the charter kept under this hash."""
    text = charter_by_hash(digest).canonical()
    return frozenset(text[span.start : span.end] for span in mask(text).spans if span.kind in TELEPHONES)


def masked(text: str, digest: str) -> str:
    """`text` as others may read it in a matter of this charter."""
    return mask(text, numbers_of(digest)).text
