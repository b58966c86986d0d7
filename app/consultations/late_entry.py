"""Codes that let one person send one comment after the window has ended: how they look, and how one is used up.

Of a code only a keyed hash is stored, bound to its consultation, as with the access codes of receipts.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.consultations.models import LateCode
from app.kit.crypto import derive, keyed_hash
from app.kit.identifiers import base32, read_base32

CODE_BYTES = 10


class LateCodes:
    """The codes of one installation: 16 characters of Crockford's alphabet, 80 random bits."""

    def __init__(self, master: bytes) -> None:
        self._key = derive(master, "late-code-hash")

    def make(self) -> str:
        return base32(secrets.token_bytes(CODE_BYTES))

    def hash_code(self, consultation_id: uuid.UUID, typed: str) -> bytes:
        """What is stored of a code, as a person may have typed it."""
        return keyed_hash(self._key, str(consultation_id), read_base32(typed))


def codes_of(session: Session, consultation_id: uuid.UUID) -> Sequence[LateCode]:
    """Every code that was issued for a consultation, the newest first."""
    return session.scalars(
        select(LateCode)
        .where(LateCode.consultation_id == consultation_id)
        .order_by(LateCode.issued_at.desc(), LateCode.id.desc())
    ).all()


def usable_code(
    session: Session, codes: LateCodes, consultation_id: uuid.UUID, typed: str, at: datetime
) -> LateCode | None:
    """The code that opens the form at that instant; None for every other, without saying why."""
    found = session.scalar(select(LateCode).where(LateCode.code_hash == codes.hash_code(consultation_id, typed)))
    return found if found is not None and is_usable(found, at) else None


def is_usable(code: LateCode, at: datetime) -> bool:
    return code.used_at is None and code.revoked_at is None and at < code.valid_until


def use_up(session: Session, code_id: uuid.UUID, consultation_id: uuid.UUID, at: datetime) -> bool:
    """Uses the code for a comment that arrived then; False when it was used, revoked, expired or isn't one of these.

    Of two transactions that use it at once the second waits for the first and gets False.
    """
    used = update(LateCode).where(
        LateCode.id == code_id,
        LateCode.consultation_id == consultation_id,
        LateCode.used_at.is_(None),
        LateCode.revoked_at.is_(None),
        LateCode.valid_until > at,
    )
    return session.scalar(used.values(used_at=at).returning(LateCode.id)) is not None
