import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent, DeliveryState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class Delivery(Model):
    """A promised message to one destination (推送).

    The recipient is a record, never an address: where to write to is looked up at the moment of sending. `detail` holds
    ids, never personal data. `once` is unique: what was promised under it isn't promised again. `attempts` counts since
    the last retry by hand; `claims` goes up whenever a worker takes it, so that one which lost its lease is known.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "state", "due_at"),
        Index("ix_deliveries_about", "about_kind", "about_id", "state", "promised_at", "id"),
        Index("ix_deliveries_recipient", "recipient_kind", "recipient_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[DeliveryChannel] = mapped_column(enum_of(DeliveryChannel))
    recipient_kind: Mapped[str] = mapped_column(String(40))
    recipient_id: Mapped[str] = mapped_column(String(80))
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(80))
    template: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[DeliveryState] = mapped_column(enum_of(DeliveryState), default=DeliveryState.PENDING)
    promised_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    claims: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempt(Model):
    """One try to send, or a person's retry. `error` is a kind and a code: a server's words may hold the address."""

    __tablename__ = "delivery_attempts"
    __table_args__ = (Index("ix_delivery_attempts_at", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    delivery_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deliveries.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    event: Mapped[DeliveryEvent] = mapped_column(enum_of(DeliveryEvent))
    error: Mapped[str | None] = mapped_column(String(80))
