"""Which challenges have been used."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.captcha.challenge import Challenge
from app.captcha.failures import tell
from app.captcha.models import BurnedChallenge


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
        session.add(BurnedChallenge(nonce=challenge.nonce, expires_at=challenge.expires_at))
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


def burned(session: Session, challenges: Iterable[Challenge | None]) -> frozenset[str]:
    """The nonces of those that have been used."""
    nonces = [challenge.nonce for challenge in challenges if challenge is not None]
    return frozenset(session.scalars(select(BurnedChallenge.nonce).where(BurnedChallenge.nonce.in_(nonces))))


def burn_all(session: Session, challenges: Iterable[Challenge | None]) -> None:
    """Uses unused ones up, in the caller's transaction; as with `burn`, two transactions can't both commit."""
    rows = [{"nonce": one.nonce, "expires_at": one.expires_at} for one in challenges if one is not None]
    if rows:
        session.execute(insert(BurnedChallenge), rows)


def forget_expired(session: Session, now: datetime) -> None:
    """A token that has expired is refused by its date, so that its nonce needn't be remembered."""
    session.execute(delete(BurnedChallenge).where(BurnedChallenge.expires_at < now))
