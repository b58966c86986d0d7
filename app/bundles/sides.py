"""The keys of the two sides. Each side has a pair that signs (Ed25519) and a pair that opens (X25519)."""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.backups import stream
from app.kit.crypto import derive

KEY_BYTES = 32


@dataclass(frozen=True)
class Peer:
    """The public keys of a side: the one that its signatures are checked by, and the one to seal for it."""

    verifying: bytes
    sealing: bytes

    @classmethod
    def read(cls, text: str) -> "Peer":
        """From what `yanlu bundle keys` prints. Raises ValueError."""
        keys = b64decode(text.strip(), validate=True)
        if len(keys) != 2 * KEY_BYTES:
            raise ValueError("a side's public keys have 64 bytes")
        return cls(keys[:KEY_BYTES], keys[KEY_BYTES:])

    @property
    def text(self) -> str:
        return b64encode(self.verifying + self.sealing).decode()

    @property
    def fingerprint(self) -> str:
        """By which a person or a file names a side."""
        return hashlib.sha256(self.verifying + self.sealing).hexdigest()[:16]

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.verifying).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Own:
    """The private keys of this side, which follow from the installation's secret key; losing that loses these."""

    signing: bytes = field(repr=False)
    opening: bytes = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> "Own":
        return cls(derive(master, "bundle-signing"), derive(master, "bundle-opening"))

    @property
    def public(self) -> Peer:
        verifying = self._key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Peer(verifying, stream.public_of(self.opening))

    def sign(self, message: bytes) -> bytes:
        return self._key().sign(message)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing)
