"""Challenges without a store: the token carries only a nonce and its expiry; the digits follow from the nonce by a key.

Measured against off-the-shelf recognition no readable picture resists, so this is a speed bump; the controls behind it
are single use, the one window for each token, and what follows in screening.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.kit.crypto import SignedTokens, Unreadable, derive

LENGTH = 6
LIFETIME = timedelta(minutes=30)
CONTEXT = "challenge"


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True)
class Challenge:
    """An answered or shown challenge: `nonce` in hex names it for burning."""

    nonce: str
    digits: str
    expires_at: datetime


class Challenges:
    """Makes and reads the challenges of one installation."""

    def __init__(self, master: bytes) -> None:
        self._tokens = SignedTokens(master, "captcha")
        self._key = derive(master, "captcha-digits")

    def mint(self, now: datetime) -> str:
        """A new token; nothing is stored."""
        return self._tokens.sign(secrets.token_hex(16), CONTEXT, now + LIFETIME)

    def read(self, token: str, now: datetime) -> Challenge:
        """Raises Unreadable when the token is forged or has expired."""
        nonce = self._tokens.read(token, CONTEXT, now)
        number = int.from_bytes(hmac.digest(self._key, nonce.encode(), "sha256"))
        return Challenge(nonce, str(number % 10**LENGTH).zfill(LENGTH), now + LIFETIME)

    def judge(self, token: str, answer: str, now: datetime) -> tuple[Verdict, Challenge | None]:
        """Whether the answer is right; the challenge is to be burned either way, unless it was none."""
        try:
            challenge = self.read(token, now)
        except Unreadable as error:
            return (Verdict.EXPIRED if str(error) == "expired" else Verdict.FORGED), None
        given = "".join(str(int(char)) for char in answer if char.isdecimal())
        right = hmac.compare_digest(given, challenge.digits)
        return (Verdict.RIGHT if right else Verdict.WRONG), challenge
