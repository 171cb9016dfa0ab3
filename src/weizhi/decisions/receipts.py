"""Receipts: what a voter keeps, and how an altered, added, moved or missing envelope is found by it.

A receipt is SHA-256 over the vote, the entitlement, the voice, how it came in, and the sealed envelope: it says that
this envelope is in the box and nothing of what it says. It is signed by a keyed hash with the installation's key file,
so that whoever holds only the database can add none; what nobody signed is not counted.
"""

import hashlib
import hmac
import json
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from weizhi.people.vault import keyring
from weizhi.record.canonical import instant
from weizhi.secrets.keyring import Keyring

_PURPOSE = b"weizhi-receipt-1\x00"
_id = lru_cache(maxsize=64)(str)  # of a vote: that of an envelope is asked for once
_text = json.JSONEncoder(ensure_ascii=False).encode
GROUP = 4
SHOWN = 20


class Inside(Protocol):
    """An envelope, as far as its receipt speaks of it."""

    @property
    def vote_id(self) -> UUID: ...
    @property
    def entitlement_id(self) -> UUID: ...
    @property
    def voice(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def signed(self) -> bool: ...
    @property
    def cast_at(self) -> datetime: ...
    @property
    def cast_by_id(self) -> UUID: ...
    @property
    def recorded_by_id(self) -> UUID | None: ...
    @property
    def evidence(self) -> str: ...


def bound(envelope: Inside) -> bytes:
    """What an envelope is for and how it came in; sealed with it and part of its receipt, so that neither is edited."""
    e = envelope  # as `canonical` writes the list of them; in one line, since a count asks it of each envelope
    recorded = f'"{e.recorded_by_id}"' if e.recorded_by_id else "null"
    return (
        f'["{_id(e.vote_id)}","{e.entitlement_id}",{_text(e.voice)},{_text(e.channel)},{int(e.rank)},'
        f'{"true" if e.signed else "false"},"{instant(e.cast_at)}","{e.cast_by_id}",{recorded},{_text(e.evidence)}]'
    ).encode()


def receipt_hash(sealed: bytes, envelope: bytes) -> str:
    """`envelope`: what `bound` says of it."""
    return hashlib.sha256(_PURPOSE + envelope + b"\x00" + sealed).hexdigest()


def signed(hash_: str, keys: Keyring | None = None) -> bytes:
    """The installation's mark on a receipt that it gave out. `keys` for whoever asks of many."""
    return bytes.fromhex((keys or keyring()).blind(hash_, "decisions.Receipt"))


def is_ours(hash_: str, signature: bytes, keys: Keyring | None = None) -> bool:
    return hmac.compare_digest(signed(hash_, keys), signature)


def shown(hash_: str) -> str:
    """A receipt as people read it: 3F2A-9C01-…, the first twenty characters."""
    text = hash_[:SHOWN].upper()
    return "-".join(text[n : n + GROUP] for n in range(0, SHOWN, GROUP))
