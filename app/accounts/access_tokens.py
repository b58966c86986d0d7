"""Access tokens: what a key is exchanged for, for minutes (RFC 6749 §1.4).

A token states a key's id and scopes, signed under a key of its own, and stands in no table. It opens nothing by itself:
whoever reads one looks the key up, so that a token ends with its key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts import keys
from app.kit.crypto import SignedTokens, Unreadable

LIFE = timedelta(minutes=10)
MARK = "at_"
"""After a key's prefix; no key id is that short."""


@dataclass(frozen=True)
class Claims:
    """What a token states: the key that it was made from, and the scopes that were asked for."""

    key_id: str
    scopes: tuple[str, ...]
    test: bool


def is_token(text: str) -> bool:
    """Whether it is written as a token, be it one or not."""
    return text.startswith((keys.PREFIX + MARK, keys.TEST_PREFIX + MARK))


class AccessTokens:
    """Makes and reads the tokens of one installation."""

    def __init__(self, master: bytes) -> None:
        self._signed = SignedTokens(master, "access-token")

    def issue(self, claims: Claims, now: datetime) -> str:
        """A token that holds for LIFE; like its key's text it begins with what tells the sandbox from what is real."""
        stated = " ".join((claims.key_id, *claims.scopes))
        return _prefix(claims.test) + self._signed.sign(stated, _context(claims.test), now + LIFE)

    def read(self, text: str, now: datetime) -> Claims:
        """Raises Unreadable for what was not made here, was altered, or has expired."""
        test = keys.is_test(text)
        prefix = _prefix(test)
        if not text.startswith(prefix):
            raise Unreadable("not a token")
        key_id, *scopes = self._signed.read(text.removeprefix(prefix), _context(test), now).split(" ")
        return Claims(key_id, tuple(scopes), test)


def _prefix(test: bool) -> str:
    return (keys.TEST_PREFIX if test else keys.PREFIX) + MARK


def _context(test: bool) -> str:
    return "test" if test else "live"
