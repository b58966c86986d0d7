"""Passwords: argon2id (RFC 9106), few at a time, so that sign-ins can't starve the citizens."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.accounts.passphrases import LONGEST, SHORTEST, normalised, problem
from app.kit.errors import Unavailable, Unprocessable

AT_ONCE = 2
MOST_WAITING = 8
"""At about 50 ms each the last of them waits a quarter of a second on an idle machine; more are sent away at once.
Those who wait hold a thread: with those at work never more than half of them, so that comments go on."""
LONGEST_WAIT = 5.0
"""Seconds."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = BoundedSemaphore(AT_ONCE)
_in_line = BoundedSemaphore(AT_ONCE + MOST_WAITING)
_nobodys = _hasher.hash(secrets.token_urlsafe(24))


@contextmanager
def _turn() -> Iterator[None]:
    """One of AT_ONCE places. Raises Unavailable when too many wait already, or it takes too long."""
    if not _in_line.acquire(blocking=False):
        raise Unavailable("signing_in_busy")
    try:
        if not _at_once.acquire(timeout=LONGEST_WAIT):
            raise Unavailable("signing_in_busy")
        try:
            yield
        finally:
            _at_once.release()
    finally:
        _in_line.release()


def hash_password(password: str) -> str:
    """A PHC string. Raises Unprocessable for a password shorter than SHORTEST or longer than LONGEST code points."""
    plain = normalised(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Unprocessable("password_length", shortest=SHORTEST, longest=LONGEST)
    with _turn():
        return _hasher.hash(plain)


def hash_chosen(password: str, context: Iterable[str]) -> str:
    """A PHC string of a password that a person chose. Raises Unprocessable for one that is refused."""
    refused = problem(password, context)
    if refused:
        raise Unprocessable(refused, shortest=SHORTEST, longest=LONGEST)
    return hash_password(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; without an account it takes as long and is False. Raises Unavailable."""
    plain = normalised(password)
    with _turn():
        try:
            _hasher.verify(password_hash or _nobodys, plain[:LONGEST])
            return password_hash is not None and len(plain) <= LONGEST
        except (VerifyMismatchError, InvalidHashError):
            return False


def new_password() -> str:
    """A random one of about 83 bits, made of characters that can't be mistaken for each other."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)) + secrets.choice(alphabet)
