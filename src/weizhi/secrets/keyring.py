"""One key file outside the database: AES-256-GCM for fields, HMAC for exact search, Ed25519 for roots.

Whoever copies the database without this file reads no sensitive field. Backup names the file and does not
hold it; losing it loses those fields, so it is kept apart, on paper or on a stick.

An encrypted field: version (1 byte) | length of the key id (1) | key id | nonce (12) | ciphertext and tag.
The key id and the row's identity (such as "people.Person:<uuid>:phone") are authenticated with it, so that a
value cannot be moved to another person or another field.
"""

import base64
import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "weizhi-keys-1"
VERSION = 1
NONCE_BYTES = 12


class KeyFileError(Exception):
    """The key file is missing, damaged or readable by others; the message says what to do."""


class DecryptionError(Exception):
    """A value was not encrypted with these keys for this row, or was altered."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation. The newest field key encrypts; all of them decrypt."""

    fields: Mapping[str, bytes]
    field_key_id: str
    blind_key: bytes
    signers: Mapping[str, bytes]
    signing_key_id: str

    def __repr__(self) -> str:
        """Name the keys without showing them: a traceback must not print them."""
        return f"Keyring(fields={sorted(self.fields)}, signers={sorted(self.signers)})"

    def encrypt(self, plaintext: str, identity: str) -> bytes:
        """Encrypt a value for one row and field."""
        key_id, nonce = self.field_key_id, secrets.token_bytes(NONCE_BYTES)
        head = bytes([VERSION, len(key_id)]) + key_id.encode()
        return head + nonce + AESGCM(self.fields[key_id]).encrypt(nonce, plaintext.encode(), _bound(head, identity))

    def decrypt(self, sealed: bytes, identity: str) -> str:
        """Return the value, if it was encrypted for this row and field and never altered."""
        sealed = bytes(sealed)
        key_id, start = _key_id(sealed)
        if key_id not in self.fields:
            raise DecryptionError(f"密钥文件里没有密钥“{key_id}”。请用备份的密钥文件。")
        head, nonce, body = sealed[:start], sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return AESGCM(self.fields[key_id]).decrypt(nonce, body, _bound(head, identity)).decode()
        except (InvalidTag, ValueError) as broken:
            raise DecryptionError("这一项不能解开：它被改动过，或者不属于这一行。") from broken

    def reencrypt(self, sealed: bytes, identity: str) -> bytes | None:
        """Return the value under the newest key, or None where it already is; the row's owner stores it."""
        if _key_id(bytes(sealed))[0] == self.field_key_id:
            return None
        return self.encrypt(self.decrypt(sealed, identity), identity)

    def blind(self, value: str, purpose: str) -> str:
        """Return what stands in an index for exact search: equal values of one purpose are equal, no more.

        Full-width digits and spaces are made the same first, since people type both.
        """
        plain = value.isascii() and value.isalnum()  # nothing to make the same but the case
        same = (value if plain else "".join(unicodedata.normalize("NFKC", value).split())).upper()
        return hmac.digest(self.blind_key, f"{purpose}\x00{same}".encode(), "sha256").hex()

    def sign(self, message: bytes) -> bytes:
        """Sign with the newest signing key."""
        return self._signer(self.signing_key_id).sign(message)

    def public_key(self, key_id: str | None = None) -> bytes:
        """Return the 32 bytes with which anybody checks a signature."""
        return self._signer(key_id or self.signing_key_id).public_key().public_bytes_raw()

    def rotated(self) -> "Keyring":
        """Return a keyring with a new field key and a new signing key; the old ones still read and verify.

        The blind key stays: changing it would need every plaintext at once.
        """
        field_id, signer_id = _next_id("f", self.fields), _next_id("s", self.signers)
        return Keyring(
            {**self.fields, field_id: secrets.token_bytes(32)},
            field_id,
            self.blind_key,
            {**self.signers, signer_id: secrets.token_bytes(32)},
            signer_id,
        )

    def fingerprint(self) -> str:
        """Names these keys without showing them: equal for the same blind key, whatever was rotated since."""
        return self.blind("weizhi", "fingerprint")[:16]

    def with_signers_of(self, other: "Keyring") -> tuple["Keyring", dict[str, str]]:
        """Also verify what another installation signed; returns its key ids as they are called here."""
        signers, names = dict(self.signers), {}
        for key_id, key in other.signers.items():
            known = next((name for name, ours in signers.items() if ours == key), None)
            names[key_id] = known or _next_id("s", signers)
            signers[names[key_id]] = key
        return Keyring(self.fields, self.field_key_id, self.blind_key, signers, self.signing_key_id), names

    def save(self, path: Path) -> None:
        """Replace the key file at once: a crash leaves the old one or the new one, never half of one."""
        draft = _write_beside(path, self)
        draft.replace(path)

    def _signer(self, key_id: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signers[key_id])


def open_keyring(path: Path) -> Keyring:
    """Return the keys of this file, which is made on first use, readable by its owner only."""
    if not path.exists():
        _create(path)
    return _read(path, path.stat().st_mtime_ns)


def new_keyring() -> Keyring:
    """Return fresh keys."""
    return Keyring(
        {"f1": secrets.token_bytes(32)}, "f1", secrets.token_bytes(32), {"s1": secrets.token_bytes(32)}, "s1"
    )


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Keyring:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"密钥文件 {path} 别人也能读。请先运行：chmod 600 {path}")
    try:
        return _from_json(json.loads(path.read_text()))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise KeyFileError(f"密钥文件 {path} 读不懂。请从另外保存的那一份恢复它，不要删掉重建。") from broken


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _write_beside(path, new_keyring())
    try:
        # A link, not a rename: of two processes that start at once the second must take the first one's keys.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write_beside(path: Path, keyring: Keyring) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(_to_json(keyring), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _to_json(keyring: Keyring) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "fields": {"current": keyring.field_key_id, "keys": _texts(keyring.fields)},
        "blind": base64.b64encode(keyring.blind_key).decode(),
        "signing": {"current": keyring.signing_key_id, "keys": _texts(keyring.signers)},
    }


def _from_json(data: dict[str, Any]) -> Keyring:
    if data["format"] != FORMAT:
        raise ValueError(data["format"])
    fields, signers = _keys(data["fields"]["keys"]), _keys(data["signing"]["keys"])
    field_key_id, signing_key_id = data["fields"]["current"], data["signing"]["current"]
    if field_key_id not in fields or signing_key_id not in signers:
        raise ValueError("a current key is missing")
    return Keyring(fields, field_key_id, _key(data["blind"]), signers, signing_key_id)


def _texts(keys: Mapping[str, bytes]) -> dict[str, str]:
    return {key_id: base64.b64encode(key).decode() for key_id, key in keys.items()}


def _keys(texts: dict[str, str]) -> dict[str, bytes]:
    return {key_id: _key(text) for key_id, text in texts.items()}


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key of the wrong length")
    return key


def _next_id(prefix: str, keys: Mapping[str, bytes]) -> str:
    return f"{prefix}{max(int(key_id[len(prefix) :]) for key_id in keys) + 1}"


def _key_id(sealed: bytes) -> tuple[str, int]:
    """Return the key id of an encrypted value and where its nonce starts."""
    if len(sealed) < 2 or sealed[0] != VERSION or len(sealed) < 2 + sealed[1] + NONCE_BYTES:
        raise DecryptionError("这一项不是加密的内容，或者被截断了。")
    start = 2 + sealed[1]
    return sealed[2:start].decode("ascii", "replace"), start


def _bound(head: bytes, identity: str) -> bytes:
    return head + b"\x00" + identity.encode()
