import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.permissions import ActorKind


class Result(StrEnum):
    """What came of it: done, or refused by a rule (a wrong password, a missing permission)."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(Model):
    """One decision, look or sign-in. `detail` holds words and ids, never personal data nor the text of a submission.

    `source` is the address that staff or a department's program acted from; of citizens none is kept. The store
    refuses to change an entry, and to delete one that is not in an archived segment.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_record", "record_kind", "record_id"),
        Index("ix_audit_entries_actor", "actor_id", "at", "id"),
        Index("ix_audit_entries_action", "action", "at", "id"),
        Index("ix_audit_entries_consultation", "consultation_id", "at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_of(ActorKind))
    actor_id: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(80))
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[Result] = mapped_column(enum_of(Result), default=Result.DONE, server_default=Result.DONE.value)
    consultation_id: Mapped[uuid.UUID | None]


class AuditSeal(Model):
    """The entry at one position of the chain, from 1 on without a gap, and the SHA-256 over it and the seal before."""

    __tablename__ = "audit_seals"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime] = mapped_column(Instant)


class UnsealedEntry(Model):
    """An entry that waits for its seal. The store itself puts it here, in the transaction that adds the entry."""

    __tablename__ = "audit_unsealed"

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class AuditSegment(Model):
    """A run of sealed entries that was moved into a file; `before` is the seal before its first, `seal` its last."""

    __tablename__ = "audit_segments"

    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    archived_at: Mapped[datetime] = mapped_column(Instant)
