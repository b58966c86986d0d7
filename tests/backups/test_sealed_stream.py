"""A sealed stream opens to what was sealed, for its key and label, and for nothing else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backups import stream
from app.backups.stream import PIECE, TAG_BYTES, Damaged

PAIR = stream.new_pair()
PUBLIC, PRIVATE = stream.read_key(PAIR.public), stream.read_key(PAIR.private)
HEADER = 40


def sealed(content: bytes, label: str = "a|store") -> bytes:
    file = io.BytesIO()
    written = stream.seal(file, [content], PUBLIC, label)
    assert written.size == len(file.getvalue())
    return file.getvalue()


def opened(data: bytes, private: bytes = PRIVATE, label: str = "a|store") -> bytes:
    return b"".join(stream.opened(io.BytesIO(data), private, label))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_every_length_comes_back(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


@given(st.lists(st.binary(max_size=400), max_size=12))
def test_it_doesnt_matter_in_which_portions_it_came(portions: list[bytes]) -> None:
    file = io.BytesIO()
    stream.seal(file, portions, PUBLIC, "a|store")
    assert opened(file.getvalue()) == b"".join(portions)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_altered_byte_is_noticed(place: int, change: int) -> None:
    data = bytearray(sealed(b"some words"))
    data[place % len(data)] ^= change
    with pytest.raises(Damaged):
        opened(bytes(data))


@given(st.integers(min_value=0, max_value=HEADER + 10 + TAG_BYTES - 1))
def test_any_cut_end_is_noticed(length: int) -> None:
    with pytest.raises(Damaged):
        opened(sealed(b"some words")[:length])


def test_pieces_that_are_missing_doubled_moved_or_added_are_noticed() -> None:
    data = sealed(b"x" * (2 * PIECE) + b"end")
    header, whole = data[:HEADER], PIECE + TAG_BYTES
    first, second, last = data[HEADER : HEADER + whole], data[HEADER + whole : HEADER + 2 * whole], data[-19:]
    for pieces in (
        *((first, second), (first, last), (second, first, last), (first, first, second, last)),
        *((first, second, last, last), (first,)),
    ):
        with pytest.raises(Damaged):
            opened(header + b"".join(pieces))
    assert opened(header + first + second + last).endswith(b"end")


def test_another_key_and_another_label_dont_open_it() -> None:
    data = sealed(b"some words")
    with pytest.raises(Damaged):
        opened(data, stream.read_key(stream.new_pair().private))
    with pytest.raises(Damaged):
        opened(data, label="a|keys")


def test_the_same_content_never_looks_alike() -> None:
    assert sealed(b"some words")[HEADER:] != sealed(b"some words")[HEADER:]
