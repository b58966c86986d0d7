"""Holding what somebody shows against what is kept: a code, a recovery code, a passkey's answer.

What fits is used up in the same transaction, so that it never fits again.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import codes, passkeys
from app.accounts.models import Authenticator, Passkey, RecoveryCode, StaffUser
from app.kit.crypto import Sealer

AUTHENTICATOR = ("staff_authenticators", "secret")
"""Table and column that a sealed secret is bound to."""


@dataclass(frozen=True)
class Held:
    """Which second factors somebody has."""

    authenticator: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        return self.authenticator or self.passkeys > 0


def held_by(session: Session, user_id: uuid.UUID) -> Held:
    counted = select(func.count()).select_from(Passkey).where(Passkey.user_id == user_id)
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return Held(
        authenticator=session.get(Authenticator, user_id) is not None,
        passkeys=session.scalar(counted) or 0,
        recovery_codes=session.scalar(left.where(RecoveryCode.used_at.is_(None))) or 0,
    )


def use_code(session: Session, sealer: Sealer, user_id: uuid.UUID, code: str, at: datetime) -> bool:
    """Whether it is the app's code of now, which was not used before (RFC 6238 §5.2)."""
    row = session.get(Authenticator, user_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    secret = sealer.open(row.secret, *AUTHENTICATOR, str(user_id))
    step = codes.step_of(secret, code, at, row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def use_recovery_code(session: Session, user_id: uuid.UUID, code: str, at: datetime) -> bool:
    """Whether it is one of the person's that was not used before."""
    key = (user_id, codes.recovery_hash(code))
    row = session.get(RecoveryCode, key, with_for_update=True, populate_existing=True)
    if row is None or row.used_at is not None:
        return False
    row.used_at = at
    return True


def use_passkey(
    session: Session, place: passkeys.Place, challenge: bytes, asked_at: datetime, answer: str, at: datetime
) -> uuid.UUID | None:
    """Whose passkey answered; None when nobody's did, or it answered something asked before it was used last."""
    credential = passkeys.credential_of(answer)
    if credential is None:
        return None
    row = session.scalar(select(Passkey).where(Passkey.credential_id == credential).with_for_update())
    if row is None or (row.last_used_at is not None and asked_at <= row.last_used_at):
        return None
    count = passkeys.shown(place, challenge, answer, row.public_key, row.sign_count)
    if count is None:
        return None
    row.sign_count, row.last_used_at = count, at
    return row.user_id


def is_open(user: StaffUser) -> bool:
    """Whether somebody may sign in with the account at all."""
    return user.disabled_at is None and user.frozen_at is None
