"""Keys of API clients: `yl_<key id>_<secret>`. 256 random bits need no slow hash, so SHA-256 is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

FORM = re.compile(r"yl_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class NewKey:
    """A key as its owner sees it, once."""

    id: str
    text: str
    secret_hash: bytes


def new_key() -> NewKey:
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return NewKey(key_id, f"yl_{key_id}_{secret}", _hash(secret))


def split(text: str) -> tuple[str, str] | None:
    """Key id and secret; None when the text has not the form of a key."""
    found = FORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def secret_fits(secret_hash: bytes, secret: str) -> bool:
    return hmac.compare_digest(secret_hash, _hash(secret))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
