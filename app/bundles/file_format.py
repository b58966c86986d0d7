"""A bundle as a file: sealed for one side, signed by the other, read in constant memory (docs/bundles.md).

8 bytes MAGIC, the 8 bytes of the sequence number, a sealed stream (`app/backups/stream.py`), and 64 bytes: the Ed25519
signature over SIGNED and the SHA-256 of everything before them. The stream holds lines of canonical JSON: first the
manifest, then the records, last the end; behind a line that names a content stand that content's bytes. It is filled up
with line feeds to a whole number of mebibytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from app.backups import stream
from app.bundles.directions import Direction
from app.bundles.refusals import BundleRefused
from app.bundles.sides import Own, Peer
from app.kit.blobs import key_of
from app.transparency.commitments import canonical

FORMAT = "yanlu bundle 1"
MAGIC = b"YLBNDL1\n"
SIGNED = b"yanlu bundle 1\n"
NUMBER_BYTES = 8
SIGNATURE_BYTES = 64
LEAST_BYTES = len(MAGIC) + NUMBER_BYTES + SIGNATURE_BYTES
STEP = 1024 * 1024
LONGEST_LINE = 16 * STEP
"""Of one record, its content apart. A draft of a million characters is a third of it."""
CONTENT, END = "content", "end"
NOTHING_BEFORE = "0" * 64
Record = Mapping[str, Any]
ALTERED = "it was altered, cut off, or signed by another side than YANLU_BUNDLE_PEER names"


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself. `sender` and `recipient` are fingerprints, `previous` is the SHA-256 of the file
    before, `acknowledges` up to where, and `acknowledged` which file, the sender has taken in the other way."""

    direction: Direction
    sequence: int
    previous: str
    sender: str
    recipient: str
    made_at: str
    version: str
    schema: str
    acknowledges: int
    acknowledged: str

    def to_json(self) -> bytes:
        return canonical({"format": FORMAT, **asdict(self)})

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Sealed:
    """A file whose signature holds."""

    sequence: int
    size: int
    sha256: str


def write(file: BinaryIO, manifest: Manifest, lines: Iterable[bytes], own: Own, peer: Peer) -> Sealed:
    """Writes a whole bundle; what `lines` raises ends it, and the file is then worth nothing."""
    head = MAGIC + manifest.sequence.to_bytes(NUMBER_BYTES)
    file.write(head)
    digest, size = hashlib.sha256(head), len(head)
    content = _filled_up(_lines(manifest, lines))
    for piece in stream.pieces(content, peer.sealing, _label(manifest.direction, manifest.sequence, own.public, peer)):
        file.write(piece)
        digest.update(piece)
        size += len(piece)
    signature = own.sign(SIGNED + digest.digest())
    file.write(signature)
    digest.update(signature)
    return Sealed(manifest.sequence, size + SIGNATURE_BYTES, digest.hexdigest())


def check(file: BinaryIO, peer: Peer) -> Sealed:
    """Reads the whole file. Raises BundleRefused unless every byte of it is what that side signed."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(len(MAGIC) + NUMBER_BYTES)
    if size < LEAST_BYTES or not head.startswith(MAGIC):
        raise BundleRefused("it is no bundle of this format")
    digest, left = hashlib.sha256(head), size - len(head) - SIGNATURE_BYTES
    while left and (piece := file.read(min(left, STEP))):
        digest.update(piece)
        left -= len(piece)
    signature = file.read()
    if not peer.has_signed(signature, SIGNED + digest.digest()):
        raise BundleRefused(ALTERED)
    digest.update(signature)
    return Sealed(int.from_bytes(head[len(MAGIC) :]), size, digest.hexdigest())


def opened(
    file: BinaryIO, sealed: Sealed, direction: Direction, own: Own, peer: Peer
) -> tuple[Manifest, Iterator[Record]]:
    """The manifest and the records of a checked file, a content as bytes under CONTENT; the end is one of them.

    Raises BundleRefused, also while records are read; nothing may be relied on before the end came.
    """
    file.seek(len(MAGIC) + NUMBER_BYTES)
    body = _Body(file, sealed.size - LEAST_BYTES)
    label = _label(direction, sealed.sequence, peer, own.public)
    reader = _Reader(_pieces(body, own, label))
    return _manifest(reader.line()), _records(reader)


def _pieces(body: "_Body", own: Own, label: str) -> Iterator[bytes]:
    try:
        yield from stream.opened(body, own.opening, label)  # type: ignore[arg-type]
    except stream.Damaged as error:
        raise BundleRefused("it is for another side, or goes the other way") from error


def _label(direction: Direction, sequence: int, sender: Peer, recipient: Peer) -> str:
    return f"bundle|{direction}|{sequence}|{sender.fingerprint}|{recipient.fingerprint}"


def _lines(manifest: Manifest, lines: Iterable[bytes]) -> Iterator[bytes]:
    yield manifest.to_json() + b"\n"
    number = 0
    for line in lines:
        number += 1
        yield line
    yield canonical({"kind": END, "records": number}) + b"\n"


def line_of(record: Record) -> bytes:
    return canonical(record) + b"\n"


def content_line(content: bytes) -> bytes:
    """A record that is a content: its line and its bytes."""
    return canonical({"kind": CONTENT, "sha256": key_of(content), "size": len(content)}) + b"\n" + content


def _filled_up(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        yield piece
    yield b"\n" * (-size % STEP)


def _manifest(line: bytes) -> Manifest:
    try:
        said = json.loads(line)
        if said.pop("format") != FORMAT:
            raise ValueError("another format")
        return Manifest(**said | {"direction": Direction(said["direction"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleRefused("its manifest can't be read: it was made by another version") from error


def _records(reader: "_Reader") -> Iterator[Record]:
    number = 0
    while True:
        record = json.loads(reader.line())
        if record["kind"] == END:
            if record["records"] != number or reader.has_more():
                raise BundleRefused("its records are not those that its end counts")
            yield record
            return
        number += 1
        if record["kind"] == CONTENT:
            content = reader.exactly(record["size"])
            if key_of(content) != record["sha256"]:
                raise BundleRefused("a content in it is not the one that it names")
            record |= {CONTENT: content}
        yield record


class _Body:
    """The part of a file that is the sealed stream."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int) -> bytes:
        piece = self._file.read(min(size, self._left))
        self._left -= len(piece)
        return piece


class _Reader:
    """Lines and contents out of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, bytearray()

    def line(self) -> bytes:
        """Raises BundleRefused where there is none."""
        looked_at = 0
        while (end := self._waiting.find(b"\n", looked_at)) < 0:
            looked_at = len(self._waiting)
            if looked_at > LONGEST_LINE:
                raise BundleRefused("a record in it is too long")
            self._more()
        return self._taken(end + 1)

    def exactly(self, size: int) -> bytes:
        """Raises BundleRefused where fewer are left."""
        while len(self._waiting) < size:
            self._more()
        return self._taken(size)

    def has_more(self) -> bool:
        """Whether anything but what fills it up follows."""
        return any(piece.strip(b"\n") for piece in (bytes(self._waiting), *self._pieces))

    def _more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise BundleRefused("it ends before its end")
        self._waiting += piece

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken
