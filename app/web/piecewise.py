"""A page of which most stays the same from view to view, ready to be sent with its few changing values put in.

The unchanging pieces are compressed once (DEFLATE, RFC 1951, each flushed so that nothing refers across its end), and
the values stand between them uncompressed, as stored blocks. So a view costs a checksum and not a compression, and the
length of what is sent says nothing about the values. Pure.
"""

import re
import zlib
from collections.abc import Iterator, Sequence

LEVEL = 9
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""A gzip member's (RFC 1952 §2.3) without name and time."""
LAST_BLOCK = b"\x03\x00"
LONGEST_STORED = 65_535


class PiecewisePage:
    """`html` with `values` in it, which `filled` replaces by others of the same meaning, one for one."""

    def __init__(self, html: str, values: Sequence[str] = ()) -> None:
        self._fixed, self._places = _cut(html, values)
        self._compressed = [_flushed(piece) for piece in self._fixed]

    def filled(self, values: Sequence[str] = ()) -> bytes:
        """The page with these values, in the order of the first ones."""
        return b"".join(_woven(self._fixed, self._encoded(values)))

    def gzipped(self, values: Sequence[str] = ()) -> bytes:
        """The same by gzip."""
        encoded = self._encoded(values)
        check, length = 0, 0
        for piece in _woven(self._fixed, encoded):
            check, length = zlib.crc32(piece, check), length + len(piece)
        tail = LAST_BLOCK + check.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
        return HEAD + b"".join(_woven(self._compressed, [_stored(value) for value in encoded])) + tail

    def _encoded(self, values: Sequence[str]) -> list[bytes]:
        whole = [value.encode() for value in values]
        return [whole[place] for place in self._places]


def _cut(html: str, values: Sequence[str]) -> tuple[list[bytes], list[int]]:
    """The pieces between the values, and which value stands after each piece but the last."""
    if not values:
        return [html.encode()], []
    longest_first = sorted(values, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", html)
    return [piece.encode() for piece in parts[::2]], [values.index(found) for found in parts[1::2]]


def _woven(pieces: Sequence[bytes], between: Sequence[bytes]) -> Iterator[bytes]:
    for piece, value in zip(pieces, between, strict=False):
        yield piece
        yield value
    yield pieces[-1]


def _flushed(piece: bytes) -> bytes:
    maker = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return maker.compress(piece) + maker.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    """A block of its own, not the last, from a byte's beginning: RFC 1951 §3.2.4."""
    assert len(value) <= LONGEST_STORED
    return b"\x00" + len(value).to_bytes(2, "little") + (len(value) ^ 0xFFFF).to_bytes(2, "little") + value
