"""Keys of API clients: `yl_<key id>_<secret>`, of their sandbox `yl_test_…`.

256 random bits need no slow hash, so SHA-256 is kept.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

PREFIX = "yl_"
TEST_PREFIX = "yl_test_"
FORM = re.compile(r"yl_(?:test_)?([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class NewKey:
    """A key as its owner sees it, once."""

    id: str
    text: str
    secret_hash: bytes


@dataclass(frozen=True)
class Terms:
    """Until when a key opens (None: until it is revoked), and whether it is one of the sandbox."""

    expires_at: datetime | None = None
    test: bool = False


LASTING = Terms()


def new_key(*, test: bool = False) -> NewKey:
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return NewKey(key_id, f"{TEST_PREFIX if test else PREFIX}{key_id}_{secret}", _hash(secret))


def is_test(text: str) -> bool:
    """Whether it is written as a key of the sandbox, be it one or not."""
    return text.startswith(TEST_PREFIX)


def split(text: str) -> tuple[str, str] | None:
    """Key id and secret; None when the text has not the form of a key."""
    found = FORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def secret_fits(secret_hash: bytes, secret: str) -> bool:
    return hmac.compare_digest(secret_hash, _hash(secret))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
