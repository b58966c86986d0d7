import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class EntryKind(StrEnum):
    """What an entry says.

    RECEIPT: a comment was received. OUTCOME: it was decided about. REOPENED: that decision was taken back. TALLY: how
    many of a concluded consultation's were decided about. AUDIT_HEAD: up to where the audit log was sealed.
    """

    RECEIPT = "receipt"
    OUTCOME = "outcome"
    REOPENED = "reopened"
    TALLY = "tally"
    AUDIT_HEAD = "audit_head"


class LogEntry(Model):
    """One salted commitment, written in the transaction of what it commits to.

    `salt` is the only thing of it that can be forgotten, and once forgotten it never comes back. `said` holds the
    committed fields where they stand nowhere else; a receipt's are those of the submission `subject`.
    """

    __tablename__ = "log_entries"
    __table_args__ = (Index("ix_log_entries_subject", "consultation_id", "subject", "kind"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[EntryKind] = mapped_column(enum_of(EntryKind))
    at: Mapped[datetime] = mapped_column(Instant)
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    subject: Mapped[uuid.UUID | None]
    consultation_id: Mapped[uuid.UUID | None]
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class WaitingEntry(Model):
    """An entry that isn't sealed yet. The store itself puts it here, in the transaction that adds the entry."""

    __tablename__ = "log_waiting"

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class LogPlace(Model):
    """Where an entry stands for good: in which batch, and at which place of it, both from 0 on."""

    __tablename__ = "log_places"

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int] = mapped_column(Integer)


class LogBatch(Model):
    """The leaf at one place of the public log, from 0 on without a gap: a tree of `size` commitments.

    `tops` are the 32-byte heads of the batch's chunks in order; None for a batch that holds decoys alone.
    """

    __tablename__ = "log_batches"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime] = mapped_column(Instant)
    size: Mapped[int] = mapped_column(Integer)
    tops: Mapped[bytes | None] = mapped_column(LargeBinary)


class LogChunk(Model):
    """The hashes of a run of a batch's leaves, 32 bytes each."""

    __tablename__ = "log_chunks"

    batch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    leaves: Mapped[bytes] = mapped_column(LargeBinary)


class LogNode(Model):
    """The hash over 2^`level` leaves of the public log, whole ones only; level 0 are its leaves."""

    __tablename__ = "log_nodes"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
