import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.spikes import AlertKind
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class HourlyCount(Model):
    """How much came in to a consultation in the hour that began at `hour`, in all or about one subject.

    The row of AlertKind.VOLUME is there for every hour that was counted, with 0 too; of the others only what came.
    """

    __tablename__ = "hourly_counts"

    consultation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(enum_of(AlertKind), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int]


class Alert(Model):
    """That `number` came in an hour in which `usual` was to be expected; no content and no person in it.

    `subject` is the id of a clause or campaign, a reason of holding, or empty.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("consultation_id", "kind", "subject", "hour"),
        Index("ix_alerts_raised", "raised_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    hour: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[AlertKind] = mapped_column(enum_of(AlertKind))
    subject: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    usual: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    remark: Mapped[str | None] = mapped_column(String(500))
