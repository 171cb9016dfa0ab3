from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.record.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 70)

# The eight inputs and roots that Certificate Transparency implementations test themselves with.
KNOWN_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(index).encode()) for index in range(size)]


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


def test_known_roots() -> None:
    hashes = [leaf_hash(bytes.fromhex(data)) for data in KNOWN_INPUTS]
    for size, root in KNOWN_ROOTS.items():
        assert root_of(hashes[:size]).hex() == root


def test_growing_root_is_the_defined_one() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT
    for size in range(1, 130):
        frontier.append(leaves(size)[-1])
        assert frontier.root() == by_definition(leaves(size))
        assert frontier.size == size


@given(SIZES, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    hashes, index = leaves(size), data.draw(st.integers(0, size - 1))
    root, path = root_of(hashes), inclusion_proof(index, hashes)
    assert verify_inclusion(hashes[index], index, size, path, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, path, root)
    assert not verify_inclusion(hashes[index], index, size, [*path, root], root)
    if path:
        assert not verify_inclusion(hashes[index], index, size, path[:-1], root)
    other = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(hashes[index], other, size, path, root) is (other == index)


@given(SIZES, st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    hashes, old_size = leaves(size), data.draw(st.integers(1, size))
    old_root, root = root_of(hashes[:old_size]), root_of(hashes)
    path = consistency_proof(old_size, hashes)
    assert verify_consistency(old_size, size, old_root, root, path)
    changed = data.draw(st.integers(0, old_size - 1))
    forged = [*hashes[:changed], leaf_hash(b"forged"), *hashes[changed + 1 :]]
    assert not verify_consistency(old_size, size, old_root, root_of(forged), consistency_proof(old_size, forged))
    assert not verify_consistency(old_size, size, root_of(forged[:old_size]), root, path)


def test_proofs_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(3, leaves(3))
    with pytest.raises(ValueError, match="no log"):
        consistency_proof(0, leaves(3))
    assert not verify_inclusion(leaves(1)[0], 0, 0, [], EMPTY_ROOT)
    assert not verify_consistency(0, 3, EMPTY_ROOT, root_of(leaves(3)), [])
