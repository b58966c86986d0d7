"""Keys that seal the fields of one record each, and what wraps them.

Whoever destroys a record's wrapped key has destroyed its fields, in every copy that lacks the key. A value is:
algorithm byte, a zero where values of the installation's own keys have the length of their key id, 12-byte random
nonce, ciphertext with tag. The associated data is `table|column|row|data key`.
"""

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Protocol

from cryptography.exceptions import InvalidTag

from app.kit.ciphers import ALGORITHMS, KEY_BYTES, NONCE_BYTES, TAG_BYTES, Suite, cipher

OWN = b"\x00"
NAME = "data key"
REMEMBERED = 1000


class Unreadable(Exception):
    """A token or sealed value that this installation did not make for this use, or that has expired."""


class KeyWrapper(Protocol):
    """Wraps data keys: the installation's own keys do, or a key management system (KMS) of the site.

    `key_id` names the key that wraps now, in at most 32 characters. `row` binds the wrapped key to its record.
    """

    @property
    def key_id(self) -> str: ...

    def wrap(self, key: bytes, row: str) -> bytes:
        """`key` is at most 33 bytes. Raises OSError where the system can't be reached."""

    def unwrap(self, wrapped: bytes, row: str) -> bytes:
        """Also what older keys wrapped. Raises Unreadable, and OSError where the system can't be reached."""


class DataKey:
    """Seals and opens the fields of one record. `content` is what is wrapped: the algorithm byte and the key."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable for what is no such key."""
        self.content, algorithm = content, content[:1]
        made = cipher(algorithm, content[1:])
        if made is None:
            raise Unreadable("not a data key")
        self._cipher, self._head = made, algorithm + OWN

    @classmethod
    def new(cls, suite: Suite) -> "DataKey":
        algorithm = ALGORITHMS[suite]
        return cls(algorithm + secrets.token_bytes(KEY_BYTES[algorithm]))

    def seal(self, value: str, table: str, column: str, row: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._head + nonce + self._cipher.encrypt(nonce, value.encode(), place(table, column, row, NAME))

    def open(self, sealed: bytes, table: str, column: str, row: str) -> str:
        """Raises Unreadable when it was altered, moved, or sealed with another key."""
        nonce, ciphertext = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
        if sealed[:2] != self._head or len(ciphertext) < TAG_BYTES:
            raise Unreadable("of another algorithm, or cut off")
        try:
            return self._cipher.decrypt(nonce, ciphertext, place(table, column, row, NAME)).decode()
        except InvalidTag as error:
            raise Unreadable("altered or moved") from error


def is_of_data_key(sealed: bytes) -> bool:
    """Whether the value was sealed by its record's data key."""
    return sealed[1:2] == OWN


def place(table: str, column: str, row: str, key_id: str) -> bytes:
    return "|".join((table, column, row, key_id)).encode()


class Remembering:
    """A wrapper that asks the one behind it once for each key that it unwraps, as long as there is room for it."""

    def __init__(self, wrapper: KeyWrapper, most: int = REMEMBERED) -> None:
        self._wrapper, self._most = wrapper, most
        self._known: OrderedDict[tuple[bytes, str], bytes] = OrderedDict()
        self._lock = Lock()

    @property
    def key_id(self) -> str:
        return self._wrapper.key_id

    def wrap(self, key: bytes, row: str) -> bytes:
        return self._wrapper.wrap(key, row)

    def unwrap(self, wrapped: bytes, row: str) -> bytes:
        with self._lock:
            found = self._known.get((wrapped, row))
        if found is None:
            found = self._wrapper.unwrap(wrapped, row)
        with self._lock:
            self._known[wrapped, row] = found
            self._known.move_to_end((wrapped, row))
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
