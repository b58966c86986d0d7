import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.webhooks.lifecycle import DisabledBecause, EndpointState, MessageState, Outcome

URL_LENGTH = 500
EXCERPT_LENGTH = 500


class WebhookEndpoint(Model):
    """A department's receiver. `kinds` are the kinds of events that it wants; none means all.

    `sealed_previous` is the secret before the last change, with which messages are signed too until `previous_until`.
    `contact_email` is written to when it is disabled without anybody wanting it. `sealed_signing_key` is the private
    half of an Ed25519 pair, where the department asked for one, and `public_key` the other.
    `failing_since` is the first failed attempt since the last success; nothing is sent before `resting_until`.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    description: Mapped[str] = mapped_column(String(200))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[EndpointState] = mapped_column(enum_of(EndpointState), default=EndpointState.ENABLED)
    disabled_because: Mapped[DisabledBecause | None] = mapped_column(enum_of(DisabledBecause))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    resting_until: Mapped[datetime | None] = mapped_column(Instant)
    attempted_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()
    contact_email: Mapped[str | None] = mapped_column(String(254))
    sealed_signing_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    public_key: Mapped[str | None] = mapped_column(String(80))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class WebhookDelivery(Model):
    """One event on its way to one receiver; `body` is what is sent, byte for byte the same at every attempt."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_deliveries_due", "state", "endpoint_id", "due_at"),
        Index("ix_webhook_deliveries_log", "endpoint_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    endpoint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[MessageState] = mapped_column(enum_of(MessageState), default=MessageState.PENDING)
    promised_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    claims: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


class WebhookAttempt(Model):
    """One request to a receiver, and the beginning of what it answered."""

    __tablename__ = "webhook_attempts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    delivery_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_deliveries.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(80))
    excerpt: Mapped[str] = mapped_column(String(EXCERPT_LENGTH))
    milliseconds: Mapped[int]


class WebhookAllowance(Model):
    """A range of private addresses that receivers may have in this deployment.

    `is_plain` lets them be spoken to without TLS; `authorities` are the certificates (PEM) that are believed there
    beside those of the machine.
    """

    __tablename__ = "webhook_allowances"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    network: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    is_plain: Mapped[bool]
    authorities: Mapped[str | None] = mapped_column(Text)
    allowed_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
