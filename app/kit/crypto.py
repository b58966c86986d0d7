"""Keys and what is made with them: sealed fields, sealed and signed tokens, keyed hashes.

Every use derives its own key from a master key with HKDF-SHA256 (RFC 5869) under a label, so that a value made for one
purpose is worthless for another.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kit.ciphers import ALGORITHMS, NONCE_BYTES, TAG_BYTES, Aead, Suite, of_installation
from app.kit.data_keys import KeyWrapper, Remembering, Unreadable, place

MAC_BYTES = 32
WRAPPED = ("submission_keys", "wrapped")

__all__ = ["NONCE_BYTES", "Unreadable"]


def derive(master: bytes, label: str) -> bytes:
    """A 32-byte key for one purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(master)


def keyed_hash(key: bytes, *parts: str, algorithm: str = "sha256") -> bytes:
    """HMAC over the parts, each with its length before it, so that no two lists of parts read alike.

    `algorithm` is "sha256" or, where OpenSSL has it, "sm3" (GB/T 32905-2016); both give 32 bytes.
    """
    return mac(key, _with_lengths(parts), algorithm)


def mac(key: bytes, content: bytes, algorithm: str = "sha256") -> bytes:
    """HMAC (RFC 2104). `hmac.digest` gives way to other threads each time: twenty times a comment, for a microsecond
    of work each; this keeps the interpreter for whatever is short.
    """
    return hmac.new(key, content, algorithm).digest()


def content_hash(*parts: str) -> str:
    """SHA-256 in hex over the parts, each with its length before it."""
    return hashlib.sha256(_with_lengths(parts)).hexdigest()


def _with_lengths(parts: Iterable[str]) -> bytes:
    return b"".join(len(data).to_bytes(4) + data for data in map(str.encode, parts))


class Keyring(Protocol):
    """The installation's keys, as `app.config` loads them. `wrapper` is a site's own, None where there is none, and
    `former_wrapper` one that is being left."""

    @property
    def sealing(self) -> Mapping[str, bytes]: ...

    @property
    def sealing_id(self) -> str: ...

    @property
    def suite(self) -> str: ...

    @property
    def wrapper(self) -> Any: ...

    @property
    def former_wrapper(self) -> Any: ...


