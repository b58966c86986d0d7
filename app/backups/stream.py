"""A stream of bytes sealed for one recipient, in pieces of constant memory.

A header of 8 bytes (MAGIC) and the 32 bytes of an X25519 public key made for this stream alone (RFC 7748), then pieces
of PIECE bytes, the last one shorter or empty, each sealed with AES-256-GCM (NIST SP 800-38D). The key is
HKDF-SHA256 (RFC 5869) of the shared secret, with both public keys as salt and `yanlu sealed stream 1|LABEL` as info;
the nonce is the piece's number in 11 bytes and one byte that is 1 for the last piece and else 0 (STREAM, Hoang,
Reyhanitabar, Rogaway, Vizár 2015). So whoever seals can't open, a stream under another label can't be opened, and a
piece that is altered, missing, doubled or moved, or an end that was cut off, is noticed. It doesn't tell who sealed.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

MAGIC = b"YLSEAL1\n"
PIECE = 1024 * 1024
KEY_BYTES = 32
TAG_BYTES = 16
COUNTER_BYTES = 11


class Damaged(Exception):
    """The stream is not the one that was sealed for this key under this label."""


@dataclass(frozen=True)
class Written:
    """What a sealed stream came to as a file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Pair:
    """A recipient's keys, each 32 bytes in base64: the public one seals, the private one opens."""

    public: str
    private: str


def new_pair() -> Pair:
    key = X25519PrivateKey.generate()
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return Pair(b64encode(_raw(key.public_key())).decode(), b64encode(private).decode())


def read_key(text: str) -> bytes:
    """The 32 bytes of a key in base64. Raises ValueError."""
    key = b64decode(text.strip(), validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def public_of(private: bytes) -> bytes:
    return _raw(X25519PrivateKey.from_private_bytes(private).public_key())


def fingerprint(public: bytes) -> str:
    """By which a person or a file names a key."""
    return hashlib.sha256(public).hexdigest()[:16]


def seal(file: BinaryIO, content: Iterable[bytes], recipient: bytes, label: str) -> Written:
    """Writes the content sealed; what `content` raises ends it, and the file is then worth nothing."""
    digest, size = hashlib.sha256(), 0
    for sealed in pieces(content, recipient, label):
        file.write(sealed)
        digest.update(sealed)
        size += len(sealed)
    return Written(size, digest.hexdigest())


def pieces(content: Iterable[bytes], recipient: bytes, label: str) -> Iterator[bytes]:
    """The sealed stream as it grows."""
    own = X25519PrivateKey.generate()
    header = MAGIC + _raw(own.public_key())
    cipher = _cipher(own.exchange(X25519PublicKey.from_public_bytes(recipient)), header[8:], recipient, label)
    return _sealed(cipher, header, content)


def opened(file: BinaryIO, private: bytes, label: str) -> Iterator[bytes]:
    """The content piece by piece; nothing may be relied on before the last one came. Raises Damaged."""
    header = file.read(len(MAGIC) + KEY_BYTES)
    if len(header) != len(MAGIC) + KEY_BYTES or not header.startswith(MAGIC):
        raise Damaged("it doesn't begin as a sealed stream")
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(header[8:]))
    except ValueError as error:  # a point of low order
        raise Damaged("its key is none") from error
    cipher = _cipher(shared, header[8:], public_of(private), label)
    number, piece = 0, file.read(PIECE + TAG_BYTES)
    while True:
        following = file.read(PIECE + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), piece, MAGIC)
        except InvalidTag as error:
            raise Damaged(f"piece {number} can't be opened") from error
        if not following:
            return
        number, piece = number + 1, following


def _sealed(cipher: AESGCM, header: bytes, content: Iterable[bytes]) -> Iterator[bytes]:
    yield header
    number, waiting = 0, bytearray()
    for stretch in content:
        waiting += stretch
        while len(waiting) > PIECE:  # what fills a piece waits for what follows: it may be the last
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(waiting[:PIECE]), MAGIC)
            del waiting[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(waiting), MAGIC)


def _cipher(shared: bytes, own: bytes, recipient: bytes, label: str) -> AESGCM:
    info = f"yanlu sealed stream 1|{label}".encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=own + recipient, info=info).derive(shared))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(COUNTER_BYTES) + bytes([is_last])


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
