import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.clarifications.lifecycle import AskerKind, ClarificationState
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class Clarification(Model):
    """A question to the person who wrote, and the answer, which joins the submission as a supplement.

    `asker` is the staff user or the department, by `asker_kind`; `asked_by` is the person or program that acted.
    Both texts are kept masked only: neither side learns how to reach the other. `due_at` holds whatever the window.
    """

    __tablename__ = "clarifications"
    __table_args__ = (
        Index("ix_clarifications_submission", "submission_id", "asked_at"),
        Index("ix_clarifications_asker", "asker_kind", "asker", "state", "asked_at"),
        Index("ix_clarifications_due", "state", "due_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    asker_kind: Mapped[AskerKind] = mapped_column(enum_of(AskerKind))
    asker: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    question: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ClarificationState] = mapped_column(enum_of(ClarificationState), default=ClarificationState.ASKED)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
