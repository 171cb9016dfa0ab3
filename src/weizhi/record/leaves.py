"""What an entry is in the log: commitments to its parts, its stream and its minute; no word of it, no person.

The bytes are specified in docs/record-format.md; verify_record.py repeats them on purpose, from the document.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from .canonical import canonical
from .merkle import leaf_hash

FORMAT = "weizhi-record-1"
SALT_BYTES = 32
# Two parts that every entry has: what was done, and by whom. Words, fields and files are further parts.
ACT_PART, ACTOR_PART = "act", "actor"


def new_salt() -> bytes:
    """Return a salt that makes a commitment unguessable, also of a short or common value."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, value: object) -> bytes:
    """Commit to a value: nobody can guess it without the salt, nobody can change it under the same commitment."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(salt + canonical(value)).digest()


def act_salt(stream_salt: bytes, n: int) -> bytes:
    """Return the salt of an entry's act part: derived, because that part names nobody and is never erased alone."""
    return hmac.digest(stream_salt, canonical([ACT_PART, n]), "sha256")


def entry_leaf(
    *, community: UUID, stream: bytes, n: int, verb: str, at_minute: str, parts: Mapping[str, bytes]
) -> bytes:
    """Return the leaf hash of an entry from the commitments of its stream and of its parts."""
    named = [[name, parts[name].hex()] for name in sorted(parts)]
    return leaf_hash(canonical([FORMAT, str(community), stream.hex(), n, verb, at_minute, named]))
