"""Sealed ballots: a choice is sealed to a key made when the vote opens, and read by nobody before it closes.

X25519, HKDF-SHA256, AES-256-GCM. What the envelope is for (the vote, the entitlement, whose voice) is authenticated
with it, so that an envelope cannot be moved. Every choice of a vote is padded to one length, since the length would
tell it. The sender's half is made once for a process and a vote and never stored; so opening costs one exchange for
each process that sealed, not one for each ballot.

An envelope: sender's public half (32 bytes) | nonce (12) | ciphertext and tag.
"""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES, NONCE_BYTES, STEP = 32, 12, 64
_PURPOSE = b"weizhi-ballot-1"


class Unreadable(Exception):
    """An envelope that was altered, moved, or sealed to another key."""


def new_key() -> tuple[bytes, bytes]:
    """Return a vote's private and public half."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def padded(choice: bytes, size: int) -> bytes:
    """Return the choice in exactly `size` bytes: its length (2 bytes), itself, zeros. Raises ValueError if too long."""
    if len(choice) + 2 > size:
        raise ValueError(f"the choice takes {len(choice)} bytes, envelopes of this vote hold {size - 2}")
    return len(choice).to_bytes(2) + choice + bytes(size - 2 - len(choice))


def size_for(longest: int) -> int:
    """Return the length of every padded choice where the longest has `longest` bytes."""
    return -(-(longest + 2) // STEP) * STEP


def seal(choice: bytes, size: int, public: bytes, bound: bytes) -> bytes:
    """Seal one choice to the vote's public half; `bound` says which envelope it is."""
    sender, cipher = _sender(public)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return sender + nonce + cipher.encrypt(nonce, padded(choice, size), bound)


class Opener:
    """Opens the envelopes of one vote; lives only while it is counted."""

    def __init__(self, private: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self._ciphers: dict[bytes, AESGCM] = {}

    def __repr__(self) -> str:
        return "Opener()"

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Return the choice. Raises Unreadable."""
        sender, nonce = sealed[:KEY_BYTES], sealed[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
        try:
            if sender not in self._ciphers:
                public = self._private.public_key().public_bytes_raw()
                shared = self._private.exchange(X25519PublicKey.from_public_bytes(sender))
                self._ciphers[sender] = AESGCM(_derived(shared, sender, public))
            plain = self._ciphers[sender].decrypt(nonce, sealed[KEY_BYTES + NONCE_BYTES :], bound)
        except (InvalidTag, ValueError) as broken:
            raise Unreadable("这张选票不能打开：它被改动过，或者被换了地方。") from broken
        return plain[2 : 2 + int.from_bytes(plain[:2])]


@lru_cache(maxsize=64)
def _sender(public: bytes) -> tuple[bytes, AESGCM]:
    mine = X25519PrivateKey.generate()
    half = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public))
    return half, AESGCM(_derived(shared, half, public))


def _derived(shared: bytes, sender: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_PURPOSE + sender + public).derive(shared)
