import hashlib
import json
from uuid import UUID

import pytest

from weizhi.record.leaves import act_salt, commitment, entry_leaf, new_salt

XFL = UUID("0197a000-0000-7000-8000-000000000001")


def test_leaf_as_the_document_writes_it() -> None:
    """Recomputed with hashlib and json alone: what docs/record-format.md promises to a stranger."""
    salt = bytes(range(32))
    words = hashlib.sha256(salt + '{"text":"灯坏了"}'.encode()).hexdigest()
    stream = hashlib.sha256(salt + b'"0197a000-0000-7000-8000-000000000002"').hexdigest()
    row = ["weizhi-record-1", str(XFL), stream, 1, "raise", "2026-03-06T02:15Z", [["act", "00" * 32], ["words", words]]]
    expected = hashlib.sha256(b"\x00" + json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    assert (
        entry_leaf(
            community=XFL,
            stream=commitment(salt, UUID("0197a000-0000-7000-8000-000000000002")),
            n=1,
            verb="raise",
            at_minute="2026-03-06T02:15Z",
            parts={"words": commitment(salt, {"text": "灯坏了"}), "act": bytes(32)},
        )
        == expected
    )


def test_same_words_under_another_salt_look_different() -> None:
    assert commitment(new_salt(), "是") != commitment(new_salt(), "是")
    assert act_salt(bytes(32), 1) != act_salt(bytes(32), 2) != act_salt(bytes([1] * 32), 2)


def test_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", "是")
