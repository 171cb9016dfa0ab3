"""A key in two halves: each sealed to somebody's passphrase, and nobody opens anything alone.

The halves are chance and the key XOR chance: one of them says nothing of the key. A passphrase makes an X25519 key by
scrypt, whose public half alone is kept, so that a half can be sealed to somebody who is not there.
"""

import secrets
import unicodedata

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SALT_BYTES, KEY_BYTES = 16, 32
COST, BLOCK, LANES = 2**15, 8, 1  # 32 MB and about a tenth of a second a try


def split(key: bytes) -> tuple[bytes, bytes]:
    """Return two halves that make the key together."""
    one = secrets.token_bytes(len(key))
    return one, joined(one, key)


def joined(one: bytes, other: bytes) -> bytes:
    """Return what two halves make."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def new_salt() -> bytes:
    """Return a salt for one passphrase."""
    return secrets.token_bytes(SALT_BYTES)


def key_of(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the private and public half that a passphrase makes."""
    plain = unicodedata.normalize("NFKC", passphrase).strip().encode()
    private = Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=BLOCK, p=LANES).derive(plain)
    return private, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
