import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.archives.retention import Retention
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class Archive(Model):
    """A package of a consultation for the archive, written by an order for a file of data (`export_orders`).

    `file_number` is the 档号 that the archivists gave. `sha256` and `size` are those of the package, and `checked_at`
    is when it was read back whole after it was written. `confirmed_at` and `confirmed_by` say when and by whom it was
    confirmed that a package with this very SHA-256 arrived in the archive; only then does the consultation count as
    archived.
    """

    __tablename__ = "archives"
    __table_args__ = (Index("ix_archives_consultation", "consultation_id", "confirmed_at"),)

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("export_orders.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID]
    file_number: Mapped[str] = mapped_column(String(60))
    retention: Mapped[Retention] = mapped_column(enum_of(Retention))
    unit: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    parts: Mapped[int | None]
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[str | None] = mapped_column(String(80))


class LegalHold(Model):
    """While one stands, nothing of a consultation is erased, whatever its time: a suit, an inspection, an inquiry."""

    __tablename__ = "legal_holds"
    __table_args__ = (Index("ix_legal_holds_consultation", "consultation_id", "lifted_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_reason: Mapped[str | None] = mapped_column(String(500))
