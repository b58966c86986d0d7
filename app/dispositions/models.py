import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.dispositions.kinds import DispositionKind
from app.kit.database import Instant, Model, enum_of


class Answer(Model):
    """What one department answers to its assignment; a draft can be replaced until the final answer."""

    __tablename__ = "answers"

    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    draft: Mapped[bool]
    answered_by: Mapped[str] = mapped_column(String(80))
    answered_at: Mapped[datetime] = mapped_column(Instant)


class Disposition(Model):
    """What became of a suggestion: the lead department's final answer. One for each suggestion."""

    __tablename__ = "dispositions"

    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)
