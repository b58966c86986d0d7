import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model


class ReportEdition(Model):
    """The disposition report of a consultation as it was published the `number`-th time, from 1; never altered.

    `figures` are its ReportFigures. `reason` says why there is another edition, empty for the first. `sha256` is that
    of the JSON file, head and rows with it (`app/reporting/written.py`), so that whoever has the file can check it.
    """

    __tablename__ = "report_editions"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[int] = mapped_column("row_count")
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime] = mapped_column(Instant)


class ReportLine(Model):
    """One suggestion of an edition: its ReportRow. `number` is its 序号 there."""

    __tablename__ = "report_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["consultation_id", "edition"],
            ["report_editions.consultation_id", "report_editions.number"],
            name="fk_report_lines_edition",
        ),
    )

    consultation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
