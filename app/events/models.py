import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model
from app.kit.identifiers import new_id

UNNUMBERED = text("position IS NULL")


class Event(Model):
    """That something happened to a record that concerns a department. `detail` holds ids and codes, never words.

    `ordinal` is its place among the events of its own transaction. `position` is given after the commit, from 1 on and
    without a gap in all departments' events together; an event without one is not yet in the feed.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_department", "department_id", "position"),
        Index("ix_events_record", "record_kind", "record_id"),
        Index(
            "ix_events_unnumbered",
            *("happened_at", "ordinal", "id"),
            postgresql_where=UNNUMBERED,
            sqlite_where=UNNUMBERED,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    department_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(60))
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    ordinal: Mapped[int]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)


class EventNumbering(Model):
    """One row: the last position that was given, and the last one whose event was forgotten. The sequencer locks it."""

    __tablename__ = "event_numbering"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    forgotten: Mapped[int] = mapped_column(BigInteger)


class EventReader(Model):
    """How far a reader inside the service has come; moved in the transaction that does what the events ask for."""

    __tablename__ = "event_readers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
