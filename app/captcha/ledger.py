"""Which challenges have been used."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.captcha.challenge import Challenge
from app.captcha.failures import tell
from app.captcha.models import BurnedChallenge

NONCES = "nonces"
BURNED = select(BurnedChallenge.nonce).where(BurnedChallenge.nonce.in_(bindparam(NONCES, expanding=True)))
"""Asks which of the challenges with these nonces have been used."""


class LedgerBroken(Exception):
    """The ledger can't be read or written. Whoever stores without it lets a person check what was stored."""


def burn(session: Session, challenge: Challenge) -> bool:
    """Uses the challenge up, in the caller's transaction; False when it had been used before.

    Two transactions that burn the same challenge at once can't both commit. Raises LedgerBroken; the transaction can't
    be used then.
    """
    try:
        if is_burned(session, challenge):
            return False
        session.add(_burned(challenge))
        session.flush()
    except IntegrityError:
        raise
    except Exception as error:
        tell("ledger", error)
        raise LedgerBroken from error
    return True


def is_burned(session: Session, challenge: Challenge) -> bool:
    """Whether it has been used and remembered since."""
    return session.get(BurnedChallenge, challenge.nonce) is not None


def nonces(challenges: Iterable[Challenge | None]) -> list[str]:
    """What `BURNED` is asked with."""
    return [challenge.nonce for challenge in challenges if challenge is not None]


def burns(challenges: Iterable[Challenge | None]) -> list[BurnedChallenge]:
    """The rows that use unused ones up; as with `burn`, two transactions can't both commit them."""
    return [_burned(one) for one in challenges if one is not None]


def _burned(challenge: Challenge) -> BurnedChallenge:
    return BurnedChallenge(nonce=challenge.nonce, expires_at=challenge.expires_at)


def forget_expired(session: Session, now: datetime) -> None:
    """A token that has expired is refused by its date, so that its nonce needn't be remembered."""
    session.execute(delete(BurnedChallenge).where(BurnedChallenge.expires_at < now))
