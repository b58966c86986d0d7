"""Entering something in the log, in the same transaction as what it tells of."""

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kit.identifiers import new_id
from app.transparency.commitments import SALT_BYTES, Value, commitment
from app.transparency.models import EntryKind, LogEntry


def entry(
    kind: EntryKind,
    at: datetime,
    fields: Mapping[str, Value],
    *,
    subject: uuid.UUID | None = None,
    consultation_id: uuid.UUID | None = None,
    keeps_fields: bool = True,
) -> LogEntry:
    """To be added to the session by the caller. The worker seals it within a minute of the commit.

    Where the fields stand elsewhere, unchanged, they need not be kept here; else they must hold nothing personal.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    return LogEntry(
        id=new_id(),
        kind=kind,
        at=at,
        commitment=commitment(kind.value, at, salt, fields),
        salt=salt,
        subject=subject,
        consultation_id=consultation_id,
        said=dict(fields) if keeps_fields else None,
    )


def forget(session: Session, consultation_id: uuid.UUID, subject: uuid.UUID) -> None:
    """Nobody can show any more what the subject's entries say; that they stand in the log stays provable."""
    theirs = (LogEntry.consultation_id == consultation_id, LogEntry.subject == subject, LogEntry.salt.is_not(None))
    session.execute(update(LogEntry).where(*theirs).values(salt=None), execution_options={"synchronize_session": False})


def countersign(session: Session, at: datetime, position: int, seal: str) -> bool:
    """Enters up to where the audit log is sealed, at most once within an hour of the clock."""
    of_heads = (LogEntry.kind == EntryKind.AUDIT_HEAD, LogEntry.consultation_id.is_(None), LogEntry.subject.is_(None))
    last = session.scalar(select(LogEntry.at).where(*of_heads).order_by(LogEntry.at.desc()).limit(1))
    if last is not None and last.replace(minute=0, second=0, microsecond=0) >= at.replace(
        minute=0, second=0, microsecond=0
    ):
        return False
    session.add(entry(EntryKind.AUDIT_HEAD, at, {"position": position, "seal": seal}))
    session.flush()
    return True
