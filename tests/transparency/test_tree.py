"""The tree of RFC 9162 against its definition, word by word, for every size up to 130; and what must be refused."""

import hashlib
import random
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import pytest

from app.transparency import tree

LARGEST = 130
LEAVES = tuple(tree.leaf_hash(f"leaf {place}".encode()) for place in range(LARGEST))
KNOWN = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""Heads over the first of the eight leaves that logs of certificates are tried with since RFC 6962."""
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")


@cache
def defined(start: int, end: int) -> bytes:
    """MTH(D[start:end]) as §2.1.1 defines it."""
    if start == end:
        return hashlib.sha256().digest()
    if end - start == 1:
        return LEAVES[start]
    middle = start + _left(end - start)
    return hashlib.sha256(b"\x01" + defined(start, middle) + defined(middle, end)).digest()


def _left(size: int) -> int:
    return next(1 << power for power in range(10) if 1 << power < size <= 2 << power)


def path_of(place: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[n]) as §2.1.3.1 defines it."""
    if end - start == 1:
        return []
    middle = start + _left(end - start)
    if place < middle:
        return [*path_of(place, start, middle), defined(middle, end)]
    return [*path_of(place, middle, end), defined(start, middle)]


def subproof(first: int, start: int, end: int, is_whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) as §2.1.4.1 defines it."""
    if first == end:
        return [] if is_whole else [defined(start, end)]
    middle = start + _left(end - start)
    if first <= middle:
        return [*subproof(first, start, middle, is_whole), defined(middle, end)]
    return [*subproof(first, middle, end, False), defined(start, middle)]


@pytest.mark.parametrize(("size", "head"), KNOWN.items())
def test_known_heads(size: int, head: str) -> None:
    assert tree.root([tree.leaf_hash(bytes.fromhex(one)) for one in INPUTS[:size]]).hex() == head


def test_heads_and_ranges_are_as_defined() -> None:
    over = tree.range_of(LEAVES)
    for size in range(LARGEST + 1):
        assert tree.root(LEAVES[:size]) == defined(0, size)
    for size in range(1, LARGEST + 1):
        assert over(0, size) == defined(0, size)


def test_every_inclusion_proof_is_as_defined_and_holds() -> None:
    over = tree.range_of(LEAVES)
    for size in range(1, LARGEST + 1):
        for place in range(size):
            path = tree.inclusion(place, size, over)
            assert path == path_of(place, 0, size)
            assert tree.is_included(LEAVES[place], place, size, path, defined(0, size))


def test_every_consistency_proof_is_as_defined_and_holds() -> None:
    over = tree.range_of(LEAVES)
    for second in range(1, LARGEST + 1):
        for first in range(1, second + 1):
            proof = tree.consistency(first, second, over)
            assert proof == subproof(first, 0, second, True)
            assert tree.is_consistent(first, second, defined(0, first), defined(0, second), proof)


def mutations(path: Sequence[bytes]) -> list[list[bytes]]:
    """Every byte changed, each step left out, doubled, shortened, and neighbours exchanged."""
    changed = []
    for place, step in enumerate(path):
        before, after = list(path[:place]), list(path[place + 1 :])
        changed += [[*before, step[:at] + bytes([step[at] ^ 1]) + step[at + 1 :], *after] for at in range(32)]
        changed += [[*before, *after], [*before, step, step, *after], [*before, step[:31], *after]]
    changed += [[*path, bytes(32)], [bytes(32), *path]]
    for place, _pair in enumerate(pairwise(path)):
        changed.append([*path[:place], path[place + 1], path[place], *path[place + 2 :]])
    return changed


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 64, 70])
def test_an_altered_inclusion_proof_is_refused(size: int) -> None:
    head = defined(0, size)
    for place in random.Random(size).sample(range(size), min(size, 6)):
        path = path_of(place, 0, size)
        for altered in mutations(path):
            assert not tree.is_included(LEAVES[place], place, size, altered, head)
        for other in {*range(-1, size + 2)} - {place}:
            assert not tree.is_included(LEAVES[place], other, size, path, head)
        for at in range(32):
            assert not tree.is_included(LEAVES[place], place, size, path, _flipped(head, at))
            assert not tree.is_included(_flipped(LEAVES[place], at), place, size, path, head)


def test_a_size_that_has_another_layout_at_that_place_is_refused() -> None:
    for size in range(1, 40):
        for place in range(size):
            path = path_of(place, 0, size)
            others = [other for other in range(-1, 80) if other <= place or len(path_of(place, 0, other)) != len(path)]
            assert not any(tree.is_included(LEAVES[place], place, o, path, defined(0, size)) for o in others)


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 5), (3, 7), (4, 7), (6, 8), (8, 13), (37, 64), (64, 130)])
def test_an_altered_consistency_proof_is_refused(first: int, second: int) -> None:
    old, new, proof = defined(0, first), defined(0, second), subproof(first, 0, second, True)
    for altered in mutations(proof):
        assert not tree.is_consistent(first, second, old, new, altered)
    for at in range(32):
        assert not tree.is_consistent(first, second, _flipped(old, at), new, proof)
        assert not tree.is_consistent(first, second, old, _flipped(new, at), proof)
    for other in {*range(-1, second + 1)} - {first}:
        assert not tree.is_consistent(other, second, old, new, proof)
    assert not tree.is_consistent(second, first, new, old, proof)


def test_a_proof_that_a_rewritten_log_had_the_honest_one_before_it_is_refused() -> None:
    """What pymerkle 6.1 took: an honest head of five leaves as a prefix of a log of two others.

    Its prover was believed about which hashes make up which head; the sizes alone say that here.
    """
    honest = defined(0, 5)
    rewritten = [tree.leaf_hash(b"other"), tree.leaf_hash(b"words")]
    forged = tree.root(rewritten)
    for proof in ([honest, forged], [forged], [honest], [], [honest, *rewritten], [*path_of(4, 0, 5), *rewritten]):
        for first, second in ((5, 2), (5, 5), (5, 6), (5, 7), (2, 5)):
            assert not tree.is_consistent(first, second, honest, forged, proof)


def test_equal_and_empty_logs() -> None:
    head = defined(0, 5)
    assert tree.is_consistent(5, 5, head, head, [])
    assert not tree.is_consistent(5, 5, head, head, [head])
    assert not tree.is_consistent(5, 5, head, defined(0, 4), [])
    assert tree.is_consistent(0, 5, tree.EMPTY, head, [])
    assert not tree.is_consistent(0, 5, head, head, [])
    for place, size in ((0, 0), (5, 5), (-1, 3)):
        with pytest.raises(ValueError, match="place"):
            tree.inclusion(place, size, defined)
    for first, second in ((0, 5), (6, 5), (-1, 5)):
        with pytest.raises(ValueError, match="sizes"):
            tree.consistency(first, second, defined)


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :]
