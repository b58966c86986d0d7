"""What an entry of the log is made of: salted digests of its fields, and one commitment over them. Pure.

docs/transparency.md describes both byte for byte, so that a receipt can be checked without this program. The salt is a
key of 32 random bytes: without it no digest tells even a text of one character, and forgetting it is erasure.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

SALT_BYTES = 32
ENTRY = b"yanlu log entry v1\n"

_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

Value = str | int | None | Sequence[str] | Sequence[Sequence[str]]
"""What a field may hold."""


def canonical(value: object) -> bytes:
    """JSON by RFC 8785, in UTF-8, of words, whole numbers, lists and objects with names in ASCII.

    A lone surrogate, which no text should hold, is spelled as its three bytes, so that it stops nothing.
    """
    return _WRITER.encode(value).encode(errors="surrogatepass")


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, always with six digits of the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digests(salt: bytes, fields: Mapping[str, Value]) -> dict[str, str]:
    """HMAC-SHA256 in hex of each field under the salt, over its name, a line feed and its value."""
    return {
        name: hmac.new(salt, name.encode() + b"\n" + canonical(value), "sha256").hexdigest()
        for name, value in fields.items()
    }


def commitment(kind: str, at: datetime, salt: bytes, fields: Mapping[str, Value]) -> bytes:
    """SHA-256 over the kind, the instant and the fields' digests."""
    whole = {"at": instant(at), "fields": digests(salt, fields), "kind": kind}
    return hashlib.sha256(ENTRY + canonical(whole)).digest()
