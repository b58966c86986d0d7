"""The Merkle tree of RFC 9162 §2.1: its head, and proofs that something stands in it and that it only grew. Pure.

A hash is 32 bytes; a size counts leaves; a place counts from 0. A hash of a leaf never equals one of a node, because
each is made over a first byte of its own (§2.1.1).
"""

import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The head of a tree without leaves."""

Range = Callable[[int, int], bytes]
"""The hash over the leaves from the first place to before the second one."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than the size, which is 2 or more: so many leaves stand on the left."""
    return 1 << (size - 1).bit_length() - 1


def range_of(leaves: Sequence[bytes]) -> Range:
    """For a tree whose leaves' hashes are at hand."""

    def over(start: int, end: int) -> bytes:
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        return node_hash(over(start, middle), over(middle, end))

    return over


def root(leaves: Sequence[bytes]) -> bytes:
    """The head over hashes of leaves; reckoned level by level, so that a long row of them costs no deep recursion."""
    level = list(leaves) or [EMPTY]
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def inclusion(place: int, size: int, over: Range) -> list[bytes]:
    """PATH(m, D[n]) of RFC 9162 §2.1.3.1, from the leaf upwards. Raises ValueError for a place outside."""
    if not 0 <= place < size:
        raise ValueError("no such place")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if place < middle:
            path.append(over(middle, end))
            end = middle
        else:
            path.append(over(start, middle))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, over: Range) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 9162 §2.1.4.1. Raises ValueError unless 0 < first ≤ second."""
    if not 0 < first <= second:
        raise ValueError("no such sizes")
    path, start, end, is_whole = [], 0, second, True
    while first != end:
        middle = start + split(end - start)
        if first <= middle:
            path.append(over(middle, end))
            end = middle
        else:
            path.append(over(start, middle))
            start, is_whole = middle, False
    return ([] if is_whole else [over(start, end)]) + path[::-1]


def is_included(leaf: bytes, place: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """Whether the path leads from the leaf's hash at that place of a tree of that size to its head (§2.1.3.2)."""
    if not 0 <= place < size:
        return False
    at, last, found = place, size - 1, leaf
    for step in path:
        if last == 0 or len(step) != 32:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == head


def is_consistent(first: int, second: int, first_head: bytes, second_head: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of the second size begins with all of the first one's leaves, unaltered (§2.1.4.2).

    Everything about the layout is reckoned from the sizes; nothing of it is believed of whoever made the proof.
    """
    if first == second:
        return first >= 0 and not path and first_head == second_head
    if first == 0:
        return second > 0 and not path and first_head == EMPTY
    if not 0 < first < second or not path:
        return False
    steps = list(path) if first & (first - 1) else [first_head, *path]
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0 or len(step) != 32:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_head and new == second_head
