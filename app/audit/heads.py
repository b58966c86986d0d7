"""Heads of the chain as they are kept outside of the store: one line of JSON each, signed where there is a key.

Whoever can write into the store can cut the chain's end and seal anew; a head that was taken away before tells.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.audit.canonical import instant
from app.audit.sealing import Head

VERSION = "yanlu audit head v1"


class BadHeads(ValueError):
    """A file that holds something else than heads; the message names the line."""


@dataclass(frozen=True)
class Signer:
    """Signs with Ed25519 (RFC 8032); `seed` is the private key of 32 bytes."""

    seed: bytes

    def sign(self, message: bytes) -> str:
        return b64encode(self._key().sign(message)).decode()

    @property
    def public(self) -> str:
        """The public key in base64: what a verifier is given."""
        return b64encode(self._key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class KeptHead:
    """A head that was exported; `at` in RFC 3339."""

    position: int
    seal: str
    at: str
    signature: str | None = None

    def is_signed_by(self, public: str) -> bool:
        """Whether the key in base64 has signed exactly this."""
        try:
            key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
            key.verify(b64decode(self.signature or "", validate=True), _message(self))
        except (InvalidSignature, ValueError):
            return False
        return True

    def line(self) -> str:
        said = {"position": self.position, "seal": self.seal, "at": self.at}
        return json.dumps(said | ({"signature": self.signature} if self.signature else {}))


def kept(head: Head, signer: Signer | None) -> KeptHead:
    """The head as it is exported."""
    plain = KeptHead(head.position, head.seal.hex(), instant(head.at) if head.at else "")
    if signer is None:
        return plain
    return KeptHead(plain.position, plain.seal, plain.at, signer.sign(_message(plain)))


def read(lines: Iterable[str]) -> list[KeptHead]:
    """The heads of a file. A last line that was cut off while it was written is left out. Raises BadHeads."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            head = KeptHead(int(said["position"]), str(said["seal"]), str(said["at"]), said.get("signature"))
            bytes.fromhex(head.seal)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if not line.endswith("\n"):
                break
            raise BadHeads(f"line {number} is no head") from error
        found.append(head)
    return found


def _message(head: KeptHead) -> bytes:
    return f"{VERSION}\n{head.position}\n{head.seal}\n{head.at}\n".encode()
