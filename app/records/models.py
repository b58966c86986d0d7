import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.records.stages import ConclusionKind, ResultStage


class ResultReport(Model):
    """What the public is told about the results of a consultation, one of each stage; `numbers` as they were then."""

    __tablename__ = "result_reports"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    stage: Mapped[ResultStage] = mapped_column(enum_of(ResultStage), primary_key=True)
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime] = mapped_column(Instant)


class Conclusion(Model):
    """That the work on a consultation has ended, and how; `note` is public."""

    __tablename__ = "conclusions"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    kind: Mapped[ConclusionKind] = mapped_column(enum_of(ConclusionKind))
    note: Mapped[str] = mapped_column(Text)
    concluded_by: Mapped[str] = mapped_column(String(80))
    concluded_at: Mapped[datetime] = mapped_column(Instant)