class Sealer:
    """Seals at rest by the installation's keys, with the key's id in every value, and wraps data keys of records.

    A sealed value is: algorithm byte, how many bytes the key id has, key id, 12-byte random nonce, ciphertext with
    tag. The associated data is `table|column|row|key id`, so that a value moved to another place can't be opened.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        sealing_id: str,
        suite: str = Suite.AES,
        wrapper: KeyWrapper | None = None,
        former_wrapper: KeyWrapper | None = None,
    ) -> None:
        self._keys = dict(keys)
        self._ciphers: dict[bytes, Aead] = {}
        self.key_id = sealing_id
        self.suite = Suite(suite)
        self.head = head(ALGORITHMS[self.suite], sealing_id)
        self.wrapper: KeyWrapper = self if wrapper is None else Remembering(wrapper)
        former = () if former_wrapper is None else (Remembering(former_wrapper),)
        self._unwrapping: tuple[KeyWrapper, ...] = (self, *former) if wrapper is None else (self.wrapper, *former, self)

    @property
    def wraps_itself(self) -> bool:
        """Whether data keys are wrapped by the installation's own keys, which lie in memory."""
        return self.wrapper is self

    @classmethod
    def of(cls, keyring: Keyring) -> "Sealer":
        return cls(keyring.sealing, keyring.sealing_id, keyring.suite, keyring.wrapper, keyring.former_wrapper)

    def seal(self, value: str, table: str, column: str, row: str) -> bytes:
        return self.seal_bytes(value.encode(), table, column, row)

    def open(self, sealed: bytes, table: str, column: str, row: str) -> str:
        """The value. Raises Unreadable when it was altered, moved, or sealed with a key that isn't here."""
        return self.open_bytes(sealed, table, column, row).decode()

    def seal_bytes(self, value: bytes, table: str, column: str, row: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = self._cipher(self.head)
        assert cipher is not None, "the sealing key is one of the keys"
        return self.head + nonce + cipher.encrypt(nonce, value, place(table, column, row, self.key_id))

    def open_bytes(self, sealed: bytes, table: str, column: str, row: str) -> bytes:
        """As `open`. Raises Unreadable."""
        end = 2 + int.from_bytes(sealed[1:2])
        cipher = self._cipher(sealed[:end])
        if cipher is None:
            raise Unreadable("unknown algorithm or key")
        nonce, ciphertext = sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        if len(ciphertext) < TAG_BYTES:
            raise Unreadable("cut off")
        try:
            return cipher.decrypt(nonce, ciphertext, place(table, column, row, sealed[2:end].decode()))
        except InvalidTag as error:
            raise Unreadable("altered or moved") from error

    def wrap(self, key: bytes, row: str) -> bytes:
        return self.seal_bytes(key, *WRAPPED, row)

    def unwrap_any(self, wrapped: bytes, row: str) -> bytes:
        """Of whatever wraps now, of the wrapper that is being left, and of the installation's own keys: the first that
        opens it. Raises Unreadable, and OSError where a key management system can't be reached."""
        for wrapper in self._unwrapping:
            with suppress(Unreadable):
                return wrapper.unwrap(wrapped, row)
        raise Unreadable("wrapped by none of the keys that are here")

    def unwrap(self, wrapped: bytes, row: str) -> bytes:
        """Raises Unreadable."""
        return self.open_bytes(wrapped, *WRAPPED, row)

    def _cipher(self, of_head: bytes) -> Aead | None:
        found = self._ciphers.get(of_head)
        if found is None:
            key = self._keys.get(of_head[2:].decode(errors="replace"))
            found = None if key is None or len(of_head) < 3 else of_installation(of_head[:1], key)
            if found is not None:
                self._ciphers[of_head] = found
        return found


def head(algorithm: bytes, key_id: str) -> bytes:
    """What values sealed by that key of the installation begin with."""
    name = key_id.encode()
    return algorithm + bytes([len(name)]) + name


class SealedTokens:
    """Short-lived secrets that travel through a browser and can be read only here (AES-256-GCM)."""

    def __init__(self, master: bytes, purpose: str) -> None:
        self._cipher = AESGCM(derive(master, f"sealed-token|{purpose}"))

    def seal(self, value: str, context: str, expires_at: datetime) -> str:
        """A token that opens to `value` until `expires_at`, and only under the same `context`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = int(expires_at.timestamp()).to_bytes(8) + value.encode()
        return _encode(nonce + self._cipher.encrypt(nonce, plain, context.encode()))

    def open(self, token: str, context: str, now: datetime) -> str:
        """The value. Raises Unreadable when the token is forged, expired, or of another context."""
        data = _decode(token)
        try:
            plain = self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable("forged") from error
        if now.timestamp() >= int.from_bytes(plain[:8]):
            raise Unreadable("expired")
        return plain[8:].decode()


class SignedTokens:
    """Public facts that only this installation can have stated, with an expiry (HMAC-SHA256)."""

    def __init__(self, master: bytes, purpose: str) -> None:
        self._key = derive(master, f"signed-token|{purpose}")

    def sign(self, value: str, context: str, expires_at: datetime) -> str:
        plain = int(expires_at.timestamp()).to_bytes(8) + value.encode()
        return _encode(self._mac(plain, context) + plain)

    def read(self, token: str, context: str, now: datetime) -> str:
        """The value. Raises Unreadable when the token is forged, expired, or of another context."""
        data = _decode(token)
        mac, plain = data[:MAC_BYTES], data[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(plain, context)):
            raise Unreadable("forged")
        if now.timestamp() >= int.from_bytes(plain[:8]):
            raise Unreadable("expired")
        return plain[8:].decode()

    def _mac(self, plain: bytes, context: str) -> bytes:
        return mac(self._key, len(context).to_bytes(4) + context.encode() + plain)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(token: str) -> bytes:
    """The bytes of a token, of which there is one spelling only: nothing is skipped, no loose bit is left over."""
    try:
        data = b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Unreadable("not a token") from error
    if _encode(data) != token:
        raise Unreadable("not a token")
    return data
