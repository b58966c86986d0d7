"""Passwords: argon2id (RFC 9106), never more than two at a time, so that sign-ins can't starve the citizens."""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.kit.errors import Unprocessable

SHORTEST = 12
LONGEST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = BoundedSemaphore(2)
_nobodys = _hasher.hash(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    """A PHC string. Raises Unprocessable for a password shorter than SHORTEST or longer than LONGEST code points."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Unprocessable("password_length", shortest=SHORTEST, longest=LONGEST)
    with _at_once:
        return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; without an account it takes as long and is False."""
    with _at_once:
        try:
            _hasher.verify(password_hash or _nobodys, password[:LONGEST])
            return password_hash is not None and len(password) <= LONGEST
        except (VerifyMismatchError, InvalidHashError):
            return False


def new_password() -> str:
    """A random one of about 83 bits, made of characters that can't be mistaken for each other."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)) + secrets.choice(alphabet)
