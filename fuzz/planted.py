"""Readers with a planted fault each, that the fuzzing has to find: what it doesn't find here, it doesn't find."""

from fuzz.readers import Reader


def unescaped(data: bytes) -> bytes:
    """Takes two characters after a per cent sign for granted: ValueError for `%` at the end."""
    head, mark, rest = data.partition(b"%")
    return head + bytes([int(rest[:2], 16)]) + rest[2:] if mark else head


def hidden(data: bytes) -> int:
    """Fails behind four bytes that only coverage leads to: chance would need some four thousand million tries."""
    if data[:1] == b"y" and data[1:2] == b"a" and data[2:3] == b"n" and data[3:4] == b"!":
        raise KeyError("planted")
    return len(data)


def squared(data: bytes) -> int:
    """Looks through everything before for every byte."""
    seen = 0
    for place in range(len(data)):
        for other in range(place):
            seen += data[other] == data[place]
    return seen


FOUND_BY_CHANCE = {"planted: escape": Reader(unescaped, (), (b"a=1%20",), lambda size: b"a" * 50 * size)}
FOUND_BY_COVERAGE = {"planted: hidden": Reader(hidden, (), (b"abcd",), lambda size: b"a" * 50 * size)}
GROWS = Reader(squared, (), (b"",), lambda size: b"a" * 50 * size)
