"""Signing what leaves the house, so that anybody can tell that it came from here (Ed25519, RFC 8032)."""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Signer:
    """Signs with Ed25519 (RFC 8032); `seed` is the private key of 32 bytes."""

    seed: bytes = field(repr=False)

    def sign(self, message: bytes) -> str:
        """In base64; the same for the same message."""
        return b64encode(self._key().sign(message)).decode()

    @property
    def public(self) -> str:
        """The public key in base64: what a verifier is given."""
        return b64encode(self._key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    @property
    def key_id(self) -> str:
        """What tells this key from others: SHA-256 of the public key, in hex (as a LogID of RFC 6962 §3.2)."""
        return key_id(self.public)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def key_id(public: str) -> str:
    """Of a public key in base64. Raises ValueError for anything else."""
    return hashlib.sha256(b64decode(public, validate=True)).hexdigest()


def is_signed(public: str, signature: str, message: bytes) -> bool:
    """Whether the key in base64 has signed exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        key.verify(b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True
