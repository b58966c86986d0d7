import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.exports.lifecycle import ExportFormat, ExportKind, OrderState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.permissions import ActorKind


class Frozen(StrEnum):
    """What can be stopped while an incident is looked into."""

    EXPORTS = "exports"
    KEYS = "keys"


class Export(Model):
    """Something that somebody took out: `what` names the kind, `number` how many rows or records it held.

    `order_id` is the order whose file it was, where it was one; the records are then those of the order.
    """

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_at", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_of(ActorKind))
    actor_id: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    order_id: Mapped[uuid.UUID | None]


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


class ExportOrder(Model):
    """A file of a consultation's data that somebody asked for, with what it is to hold and how far it is.

    It holds what had arrived by `asked_at`; `since` ≤ … < `until` and `only_state` narrow it further. `slot` is unique:
    a person has one unfinished order with identities and one without. `rows` of `total` are written; the worker that
    holds it until `leased_until` began it for the `attempts`-th time. `size` counts the bytes of the file.
    """

    __tablename__ = "export_orders"
    __table_args__ = (
        Index("ix_export_orders_asked_by", "asked_by", "asked_at", "id"),
        Index("ix_export_orders_state", "state", "asked_at", "id"),
        Index("ix_export_orders_asked_at", "asked_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[ExportKind] = mapped_column(enum_of(ExportKind))
    format: Mapped[ExportFormat] = mapped_column(enum_of(ExportFormat))
    consultation_id: Mapped[uuid.UUID]
    columns: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    only_state: Mapped[str | None] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(500))
    state: Mapped[OrderState] = mapped_column(enum_of(OrderState))
    slot: Mapped[str | None] = mapped_column(String(100), unique=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str | None] = mapped_column(String(500))
    rows: Mapped[int]
    total: Mapped[int | None]
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    size: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class ExportPiece(Model):
    """A stretch of an order's file, sealed and kept under its SHA-256; `size` counts its bytes before sealing."""

    __tablename__ = "export_pieces"

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("export_orders.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]


class OrderedRecord(Model):
    """A submission whose sender is named in an order's file: it left whenever that was taken."""

    __tablename__ = "ordered_records"

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("export_orders.id"), primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
