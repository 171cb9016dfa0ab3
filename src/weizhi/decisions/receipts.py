"""Receipts: what a voter keeps, and how an altered, added, moved or missing envelope is found by it.

A receipt is SHA-256 over the vote, the entitlement, the voice and the sealed envelope: it says that this envelope is
in the box and nothing of what it says. Its signature is by the installation's key file, so that whoever holds only
the database can add none.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from weizhi.decisions.models import Envelope, Receipt, Vote
from weizhi.people.vault import keyring

_PURPOSE = b"weizhi-receipt-1\x00"
GROUP = 4
SHOWN = 20


def bound(vote: UUID, entitlement: UUID, voice: str) -> bytes:
    """What an envelope is for; sealed with it and part of its receipt."""
    return f"{vote}|{entitlement}|{voice}".encode()


def receipt_hash(sealed: bytes, vote: UUID, entitlement: UUID, voice: str) -> str:
    return hashlib.sha256(_PURPOSE + bound(vote, entitlement, voice) + b"\x00" + sealed).hexdigest()


def signed(hash_: str) -> bytes:
    return keyring().sign(_PURPOSE + bytes.fromhex(hash_))


def shown(hash_: str) -> str:
    """A receipt as people read it: 3F2A-9C01-…, the first twenty characters."""
    text = hash_[:SHOWN].upper()
    return "-".join(text[n : n + GROUP] for n in range(0, SHOWN, GROUP))


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: a receipt, and what is wrong."""

    receipt: str
    what: str


def faults(vote: Vote, given_out: Collection[str] = ()) -> Iterator[Fault]:
    """Compare envelopes, receipts and the newest receipts that people hold. Yields nothing where all is well.

    Before the count every envelope must make its own receipt; afterwards the published root takes over.
    """
    listed = {row.hash: row for row in Receipt.objects.filter(vote=vote)}
    key = Ed25519PublicKey.from_public_bytes(keyring().public_key())
    for row in listed.values():
        try:
            key.verify(bytes(row.signature), _PURPOSE + bytes.fromhex(row.hash))
        except (InvalidSignature, ValueError):
            yield Fault(row.hash, "这张回执不是系统发出的")
    for hash_ in given_out:
        if hash_ not in listed:
            yield Fault(hash_, "发出去的回执不在名单里")
        elif listed[hash_].state == Receipt.State.REPLACED:
            yield Fault(hash_, "最后一张回执被标成了已代替")
    held: set[str] = set()
    for envelope in Envelope.objects.filter(vote=vote):
        held.add(envelope.receipt)
        if envelope.receipt not in listed:
            yield Fault(envelope.receipt, "票封没有回执")
        elif envelope.sealed is not None and envelope.receipt != receipt_hash(
            bytes(envelope.sealed), vote.pk, envelope.entitlement_id, envelope.voice
        ):
            yield Fault(envelope.receipt, "票封和它的回执对不上")
    for row in listed.values():
        if row.state != Receipt.State.REPLACED and row.hash not in held:
            yield Fault(row.hash, "有回执，没有票封")
