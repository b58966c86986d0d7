"""Heads and proofs as pymerkle makes them. It is GPL and no part of the product: an oracle for tests, from 7 on."""

import pytest
from pymerkle import InmemoryTree

from app.transparency import tree

LARGEST = 70
LEAVES = [tree.leaf_hash(f"entry {place}".encode()) for place in range(LARGEST)]


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    found = InmemoryTree(algorithm="sha256")
    for place in range(LARGEST):
        found.append_entry(f"entry {place}".encode())
    return found


def test_heads_and_inclusion_proofs_are_the_same(oracle: InmemoryTree) -> None:
    over = tree.range_of(LEAVES)
    for size in range(1, LARGEST + 1, 3):
        assert oracle.get_root(size) == tree.root(LEAVES[:size])
        for place in range(0, size, 5):
            theirs = oracle.prove_inclusion(place + 1, size).serialize()["path"]  # it begins with the leaf itself
            assert theirs[1:] == [step.hex() for step in tree.inclusion(place, size, over)]


def test_consistency_proofs_hold_between_its_heads(oracle: InmemoryTree) -> None:
    """Its own proofs name other nodes of the same trees, so that they aren't compared."""
    over = tree.range_of(LEAVES)
    for second in range(2, LARGEST + 1, 7):
        for first in range(1, second, 3):
            proof = tree.consistency(first, second, over)
            assert tree.is_consistent(first, second, oracle.get_root(first), oracle.get_root(second), proof)
