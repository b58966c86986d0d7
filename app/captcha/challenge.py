"""Challenges without a store: the token carries only public facts; the digits follow from its nonce by a key.

One token opens two doors: a proof of work that a script computes, or the digits of a picture and a recording. It is
bound to one form, so that nobody collects solved tokens of one form for another.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.kit.crypto import SignedTokens, Unreadable, content_hash, derive, mac

LENGTH = 6
DIGITS = "023456789"
"""Without the one, which reads like a seven when it is tilted, and sounds like one in Mandarin."""
LIFETIME = timedelta(minutes=30)
CONTEXT = "challenge"
EVER = datetime.fromtimestamp(0, UTC)
"""An instant before every expiry: reads what a token states whether it has expired or not."""


@dataclass(frozen=True)
class Challenge:
    """A challenge that this installation made.

    nonce: 16 bytes in hex, its name in the ledger and the salt of its proof. work: Argon2id hashes that a proof costs
    on average. begun_at: when its form was first shown. form: digest of what it is bound to.
    """

    nonce: str
    digits: str
    expires_at: datetime
    begun_at: datetime = EVER
    work: int = 0
    form: str = ""


class Challenges:
    """Makes and reads the challenges of one installation."""

    def __init__(self, master: bytes) -> None:
        self._tokens = SignedTokens(master, "captcha")
        self._key = derive(master, "captcha-digits")

    def mint(self, now: datetime, bound_to: str, work: int, begun_at: datetime | None = None) -> str:
        """A new token for the form that `bound_to` names; nothing is stored."""
        begun = round((begun_at or now).timestamp() * 1000)
        value = "|".join((secrets.token_hex(16), str(begun), str(work), _mark(bound_to)))
        return self._tokens.sign(value, CONTEXT, now + LIFETIME)

    def read(self, token: str, now: datetime) -> Challenge:
        """Raises Unreadable (`forged` or `expired`)."""
        nonce, begun, work, form = self._tokens.read(token, CONTEXT, now).split("|")
        number = int.from_bytes(mac(self._key, nonce.encode()))
        digits = "".join(DIGITS[number // len(DIGITS) ** place % len(DIGITS)] for place in range(LENGTH))
        begun_at = datetime.fromtimestamp(int(begun) / 1000, UTC)
        return Challenge(nonce, digits, now + LIFETIME, begun_at, int(work), form)

    def read_for(self, token: str, bound_to: str, now: datetime) -> Challenge:
        """The challenge of this form. Raises Unreadable, also (`forged`) for another form's."""
        challenge = self.read(token, now)
        if not hmac.compare_digest(challenge.form, _mark(bound_to)):
            raise Unreadable("forged")
        return challenge

    def begun_at(self, token: str, bound_to: str) -> datetime | None:
        """When the form was first shown, of an expired token too; None when it isn't this form's."""
        try:
            return self.read_for(token, bound_to, EVER).begun_at
        except Unreadable:
            return None


def is_read_right(challenge: Challenge, answer: str) -> bool:
    """Whether the digits are those of the challenge, in any script's digits and with anything between them."""
    given = "".join(str(int(char)) for char in answer if char.isdecimal())
    return hmac.compare_digest(given, challenge.digits)


def _mark(bound_to: str) -> str:
    return content_hash(bound_to)[:32]
