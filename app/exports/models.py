import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.permissions import ActorKind


class Frozen(StrEnum):
    """What can be stopped while an incident is looked into."""

    EXPORTS = "exports"
    KEYS = "keys"


class Export(Model):
    """Something that somebody took out: `what` names the kind, `number` how many rows or records it held."""

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_at", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_of(ActorKind))
    actor_id: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]


class ExportedRecord(Model):
    """A record about a person that an export held."""

    __tablename__ = "exported_records"
    __table_args__ = (Index("ix_exported_records_record", "record_kind", "record_id"),)

    export_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exports.id"), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(80), primary_key=True)


class Freeze(Model):
    """A stop of exports or of API keys, from `at` until it is lifted; at most one of a kind holds."""

    __tablename__ = "freezes"
    __table_args__ = (Index("ix_freezes_what", "what", "lifted_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    what: Mapped[Frozen] = mapped_column(enum_of(Frozen))
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_reason: Mapped[str | None] = mapped_column(String(500))
